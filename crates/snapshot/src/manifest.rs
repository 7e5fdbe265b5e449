//! The manifest: what both people sign.

use crate::SnapshotError;
use serde::{Deserialize, Serialize};
use vocabulary::{Role, RoundId};

/// Format of the bundle, raised with every change of its files.
pub const FORMAT: &str = "huiyin-bundle/1";

/// Names of the files of a bundle.
pub mod file {
    /// What both people sign.
    pub const MANIFEST: &str = "manifest.json";
    /// Raw signature of the first signer over the bytes of the manifest.
    pub const SIGNATURE_1: &str = "signature-1.bin";
    /// Raw signature of the second signer.
    pub const SIGNATURE_2: &str = "signature-2.bin";
    /// Rating rows without identity.
    pub const RATINGS: &str = "ratings.parquet";
    /// Integer sums of the survey, and the design of the sample.
    pub const MOMENTS: &str = "moments.json";
    /// Counts of the other channels, unit by unit.
    pub const CHANNELS: &str = "channels.json";
    /// The published table.
    pub const RANKING: &str = "ranking.csv";
    /// The rules of the round.
    pub const RULES: &str = "rules.json";
    /// Classes and names of the units.
    pub const UNITS: &str = "units.json";
    /// Received, counted and excluded by channel.
    pub const COUNTS: &str = "counts.json";

    /// The files the manifest lists, in its order.
    pub const LISTED: [&str; 7] = [CHANNELS, COUNTS, MOMENTS, RANKING, RATINGS, RULES, UNITS];
    /// The signatures, in the order of the signers.
    pub const SIGNATURES: [&str; 2] = [SIGNATURE_1, SIGNATURE_2];
}

/// What a bundle holds and whence it comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Result id such as `YX-2026Q3-R1`.
    pub result_id: String,
    /// The round.
    pub round: RoundId,
    /// 1, or the number of the correction.
    pub version: u32,
    /// Published seed of the draw.
    pub seed: u64,
    /// Digest of the rules.
    pub rules_digest: String,
    /// Digest of the published table.
    pub table_digest: String,
    /// Version of the program that wrote the bundle.
    pub code_version: String,
    /// Hash of the last audit event when the bundle was written.
    pub audit_head: String,
    /// All files but the manifest and the signatures, sorted by name.
    pub files: Vec<FileEntry>,
    /// Who proposed and who approved.
    pub signers: [Signer; 2],
}

/// One file of the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Name.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
    /// Ratings, units or channels it holds; none where that means nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// A person who signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Ed25519 public key, 32 bytes in hexadecimal digits.
    pub public_key: String,
}

/// Whether two signers are two people of two roles with two keys.
#[must_use]
pub fn signers_apart([first, second]: &[Signer; 2]) -> bool {
    first.name != second.name && first.role != second.role && first.public_key != second.public_key
}

pub(crate) fn require_apart(signers: &[Signer; 2]) -> Result<(), SnapshotError> {
    if signers_apart(signers) {
        Ok(())
    } else {
        Err(SnapshotError::SignersNotApart)
    }
}
