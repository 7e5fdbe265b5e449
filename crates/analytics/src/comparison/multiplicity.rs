//! P-values corrected for many tests.

/// Holm's step-down p-values, in the order given: `p*_(k) = max_{i≤k} min(1, (m−i+1)·p_(i))`.
///
/// A rejection at `p* ≤ α` keeps the chance of any false statement below α (family-wise). NaN counts as 1.
///
/// Source: Holm 1979; methodology A7. Golden numbers: section I `band/*`, R `p.adjust(method = "holm")`.
#[must_use]
pub fn holm_adjusted(p_values: &[f64]) -> Vec<f64> {
    let m = p_values.len();
    let mut adjusted = vec![1.0; m];
    let mut highest = 0.0_f64;
    for (place, (index, p)) in ascending(p_values).into_iter().enumerate() {
        highest = highest.max(p * (m - place) as f64).min(1.0);
        adjusted[index] = highest;
    }
    adjusted
}

/// Benjamini-Hochberg step-up p-values, in the order given: `p*_(k) = min_{i≥k} min(1, m/i·p_(i))`.
///
/// A rejection at `p* ≤ q` keeps the expected share of false ones among the rejections below q. NaN counts as 1.
///
/// Source: Benjamini & Hochberg 1995; methodology A7. Golden numbers: section I `band/*`, R `p.adjust(method = "BH")`.
#[must_use]
pub fn benjamini_hochberg_adjusted(p_values: &[f64]) -> Vec<f64> {
    let m = p_values.len();
    let mut adjusted = vec![1.0; m];
    let mut lowest = 1.0_f64;
    for (place, (index, p)) in ascending(p_values).into_iter().enumerate().rev() {
        lowest = lowest.min(m as f64 / (place + 1) as f64 * p);
        adjusted[index] = lowest;
    }
    adjusted
}

/// Which hypotheses the Benjamini-Hochberg procedure rejects at the false discovery rate, in the order given.
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64], rate: f64) -> Vec<bool> {
    benjamini_hochberg_adjusted(p_values)
        .into_iter()
        .map(|p| p <= rate)
        .collect()
}

fn ascending(p_values: &[f64]) -> Vec<(usize, f64)> {
    let counted = |p: &f64| if p.is_nan() { 1.0 } else { *p };
    let mut order: Vec<_> = p_values.iter().map(counted).enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-12, "{found:?} is not {expected:?}");
        }
    }

    #[test]
    fn adjusted_values_are_those_of_the_definition() {
        let p = [0.01, 0.04, 0.03, 0.005];

        near(&holm_adjusted(&p), &[0.03, 0.06, 0.06, 0.02]);
        near(&benjamini_hochberg_adjusted(&p), &[0.02, 0.04, 0.04, 0.02]);
    }

    #[test]
    fn nothing_rises_above_one_and_nan_is_never_significant() {
        near(&holm_adjusted(&[0.9, f64::NAN, 0.001]), &[1.0, 1.0, 0.003]);
        near(
            &benjamini_hochberg_adjusted(&[0.9, f64::NAN, 0.001]),
            &[1.0, 1.0, 0.003],
        );
        near(&holm_adjusted(&[]), &[]);
    }

    #[test]
    fn the_step_up_procedure_takes_all_below_the_last_crossing() {
        // Benjamini & Hochberg 1995, section 4: 15 tests of a trial at 5 %; the four smallest are rejected.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let rejected = benjamini_hochberg(&p, 0.05);
        assert_eq!(rejected.iter().filter(|r| **r).count(), 4);
        // 0.04 alone misses 0.025, but the later crossing at 0.05 takes both.
        assert_eq!(benjamini_hochberg(&[0.04, 0.05], 0.05), [true, true]);
        assert_eq!(benjamini_hochberg(&[], 0.05), [false; 0]);
    }
}
