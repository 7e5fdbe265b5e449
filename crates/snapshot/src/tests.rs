//! What a bundle promises, checked from outside.

use crate::{
    BundleFault, Fault, FileEntry, Manifest, SigningKeyFile, SnapshotError, canonical_json, file,
    sample::{SmallRound, keys},
    sign, verify_bundle, verify_bundle_by, write_bundle,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;
use vocabulary::Role;

/// A signed bundle in a directory that goes away by itself.
struct Bundle {
    _room: TempDir,
    dir: PathBuf,
    round: SmallRound,
}

fn bundle() -> Bundle {
    let room = tempfile::tempdir().unwrap();
    let dir = room.path().join("YX-2026Q3-R1");
    let round = SmallRound::new();
    round.write(&dir);
    Bundle {
        _room: room,
        dir,
        round,
    }
}

fn faults(dir: &Path) -> Vec<BundleFault> {
    verify_bundle(dir).expect_err("the bundle must be refused")
}

fn kinds(dir: &Path) -> Vec<Fault> {
    faults(dir).iter().map(|fault| fault.fault).collect()
}

impl Bundle {
    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.dir.join(name)).unwrap()
    }

    fn replace(&self, name: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.read(name)).unwrap();
        assert!(text.contains(from), "{name} holds no {from}");
        fs::write(self.dir.join(name), text.replacen(from, to, 1)).unwrap();
    }

    /// What a forger with both keys would do: digests and signatures fit whatever the files now hold.
    fn seal_again(&self, change: impl FnOnce(&mut Manifest)) {
        let mut manifest: Manifest = serde_json::from_slice(&self.read(file::MANIFEST)).unwrap();
        for entry in &mut manifest.files {
            let bytes = self.read(&entry.name);
            *entry = FileEntry {
                size: bytes.len() as u64,
                sha256: hex::encode(Sha256::digest(&bytes)),
                ..entry.clone()
            };
        }
        change(&mut manifest);
        fs::write(self.dir.join(file::MANIFEST), canonical_json(&manifest)).unwrap();
        for (key, name) in self.round.keys.iter().zip(file::SIGNATURES) {
            fs::remove_file(self.dir.join(name)).unwrap();
            fs::write(self.dir.join(name), key.sign(&self.read(file::MANIFEST))).unwrap();
        }
    }
}

#[test]
fn an_untouched_bundle_is_accepted_and_says_what_was_checked() {
    let bundle = bundle();

    let verified = verify_bundle(&bundle.dir).unwrap();

    assert_eq!(verified.result_id, "YX-2026Q3-R1");
    assert_eq!((verified.files, verified.ranking_rows), (10, 5));
    assert_eq!(verified.ratings, bundle.round.ratings.len() as u64);
    assert_eq!(verified.table_digest, bundle.round.table_digest);
    assert_eq!(verified.signers, bundle.round.signers);
}

#[test]
fn a_thousand_changed_bytes_are_a_thousand_refusals() {
    let bundle = bundle();
    let names: Vec<String> = fs::read_dir(&bundle.dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let files: BTreeMap<&str, Vec<u8>> = names
        .iter()
        .map(|name| (name.as_str(), bundle.read(name)))
        .collect();
    let total: usize = files.values().map(Vec::len).sum();
    let mut rng = ChaCha20Rng::seed_from_u64(1_000);

    for _ in 0..1_000 {
        let mut place = rng.random_range(0..total);
        let (name, bytes) = files
            .iter()
            .find(|(_, bytes)| {
                let inside = place < bytes.len();
                place -= if inside { 0 } else { bytes.len() };
                inside
            })
            .unwrap();
        let mut changed = bytes.clone();
        changed[place] ^= rng.random_range(1..=255_u8);
        fs::write(bundle.dir.join(name), &changed).unwrap();

        assert!(verify_bundle(&bundle.dir).is_err(), "{name}, byte {place}");

        fs::write(bundle.dir.join(name), bytes).unwrap();
    }
    assert!(verify_bundle(&bundle.dir).is_ok());
}

#[test]
fn every_byte_of_manifest_and_signatures_counts() {
    let bundle = bundle();
    for name in [file::MANIFEST, file::SIGNATURE_1, file::SIGNATURE_2] {
        let bytes = bundle.read(name);
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            fs::write(bundle.dir.join(name), &changed).unwrap();
            assert!(verify_bundle(&bundle.dir).is_err(), "{name}, byte {place}");
        }
        fs::write(bundle.dir.join(name), &bytes).unwrap();
    }
}

#[test]
fn a_missing_an_extra_and_a_truncated_file_are_named() {
    for name in file::LISTED
        .iter()
        .chain(&file::SIGNATURES)
        .chain(&[file::MANIFEST])
    {
        let bundle = bundle();
        fs::remove_file(bundle.dir.join(name)).unwrap();
        let faults = faults(&bundle.dir);
        assert_eq!(
            (faults[0].file.as_str(), faults[0].fault),
            (*name, Fault::Missing)
        );
    }

    let bundle = bundle();
    fs::write(bundle.dir.join("readme.txt"), "hello").unwrap();
    assert_eq!(kinds(&bundle.dir), [Fault::Extra]);
    fs::remove_file(bundle.dir.join("readme.txt")).unwrap();

    let ratings = bundle.read(file::RATINGS);
    fs::write(
        bundle.dir.join(file::RATINGS),
        &ratings[..ratings.len() / 2],
    )
    .unwrap();
    assert_eq!(kinds(&bundle.dir), [Fault::WrongSize]);
    assert!(
        faults(&bundle.dir)[0]
            .to_string()
            .starts_with("SN-203 ratings.parquet：文件大小不符；应为 ")
    );
}

#[test]
fn swapped_and_repeated_signatures_are_refused() {
    let bundle = bundle();
    let [first, second] = file::SIGNATURES.map(|name| bundle.read(name));

    fs::write(bundle.dir.join(file::SIGNATURE_1), &second).unwrap();
    fs::write(bundle.dir.join(file::SIGNATURE_2), &first).unwrap();
    assert_eq!(kinds(&bundle.dir), [Fault::WrongSignature; 2]);

    fs::write(bundle.dir.join(file::SIGNATURE_1), &first).unwrap();
    assert_eq!(kinds(&bundle.dir), [Fault::WrongSignature]);
}

#[test]
fn a_forged_score_is_found_even_when_both_keys_sign_it() {
    let bundle = bundle();
    let row = String::from_utf8(bundle.read(file::RANKING)).unwrap();
    let score = row
        .lines()
        .find(|line| line.starts_with("D01,"))
        .unwrap()
        .split(',')
        .nth(3)
        .unwrap()
        .to_owned();
    bundle.replace(file::RANKING, &score, "99.99");
    let forged = hex::encode(Sha256::digest(bundle.read(file::RANKING)));
    bundle.seal_again(|manifest| manifest.table_digest = forged);

    let faults = faults(&bundle.dir);

    assert_eq!(faults[0].fault, Fault::RankingDiffers);
    assert!(faults[0].expected.contains(&score) && faults[0].found.contains("99.99"));
}

#[test]
fn other_ratings_other_rules_and_unbalanced_books_are_found_behind_valid_seals() {
    let ratings = bundle();
    let mut fewer = ratings.round.ratings.clone();
    fewer.pop();
    crate::write_ratings(&ratings.dir.join(file::RATINGS), &fewer).unwrap();
    ratings.seal_again(|_| {});
    assert_eq!(kinds(&ratings.dir), [Fault::SumsDiffer]);

    let rules = bundle();
    rules.replace(file::RULES, "\"hall\": 20", "\"hall\": 21");
    rules.seal_again(|_| {});
    assert_eq!(kinds(&rules.dir), [Fault::WrongRules]);

    let counts = bundle();
    counts.replace(file::COUNTS, "\"received\": 9", "\"received\": 8");
    counts.seal_again(|_| {});
    assert_eq!(kinds(&counts.dir), [Fault::NotReadable]);

    let spelling = bundle();
    spelling.replace(file::UNITS, "\n", "\n ");
    spelling.seal_again(|_| {});
    assert_eq!(kinds(&spelling.dir), [Fault::NotCanonical]);
}

#[test]
fn a_manifest_with_one_signer_twice_or_another_format_is_refused() {
    let twice = bundle();
    twice.seal_again(|manifest| manifest.signers[1] = manifest.signers[0].clone());
    assert_eq!(
        kinds(&twice.dir),
        [Fault::SameSigner, Fault::WrongSignature]
    );

    let format = bundle();
    format.seal_again(|manifest| manifest.format = "huiyin-bundle/2".to_owned());
    assert_eq!(kinds(&format.dir), [Fault::WrongManifest]);

    let fewer = bundle();
    fewer.seal_again(|manifest| drop(manifest.files.pop()));
    assert_eq!(kinds(&fewer.dir), [Fault::WrongManifest]);
}

#[test]
fn a_reader_may_name_the_keys_to_trust() {
    let bundle = bundle();
    let [first, second] = bundle
        .round
        .signers
        .each_ref()
        .map(|signer| signer.public_key.clone());

    assert!(verify_bundle_by(&bundle.dir, &[first.clone(), second]).is_ok());
    let faults = verify_bundle_by(&bundle.dir, &[first]).unwrap_err();
    assert_eq!(
        (faults[0].file.as_str(), faults[0].fault),
        (file::SIGNATURE_2, Fault::UntrustedKey)
    );
}

#[test]
fn a_bundle_is_not_written_twice_nor_with_another_table_nor_with_other_sums() {
    let bundle = bundle();
    let other = bundle.dir.with_file_name("other");
    let input = bundle.round.input();

    assert!(matches!(
        write_bundle(&bundle.dir, &input),
        Err(SnapshotError::AlreadyThere(_))
    ));

    let table = crate::BundleInput {
        table_digest: "00",
        ..input
    };
    assert!(matches!(
        write_bundle(&other, &table),
        Err(SnapshotError::OtherTable { .. })
    ));

    let sums = crate::BundleInput {
        ratings: &bundle.round.ratings[1..],
        ..input
    };
    assert!(matches!(
        write_bundle(&other, &sums),
        Err(SnapshotError::OtherSums)
    ));

    let units = crate::BundleInput {
        units: &bundle.round.units[1..],
        ..input
    };
    assert!(matches!(
        write_bundle(&other, &units),
        Err(SnapshotError::OtherUnits)
    ));

    let [first, _] = &bundle.round.signers;
    let alone = [first.clone(), first.clone()];
    let signers = crate::BundleInput {
        signers: &alone,
        ..input
    };
    assert!(matches!(
        write_bundle(&other, &signers),
        Err(SnapshotError::SignersNotApart)
    ));
    assert!(!other.exists());
}

#[test]
fn only_the_two_people_in_the_manifest_sign_and_each_once() {
    let bundle = bundle();
    let mut rng = ChaCha20Rng::seed_from_u64(6);
    let stranger = SigningKeyFile::generate("孙丽", Role::OfficeLeader, &mut rng);

    assert!(matches!(
        sign(&bundle.dir, &stranger),
        Err(SnapshotError::NotASigner(_))
    ));
    assert!(matches!(
        sign(&bundle.dir, &bundle.round.keys[0]),
        Err(SnapshotError::Io { .. })
    ));
}

#[test]
fn the_same_round_gives_the_same_bundle() {
    let (one, other) = (bundle(), bundle());
    for name in file::LISTED
        .iter()
        .chain(&file::SIGNATURES)
        .chain(&[file::MANIFEST])
    {
        assert_eq!(one.read(name), other.read(name), "{name}");
    }
}

#[test]
fn a_key_file_keeps_the_key_and_tells_nobody() {
    let room = tempfile::tempdir().unwrap();
    let path = room.path().join("wangmin.key.json");
    let [key, _] = keys();

    key.save(&path).unwrap();

    assert_eq!(SigningKeyFile::load(&path).unwrap(), key);
    let text = fs::read_to_string(&path).unwrap();
    let secret = text
        .lines()
        .find(|line| line.contains("secret_key"))
        .unwrap()
        .split('"')
        .nth(3)
        .unwrap();
    assert!(!format!("{key:?}").contains(secret));
    assert!(key.save(&path).is_err());
    fs::write(&path, "{}").unwrap();
    assert!(matches!(
        SigningKeyFile::load(&path),
        Err(SnapshotError::BadKeyFile(_))
    ));
}

#[test]
fn the_independent_script_agrees_and_finds_a_forged_score_too() {
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/independent/verify_bundle.py");
    let run = |dir: &Path| {
        Command::new("python3")
            .arg(&script)
            .arg(dir)
            .output()
            .expect("python3 is installed")
    };
    let bundle = bundle();

    let accepted = run(&bundle.dir);
    assert!(
        accepted.status.success(),
        "{}",
        String::from_utf8_lossy(&accepted.stderr)
    );

    let table = String::from_utf8(bundle.read(file::RANKING)).unwrap();
    let score = table
        .lines()
        .find(|line| line.starts_with("D01,"))
        .unwrap()
        .split(',')
        .nth(3)
        .unwrap()
        .to_owned();
    bundle.replace(file::RANKING, &score, "99.99");
    assert_eq!(run(&bundle.dir).status.code(), Some(1));
    let forged = hex::encode(Sha256::digest(bundle.read(file::RANKING)));
    bundle.seal_again(|manifest| manifest.table_digest = forged);
    let refused = run(&bundle.dir);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("D01"));
}
