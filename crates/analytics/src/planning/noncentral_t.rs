//! The noncentral t distribution, which `statrs` does not have.

use statrs::distribution::{ContinuousCDF, Normal};

/// `P(T > t)` for `T = (Z + shift) ∕ s`, `Z` standard normal, `s² = χ²_df ∕ df`, `df ≥ 1`; to about ten digits.
///
/// The mean of `Φ(shift − t·s)` over the distribution of `s`, by Simpson's rule.
pub(super) fn upper_tail(t: f64, df: f64, shift: f64) -> f64 {
    let normal = Normal::standard();
    let spread = REACH / (2.0 * df).sqrt();
    let low = (1.0 - spread).max(0.0);
    let width = (1.0 + spread - low) / f64::from(STEPS);
    let (mut sum, mut whole) = (0.0, 0.0);
    for step in 0..=STEPS {
        let s = low + f64::from(step) * width;
        let ends = step == 0 || step == STEPS;
        let simpson = if ends {
            1.0
        } else {
            f64::from(2 + 2 * (step % 2))
        };
        let log_power = (df - 1.0) * s.max(f64::MIN_POSITIVE).ln();
        let density = simpson * (log_power - 0.5 * df * (s * s - 1.0)).exp();
        whole += density;
        sum += density * normal.cdf(shift - t * s);
    }
    sum / whole
}

/// How many standard deviations of `s` count; beyond is less than 10⁻¹⁵.
const REACH: f64 = 12.0;
/// Even.
const STEPS: u32 = 4_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_shift_it_is_the_t_distribution() {
        for (t, df, tail) in [
            (2.228_138_851_964_94, 10.0, 0.025),
            (12.706_204_736_432_1, 1.0, 0.025),
            (1.959_966_356_829_94, 1e6, 0.025),
        ] {
            let found = upper_tail(t, df, 0.0);
            assert!((found - tail).abs() < 1e-9, "{df}: {found}");
        }
    }

    #[test]
    fn a_shift_with_many_degrees_is_normal() {
        // P(Z > 1.96 − 2.8) = Φ(0.84).
        let found = upper_tail(1.96, 1e8, 2.8);

        assert!((found - 0.799_545_806_739_55).abs() < 1e-7, "{found}");
    }
}
