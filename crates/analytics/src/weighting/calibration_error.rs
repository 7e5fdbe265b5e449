//! Why weights cannot be calibrated.

use super::base::WeightError;
use super::calibrated::Convergence;
use thiserror::Error;

/// Why post-stratification, raking or calibration is refused.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum CalibrationError {
    /// The weights or columns themselves are wrong.
    #[error(transparent)]
    Weights(#[from] WeightError),
    /// A population total is NaN, infinite or, for a margin, negative.
    #[error("the population total of {constraint} is {total}: correct it")]
    NotATotal {
        /// Margin and level, or constraint.
        constraint: String,
        /// What was given.
        total: f64,
    },
    /// Sample rows have levels that the population lacks.
    #[error("margin {margin}: the population has no total for {}: add them or merge the levels", levels.join(", "))]
    LevelNotInPopulation {
        /// Margin.
        margin: String,
        /// Levels by name, or `#id` for one beyond the margin's list.
        levels: Vec<String>,
    },
    /// Nobody in the sample carries a level of the population.
    #[error("margin {margin}: nobody in the sample stands for {}: merge the levels with others", levels.join(", "))]
    LevelNotInSample {
        /// Margin.
        margin: String,
        /// Levels by name.
        levels: Vec<String>,
    },
    /// Two margins describe populations of different size.
    #[error(
        "margin {margin} sums to {total}, margin {first} to {first_total}: correct one, or rescale it to the other"
    )]
    ContradictingTotals {
        /// The margin that differs.
        margin: String,
        /// Its sum.
        total: f64,
        /// The first margin.
        first: String,
        /// The sum of the first.
        first_total: f64,
    },
    /// The totals of linearly dependent constraints contradict each other.
    #[error("the constraints {} depend on each other, but their totals do not: correct the totals", constraints.join(", "))]
    DependentTotals {
        /// Constraints by name.
        constraints: Vec<String>,
    },
    /// The bounds of the factors do not enclose 1.
    #[error("bounds {lower} to {upper}: they must be 0 or more and enclose 1")]
    Bounds {
        /// Lower bound.
        lower: f64,
        /// Upper bound.
        upper: f64,
    },
    /// Within the bounds the total of one constraint cannot be met.
    #[error(
        "{constraint}: the total {wanted} is out of reach, the bounds allow {lowest} to {highest}: widen the bounds or merge the level"
    )]
    Infeasible {
        /// Margin and level, or constraint.
        constraint: String,
        /// Population total.
        wanted: f64,
        /// Least that the bounds allow.
        lowest: f64,
        /// Most that the bounds allow.
        highest: f64,
    },
    /// The totals were not met; the weights are not usable.
    #[error("no convergence after {} iterations, {}: widen the bounds, merge thin levels or allow more iterations", convergence.iterations, convergence.worst())]
    NotConverged {
        /// How far it came.
        convergence: Convergence,
    },
}
