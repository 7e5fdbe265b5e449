//! Wide microdata in Parquet (one row per rater and unit, one column per item) become sums per PSU in one pass.

mod cell_index;
mod error;
mod item_table;
mod parallel;
mod pass;
mod psu_sums;
mod schema;
mod whole;

pub use error::WideError;
pub use item_table::{DONT_KNOW, LEVELS, LevelCell};
pub use pass::{WideColumns, psu_sums};
pub use psu_sums::{ItemSums, PsuSums};

#[cfg(test)]
mod tests;
