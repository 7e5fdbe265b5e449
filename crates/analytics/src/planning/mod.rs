//! Planning a sample: inclusion probabilities, allocation, sample sizes, power.
//!
//! All sizes are unrounded unless a function says integers; round up last.

mod allocation;
mod inclusion;
mod integer_allocation;
mod noncentral_t;
mod plan_error;
mod power;
mod sample_size;

pub use allocation::{AllocationRule, PlannedStratum, allocate, allocate_within, variance_of_mean};
pub use inclusion::{inclusion_probabilities, systematic_selection};
pub use integer_allocation::neyman_integer;
pub use plan_error::PlanError;
pub use power::{
    Comparison, PowerGoal, detectable_difference, people_for_shares, people_for_t_test,
    people_per_side,
};
pub use sample_size::{SampleSize, SizeGoal, optimal_take, sample_size};
