//! All pairs of units, with the covariance of raters they share.

use super::{
    ComparisonError, Difference, benjamini_hochberg_adjusted, covariance::checked, holm_adjusted,
};
use crate::{RankInterval, interval::z_value};
use nalgebra::DMatrix;

/// `t_ij = (x_i − x_j)/σ_ij` with `σ²_ij = V_ii + V_jj − 2·V_ij`, for all ordered pairs.
#[derive(Clone, Debug)]
pub struct PairStatistics {
    t: DMatrix<f64>,
    /// `1/σ_ij`; zero where the difference has no variance.
    pub(super) precision: DMatrix<f64>,
}

impl PairStatistics {
    /// Standardises the differences of all pairs.
    ///
    /// A pair whose difference has no variance counts as infinitely far apart, or as equal below a billionth of a point.
    ///
    /// # Errors
    /// [`ComparisonError`] when the matrix does not belong to the estimates or holds something that is not a number.
    ///
    /// Source: methodology A7.
    pub fn new(estimates: &[f64], covariance: &DMatrix<f64>) -> Result<Self, ComparisonError> {
        checked(estimates, covariance)?;
        let units = estimates.len();
        let precision = DMatrix::from_fn(units, units, |i, j| {
            let apart = covariance[(i, i)] + covariance[(j, j)];
            let variance = apart - 2.0 * covariance[(i, j)];
            if i == j || variance <= 1e-12 * apart {
                0.0
            } else {
                variance.sqrt().recip()
            }
        });
        let t = DMatrix::from_fn(units, units, |i, j| {
            let difference = estimates[i] - estimates[j];
            if difference.abs() < 1e-9 {
                0.0
            } else if precision[(i, j)] > 0.0 {
                difference * precision[(i, j)]
            } else {
                difference * f64::INFINITY
            }
        });
        Ok(Self { t, precision })
    }

    /// Makes every t a z-value, so that pairs whose variance is known to few degrees of freedom meet the same critical value as
    /// the others; `df` has one entry per unit, and a pair has no more than the lesser of its two.
    pub(super) fn into_z_values(mut self, df: &[f64]) -> Self {
        for i in 0..self.units() {
            for j in 0..self.units() {
                self.t[(i, j)] = z_value(self.t[(i, j)], df[i].min(df[j]));
            }
        }
        self
    }

    /// Units compared.
    #[must_use]
    pub fn units(&self) -> usize {
        self.t.nrows()
    }

    /// How many standard errors unit `i` lies above unit `j`.
    #[must_use]
    pub fn t(&self, i: usize, j: usize) -> f64 {
        self.t[(i, j)]
    }

    /// Rank sets at one critical value for all: `L_j = 1 + #{k: t_kj > c}`, `U_j = p − #{k: t_jk > c}`.
    #[must_use]
    pub fn rank_sets(&self, critical: f64) -> Vec<RankInterval> {
        (0..self.units())
            .map(|unit| self.rank_set(unit, critical))
            .collect()
    }

    /// The rank set of one unit at its own critical value.
    #[must_use]
    pub fn rank_set(&self, unit: usize, critical: f64) -> RankInterval {
        self.rank_set_where(unit, |better, worse| self.t[(better, worse)] > critical)
    }

    /// The rank set of a unit when `rejected(i, j)` says that `i` is demonstrably better than `j`.
    pub(super) fn rank_set_where(
        &self,
        unit: usize,
        rejected: impl Fn(usize, usize) -> bool,
    ) -> RankInterval {
        let count = |wanted: &dyn Fn(usize) -> bool| {
            (0..self.units())
                .map(|other| u32::from(wanted(other)))
                .sum::<u32>()
        };
        RankInterval {
            low: 1 + count(&|other| rejected(other, unit)),
            high: count(&|other| !rejected(unit, other)),
        }
    }

    /// Tiers from the top: a unit that is below the leader of the tier by more than `critical` opens the next tier.
    ///
    /// Tier 1 is the best. Units are taken in falling order of their estimates, equal ones in the order given.
    ///
    /// Source: methodology A7. Golden numbers: section I `tier/*`.
    #[must_use]
    pub fn tiers(&self, estimates: &[f64], critical: f64) -> Vec<u32> {
        let mut order: Vec<_> = (0..self.units()).collect();
        order.sort_by(|a, b| estimates[*b].total_cmp(&estimates[*a]));
        let mut tiers = vec![0; order.len()];
        let (mut leader, mut tier) = (order.first().copied().unwrap_or_default(), 1);
        for unit in order {
            if self.t[(leader, unit)] > critical {
                (leader, tier) = (unit, tier + 1);
            }
            tiers[unit] = tier;
        }
        tiers
    }
}

/// The test of one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairTest {
    /// Position of the first unit.
    pub first: usize,
    /// Position of the second unit, after the first.
    pub second: usize,
    /// First less second.
    pub difference: Difference,
    /// Two-sided p-value of the t test.
    pub p_value: f64,
    /// Corrected by Holm over all pairs: for statements about named pairs.
    pub p_holm: f64,
    /// Corrected by Benjamini & Hochberg over all pairs.
    pub p_bh: f64,
}

/// Tests every pair of units: first unit by first unit, each with all later ones.
///
/// # Errors
/// [`ComparisonError`] when the matrix does not belong to the estimates or holds something that is not a number.
///
/// Source: methodology A7. Golden numbers: section I `pairs/*`.
pub fn pair_tests(
    estimates: &[f64],
    covariance: &DMatrix<f64>,
    df: f64,
) -> Result<Vec<PairTest>, ComparisonError> {
    checked(estimates, covariance)?;
    let side = |unit: usize| (estimates[unit], covariance[(unit, unit)]);
    let mut tests = Vec::new();
    for first in 0..estimates.len() {
        for second in first + 1..estimates.len() {
            let shared = covariance[(first, second)];
            let difference = Difference::between(side(first), side(second), shared, df);
            tests.push(PairTest {
                first,
                second,
                difference,
                p_value: difference.p_value(),
                p_holm: 1.0,
                p_bh: 1.0,
            });
        }
    }
    let p_values: Vec<_> = tests.iter().map(|test| test.p_value).collect();
    let corrected = holm_adjusted(&p_values)
        .into_iter()
        .zip(benjamini_hochberg_adjusted(&p_values));
    for (test, (holm, bh)) in tests.iter_mut().zip(corrected) {
        (test.p_holm, test.p_bh) = (holm, bh);
    }
    Ok(tests)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagonal(variances: &[f64]) -> DMatrix<f64> {
        DMatrix::from_diagonal(&variances.to_vec().into())
    }

    #[test]
    fn pairs_are_standardised_with_their_covariance() {
        let covariance = DMatrix::from_row_slice(2, 2, &[9.0, 8.0, 8.0, 16.0]);
        let pairs = PairStatistics::new(&[80.0, 74.0], &covariance).unwrap();

        assert!((pairs.t(0, 1) - 2.0).abs() < 1e-15);
        assert!((pairs.t(1, 0) + 2.0).abs() < 1e-15);
    }

    #[test]
    fn a_pair_without_variance_is_apart_or_equal() {
        let pairs = PairStatistics::new(&[80.0, 74.0, 74.0], &diagonal(&[0.0; 3])).unwrap();

        assert!(pairs.t(0, 1).is_infinite() && pairs.t(1, 0) < 0.0);
        assert!(pairs.t(1, 2).abs() < 1e-15);
        let sets: Vec<_> = pairs
            .rank_sets(3.0)
            .iter()
            .map(|s| (s.low, s.high))
            .collect();
        assert_eq!(sets, [(1, 1), (2, 3), (2, 3)]);
    }

    #[test]
    fn a_tier_begins_where_its_leader_is_out_of_reach() {
        // σ of every difference is √2: 100, 99, 98 are near the leader, 95 is not, 94 is near 95.
        let estimates = [95.0, 100.0, 98.0, 94.0, 99.0];
        let pairs = PairStatistics::new(&estimates, &diagonal(&[1.0; 5])).unwrap();

        assert_eq!(pairs.tiers(&estimates, 2.0), [2, 1, 1, 2, 1]);
        assert_eq!(pairs.tiers(&estimates, 9.0), [1; 5]);
    }

    #[test]
    fn every_pair_is_tested_once() {
        let tests = pair_tests(&[90.0, 80.0, 79.0], &diagonal(&[1.0, 1.0, 1.0]), 50.0).unwrap();

        let pairs: Vec<_> = tests.iter().map(|t| (t.first, t.second)).collect();
        assert_eq!(pairs, [(0, 1), (0, 2), (1, 2)]);
        assert!(tests[0].p_holm < 0.001 && tests[2].p_bh > 0.3);
        assert!((tests[0].p_holm - 2.0 * tests[0].p_value).abs() < 1e-12);
    }
}
