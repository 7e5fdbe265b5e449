//! Planning a sample: sample sizes, power. Allocation and draws are `response_collection`'s.
//!
//! All sizes are unrounded; round up last.

mod noncentral_t;
mod plan_error;
mod power;
mod sample_size;

pub use plan_error::PlanError;
pub use power::{
    Comparison, PowerGoal, detectable_difference, people_for_shares, people_for_t_test,
    people_per_side,
};
pub use sample_size::{SampleSize, SizeGoal, optimal_take, sample_size};
