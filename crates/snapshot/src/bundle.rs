//! Writing a bundle: all files first, then the manifest, then two signatures.

use crate::{
    Signer, SigningKeyFile, SnapshotError, canonical_json,
    canonical_json::read_canonical,
    manifest::{FORMAT, FileEntry, Manifest, file, require_apart},
    ratings_file::write_ratings,
    sums::{ChannelsFile, CountsFile, MomentsFile, UnitsFile},
};
use analytics::{Moments, RatingRow, ScoreInput, rank, score_round};
use publication::{ChannelCounts, canonical_table, table_digest};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};
use survey_design::{Rules, Unit, UnitClass, canonical_digest};
use vocabulary::ClassId;

/// Everything a bundle is made from.
#[derive(Clone, Copy, Debug)]
pub struct BundleInput<'a> {
    /// Result id such as `YX-2026Q3-R1`.
    pub result_id: &'a str,
    /// 1, or the number of the correction.
    pub version: u32,
    /// Published seed of the draw.
    pub seed: u64,
    /// Version of the program.
    pub code_version: &'a str,
    /// Hash of the last audit event.
    pub audit_head: &'a str,
    /// Digest of the published table; the bundle is refused when its own table has another.
    pub table_digest: &'a str,
    /// Rules of the round.
    pub rules: &'a Rules,
    /// Classes in official order.
    pub classes: &'a [UnitClass],
    /// Units in official order.
    pub units: &'a [Unit],
    /// Rating rows of all channels, without identity.
    pub ratings: &'a [RatingRow],
    /// What the round was scored from.
    pub score_input: &'a ScoreInput,
    /// Books of the channels.
    pub counts: &'a [ChannelCounts],
    /// Who proposes and who approves; each signs with the key named here.
    pub signers: &'a [Signer; 2],
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleSummary {
    /// The directory.
    pub dir: PathBuf,
    /// SHA-256 of the manifest: names the whole bundle.
    pub manifest_digest: String,
    /// Digest of the published table.
    pub table_digest: String,
    /// Files the manifest lists.
    pub files: Vec<FileEntry>,
}

/// Writes the bundle into a new directory; it appears there whole or not at all. Signatures follow by [`sign`].
///
/// # Errors
/// SN-102 when the directory exists, SN-105 when the signers are not two people of two roles, SN-107 when the table
/// computed from the sums is not the published one, SN-109 when the sums do not come from the ratings, SN-111 when units
/// named and units scored differ, SN-101 and SN-103 when writing fails.
pub fn write_bundle(dir: &Path, input: &BundleInput<'_>) -> Result<BundleSummary, SnapshotError> {
    require_apart(input.signers)?;
    if dir.exists() {
        return Err(SnapshotError::AlreadyThere(dir.to_owned()));
    }
    let table = published_table(input)?;
    let partial = partial_dir(dir);
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(SnapshotError::io(&partial))?;
    }
    fs::create_dir_all(&partial).map_err(SnapshotError::io(&partial))?;
    let files = write_files(&partial, input, &table)?;
    let manifest = manifest(input, files);
    let bytes = canonical_json(&manifest);
    write_file(&partial.join(file::MANIFEST), &bytes)?;
    fs::rename(&partial, dir).map_err(SnapshotError::io(dir))?;
    Ok(BundleSummary {
        dir: dir.to_owned(),
        manifest_digest: hex::encode(Sha256::digest(&bytes)),
        table_digest: manifest.table_digest,
        files: manifest.files,
    })
}

/// Signs the manifest of a bundle; the signer's place follows from the manifest.
///
/// # Errors
/// SN-106 when the key belongs to neither signer, SN-110 when there is no readable manifest, SN-101 when writing
/// fails or this signer has signed already.
pub fn sign(dir: &Path, key: &SigningKeyFile) -> Result<(), SnapshotError> {
    let path = dir.join(file::MANIFEST);
    let bytes = fs::read(&path).map_err(SnapshotError::io(&path))?;
    let manifest: Manifest =
        read_canonical(file::MANIFEST, &bytes).map_err(SnapshotError::BadManifest)?;
    let signer = key.signer();
    let place = manifest
        .signers
        .iter()
        .position(|known| *known == signer)
        .ok_or(SnapshotError::NotASigner(signer.name))?;
    write_file(&dir.join(file::SIGNATURES[place]), &key.sign(&bytes))
}

/// Recomputes the published table from the sums and holds it against what was published.
fn published_table(input: &BundleInput<'_>) -> Result<Vec<u8>, SnapshotError> {
    let named = input.units.iter().map(|unit| &unit.id);
    if !named.eq(input.score_input.units.iter().map(|unit| &unit.id)) {
        return Err(SnapshotError::OtherUnits);
    }
    if Moments::from_rows(input.ratings) != input.score_input.moments {
        return Err(SnapshotError::OtherSums);
    }
    let order: Vec<ClassId> = input.classes.iter().map(|class| class.id.clone()).collect();
    let ranking = rank(
        &score_round(input.score_input, input.rules),
        input.rules,
        &order,
    );
    let computed = table_digest(&ranking.rows);
    if computed == input.table_digest {
        Ok(canonical_table(&ranking.rows))
    } else {
        Err(SnapshotError::OtherTable {
            computed,
            published: input.table_digest.to_owned(),
        })
    }
}

fn write_files(
    dir: &Path,
    input: &BundleInput<'_>,
    table: &[u8],
) -> Result<Vec<FileEntry>, SnapshotError> {
    let units = input.units.len() as u64;
    let json = [
        (
            file::CHANNELS,
            canonical_json(&ChannelsFile::of(input.score_input)),
            Some(units),
        ),
        (
            file::COUNTS,
            canonical_json(&CountsFile::of(input)),
            Some(input.counts.len() as u64),
        ),
        (
            file::MOMENTS,
            canonical_json(&MomentsFile::of(input.score_input)),
            None,
        ),
        (
            file::RANKING,
            table.to_vec(),
            Some(input.score_input.units.len() as u64),
        ),
        (file::RULES, canonical_json(input.rules), None),
        (
            file::UNITS,
            canonical_json(&UnitsFile::of(input)),
            Some(units),
        ),
    ];
    let mut files = Vec::new();
    for (name, bytes, rows) in json {
        write_file(&dir.join(name), &bytes)?;
        files.push(entry(name, &bytes, rows));
    }
    let ratings = dir.join(file::RATINGS);
    let rows = write_ratings(&ratings, input.ratings)?;
    let bytes = fs::read(&ratings).map_err(SnapshotError::io(&ratings))?;
    files.push(entry(file::RATINGS, &bytes, Some(rows)));
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn entry(name: &str, bytes: &[u8], rows: Option<u64>) -> FileEntry {
    FileEntry {
        name: name.to_owned(),
        size: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
        rows,
    }
}

fn manifest(input: &BundleInput<'_>, files: Vec<FileEntry>) -> Manifest {
    Manifest {
        format: FORMAT.to_owned(),
        result_id: input.result_id.to_owned(),
        round: input.score_input.round.clone(),
        version: input.version,
        seed: input.seed,
        rules_digest: canonical_digest(input.rules),
        table_digest: input.table_digest.to_owned(),
        code_version: input.code_version.to_owned(),
        audit_head: input.audit_head.to_owned(),
        files,
        signers: input.signers.clone(),
    }
}

/// Writes a file that must not be there yet, down to the disk.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    File::create_new(path)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(SnapshotError::io(path))
}

fn partial_dir(dir: &Path) -> PathBuf {
    let mut name = dir.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    dir.with_file_name(name)
}
