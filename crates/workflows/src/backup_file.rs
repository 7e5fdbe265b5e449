//! The one file of a backup: a tar that begins with a manifest and ends with the digest of everything before.
//!
//! Any tar program reads it. No byte of it can change unnoticed: the last 2,048 bytes follow from the rest.

use crate::{BackupProblem, Refusal, Verb, VerbError};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Component, Path, PathBuf},
};
use tar::{Archive, Builder, EntryType, Header};

const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const SEAL: &str = "seal.sha256";
const BLOCK: u64 = 512;
/// Zero bytes a tar ends with.
const END: u64 = 2 * BLOCK;
/// The seal with its header, and the end.
const TAIL: u64 = 2 * BLOCK + END;
const MOST_MANIFEST: u64 = 256 << 20;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format.
    pub format: u32,
    /// Last step of the schema; none where the tables lie on a server.
    pub schema: Option<String>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Where the audit log ended; none where the tables lie on a server.
    pub audit: Option<AuditAt>,
    /// Key files the installation had; the keys themselves are not here.
    pub keys: Vec<String>,
    /// The files in the order they follow.
    pub files: Vec<FileEntry>,
}

/// Where an audit log ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditAt {
    /// Position of the last event.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name below the data folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, lower-case hex.
    pub sha256: String,
}

impl Manifest {
    /// A manifest of this format without files yet.
    pub(crate) const fn begun(made_at: DateTime<Utc>, keys: Vec<String>) -> Self {
        Self {
            format: FORMAT,
            schema: None,
            made_at,
            audit: None,
            keys,
            files: Vec::new(),
        }
    }
}

/// A file to be taken, and its name in the backup.
pub(crate) struct Taken {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// Writes a backup and waits until it is on the disk. A file that is gone by now is left out.
pub(crate) fn write(to: &Path, mut manifest: Manifest, all: &[Taken]) -> io::Result<Manifest> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    let room = room_for(&manifest, all)?;
    let mut tar = Builder::new(BufWriter::new(file));
    let empty = io::repeat(b' ').take(room);
    tar.append_data(&mut header(room, manifest.made_at), MANIFEST, empty)?;
    for taken in all {
        if let Some(entry) = append(&mut tar, taken, manifest.made_at)? {
            manifest.files.push(entry);
        }
    }
    let out = tar.into_inner()?;
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(BLOCK))?;
    file.write_all(&serde_json::to_vec(&manifest)?)?;
    let length = file.metadata()?.len() - END;
    file.set_len(length)?;
    file.rewind()?;
    let mut whole = Digesting::of(BufReader::new(&file));
    io::copy(&mut whole, &mut io::sink())?;
    let digest = whole.hex();
    file.write_all(&tail(&digest, manifest.made_at)?)?;
    file.sync_all()?;
    Ok(manifest)
}

/// How long the manifest is at most: names are known before, sizes and digests only when the files were read.
fn room_for(manifest: &Manifest, all: &[Taken]) -> io::Result<u64> {
    let mut longest = manifest.clone();
    longest.files = all
        .iter()
        .map(|taken| FileEntry {
            name: taken.name.clone(),
            bytes: u64::MAX,
            sha256: "0".repeat(64),
        })
        .collect();
    Ok(serde_json::to_vec(&longest)?.len() as u64)
}

fn append(
    tar: &mut Builder<BufWriter<File>>,
    taken: &Taken,
    at: DateTime<Utc>,
) -> io::Result<Option<FileEntry>> {
    let file = match File::open(&taken.path) {
        Err(gone) if gone.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let bytes = file.metadata()?.len();
    let mut content = Digesting::of(file.take(bytes));
    tar.append_data(&mut header(bytes, at), &taken.name, &mut content)?;
    if content.seen != bytes {
        let shorter = format!("{} became shorter while it was read", taken.name);
        return Err(io::Error::other(shorter));
    }
    Ok(Some(FileEntry {
        name: taken.name.clone(),
        bytes,
        sha256: content.hex(),
    }))
}

fn header(bytes: u64, at: DateTime<Utc>) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_mtime(at.timestamp().unsigned_abs());
    header.set_size(bytes);
    header
}

/// The seal and the end, from the digest of everything before.
fn tail(digest: &str, at: DateTime<Utc>) -> io::Result<Vec<u8>> {
    let mut tar = Builder::new(Vec::new());
    let size = digest.len() as u64;
    tar.append_data(&mut header(size, at), SEAL, digest.as_bytes())?;
    tar.into_inner()
}

/// Writes the files of a backup into an empty folder, each held against the manifest, and the whole against its seal.
///
/// What was written when something does not hold has to be thrown away.
pub(crate) fn unpack(
    from: &Path,
    into: &Path,
    accept: impl FnOnce(&Manifest) -> Result<(), BackupProblem>,
) -> Verb<Manifest> {
    let mut file = File::open(from)?;
    let length = file.metadata()?.len();
    let body = length
        .checked_sub(TAIL)
        .ok_or_else(|| refused(BackupProblem::NotABackup))?;
    let mut whole = Digesting::of(BufReader::new((&mut file).take(body)));
    let mut archive = Archive::new(&mut whole);
    let mut entries = archive.entries()?;
    let not_one = || refused(BackupProblem::NotABackup);
    let first = entries.next().ok_or_else(not_one)?;
    let manifest = read_manifest(first.map_err(|_| not_one())?)?;
    accept(&manifest).map_err(refused)?;
    for wanted in &manifest.files {
        let changed = || refused(BackupProblem::Changed(wanted.name.clone()));
        let entry = entries.next().ok_or_else(changed)?.map_err(|_| changed())?;
        unpack_one(entry, wanted, into)?;
    }
    let frame = || refused(BackupProblem::Changed("（目录和文件头）".to_owned()));
    if entries.next().is_some() {
        return Err(frame());
    }
    io::copy(&mut whole, &mut io::sink())?;
    let expected = tail(&whole.hex(), manifest.made_at)?;
    let mut found = Vec::new();
    file.read_to_end(&mut found)?;
    match found == expected {
        true => Ok(manifest),
        false => Err(frame()),
    }
}

fn read_manifest(mut entry: tar::Entry<'_, impl Read>) -> Verb<Manifest> {
    let not_one = || refused(BackupProblem::NotABackup);
    if entry.path_bytes().as_ref() != MANIFEST.as_bytes() || entry.size() > MOST_MANIFEST {
        return Err(not_one());
    }
    let mut text = Vec::new();
    entry.read_to_end(&mut text).map_err(|_| not_one())?;
    let frame = BackupProblem::Changed(MANIFEST.to_owned());
    let manifest: serde_json::Value =
        serde_json::from_slice(&text).map_err(|_| refused(frame.clone()))?;
    // A later format need not have the fields of this one.
    let format = manifest.get("format").and_then(serde_json::Value::as_u64);
    if format.is_some_and(|format| format > u64::from(FORMAT)) {
        return Err(refused(BackupProblem::Newer));
    }
    serde_json::from_value(manifest).map_err(|_| refused(frame))
}

fn unpack_one(mut entry: tar::Entry<'_, impl Read>, wanted: &FileEntry, into: &Path) -> Verb<()> {
    let changed = || refused(BackupProblem::Changed(wanted.name.clone()));
    let is_it = entry.path_bytes().as_ref() == wanted.name.as_bytes()
        && entry.header().entry_type() == EntryType::Regular
        && entry.size() == wanted.bytes;
    if !is_it {
        return Err(changed());
    }
    let path = into.join(&wanted.name);
    fs::create_dir_all(path.parent().unwrap_or(into))?;
    let mut out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let mut content = Digesting::of(&mut entry);
    let mut piece = vec![0; 1 << 16];
    loop {
        match content.read(&mut piece).map_err(|_| changed())? {
            0 => break,
            read => out.write_all(&piece[..read])?,
        }
    }
    match content.hex() == wanted.sha256 {
        true => Ok(()),
        false => Err(changed()),
    }
}

/// Refuses a name that leads elsewhere than a file a backup writes.
pub(crate) fn check_name(
    name: &str,
    folders: &[&str],
    files: &[&str],
) -> Result<(), BackupProblem> {
    let mut parts = Path::new(name).components();
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    let below = name
        .split_once('/')
        .is_some_and(|(folder, _)| folders.contains(&folder));
    let is_ours = (files.contains(&name) || below) && parts.all(plain) && !name.contains('\0');
    match is_ours {
        true => Ok(()),
        false => Err(BackupProblem::Leaves(name.to_owned())),
    }
}

fn refused(problem: BackupProblem) -> VerbError {
    Refusal::Backup(problem).into()
}

/// Counts and digests what is read through it.
struct Digesting<R> {
    inner: R,
    digest: Sha256,
    seen: u64,
}

impl<R> Digesting<R> {
    fn of(inner: R) -> Self {
        Self {
            inner,
            digest: Sha256::new(),
            seen: 0,
        }
    }

    fn hex(&self) -> String {
        hex::encode(self.digest.clone().finalize())
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.digest.update(&into[..read]);
        self.seen += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(folder: &Path, names: &[&str]) -> PathBuf {
        let all = names.iter().enumerate().map(|(n, name)| {
            let path = folder.join(n.to_string());
            fs::write(&path, vec![b'a'; 700 * n]).unwrap();
            Taken {
                name: (*name).to_owned(),
                path,
            }
        });
        let all: Vec<_> = all.collect();
        let to = folder.join("backup.tar");
        let at = DateTime::from_timestamp(1_790_000_000, 5).unwrap();
        write(&to, Manifest::begun(at, vec!["vault.key".into()]), &all).unwrap();
        to
    }

    fn taken(from: &Path) -> Result<Manifest, BackupProblem> {
        let into = tempfile::tempdir().unwrap();
        let accept = |manifest: &Manifest| {
            let mut names = manifest.files.iter();
            names.try_for_each(|file| check_name(&file.name, &["mail"], &["huiyin.db"]))
        };
        match unpack(from, into.path(), accept) {
            Ok(manifest) => Ok(manifest),
            Err(VerbError::Refused(Refusal::Backup(problem))) => Err(problem),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn no_byte_changes_unnoticed() {
        let folder = tempfile::tempdir().unwrap();
        let long = format!("mail/{}.eml", "很长".repeat(40));
        let tar = made(folder.path(), &["huiyin.db", "mail/a.eml", &long]);
        let whole = fs::read(&tar).unwrap();
        assert_eq!(taken(&tar).unwrap().files.len(), 3);

        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&tar, changed).unwrap();

            assert!(taken(&tar).is_err(), "byte {at} of {}", whole.len());
        }
        for length in [0, 100, TAIL, 3000, whole.len() as u64 - 1] {
            fs::write(&tar, &whole[..usize::try_from(length).unwrap()]).unwrap();

            assert!(taken(&tar).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn a_changed_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let tar = made(folder.path(), &["huiyin.db", "mail/a.eml"]);
        let mut bytes = fs::read(&tar).unwrap();
        let at = bytes.windows(3).position(|three| three == b"aaa").unwrap();
        bytes[at] = b'b';
        fs::write(&tar, bytes).unwrap();

        assert_eq!(
            taken(&tar),
            Err(BackupProblem::Changed("mail/a.eml".into()))
        );
    }

    #[test]
    fn no_name_leaves_the_folder() {
        for name in [
            "../x",
            "/etc/x",
            "mail/../../x",
            "mail",
            "keys/vault.key",
            "mail/./../x",
            "other",
            "",
        ] {
            let checked = check_name(name, &["mail"], &["huiyin.db"]);
            assert_eq!(checked, Err(BackupProblem::Leaves(name.into())));
        }
        assert_eq!(check_name("mail/new/a.eml", &["mail"], &[]), Ok(()));
    }

    #[test]
    fn a_file_of_another_kind_is_no_backup() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, vec![7; 9000]).unwrap();

        assert_eq!(taken(&file), Err(BackupProblem::NotABackup));
    }
}
