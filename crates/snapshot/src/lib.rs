#![doc = include_str!("../README.md")]

mod batch;
mod bundle;
mod canonical_json;
mod codes;
mod error;
mod fault;
mod manifest;
pub mod microdata;
mod positioned_file;
mod psu_table;
mod rating_columns;
mod ratings_file;
mod recompute;
mod signing_key;
mod sums;
mod sums_sql;
mod tally;
mod verify;
mod wide;

pub use bundle::{BundleInput, BundleSummary, sign, write_bundle};
pub use canonical_json::canonical_json;
pub use codes::Key;
pub use error::SnapshotError;
pub use fault::{BundleFault, Fault};
pub use manifest::{FORMAT, FileEntry, Manifest, Signer, file, signers_apart};
pub use psu_table::{read_psu_table, write_psu_table};
pub use rating_columns::tally_ratings;
pub use ratings_file::{read_ratings, write_ratings, write_ratings_csv};
pub use signing_key::SigningKeyFile;
pub use sums_sql::{Dialect, sums_sql};
pub use tally::Tally;
pub use verify::{Verified, verify_bundle, verify_bundle_by};
pub use wide::{
    DomainSums, ItemSums, LEVELS, LevelCell, PsuSums, WideColumns, WideError, psu_sums,
};

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
