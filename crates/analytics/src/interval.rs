//! Confidence intervals and what follows from them.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use vocabulary::Weight;

/// A number with its uncertainty; points on the ruler unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// Degrees of freedom of the standard error.
    pub df: f64,
    /// Lower end, not clipped to the ruler.
    pub ci_low: f64,
    /// Upper end, not clipped to the ruler.
    pub ci_high: f64,
}

impl Estimate {
    /// `value ± t_df·√variance`; `confidence` is a share, 0 to 1.
    #[must_use]
    pub fn with_t(value: f64, variance: f64, df: f64, confidence: Weight) -> Self {
        let se = variance.max(0.0).sqrt();
        let half = t_quantile(df, confidence.as_f64()) * se;
        Self {
            value,
            se,
            df,
            ci_low: value - half,
            ci_high: value + half,
        }
    }
}

/// The two-sided t quantile: 2.228 for 10 degrees and 95 %.
///
/// Less than one degree counts as one, the widest interval there is. `confidence` is kept inside 0 and 0.999999.
///
/// # Panics
/// Never: the distribution exists for every df of at least one.
#[must_use]
pub fn t_quantile(df: f64, confidence: f64) -> f64 {
    let df = df.max(1.0);
    if df > LARGE_DF {
        cornish_fisher(normal_quantile(confidence), df)
    } else {
        t_quantile_by_halving(df, 1.0 - upper_tail_start(confidence))
    }
}

/// From here on the expansions around the normal distribution are exact to ten digits.
const LARGE_DF: f64 = 1_000.0;

/// The point whose upper tail is `tail`. `statrs` has an inverse of its own, which does not come to an end for some large df;
/// halving an interval always does.
fn t_quantile_by_halving(df: f64, tail: f64) -> f64 {
    let distribution = students_t(df);
    let (mut low, mut high) = (0.0, 1.0);
    while distribution.sf(high) > tail {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..64 {
        let middle = 0.5 * (low + high);
        if distribution.sf(middle) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Abramowitz & Stegun 26.7.5.
fn cornish_fisher(z: f64, df: f64) -> f64 {
    let z2 = z * z;
    let first = z * (z2 + 1.0) / 4.0;
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    z + (first + (second + third / df) / df) / df
}

/// Two-sided p-value of a t statistic.
pub(crate) fn t_p_value(t: f64, df: f64) -> f64 {
    let df = df.max(1.0);
    if t.is_infinite() {
        return 0.0;
    }
    let tail = if df > LARGE_DF {
        standard_normal().sf(normal_equivalent(t, df))
    } else {
        students_t(df).sf(t.abs())
    };
    (2.0 * tail).min(1.0)
}

/// The normal number with the same tail as `t`, of the same sign: a z-value in the sense of Efron 2004, section 2.
pub(crate) fn z_value(t: f64, df: f64) -> f64 {
    let tail = 0.5 * t_p_value(t, df);
    standard_normal().inverse_cdf(tail).abs().copysign(t)
}

/// The normal deviate with the tail of `t`: Hill 1970 (algorithm 395), exact to ten digits for more than a thousand degrees.
fn normal_equivalent(t: f64, df: f64) -> f64 {
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let y = a * (t * t / df).ln_1p();
    let inner = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b);
    ((inner + y + 3.0) / b + 1.0) * y.sqrt()
}

/// The two-sided normal quantile: 1.960 for 95 %.
///
/// # Panics
/// Never: the standard normal distribution exists.
#[must_use]
pub fn normal_quantile(confidence: f64) -> f64 {
    standard_normal().inverse_cdf(upper_tail_start(confidence))
}

fn standard_normal() -> Normal {
    Normal::new(0.0, 1.0).expect("the standard normal distribution exists")
}

fn students_t(df: f64) -> StudentsT {
    StudentsT::new(0.0, 1.0, df).expect("at least one degree of freedom is allowed")
}

fn upper_tail_start(confidence: f64) -> f64 {
    0.5 + confidence.clamp(0.0, 0.999_999) / 2.0
}

/// Wilson score interval of a share, as shares 0 to 1; `None` when `whole` is 0.
///
/// Source: Wilson 1927; vectors in domain D.7.
#[must_use]
pub fn wilson(part: u64, whole: u64, confidence: Weight) -> Option<(f64, f64)> {
    if whole == 0 {
        return None;
    }
    let (p, n) = (part as f64 / whole as f64, whole as f64);
    let z = normal_quantile(confidence.as_f64());
    let centre = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    Some((
        ((centre - half) / scale).max(0.0),
        ((centre + half) / scale).min(1.0),
    ))
}

/// Whether two scores cannot be told apart: `|a − b| < z·√(se_a² + se_b²)`.
///
/// Source: domain D.8.
#[must_use]
pub fn statistical_tie(a: &Estimate, b: &Estimate, confidence: Weight) -> bool {
    (a.value - b.value).abs() < normal_quantile(confidence.as_f64()) * a.se.hypot(b.se)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (df, confidence, expected) in [
            (1.0, 0.95, 12.706_204_736_432_1),
            (5.0, 0.95, 2.570_581_835_636_31),
            (10.0, 0.95, 2.228_138_851_964_94),
            (10.0, 0.999, 4.586_893_858_702_64),
            (141.0, 0.95, 1.976_931_489_486_66),
            (1_000_000.0, 0.95, 1.959_966_356_829_94),
            (0.0, 0.95, 12.706_204_736_432_1),
        ] {
            let quantile = t_quantile(df, confidence);
            assert!((quantile - expected).abs() < 1e-9, "{df}: {quantile}");
        }
        assert!((normal_quantile(0.95) - 1.959_963_984_540_05).abs() < 1e-9);
    }

    #[test]
    fn both_ways_to_a_quantile_meet() {
        for confidence in [0.5, 0.95, 0.9991] {
            let halved = t_quantile_by_halving(LARGE_DF, 1.0 - upper_tail_start(confidence));
            let expanded = cornish_fisher(normal_quantile(confidence), LARGE_DF);
            assert!((halved - expanded).abs() < 1e-9, "{halved} {expanded}");
        }
    }

    #[test]
    fn the_p_value_is_the_tail_the_quantile_cuts() {
        for df in [1.0, 10.0, 999.0, 1_001.0, 1e7] {
            let p = t_p_value(-t_quantile(df, 0.95), df);
            assert!((p - 0.05).abs() < 1e-9, "{df}: {p}");
        }
        for t in [0.01, 1.0, 3.0, 8.0, 15.0] {
            let tail = students_t(LARGE_DF).sf(t);
            let expanded = standard_normal().sf(normal_equivalent(t, LARGE_DF));
            assert!(
                (expanded / tail - 1.0).abs() < 1e-9,
                "{t}: {expanded} {tail}"
            );
        }
        assert!(t_p_value(f64::INFINITY, 10.0) <= 0.0);
    }
}
