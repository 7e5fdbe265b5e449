//! Small areas: the Fay-Herriot model, for display and early warning only, never for an official score or a rank.

use super::FayHerriotError;
use nalgebra::{DMatrix, DVector};

/// How the variance between areas is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelVariance {
    /// Restricted maximum likelihood.
    Reml,
    /// Maximum likelihood; the bias of the variance is taken out of the mean squared error.
    MaximumLikelihood,
    /// The moment equation `Σ r²v = m − p` of Fay & Herriot.
    Moment,
}

/// What the model says about the areas.
#[derive(Clone, Debug, PartialEq)]
pub struct FayHerriot {
    /// A: variance between areas that the covariates leave, points squared. At 0 every estimate is the synthetic one: say so.
    pub variance: f64,
    /// Coefficients of the covariates.
    pub coefficients: Vec<f64>,
    /// Rounds of the search.
    pub iterations: u32,
    /// One entry per area.
    pub areas: Vec<AreaEstimate>,
}

impl FayHerriot {
    /// Whether the model found no variance between areas and fell back on the covariates alone.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.variance <= 0.0
    }
}

/// An area under the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaEstimate {
    /// `γ·y + (1 − γ)·x'β`, points.
    pub eblup: f64,
    /// Its mean squared error, points squared; that of the moment method may fall below 0 with few areas.
    pub mse: f64,
    /// γ: weight of the direct estimate, 0 to 1.
    pub gamma: f64,
    /// `x'β`, points.
    pub synthetic: f64,
    /// `(y − x'β)/√(A + ψ)`.
    pub residual: f64,
}

/// Fits the area-level model `y = x'β + u + e`, `u ~ N(0, A)`, `e ~ N(0, ψ)` and predicts each area.
///
/// `covariates` has one row per area and a column of ones if an intercept is wanted. Fisher scoring starts at the median ψ and
/// keeps `A ≥ 0` at every step. Smooth ψ first ([`super::smooth_variances`]).
///
/// # Errors
/// [`FayHerriotError`] names the area or the covariates at fault.
///
/// Source: Fay & Herriot 1979; Rao & Molina 2015, chapter 6; mean squared error by Prasad & Rao 1990, Datta & Lahiri 2000,
/// Datta, Rao & Smith 2005; methodology A9. Golden numbers: section J `fh/*`.
pub fn fay_herriot(
    estimates: &[f64],
    variances: &[f64],
    covariates: &DMatrix<f64>,
    method: ModelVariance,
) -> Result<FayHerriot, FayHerriotError> {
    check(estimates, variances, covariates)?;
    let model = Model {
        y: DVector::from_column_slice(estimates),
        psi: variances,
        x: covariates,
    };
    let (variance, iterations) = model.search(method)?;
    let fit = model.fit(variance)?;
    Ok(FayHerriot {
        variance,
        coefficients: fit.beta.iter().copied().collect(),
        iterations,
        areas: model.areas(&fit, method),
    })
}

fn check(
    estimates: &[f64],
    variances: &[f64],
    covariates: &DMatrix<f64>,
) -> Result<(), FayHerriotError> {
    let areas = estimates.len();
    if (variances.len(), covariates.nrows()) != (areas, areas) {
        return Err(FayHerriotError::Shape {
            estimates: areas,
            variances: variances.len(),
            rows: covariates.nrows(),
        });
    }
    for (area, (estimate, variance)) in estimates.iter().zip(variances).enumerate() {
        let row = covariates.row(area);
        if !estimate.is_finite() || row.iter().any(|x| !x.is_finite()) {
            return Err(FayHerriotError::NotFinite { area });
        }
        if !(variance.is_finite() && *variance > 1e-8) {
            let variance = *variance;
            return Err(FayHerriotError::Variance { area, variance });
        }
    }
    let coefficients = covariates.ncols();
    if areas <= coefficients || coefficients == 0 {
        return Err(FayHerriotError::TooFewAreas {
            areas,
            coefficients,
        });
    }
    Ok(())
}

struct Model<'a> {
    y: DVector<f64>,
    psi: &'a [f64],
    x: &'a DMatrix<f64>,
}

/// Weighted least squares at one A.
struct Fit {
    /// `1/(A + ψ)`.
    v: DVector<f64>,
    /// `(X'VX)⁻¹`.
    q: DMatrix<f64>,
    beta: DVector<f64>,
    /// `y − Xβ`.
    residuals: DVector<f64>,
}

impl Model<'_> {
    fn fit(&self, variance: f64) -> Result<Fit, FayHerriotError> {
        let v = DVector::from_iterator(
            self.psi.len(),
            self.psi.iter().map(|p| (variance + p).recip()),
        );
        let q = self
            .crossed(&v)
            .cholesky()
            .ok_or(FayHerriotError::Collinear)?
            .inverse();
        if q.iter().any(|value| !value.is_finite()) {
            return Err(FayHerriotError::Collinear);
        }
        let beta = &q * self.x.tr_mul(&v.component_mul(&self.y));
        let residuals = &self.y - self.x * &beta;
        Ok(Fit {
            v,
            q,
            beta,
            residuals,
        })
    }

    /// `X' diag(weights) X`.
    fn crossed(&self, weights: &DVector<f64>) -> DMatrix<f64> {
        let mut weighted = self.x.clone();
        for mut column in weighted.column_iter_mut() {
            column.component_mul_assign(weights);
        }
        self.x.tr_mul(&weighted)
    }

    fn search(&self, method: ModelVariance) -> Result<(f64, u32), FayHerriotError> {
        let median = median(self.psi);
        let (mut variance, mut change) = (median, f64::INFINITY);
        for iterations in 1..=MOST_ITERATIONS {
            let (score, information) = self.score(&self.fit(variance)?, method);
            let next = (variance + score / information).max(0.0);
            change = (next - variance).abs() / variance.max(1e-8 * median);
            variance = next;
            if change < 1e-13 {
                return Ok((variance, iterations));
            }
        }
        // Near 0 rounding alone may keep the last digits moving.
        if change < 1e-8 {
            return Ok((variance, MOST_ITERATIONS));
        }
        Err(FayHerriotError::NotConverged {
            iterations: MOST_ITERATIONS,
            change,
        })
    }

    /// Derivative of the likelihood (or the moment equation) at A, and the information.
    fn score(&self, fit: &Fit, method: ModelVariance) -> (f64, f64) {
        let Fit {
            v, q, residuals, ..
        } = fit;
        let weighted = v.component_mul(residuals);
        let (sum, squares) = (v.sum(), v.norm_squared());
        match method {
            ModelVariance::Reml => {
                let v2 = v.component_mul(v);
                let once = q * self.crossed(&v2);
                let twice = q * self.crossed(&v2.component_mul(v));
                let trace = sum - once.trace();
                let trace_of_square = squares - 2.0 * twice.trace() + (&once * &once).trace();
                (
                    0.5 * (weighted.norm_squared() - trace),
                    0.5 * trace_of_square,
                )
            }
            ModelVariance::MaximumLikelihood => {
                (0.5 * (weighted.norm_squared() - sum), 0.5 * squares)
            }
            ModelVariance::Moment => {
                let df = self.y.len() as f64 - self.x.ncols() as f64;
                (weighted.dot(residuals) - df, sum)
            }
        }
    }

    fn areas(&self, fit: &Fit, method: ModelVariance) -> Vec<AreaEstimate> {
        let (sum, squares) = (fit.v.sum(), fit.v.norm_squared());
        let areas = self.y.len() as f64;
        let variance_of_a = match method {
            ModelVariance::Moment => 2.0 * areas / (sum * sum),
            ModelVariance::Reml | ModelVariance::MaximumLikelihood => 2.0 / squares,
        };
        let bias = match method {
            ModelVariance::Reml => 0.0,
            ModelVariance::MaximumLikelihood => {
                let v2 = fit.v.component_mul(&fit.v);
                -(&fit.q * self.crossed(&v2)).trace() / squares
            }
            ModelVariance::Moment => 2.0 * (areas * squares - sum * sum) / sum.powi(3),
        };
        let synthetic = self.x * &fit.beta;
        let spread = self.x * &fit.q;
        (0..self.y.len())
            .map(|i| {
                let shrink = self.psi[i] * fit.v[i];
                let g1 = self.psi[i] * (1.0 - shrink);
                let g2 = shrink * shrink * spread.row(i).dot(&self.x.row(i));
                let g3 = shrink * shrink * variance_of_a * fit.v[i];
                AreaEstimate {
                    eblup: synthetic[i] + (1.0 - shrink) * fit.residuals[i],
                    mse: g1 + g2 + 2.0 * g3 - bias * shrink * shrink,
                    gamma: 1.0 - shrink,
                    synthetic: synthetic[i],
                    residual: fit.residuals[i] * fit.v[i].sqrt(),
                }
            })
            .collect()
    }
}

const MOST_ITERATIONS: u32 = 500;

fn median(values: &[f64]) -> f64 {
    super::sample_quantile(&mut values.to_vec(), 0.5).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ones(areas: usize) -> DMatrix<f64> {
        DMatrix::from_element(areas, 1, 1.0)
    }

    #[test]
    fn equal_variances_have_a_closed_form() {
        // y = 60, 70, 80, ψ = 20: s² = 100. REML and moment: A = 100 − 20; ML: A = 200/3 − 20.
        for (method, expected) in [
            (ModelVariance::Reml, 80.0),
            (ModelVariance::Moment, 80.0),
            (ModelVariance::MaximumLikelihood, 140.0 / 3.0),
        ] {
            let fit = fay_herriot(&[60.0, 70.0, 80.0], &[20.0; 3], &ones(3), method).unwrap();
            assert!(
                (fit.variance - expected).abs() < 1e-9,
                "{method:?}: {}",
                fit.variance
            );
            assert!((fit.coefficients[0] - 70.0).abs() < 1e-9);
            let gamma = expected / (expected + 20.0);
            assert!((fit.areas[2].eblup - (70.0 + gamma * 10.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn the_mean_squared_error_is_the_sum_of_its_parts() {
        // A = 80, ψ = 20, v = 1/100, B = 0.2: g1 = 16, g2 = 0.04·100/3, g3 = 0.04·(2·100²/3)/100 = 8/3.
        let fit = fay_herriot(
            &[60.0, 70.0, 80.0],
            &[20.0; 3],
            &ones(3),
            ModelVariance::Reml,
        )
        .unwrap();

        let expected = 16.0 + 4.0 / 3.0 + 2.0 * 8.0 / 3.0;
        assert!(
            (fit.areas[0].mse - expected).abs() < 1e-8,
            "{}",
            fit.areas[0].mse
        );
    }

    #[test]
    fn without_variance_between_areas_every_estimate_is_synthetic() {
        let fit = fay_herriot(
            &[70.0, 70.1, 69.9],
            &[20.0; 3],
            &ones(3),
            ModelVariance::Reml,
        )
        .unwrap();

        assert!(fit.is_synthetic());
        assert!(
            fit.areas
                .iter()
                .all(|area| (area.eblup - area.synthetic).abs() < 1e-12)
        );
    }

    #[test]
    fn a_singular_model_is_refused_with_its_reason() {
        let fit = |variances: &[f64], x: &DMatrix<f64>| {
            fay_herriot(&[60.0, 70.0, 80.0], variances, x, ModelVariance::Reml).unwrap_err()
        };
        let twice = DMatrix::from_element(3, 2, 1.0);

        assert!(matches!(
            fit(&[20.0, 1e-29, 20.0], &ones(3)),
            FayHerriotError::Variance { area: 1, .. }
        ));
        assert!(matches!(
            fit(&[20.0; 2], &ones(3)),
            FayHerriotError::Shape { variances: 2, .. }
        ));
        assert_eq!(fit(&[20.0; 3], &twice), FayHerriotError::Collinear);
        assert!(matches!(
            fit(&[20.0; 3], &DMatrix::from_element(3, 3, 1.0)),
            FayHerriotError::TooFewAreas {
                areas: 3,
                coefficients: 3
            }
        ));
        assert_eq!(
            fit(&[20.0; 3], &DMatrix::from_element(3, 1, f64::NAN)),
            FayHerriotError::NotFinite { area: 0 }
        );
    }
}
