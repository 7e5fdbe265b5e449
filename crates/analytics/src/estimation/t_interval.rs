//! The interval of a mean, and of anything else that is nearly normal.

use crate::t_quantile;

/// `estimate ± t·√variance`, not clipped; `confidence` is a share, 0 to 1.
///
/// `None` without degrees of freedom: one PSU per stratum says nothing about what varies.
///
/// Source: methodology A6. Golden numbers: sections A, C, D and E.
#[must_use]
pub fn t_interval(estimate: f64, variance: f64, df: f64, confidence: f64) -> Option<(f64, f64)> {
    let half = t_quantile(df, confidence) * variance.sqrt();
    (df > 0.0 && half.is_finite()).then_some((estimate - half, estimate + half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_standard_errors_or_nothing() {
        // t = 2.228 139 for 10 degrees.
        let (low, high) = t_interval(70.0, 4.0, 10.0, 0.95).unwrap();
        assert!((low - 65.543_722).abs() < 1e-6, "{low}");
        assert!((high - 74.456_278).abs() < 1e-6, "{high}");
        assert_eq!(t_interval(70.0, 4.0, 0.0, 0.95), None);
        assert_eq!(t_interval(70.0, -1.0, 10.0, 0.95), None);
    }
}
