//! Raking and trimming in turn, until the weights meet both margins and limits.

use super::calibrated::{Calibrated, Stopping};
use super::calibration_error::CalibrationError;
use super::cells::Cells;
use super::margin::Margin;
use super::raking::rake;
use super::trim::{TrimError, Trimming, trim};
use crate::estimation::{Kish, kish};
use thiserror::Error;

/// What came of raking and trimming.
#[derive(Clone, Debug, PartialEq)]
pub struct RakedAndTrimmed {
    /// Weights that meet the margins.
    pub calibrated: Calibrated,
    /// Rounds of trimming and raking again, at most 5.
    pub rounds: usize,
    /// Rows whose weight is still outside the limits.
    pub outside: usize,
    /// Design effect of the weights after the first raking.
    pub before: Option<Kish>,
    /// Design effect of the weights at the end.
    pub after: Option<Kish>,
}

/// Why raking and trimming is refused.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RakeTrimError {
    /// Raking is refused.
    #[error(transparent)]
    Raking(#[from] CalibrationError),
    /// Trimming is refused.
    #[error(transparent)]
    Trimming(#[from] TrimError),
}

/// More rounds move weights to and fro without gain.
const MAX_ROUNDS: usize = 5;

/// A weight this share beyond a limit is on it but for rounding.
const ON_THE_LIMIT: f64 = 1e-9;

/// Rakes, and while weights are outside `lower..=upper` trims them and rakes again, at most 5 times.
///
/// Raking comes last: the margins hold, and [`RakedAndTrimmed::outside`] says how many weights then pass a limit.
///
/// # Errors
/// As [`rake`] and [`trim`].
///
/// **Source**: Potter 1990; methodology A1.
pub fn rake_and_trim(
    base: &[f64],
    cells: &Cells,
    margins: &[Margin],
    (lower, upper): (f64, f64),
    stopping: Stopping,
) -> Result<RakedAndTrimmed, RakeTrimError> {
    let first = rake(base, cells, margins, None, stopping)?;
    let before = kish(first.weights().iter().copied());
    let mut weights = first.weights().to_vec();
    let mut rounds = 0;
    while rounds < MAX_ROUNDS && outside(&weights, lower, upper) > 0 {
        let trimmed = trim(&weights, lower, upper, Trimming::Strict)?;
        weights = rake(&trimmed, cells, margins, None, stopping)?
            .weights()
            .to_vec();
        rounds += 1;
    }
    Ok(RakedAndTrimmed {
        rounds,
        outside: outside(&weights, lower, upper),
        before,
        after: kish(weights.iter().copied()),
        calibrated: first.with_weights(weights),
    })
}

fn outside(weights: &[f64], lower: f64, upper: f64) -> usize {
    weights
        .iter()
        .filter(|weight| {
            **weight < lower * (1.0 - ON_THE_LIMIT) || **weight > upper * (1.0 + ON_THE_LIMIT)
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::margin::tests::margin;
    use super::*;

    #[test]
    fn trimming_and_raking_lower_the_design_effect_and_keep_the_margins() {
        let cells = Cells::assign(&[&[0, 0, 0, 1, 1, 1], &[0, 1, 0, 1, 0, 1]]).unwrap();
        let margins = [margin("age", &[40.0, 60.0]), margin("sex", &[45.0, 55.0])];
        let base = [1.0, 1.0, 9.0, 1.0, 2.0, 3.0];

        let result =
            rake_and_trim(&base, &cells, &margins, (4.0, 29.0), Stopping::default()).unwrap();

        assert!((1..=5).contains(&result.rounds), "{}", result.rounds);
        assert!(result.after.unwrap().design_effect < result.before.unwrap().design_effect);
        let weights = result.calibrated.weights();
        assert!((weights[0] + weights[1] + weights[2] - 40.0).abs() < 1e-7);
        assert!((weights[0] + weights[2] + weights[4] - 45.0).abs() < 1e-7);
    }

    #[test]
    fn weights_inside_the_limits_are_raked_once() {
        let cells = Cells::assign(&[&[0, 1]]).unwrap();
        let margins = [margin("age", &[4.0, 6.0])];

        let result = rake_and_trim(
            &[1.0, 1.0],
            &cells,
            &margins,
            (1.0, 7.0),
            Stopping::default(),
        )
        .unwrap();

        assert_eq!((result.rounds, result.outside), (0, 0));
        assert_eq!(result.calibrated.weights(), [4.0, 6.0]);
    }

    #[test]
    fn limits_that_cannot_hold_the_population_are_refused() {
        let cells = Cells::assign(&[&[0, 1]]).unwrap();
        let margins = [margin("age", &[4.0, 6.0])];

        let refused = rake_and_trim(
            &[1.0, 1.0],
            &cells,
            &margins,
            (1.0, 4.5),
            Stopping::default(),
        );

        assert!(matches!(
            refused,
            Err(RakeTrimError::Trimming(TrimError::Infeasible { .. }))
        ));
    }
}
