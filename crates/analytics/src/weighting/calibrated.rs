//! Calibrated weights and what calibration does to a standard error.

use super::base::{WeightError, check_rows};
use super::constraints::Constraints;
use super::redundancy::{gram, pseudo_inverse};
use nalgebra::{DMatrix, DVector};
use serde::Serialize;

/// When to stop an iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stopping {
    /// Largest relative error of a total.
    pub tolerance: f64,
    /// Iterations after which the totals count as out of reach.
    pub max_iterations: usize,
}

impl Default for Stopping {
    /// 10⁻¹⁰ and 500 iterations.
    fn default() -> Self {
        Self {
            tolerance: 1e-10,
            max_iterations: 500,
        }
    }
}

/// How an iteration went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Convergence {
    /// Full cycles over the margins, or Newton steps.
    pub iterations: usize,
    /// Largest relative error of each margin or constraint, by name.
    pub errors: Vec<(String, f64)>,
}

impl Convergence {
    /// Whether every total is met; never when an error is not a number.
    #[must_use]
    pub fn within(&self, tolerance: f64) -> bool {
        self.errors.iter().all(|(_, error)| *error <= tolerance)
    }

    /// The margin or constraint that is furthest from its total, for messages.
    #[must_use]
    pub fn worst(&self) -> String {
        let worst = self.errors.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        worst.map_or_else(String::new, |(name, error)| {
            format!("{name} misses its total by the share {error:.1e}")
        })
    }
}

/// Weights that meet population totals, with what a standard error needs to know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    base: Vec<f64>,
    weights: Vec<f64>,
    constraints: Constraints,
    inverse: DMatrix<f64>,
    convergence: Convergence,
}

impl Calibrated {
    pub(super) fn new(
        base: &[f64],
        weights: Vec<f64>,
        constraints: Constraints,
        convergence: Convergence,
    ) -> Result<Self, WeightError> {
        let sums = constraints.sum(base)?;
        let gram = gram(&constraints.x, &sums);
        let scale = scale_of(&gram);
        let inverse = rescale(&pseudo_inverse(rescale(&gram, &scale)).inverse, &scale);
        Ok(Self {
            base: base.to_vec(),
            weights,
            constraints,
            inverse,
            convergence,
        })
    }

    /// The same totals met by other weights.
    pub(super) fn with_weights(self, weights: Vec<f64>) -> Self {
        Self { weights, ..self }
    }

    /// Calibrated weights, one per row.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Weights before calibration, one per row.
    #[must_use]
    pub fn base(&self) -> &[f64] {
        &self.base
    }

    /// How the iteration went.
    #[must_use]
    pub fn convergence(&self) -> &Convergence {
        &self.convergence
    }

    /// Rows that linear calibration gave a weight below 0; no design accepts such weights.
    #[must_use]
    pub fn negative_weights(&self) -> usize {
        self.weights.iter().filter(|weight| **weight < 0.0).count()
    }

    /// The linearised variable of the calibrated estimator: `z* = w·(u − x'B)`, `u = z∕w`, `B = (Σ d x x')⁻¹ Σ d x u`.
    ///
    /// `z` is the linearised variable under the calibrated weights, one per row, 0 outside the domain; `d` the weight
    /// before calibration. Its design variance is that of the calibrated estimate.
    ///
    /// # Errors
    /// Another number of rows.
    ///
    /// **Source**: Deville & Särndal 1992 eq. 3.4; methodology A4. Golden numbers: `cal_*/*/{ps,lin,raking,logit}`.
    pub fn residuals(&self, z: &[f64]) -> Result<Vec<f64>, WeightError> {
        check_rows(self.base.len(), z.len())?;
        let unweighted: Vec<f64> = z
            .iter()
            .zip(&self.weights)
            .map(|(z, weight)| if *weight == 0.0 { 0.0 } else { z / weight })
            .collect();
        let products: Vec<f64> = unweighted
            .iter()
            .zip(&self.base)
            .map(|(u, d)| u * d)
            .collect();
        let sums = DVector::from_vec(self.constraints.sum(&products)?);
        let coefficients = &self.inverse * self.constraints.x.tr_mul(&sums);
        let fitted = &self.constraints.x * coefficients;
        Ok(unweighted
            .iter()
            .zip(&self.weights)
            .zip(&self.constraints.pattern_of_row)
            .map(|((u, weight), pattern)| weight * (u - fitted[*pattern as usize]))
            .collect())
    }
}

/// `1∕√` of the diagonal, which makes constraints of any unit comparable; 1 where a column is empty.
pub(super) fn scale_of(gram: &DMatrix<f64>) -> DVector<f64> {
    gram.diagonal().map(|square| {
        if square > 0.0 {
            1.0 / square.sqrt()
        } else {
            1.0
        }
    })
}

/// `S·M·S` with the diagonal matrix `S` of `scale`.
pub(super) fn rescale(matrix: &DMatrix<f64>, scale: &DVector<f64>) -> DMatrix<f64> {
    DMatrix::from_fn(matrix.nrows(), matrix.ncols(), |row, column| {
        matrix[(row, column)] * scale[row] * scale[column]
    })
}
