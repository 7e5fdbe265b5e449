//! Wide microdata in Parquet (one row per rater and unit, one column per item) become sums per PSU in one pass.

mod answer_places;
mod cell_index;
mod column;
mod error;
mod item_group;
mod parallel;
mod pass;
mod psu_sums;
mod schema;
mod whole;

pub use answer_places::LEVELS;
pub use error::WideError;
pub use item_group::{DomainSums, LevelCell};
pub use pass::{WideColumns, psu_sums};
pub use psu_sums::{ItemSums, PsuSums};

#[cfg(test)]
mod tests;
