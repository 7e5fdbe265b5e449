//! Base weights, and what a weight may be.

use thiserror::Error;

/// Why weights cannot be used.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum WeightError {
    /// A weight is NaN, infinite or negative.
    #[error(
        "row {row} has the weight {weight}: give it a finite weight of at least 0, or leave the row out"
    )]
    NotAWeight {
        /// Row, from 0.
        row: usize,
        /// What stands there.
        weight: f64,
    },
    /// An inclusion probability is not above 0 and at most 1.
    #[error(
        "row {row} has the inclusion probability {probability}: it must be above 0 and at most 1"
    )]
    NotAProbability {
        /// Row, from 0.
        row: usize,
        /// What stands there.
        probability: f64,
    },
    /// Two columns of the same rows differ in length.
    #[error("a column has {found} rows where {expected} are needed")]
    Rows {
        /// Rows of the first column.
        expected: usize,
        /// Rows of the column that differs.
        found: usize,
    },
    /// The weights sum to 0.
    #[error("no row has a weight above 0")]
    NothingWeighs,
}

/// Base weights `1/π`, one per inclusion probability `0 < π ≤ 1`, in the same order.
///
/// # Errors
/// A probability that is none names its row.
///
/// **Source**: Särndal, Swensson & Wretman 1992 §2.8; methodology A1.
pub fn base_weights(probabilities: &[f64]) -> Result<Vec<f64>, WeightError> {
    probabilities
        .iter()
        .enumerate()
        .map(|(row, &probability)| {
            if probability > 0.0 && probability <= 1.0 {
                Ok(1.0 / probability)
            } else {
                Err(WeightError::NotAProbability { row, probability })
            }
        })
        .collect()
}

/// Zero weights pass: such rows stay in a design. Something must weigh.
pub(super) fn check_weights(weights: &[f64]) -> Result<(), WeightError> {
    for (row, &weight) in weights.iter().enumerate() {
        if !(weight >= 0.0 && weight.is_finite()) {
            return Err(WeightError::NotAWeight { row, weight });
        }
    }
    if weights.iter().all(|weight| *weight <= 0.0) {
        return Err(WeightError::NothingWeighs);
    }
    Ok(())
}

pub(super) fn check_rows(expected: usize, found: usize) -> Result<(), WeightError> {
    if expected == found {
        Ok(())
    } else {
        Err(WeightError::Rows { expected, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_four_stands_for_four() {
        assert_eq!(base_weights(&[0.25, 1.0]), Ok(vec![4.0, 1.0]));
    }

    #[test]
    fn what_is_no_probability_names_its_row() {
        for probability in [0.0, -0.1, 1.5] {
            assert_eq!(
                base_weights(&[0.5, probability]),
                Err(WeightError::NotAProbability {
                    row: 1,
                    probability
                })
            );
        }
        assert!(matches!(
            base_weights(&[f64::NAN]),
            Err(WeightError::NotAProbability { row: 0, .. })
        ));
    }

    #[test]
    fn what_is_no_weight_names_its_row() {
        for weight in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                check_weights(&[0.0, 2.0, weight]),
                Err(WeightError::NotAWeight { row: 2, .. })
            ));
        }
        assert_eq!(check_weights(&[0.0]), Err(WeightError::NothingWeighs));
        assert_eq!(check_weights(&[0.0, 1.0]), Ok(()));
    }
}
