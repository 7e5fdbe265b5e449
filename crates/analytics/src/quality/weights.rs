//! Weights that are too unequal.

use crate::{comparison::sample_quantile, estimation::kish};

/// How unequal weights are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightSpread {
    /// Kish's design effect of weighting.
    pub deff: f64,
    /// Largest weight over the median one.
    pub largest_to_median: f64,
}

impl WeightSpread {
    /// Trim and report when the design effect is above 2 or the largest weight above five medians.
    ///
    /// Source: methodology E.
    #[must_use]
    pub fn needs_trimming(self) -> bool {
        self.deff > 2.0 || self.largest_to_median > 5.0
    }
}

/// Spread of the positive weights; `None` when there is none.
///
/// Source: Kish 1965, 1992; methodology A1, E.
#[must_use]
pub fn weight_spread(weights: &[f64]) -> Option<WeightSpread> {
    let mut positive: Vec<_> = weights
        .iter()
        .copied()
        .filter(|weight| *weight > 0.0)
        .collect();
    let deff = kish(positive.iter().copied())?.design_effect;
    let median = sample_quantile(&mut positive, 0.5)?;
    Some(WeightSpread {
        deff,
        largest_to_median: positive.last()? / median,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_heavy_weight_is_seen() {
        // 1, 1, 1, 1, 6 and zeros that do not count: deff = 5·40/100 = 2.
        let found = weight_spread(&[1.0, 1.0, 6.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]).unwrap();

        assert!((found.deff - 2.0).abs() < 1e-12);
        assert!((found.largest_to_median - 6.0).abs() < 1e-12);
        assert!(found.needs_trimming());
        assert!(!weight_spread(&[1.0, 2.0, 3.0]).unwrap().needs_trimming());
        assert_eq!(weight_spread(&[0.0]), None);
    }
}
