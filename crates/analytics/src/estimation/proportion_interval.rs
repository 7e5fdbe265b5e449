//! Confidence intervals of shares.

use crate::t_quantile;
use statrs::distribution::{Beta, ContinuousCDF};

/// How the interval of a share is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProportionInterval {
    /// Wald on the logit scale, with t: the quick everyday choice.
    Logit,
    /// The same under R's other name for it.
    XLogit,
    /// Clopper-Pearson with the effective sample size (Korn & Graubard), as R does it: not capped.
    Beta,
    /// Clopper-Pearson with the effective sample size capped at `n`: the one to publish.
    KornGraubard,
    /// Wald on the arcsine scale.
    Asin,
    /// `p ± t·se`; may leave 0 to 1.
    Mean,
}

/// A share and what its interval needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProportionSample {
    /// The share, 0 to 1.
    pub estimate: f64,
    /// Its variance by the design.
    pub variance: f64,
    /// Rows with a valid answer.
    pub n: usize,
    /// Degrees of freedom of the variance.
    pub df: f64,
}

/// Lower and upper end of the interval of a share; `confidence` is a share, 0 to 1.
///
/// `None` without degrees of freedom, and, where the method divides by what is 0 (all but [`ProportionInterval::Mean`]),
/// when the share is 0 or 1 or its variance 0. For publication use [`korn_graubard`], which always has an answer.
///
/// Source: Korn & Graubard 1998; methodology A6 (R `svyciprop`). Golden numbers: section B.
#[must_use]
pub fn proportion_interval(
    sample: &ProportionSample,
    method: ProportionInterval,
    confidence: f64,
) -> Option<(f64, f64)> {
    let p = sample.estimate;
    if sample.df <= 0.0 || !p.is_finite() || !sample.variance.is_finite() {
        return None;
    }
    let half = t_quantile(sample.df, confidence) * sample.variance.max(0.0).sqrt();
    if method == ProportionInterval::Mean {
        return Some((p - half, p + half));
    }
    if !sample.varies() {
        return None;
    }
    match method {
        ProportionInterval::Mean => Some((p - half, p + half)),
        ProportionInterval::Logit | ProportionInterval::XLogit => {
            let (centre, half) = ((p / (1.0 - p)).ln(), half / (p * (1.0 - p)));
            Some((expit(centre - half), expit(centre + half)))
        }
        ProportionInterval::Asin => {
            let (centre, half) = (p.sqrt().asin(), half / (2.0 * (p * (1.0 - p)).sqrt()));
            let square = |angle: f64| angle.sin().powi(2);
            Some((square(centre - half), square(centre + half)))
        }
        ProportionInterval::Beta => clopper_pearson(p, sample.effective_n(confidence), confidence),
        ProportionInterval::KornGraubard => {
            let n = sample.effective_n(confidence).min(sample.n as f64);
            clopper_pearson(p, n, confidence)
        }
    }
}

/// The interval to publish: Clopper-Pearson with the effective sample size, capped at the rows there are.
///
/// Where nothing varies (share 0 or 1, variance 0) or there are no degrees of freedom, the effective size is
/// `n ∕ weight_effect`, Kish's design effect of the weights (at least 1). `None` when there are no rows.
///
/// Source: Korn & Graubard 1998; NCHS 2017; methodology A6.
#[must_use]
pub fn korn_graubard(
    sample: &ProportionSample,
    weight_effect: f64,
    confidence: f64,
) -> Option<(f64, f64)> {
    proportion_interval(sample, ProportionInterval::KornGraubard, confidence).or_else(|| {
        let n = sample.n as f64 / weight_effect.max(1.0);
        clopper_pearson(sample.estimate, n, confidence)
    })
}

/// A variance below this, relative to `p(1−p)`, is rounding around none.
const NO_VARIANCE: f64 = 1e-20;

impl ProportionSample {
    /// Whether some said yes, some no, and the variance is more than rounding.
    pub(super) fn varies(&self) -> bool {
        let spread = self.estimate * (1.0 - self.estimate);
        spread > NO_VARIANCE.sqrt() && self.variance > NO_VARIANCE * spread
    }

    /// Rows of a simple random sample with the same variance, adjusted for the degrees of freedom.
    fn effective_n(&self, confidence: f64) -> f64 {
        let quantiles =
            t_quantile(self.n as f64 - 1.0, confidence) / t_quantile(self.df, confidence);
        self.estimate * (1.0 - self.estimate) / self.variance * quantiles * quantiles
    }
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `[Beta(α/2; np, n(1−p)+1), Beta(1−α/2; np+1, n(1−p))]`, 0 and 1 at the ends.
fn clopper_pearson(p: f64, n: f64, confidence: f64) -> Option<(f64, f64)> {
    let (hits, misses) = (n * p, n * (1.0 - p));
    let tail = (1.0 - confidence) / 2.0;
    let low = if hits > 0.0 {
        beta_quantile(hits, misses + 1.0, tail)?
    } else {
        0.0
    };
    let high = if misses > 0.0 {
        1.0 - beta_quantile(misses, hits + 1.0, tail)?
    } else {
        1.0
    };
    (n > 0.0).then_some((low, high))
}

/// The point with the share `tail` (at most one half) of a beta distribution below it, by halving.
fn beta_quantile(a: f64, b: f64, tail: f64) -> Option<f64> {
    let distribution = Beta::new(a, b).ok()?;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if distribution.cdf(middle) < tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: ProportionSample = ProportionSample {
        estimate: 0.5,
        variance: 0.0025,
        n: 100,
        df: 99.0,
    };

    #[test]
    fn clopper_pearson_of_a_simple_random_sample() {
        // R: binom.test(50, 100).
        let expected = (0.398_321_129_506_701, 0.601_678_870_493_299);
        for method in [ProportionInterval::Beta, ProportionInterval::KornGraubard] {
            let (low, high) = proportion_interval(&SAMPLE, method, 0.95).unwrap();
            assert!((low - expected.0).abs() < 1e-9, "{low}");
            assert!((high - expected.1).abs() < 1e-9, "{high}");
        }
    }

    #[test]
    fn an_effective_size_above_n_is_capped() {
        let lucky = ProportionSample {
            variance: 0.000_25,
            ..SAMPLE
        };
        let width = |sample, method| {
            let (low, high) = proportion_interval(sample, method, 0.95).unwrap();
            high - low
        };
        let capped = width(&lucky, ProportionInterval::KornGraubard);
        assert!((capped - width(&SAMPLE, ProportionInterval::KornGraubard)).abs() < 1e-12);
        assert!(width(&lucky, ProportionInterval::Beta) < capped);
    }

    #[test]
    fn a_unanimous_answer_still_has_an_interval() {
        let unanimous = ProportionSample {
            estimate: 1.0,
            variance: 0.0,
            n: 20,
            df: 5.0,
        };
        assert_eq!(
            proportion_interval(&unanimous, ProportionInterval::Beta, 0.95),
            None
        );
        // Rule of three, exactly: 0.025^(1/10) with 20 rows worth 10.
        let (low, high) = korn_graubard(&unanimous, 2.0, 0.95).unwrap();
        assert!((low - 0.025_f64.powf(0.1)).abs() < 1e-9, "{low}");
        assert!((high - 1.0).abs() < 1e-15);
        let nobody = ProportionSample { n: 0, ..unanimous };
        assert_eq!(korn_graubard(&nobody, 1.0, 0.95), None);
    }

    #[test]
    fn every_method_brackets_the_share() {
        for method in [
            ProportionInterval::Logit,
            ProportionInterval::Asin,
            ProportionInterval::Mean,
        ] {
            let (low, high) = proportion_interval(&SAMPLE, method, 0.95).unwrap();
            assert!(0.39 < low && low < 0.42, "{method:?}: {low}");
            assert!((low + high - 1.0).abs() < 1e-12);
            let without_df = ProportionSample { df: 0.0, ..SAMPLE };
            assert_eq!(proportion_interval(&without_df, method, 0.95), None);
        }
    }
}
