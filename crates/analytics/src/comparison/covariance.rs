use super::ComparisonError;
use nalgebra::DMatrix;

/// Refuses estimates and covariances that do not belong together or are not numbers.
pub(super) fn checked(estimates: &[f64], covariance: &DMatrix<f64>) -> Result<(), ComparisonError> {
    let units = estimates.len();
    if covariance.shape() != (units, units) {
        return Err(ComparisonError::Shape {
            estimates: units,
            rows: covariance.nrows(),
            columns: covariance.ncols(),
        });
    }
    for unit in 0..units {
        let row = covariance.row(unit);
        if !estimates[unit].is_finite() || row.iter().any(|value| !value.is_finite()) {
            return Err(ComparisonError::NotFinite { unit });
        }
        let variance = covariance[(unit, unit)];
        if variance < 0.0 {
            return Err(ComparisonError::Variance { unit, variance });
        }
    }
    Ok(())
}

/// Refuses units that chance cannot move.
pub(super) fn refuse_without_variance(covariance: &DMatrix<f64>) -> Result<(), ComparisonError> {
    match covariance.diagonal().iter().position(|v| *v <= 0.0) {
        Some(unit) => Err(ComparisonError::Variance {
            unit,
            variance: covariance[(unit, unit)],
        }),
        None => Ok(()),
    }
}

/// Refuses what is no confidence level.
pub(super) fn refuse_confidence(confidence: f64) -> Result<(), ComparisonError> {
    if confidence > 0.5 && confidence < 1.0 {
        Ok(())
    } else {
        Err(ComparisonError::Confidence { confidence })
    }
}

/// Lower triangle `L` with `L·L' = V`; a direction without variance gets a column of zeros.
///
/// A covariance matrix of more units than PSUs is only semidefinite: what is left of a pivot below 10⁻¹² of its variance is
/// rounding, and a remainder far below zero is refused.
pub(super) fn square_root(covariance: &DMatrix<f64>) -> Result<DMatrix<f64>, ComparisonError> {
    let units = covariance.nrows();
    let mut lower = DMatrix::zeros(units, units);
    for j in 0..units {
        let used: f64 = (0..j).map(|k| lower[(j, k)] * lower[(j, k)]).sum();
        let (variance, pivot) = (covariance[(j, j)], covariance[(j, j)] - used);
        if pivot < -1e-6 * variance {
            return Err(ComparisonError::NotPositive { unit: j });
        }
        if pivot <= 1e-12 * variance {
            continue;
        }
        for i in j..units {
            let shared: f64 = (0..j).map(|k| lower[(i, k)] * lower[(j, k)]).sum();
            lower[(i, j)] = (covariance[(i, j)] - shared) / pivot.sqrt();
        }
    }
    Ok(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_square_root_of_a_singular_matrix_exists() {
        // Three contrasts of two numbers: rank two.
        let root = DMatrix::from_row_slice(3, 2, &[1.0, 0.0, 1.0, 2.0, 3.0, 1.0]);
        let covariance = &root * root.transpose();

        let lower = square_root(&covariance).unwrap();

        assert!((&lower * lower.transpose() - &covariance).abs().max() < 1e-12);
        assert!(lower[(2, 2)].abs() < 1e-15);
    }

    #[test]
    fn what_is_no_covariance_is_refused_by_unit() {
        let no_covariance = DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 1.0]);
        assert_eq!(
            square_root(&no_covariance),
            Err(ComparisonError::NotPositive { unit: 1 })
        );
        let wrong = DMatrix::from_row_slice(1, 1, &[1.0]);
        assert!(matches!(
            checked(&[1.0, 2.0], &wrong),
            Err(ComparisonError::Shape { rows: 1, .. })
        ));
        let nan = DMatrix::from_row_slice(2, 2, &[1.0, 0.0, f64::NAN, 1.0]);
        assert_eq!(
            checked(&[1.0, 2.0], &nan),
            Err(ComparisonError::NotFinite { unit: 1 })
        );
        let negative = DMatrix::from_row_slice(1, 1, &[-1.0]);
        assert!(matches!(
            checked(&[1.0], &negative),
            Err(ComparisonError::Variance { unit: 0, .. })
        ));
    }
}
