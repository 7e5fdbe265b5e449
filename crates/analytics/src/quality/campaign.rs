//! Mobilised raters: days on which a department gets suspiciously many best answers.

/// `(p − p₀)/√(p₀(1 − p₀)/n·φ)` of one day: `best` of `n` answers against the usual share `p₀` of the eight weeks before, with
/// the over-dispersion φ of such days.
///
/// `None` without answers, for a usual share of 0 or 1, and for φ not above 0.
///
/// Source: methodology E.
#[must_use]
pub fn campaign_z(best: u64, n: u64, usual: f64, overdispersion: f64) -> Option<f64> {
    let share = best as f64 / n as f64;
    let z = (share - usual) / (usual * (1.0 - usual) / n as f64 * overdispersion).sqrt();
    z.is_finite().then_some(z)
}

/// Whether the z-scores of days exceed 4 on at least two days.
///
/// Source: methodology E. To be looked into; nothing is deleted.
#[must_use]
pub fn is_campaign(daily: &[f64]) -> bool {
    daily.iter().filter(|z| **z > 4.0).count() >= 2
}

/// One-sided cumulative sums `S_t = max(0, S_{t−1} + z_t − slack)`, one per day; an alarm is above the limit 5 for slack 0.5.
///
/// Source: Page 1954; methodology E (k = 0.5, h = 5).
#[must_use]
pub fn cusum(daily: &[f64], slack: f64) -> Vec<f64> {
    daily
        .iter()
        .scan(0.0_f64, |sum, z| {
            *sum = (*sum + z - slack).max(0.0);
            Some(*sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_measured_against_the_weeks_before() {
        // p = 0.75 of 100 against 0.5: 0.25/0.05 = 5; φ = 4 halves it.
        assert!((campaign_z(75, 100, 0.5, 1.0).unwrap() - 5.0).abs() < 1e-12);
        assert!((campaign_z(75, 100, 0.5, 4.0).unwrap() - 2.5).abs() < 1e-12);
        assert_eq!(campaign_z(0, 0, 0.5, 1.0), None);
        assert_eq!(campaign_z(9, 9, 1.0, 1.0), None);
    }

    #[test]
    fn one_good_day_is_no_campaign() {
        assert!(!is_campaign(&[9.0, 0.0, 3.9]));
        assert!(is_campaign(&[4.1, 0.0, 4.1]));
    }

    #[test]
    fn small_shifts_add_up_and_bad_days_do_not_save() {
        let sums = cusum(&[1.5, 1.5, -9.0, 2.5], 0.5);
        for (sum, expected) in sums.iter().zip([1.0, 2.0, 0.0, 2.0]) {
            assert!((sum - expected).abs() < 1e-12, "{sums:?}");
        }
    }
}
