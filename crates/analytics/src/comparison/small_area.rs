//! Before and after the Fay-Herriot model: smoother variances, benchmarking, and what each area does to the fit.

use super::{FayHerriotError, ModelVariance, fay_herriot};
use nalgebra::DMatrix;

/// Sampling variances by a generalised variance function: `ψ_d = c/n_d` with c the n-weighted mean of `n_d·V_d`.
///
/// The squared standard error of a handful of ratings is noise; its smooth version is not. `None` when nobody has ratings, or
/// an area has none.
///
/// Source: methodology A9. Golden numbers: section J `fh/*/smooth/*`.
#[must_use]
pub fn smooth_variances(ratings: &[f64], variances: &[f64]) -> Option<Vec<f64>> {
    let pairs = ratings.iter().zip(variances);
    let whole: f64 = ratings.iter().sum();
    let per_rating = pairs.map(|(n, variance)| n * (n * variance)).sum::<f64>() / whole;
    ratings
        .iter()
        .all(|n| *n > 0.0)
        .then(|| ratings.iter().map(|n| per_rating / n).collect())
        .filter(|_| !ratings.is_empty())
}

/// Model estimates scaled so that their weighted mean is the direct one: every estimate times `Σ w·y / Σ w·ŷ`.
///
/// `None` when the weighted sum of the model estimates is 0.
///
/// Source: Pfeffermann & Barnard 1991 (ratio benchmarking); methodology A9.
#[must_use]
pub fn benchmarked(model: &[f64], direct: &[f64], weights: &[f64]) -> Option<Vec<f64>> {
    let sum = |values: &[f64]| -> f64 { values.iter().zip(weights).map(|(v, w)| v * w).sum() };
    let ratio = sum(direct) / sum(model);
    ratio
        .is_finite()
        .then(|| model.iter().map(|estimate| ratio * estimate).collect())
}

/// What leaving out one area does.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaInfluence {
    /// Variance between areas without it.
    pub variance: f64,
    /// Coefficients without it.
    pub coefficients: Vec<f64>,
    /// `(y − x'β₍₋ᵢ₎)/√(A₍₋ᵢ₎ + ψ)`: its estimate against what the others predict.
    pub deleted_residual: f64,
}

/// Fits the model once without each area, in the order given; an area without which there is no fit says why.
///
/// Source: methodology A9 (5).
pub fn leave_one_area_out(
    estimates: &[f64],
    variances: &[f64],
    covariates: &DMatrix<f64>,
    method: ModelVariance,
) -> Vec<Result<AreaInfluence, FayHerriotError>> {
    (0..estimates.len())
        .map(|area| {
            let others = |values: &[f64]| -> Vec<f64> {
                let kept = values.iter().enumerate().filter(|(i, _)| *i != area);
                kept.map(|(_, value)| *value).collect()
            };
            let left = covariates.clone().remove_row(area);
            let fit = fay_herriot(&others(estimates), &others(variances), &left, method)?;
            let predicted: f64 = covariates
                .row(area)
                .iter()
                .zip(&fit.coefficients)
                .map(|(x, beta)| x * beta)
                .sum();
            Ok(AreaInfluence {
                deleted_residual: (estimates[area] - predicted)
                    / (fit.variance + variances[area]).sqrt(),
                variance: fit.variance,
                coefficients: fit.coefficients,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smooth_variances_depend_on_the_number_of_ratings_only() {
        // c = (10·10·4 + 40·40·1)/50 = 40.
        let smooth = smooth_variances(&[10.0, 40.0], &[4.0, 1.0]).unwrap();

        assert!((smooth[0] - 4.0).abs() < 1e-12 && (smooth[1] - 1.0).abs() < 1e-12);
        let smooth = smooth_variances(&[10.0, 40.0], &[8.0, 1.0]).unwrap();
        assert!((smooth[0] - 4.8).abs() < 1e-12 && (smooth[1] - 1.2).abs() < 1e-12);
        assert_eq!(smooth_variances(&[0.0, 1.0], &[1.0, 1.0]), None);
        assert_eq!(smooth_variances(&[], &[]), None);
    }

    #[test]
    fn a_benchmark_keeps_the_weighted_mean() {
        let found = benchmarked(&[50.0, 100.0], &[60.0, 90.0], &[3.0, 1.0]).unwrap();

        assert!((3.0 * found[0] + found[1] - 270.0).abs() < 1e-12);
        assert!((found[1] / found[0] - 2.0).abs() < 1e-12);
        assert_eq!(benchmarked(&[0.0], &[1.0], &[1.0]), None);
    }

    #[test]
    fn an_outlying_area_stands_out_when_it_is_left_out() {
        let estimates = [70.0, 72.0, 68.0, 71.0, 69.0, 95.0];
        let ones = DMatrix::from_element(6, 1, 1.0);

        let influence: Vec<_> =
            leave_one_area_out(&estimates, &[1.0; 6], &ones, ModelVariance::Reml)
                .into_iter()
                .map(Result::unwrap)
                .collect();

        // Without it: mean 70, s² = 2.5, A = 1.5, residual 25/√2.5.
        assert!((influence[5].variance - 1.5).abs() < 1e-9);
        assert!((influence[5].deleted_residual - 25.0 / 2.5_f64.sqrt()).abs() < 1e-8);
        assert!(influence[0].variance > 50.0);
    }
}
