//! Why a plan cannot be made.

use thiserror::Error;

/// Why a plan cannot be made.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PlanError {
    /// A number of the goal is outside its range.
    #[error("{what} is {value}: it must be {range}")]
    Goal {
        /// Which number.
        what: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
}

/// Refuses a value of the goal that is not inside `low..high`, both ends excluded.
pub(super) fn inside(
    what: &'static str,
    value: f64,
    (low, high): (f64, f64),
    range: &'static str,
) -> Result<(), PlanError> {
    if low < value && value < high {
        Ok(())
    } else {
        Err(PlanError::Goal { what, value, range })
    }
}

/// Refuses what is not a finite number above 0.
pub(super) fn positive(what: &'static str, value: f64) -> Result<(), PlanError> {
    inside(what, value, (0.0, f64::INFINITY), "finite and above 0")
}

/// Refuses what is not a share strictly between 0 and 1.
pub(super) fn share(what: &'static str, value: f64) -> Result<(), PlanError> {
    inside(what, value, (0.0, 1.0), "between 0 and 1")
}
