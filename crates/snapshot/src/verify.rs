//! Checking a bundle, offline and without a database: every byte, both signatures, and the result itself.

use crate::{
    BundleFault, Fault, Signer,
    canonical_json::read_canonical,
    manifest::{FORMAT, FileEntry, Manifest, file, signers_apart},
    recompute::recompute,
};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use vocabulary::RoundId;

/// What a bundle that passed every check says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Result id such as `YX-2026Q3-R1`.
    pub result_id: String,
    /// The round.
    pub round: RoundId,
    /// 1, or the number of the correction.
    pub version: u32,
    /// SHA-256 of the manifest.
    pub manifest_digest: String,
    /// Digest of the published table.
    pub table_digest: String,
    /// Files checked, the manifest and the signatures included.
    pub files: u64,
    /// Ratings summed again.
    pub ratings: u64,
    /// Rows of the ranking computed again.
    pub ranking_rows: u64,
    /// Who signed; compare the keys with those the office announced.
    pub signers: [Signer; 2],
}

/// The bytes of the files of a bundle by name.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Checks a bundle; any change of any byte is refused.
///
/// Checked in this order, the next only when the one before holds: which files there are; manifest; signatures and
/// digests; content, with sums, scores and ranking recomputed and compared byte for byte.
/// It proves that the two keys named in the manifest signed; whose keys they are is for [`verify_bundle_by`].
///
/// # Errors
/// All faults found, each naming its file, what was expected and found, and a remedy.
pub fn verify_bundle(dir: &Path) -> Result<Verified, Vec<BundleFault>> {
    let files = read_files(dir)?;
    let manifest = read_manifest(&files[file::MANIFEST]).map_err(|fault| vec![fault])?;
    refuse(seal_faults(&manifest, &files))?;
    let recomputed = recompute(dir, &manifest, &files)?;
    Ok(Verified {
        result_id: manifest.result_id,
        round: manifest.round,
        version: manifest.version,
        manifest_digest: digest(&files[file::MANIFEST]),
        table_digest: manifest.table_digest,
        files: files.len() as u64,
        ratings: recomputed.ratings,
        ranking_rows: recomputed.ranking_rows,
        signers: manifest.signers,
    })
}

/// Checks a bundle as [`verify_bundle`] and that both signers' public keys (hexadecimal digits) are trusted.
///
/// # Errors
/// As [`verify_bundle`], and SN-209 for each key that is not trusted.
pub fn verify_bundle_by(dir: &Path, trusted_keys: &[String]) -> Result<Verified, Vec<BundleFault>> {
    let verified = verify_bundle(dir)?;
    let untrusted = verified
        .signers
        .iter()
        .zip(file::SIGNATURES)
        .filter(|(signer, _)| !trusted_keys.contains(&signer.public_key))
        .map(|(signer, name)| {
            BundleFault::new(
                name,
                Fault::UntrustedKey,
                "信任名单中的公钥",
                format!("{} {}", signer.name, signer.public_key),
            )
        })
        .collect();
    refuse(untrusted)?;
    Ok(verified)
}

pub(crate) fn refuse(faults: Vec<BundleFault>) -> Result<(), Vec<BundleFault>> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Reads exactly the files a bundle has; anything missing, extra or unreadable is a fault.
fn read_files(dir: &Path) -> Result<Files, Vec<BundleFault>> {
    let wanted: BTreeSet<String> = file::LISTED
        .iter()
        .chain(&[file::MANIFEST])
        .chain(&file::SIGNATURES)
        .map(|name| (*name).to_owned())
        .collect();
    let found = names_in(dir).map_err(|fault| vec![fault])?;
    let mut faults: Vec<BundleFault> = Vec::new();
    for name in found.difference(&wanted) {
        faults.push(BundleFault::new(
            name,
            Fault::Extra,
            "没有此文件",
            "有此文件",
        ));
    }
    let mut files = Files::new();
    for name in &wanted {
        match read_plain(&dir.join(name)) {
            Some(bytes) => drop(files.insert(name.clone(), bytes)),
            None => faults.push(BundleFault::new(
                name,
                Fault::Missing,
                "可读取的文件",
                "没有或无法读取",
            )),
        }
    }
    refuse(faults).map(|()| files)
}

fn names_in(dir: &Path) -> Result<BTreeSet<String>, BundleFault> {
    let unreadable = |error: std::io::Error| {
        BundleFault::new(
            ".",
            Fault::Missing,
            "结果包目录",
            format!("无法读取（{error}）"),
        )
    };
    fs::read_dir(dir)
        .map_err(unreadable)?
        .map(|entry| {
            Ok(entry
                .map_err(unreadable)?
                .file_name()
                .to_string_lossy()
                .into_owned())
        })
        .collect()
}

/// The bytes of a plain file; links and directories are not followed.
fn read_plain(path: &Path) -> Option<Vec<u8>> {
    let plain = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file());
    if plain { fs::read(path).ok() } else { None }
}

fn read_manifest(bytes: &[u8]) -> Result<Manifest, BundleFault> {
    let manifest: Manifest = read_canonical(file::MANIFEST, bytes)?;
    let names: Vec<&str> = manifest
        .files
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    let wrong = |expected: String, found: String| {
        Err(BundleFault::new(
            file::MANIFEST,
            Fault::WrongManifest,
            expected,
            found,
        ))
    };
    if manifest.format != FORMAT {
        wrong(
            format!("格式 {FORMAT}"),
            format!("格式 {}", manifest.format),
        )
    } else if names != file::LISTED {
        wrong(file::LISTED.join("、"), names.join("、"))
    } else {
        Ok(manifest)
    }
}

/// Faults of signatures, sizes and digests.
fn seal_faults(manifest: &Manifest, files: &Files) -> Vec<BundleFault> {
    let mut faults: Vec<BundleFault> = Vec::new();
    if !signers_apart(&manifest.signers) {
        let names = manifest
            .signers
            .each_ref()
            .map(|signer| signer.name.as_str())
            .join("、");
        faults.push(BundleFault::new(
            file::MANIFEST,
            Fault::SameSigner,
            "两个人、两种角色、两把密钥",
            names,
        ));
    }
    for (signer, name) in manifest.signers.iter().zip(file::SIGNATURES) {
        if !is_signed(&files[file::MANIFEST], &files[name], signer) {
            let expected = format!("{}（{}）对清单的签名", signer.name, signer.role.label());
            faults.push(BundleFault::new(
                name,
                Fault::WrongSignature,
                expected,
                "不匹配的内容",
            ));
        }
    }
    faults.extend(
        manifest
            .files
            .iter()
            .filter_map(|entry| entry_fault(entry, &files[&entry.name])),
    );
    faults
}

fn is_signed(message: &[u8], signature: &[u8], signer: &Signer) -> bool {
    let key = || {
        let bytes: [u8; 32] = hex::decode(&signer.public_key).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok()
    };
    let (Ok(signature), Some(key)) = (Signature::from_slice(signature), key()) else {
        return false;
    };
    key.verify_strict(message, &signature).is_ok()
}

fn entry_fault(entry: &FileEntry, bytes: &[u8]) -> Option<BundleFault> {
    let (size, found) = (bytes.len() as u64, digest(bytes));
    if size != entry.size {
        let (expected, found) = (format!("{} 字节", entry.size), format!("{size} 字节"));
        Some(BundleFault::new(
            &entry.name,
            Fault::WrongSize,
            expected,
            found,
        ))
    } else if found != entry.sha256 {
        Some(BundleFault::new(
            &entry.name,
            Fault::WrongDigest,
            &entry.sha256,
            found,
        ))
    } else {
        None
    }
}
