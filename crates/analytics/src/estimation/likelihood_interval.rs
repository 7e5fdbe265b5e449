//! The likelihood interval of a share.

use super::proportion_interval::ProportionSample;
use crate::t_quantile;

/// Lower and upper end of the Rao-Scott likelihood interval of a share: where twice the drop of the log likelihood reaches
/// `t²` times the design effect; `confidence` is a share, 0 to 1.
///
/// `None` when the share is 0 or 1, its variance 0, or without degrees of freedom. R `svyciprop(method = "likelihood")`
/// interpolates these ends on a grid; ours are exact, so that the two differ in the fourth digit.
///
/// Source: Rao & Scott 1984; methodology A6. Golden numbers: section B.
#[must_use]
pub fn likelihood_interval(sample: &ProportionSample, confidence: f64) -> Option<(f64, f64)> {
    if sample.df <= 0.0 || !sample.varies() {
        return None;
    }
    let (p, n) = (sample.estimate, sample.n as f64);
    let effect = sample.variance * n / (p * (1.0 - p));
    let dispersion = n / (n - 1.0);
    let reach = t_quantile(sample.df, confidence).powi(2) * effect * dispersion;
    let drop = |q: f64| 2.0 * n * (p * (p / q).ln() + (1.0 - p) * ((1.0 - p) / (1.0 - q)).ln());
    let end = |outside: f64| {
        let (mut inside, mut outside) = (p, outside);
        for _ in 0..80 {
            let middle = 0.5 * (inside + outside);
            if drop(middle) < reach {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        0.5 * (inside + outside)
    };
    (n > 1.0).then(|| (end(0.0), end(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_equally_unlikely() {
        let sample = ProportionSample {
            estimate: 0.8,
            variance: 0.004,
            n: 80,
            df: 30.0,
        };
        let (low, high) = likelihood_interval(&sample, 0.95).unwrap();
        let likelihood = |q: f64| 0.8 * q.ln() + 0.2 * (1.0 - q).ln();
        assert!((likelihood(low) - likelihood(high)).abs() < 1e-12);
        // t = 2.0423, effect 2, dispersion 80/79: 8.4474 = 160·(drop per row).
        let drop = 160.0 * (likelihood(0.8) - likelihood(low));
        assert!((drop - 8.447_4).abs() < 1e-3, "{drop}");
        assert!(low < 0.8 && 0.8 < high);
    }

    #[test]
    fn a_unanimous_answer_has_no_likelihood_interval() {
        let unanimous = ProportionSample {
            estimate: 1.0,
            variance: 0.0,
            n: 80,
            df: 30.0,
        };
        assert_eq!(likelihood_interval(&unanimous, 0.95), None);
    }
}
