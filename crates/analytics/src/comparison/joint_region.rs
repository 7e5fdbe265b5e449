//! Joint rank region from simultaneous intervals: deterministic, and explainable with a picture.

use super::{
    ComparisonError,
    covariance::{checked, refuse_confidence},
};
use crate::{RankInterval, normal_quantile, rank::interval_ranks};
use nalgebra::DMatrix;

/// How K intervals are widened until all hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimultaneousIntervals {
    /// Each at `1 − α/K`: valid for any dependence.
    Bonferroni,
    /// Each at `(1 − α)^(1/K)`: valid for jointly normal estimates (Šidák 1967), a little shorter.
    Sidak,
}

impl SimultaneousIntervals {
    /// Confidence of each of `units` intervals, 0 to 1.
    #[must_use]
    pub fn each(self, confidence: f64, units: usize) -> f64 {
        let units = units as f64;
        match self {
            Self::Bonferroni => 1.0 - (1.0 - confidence) / units,
            Self::Sidak => confidence.powf(1.0 / units),
        }
    }
}

/// A unit in the joint region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JointRank {
    /// Lower end of the simultaneous interval, points.
    pub ci_low: f64,
    /// Upper end of the simultaneous interval, points.
    pub ci_high: f64,
    /// Ranks that strictly separated intervals leave open.
    pub ranks: RankInterval,
}

/// The joint region of all ranks: units whose simultaneous normal intervals are strictly apart are in order.
///
/// Units without variance take part with an interval of no width. The product's [`crate::rank_intervals`] does the same with
/// t intervals of each unit's own degrees of freedom.
///
/// # Errors
/// [`ComparisonError`]: shapes, numbers, confidence.
///
/// Source: Klein, Wright & Wieczorek 2020 (JRSS-C 69(3)); methodology A7. Golden numbers: section I `ranks/kww_*`.
pub fn joint_ranks(
    estimates: &[f64],
    covariance: &DMatrix<f64>,
    confidence: f64,
    intervals: SimultaneousIntervals,
) -> Result<Vec<JointRank>, ComparisonError> {
    checked(estimates, covariance)?;
    refuse_confidence(confidence)?;
    let z = normal_quantile(intervals.each(confidence, estimates.len()));
    let ends: Vec<_> = estimates
        .iter()
        .zip(covariance.diagonal().iter())
        .map(|(estimate, variance)| {
            let half = z * variance.sqrt();
            (estimate - half, estimate + half)
        })
        .collect();
    Ok(interval_ranks(&ends)
        .into_iter()
        .zip(&ends)
        .map(|(ranks, (ci_low, ci_high))| JointRank {
            ci_low: *ci_low,
            ci_high: *ci_high,
            ranks,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bonferroni_is_a_little_wider_than_sidak() {
        let (bonferroni, sidak) = (
            SimultaneousIntervals::Bonferroni.each(0.95, 5),
            SimultaneousIntervals::Sidak.each(0.95, 5),
        );
        assert!((bonferroni - 0.99).abs() < 1e-12);
        assert!((sidak.powi(5) - 0.95).abs() < 1e-12 && sidak < bonferroni);
    }

    #[test]
    fn intervals_apart_are_in_order() {
        // Two units of variance 4: each at 97.5 %, z = 2.2414, 2·z·2 = 8.97; 9.0 apart they are separate, 8.9 apart they are not.
        let covariance = DMatrix::from_diagonal_element(2, 2, 4.0);
        let ranks = |gap: f64| -> Vec<_> {
            joint_ranks(
                &[80.0 + gap, 80.0],
                &covariance,
                0.95,
                SimultaneousIntervals::Bonferroni,
            )
            .unwrap()
            .iter()
            .map(|unit| (unit.ranks.low, unit.ranks.high))
            .collect()
        };
        assert_eq!(ranks(9.0), [(1, 1), (2, 2)]);
        assert_eq!(ranks(8.9), [(1, 2), (1, 2)]);
    }
}
