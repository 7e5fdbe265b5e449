#![doc = include_str!("../README.md")]

mod bundle;
mod canonical_json;
mod error;
mod fault;
mod manifest;
mod ratings_file;
mod recompute;
mod signing_key;
mod sums;
mod verify;

pub use bundle::{BundleInput, BundleSummary, sign, write_bundle};
pub use canonical_json::canonical_json;
pub use error::SnapshotError;
pub use fault::{BundleFault, Fault};
pub use manifest::{FORMAT, FileEntry, Manifest, Signer, file, signers_apart};
pub use ratings_file::{moments_from_parquet, read_ratings, write_ratings};
pub use signing_key::SigningKeyFile;
pub use verify::{Verified, verify_bundle, verify_bundle_by};

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
