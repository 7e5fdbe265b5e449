//! Scores that are put together from parts with published weights.

use crate::estimation::{Linearised, combination};

/// A score over leaves of an indicator tree.
#[derive(Clone, Debug, PartialEq)]
pub struct LeafScore {
    /// The score with its linearised variable; leaves that share raters keep their covariance.
    pub score: Linearised,
    /// Share of the nominal weight of the leaves that is there, 0 to 1; below 1 the score is renormalised, and must say so.
    pub covered: f64,
    /// Leaves that are there.
    pub used: usize,
}

/// `Σ w·θ / Σ w` over the leaves that are there: nominal weight and estimate of each leaf, `None` for one nobody answered.
///
/// Weights are 0 or more. `None` when no leaf with weight is there.
///
/// Source: methodology B3, B5. Golden numbers: section K `composite_channel/*/survey/*`.
#[must_use]
pub fn leaf_score(leaves: &[(f64, Option<Linearised>)]) -> Option<LeafScore> {
    let there: Vec<_> = leaves
        .iter()
        .filter_map(|(weight, leaf)| Some((*weight, leaf.as_ref()?)))
        .collect();
    let sum: f64 = there.iter().map(|(weight, _)| weight).sum();
    let terms: Vec<_> = there
        .iter()
        .map(|(weight, leaf)| (weight / sum, *leaf))
        .collect();
    let nominal: f64 = leaves.iter().map(|(weight, _)| weight).sum();
    Some(LeafScore {
        score: combination(&terms)?,
        covered: sum / nominal,
        used: terms.len(),
    })
}

/// Mean of a stream of counted ratings on any points, with the variance `s²/n`: (points, points squared).
///
/// `counts` and `points` are per level in the same order. `None` for fewer than two ratings, which show no variation.
///
/// Source: methodology B4, B5. Golden numbers: section K `composite_channel/*`.
#[must_use]
pub fn stream_mean(counts: &[f64; 5], points: &[f64; 5]) -> Option<(f64, f64)> {
    let n: f64 = counts.iter().sum();
    let sum = |f: &dyn Fn(f64) -> f64| -> f64 {
        counts
            .iter()
            .zip(points)
            .map(|(count, point)| count * f(*point))
            .sum()
    };
    let mean = sum(&|point| point) / n;
    let variance = sum(&|point| (point - mean) * (point - mean)) / (n - 1.0) / n;
    (n >= 2.0).then_some((mean, variance))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(estimate: f64, z: &[f64]) -> Option<Linearised> {
        let z = z.to_vec();
        Some(Linearised { estimate, z })
    }

    #[test]
    fn the_weight_of_an_empty_leaf_goes_to_the_others() {
        let found = leaf_score(&[
            (0.3, leaf(80.0, &[1.0, 0.0])),
            (0.1, leaf(60.0, &[0.0, 4.0])),
            (0.1, None),
        ])
        .unwrap();

        assert!((found.score.estimate - 75.0).abs() < 1e-12);
        assert!((found.score.z[0] - 0.75).abs() < 1e-12 && (found.score.z[1] - 1.0).abs() < 1e-12);
        assert!((found.covered - 0.8).abs() < 1e-12);
        assert_eq!(found.used, 2);
        assert_eq!(leaf_score(&[(1.0, None)]), None);
    }

    #[test]
    fn a_stream_has_the_variance_of_its_ratings() {
        // 2 × 100, 2 × 0: mean 50, s² = 10000/3, over n = 4.
        let (mean, variance) =
            stream_mean(&[2.0, 0.0, 0.0, 0.0, 2.0], &[0.0, 25.0, 50.0, 75.0, 100.0]).unwrap();

        assert!((mean - 50.0).abs() < 1e-12 && (variance - 2500.0 / 3.0).abs() < 1e-9);
        assert_eq!(stream_mean(&[1.0, 0.0, 0.0, 0.0, 0.0], &[0.0; 5]), None);
        assert_eq!(stream_mean(&[0.0; 5], &[0.0; 5]), None);
    }
}
