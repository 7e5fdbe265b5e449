//! The commission, discipline inspection and stationed groups: bands first, then what is stuck.

mod bad_ratings;
mod clues;
mod letters;
mod problems;
mod routes;
mod supervision;

pub(crate) use routes::routes;

pub use supervision::{BandList, SupervisionPage, SupervisionRow, bands_of, ranked_words};
