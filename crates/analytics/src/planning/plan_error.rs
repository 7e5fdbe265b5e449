//! Why a plan cannot be made.

use thiserror::Error;

/// Why a plan cannot be made.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PlanError {
    /// A size measure is NaN, infinite or negative.
    #[error("unit {unit} has the size {size}: sizes are finite and at least 0")]
    Size {
        /// Unit, from 0.
        unit: usize,
        /// What was given.
        size: f64,
    },
    /// More units wanted than can be had.
    #[error("{wanted} units are wanted, {available} can be had")]
    TooMany {
        /// Wanted.
        wanted: f64,
        /// Units of a size above 0, or people in all strata.
        available: f64,
    },
    /// Fewer units wanted than the floors promise.
    #[error(
        "{wanted} units are wanted, the floors of the strata promise {promised}: lower the floor or raise the sample"
    )]
    FloorsExceedSample {
        /// Wanted.
        wanted: f64,
        /// Sum of the floors.
        promised: f64,
    },
    /// A number of a stratum cannot be planned with.
    #[error("stratum {stratum}: {what} is {value}: correct it")]
    Stratum {
        /// Stratum, from 0.
        stratum: usize,
        /// Which number.
        what: &'static str,
        /// What was given.
        value: f64,
    },
    /// No stratum has a claim under the rule.
    #[error("no stratum has a claim: all sizes or spreads are 0")]
    NoClaim,
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
