//! How much a variable and its weights vary, and what the design costs against simple random sampling.

use super::linearised::{pairs, weight_sum};

/// Which simple random sample a design effect compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Drawn without replacement from a frame of `Σ w` persons.
    WithoutReplacement,
    /// Drawn with replacement; never explodes, so this is the one to publish.
    WithReplacement,
}

/// Estimated variance of a variable in the population: `n∕(n−1) · Σ w·(y−ȳ)² ∕ Σ w`, in squared units of the variable.
///
/// `n` counts rows with a value and a weight. `None` when there are fewer than two.
///
/// Source: methodology A2 (R `svyvar`). Golden numbers: section A, `var/…`.
#[must_use]
pub fn population_variance(weights: &[f64], y: &[Option<f64>]) -> Option<f64> {
    let whole = weight_sum(weights, y)?;
    let n = valid_rows(weights, y);
    let mean = pairs(weights, y).map(|(w, y)| w * y).sum::<f64>() / whole;
    let squares: f64 = pairs(weights, y)
        .map(|(w, y)| w * (y - mean) * (y - mean))
        .sum();
    (n >= 2.0).then(|| n / (n - 1.0) * squares / whole)
}

/// Variance of a mean over that of a simple random sample with as many valid rows.
///
/// `None` when the variable does not vary, or when the frame is not larger than the sample.
///
/// Source: Kish 1965, §8.1; methodology A2. Golden numbers: section A, `deff/…` and `deff_replace/…`.
#[must_use]
pub fn design_effect(
    variance: f64,
    weights: &[f64],
    y: &[Option<f64>],
    reference: Reference,
) -> Option<f64> {
    let (n, frame) = (valid_rows(weights, y), weight_sum(weights, y)?);
    let unsampled = match reference {
        Reference::WithReplacement => 1.0,
        Reference::WithoutReplacement => (frame - n) / frame,
    };
    let simple = population_variance(weights, y)? / n * unsampled;
    (simple > 0.0).then_some(variance / simple)
}

fn valid_rows(weights: &[f64], y: &[Option<f64>]) -> f64 {
    pairs(weights, y).filter(|(w, _)| w.abs() > 0.0).count() as f64
}

/// What unequal weights cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kish {
    /// Weights above 0.
    pub n: usize,
    /// `n·Σw² ∕ (Σw)²`, at least 1.
    pub design_effect: f64,
    /// `(Σw)² ∕ Σw²`, in rows.
    pub effective_n: f64,
    /// Coefficient of variation of the weights.
    pub cv: f64,
}

/// Kish's design effect of the weights above 0; `None` when there are none.
///
/// Source: Kish 1965, 1992; methodology A1. Golden numbers: section W.
#[must_use]
pub fn kish(weights: impl IntoIterator<Item = f64>) -> Option<Kish> {
    let (mut n, mut sum, mut squares) = (0, 0.0, 0.0);
    for weight in weights.into_iter().filter(|weight| *weight > 0.0) {
        n += 1;
        sum += weight;
        squares += weight * weight;
    }
    let design_effect = n as f64 * squares / (sum * sum);
    (n > 0 && design_effect.is_finite()).then(|| Kish {
        n,
        design_effect,
        effective_n: sum * sum / squares,
        cv: (design_effect - 1.0).max(0.0).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variance_and_its_design_effect_by_hand() {
        // Mean 4, Σw(y−ȳ)² = 4 + 0 + 4, Σw = 4, n = 3: 3/2·8/4 = 3.
        let (weights, y) = (
            [1.0, 2.0, 1.0, 9.0],
            [Some(2.0), Some(4.0), Some(6.0), None],
        );
        assert!((population_variance(&weights, &y).unwrap() - 3.0).abs() < 1e-12);
        let effect = |reference| design_effect(2.0, &weights, &y, reference).unwrap();
        assert!((effect(Reference::WithReplacement) - 2.0).abs() < 1e-12);
        assert!((effect(Reference::WithoutReplacement) - 8.0).abs() < 1e-12);

        assert_eq!(population_variance(&[1.0, 0.0], &[Some(1.0); 2]), None);
        let census = design_effect(
            1.0,
            &[1.0; 2],
            &[Some(1.0), Some(2.0)],
            Reference::WithoutReplacement,
        );
        assert_eq!(census, None);
    }

    #[test]
    fn kish_by_hand() {
        // Σw = 4, Σw² = 6, n = 3.
        let kish = super::kish([1.0, 2.0, 0.0, 1.0]).unwrap();
        assert_eq!(kish.n, 3);
        assert!((kish.design_effect - 18.0 / 16.0).abs() < 1e-12);
        assert!((kish.effective_n - 16.0 / 6.0).abs() < 1e-12);
        assert!((kish.cv - (2.0_f64 / 16.0).sqrt()).abs() < 1e-12);
        assert_eq!(super::kish([0.0]), None);
    }
}
