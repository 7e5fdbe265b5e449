//! Copies an installation to one file while it is being used: everything but the keys.

use crate::{
    Action, Actor, AuditAt, BackupProblem, Manifest, Refusal, Verb, VerbError, allow,
    backup_file::{Taken, write},
    backup_keys::{key_files, make_private},
};
use chrono::{DateTime, Utc};
use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};
use storage::{
    Store,
    audit_log::{self, ChainCheck},
};
use vocabulary::civil_date;

pub(crate) const TABLES: &str = "huiyin.db";
pub(crate) const VAULT: &str = "vault.db";
/// Notes a demonstration that was played.
const DEMO: &str = "demo.json";
/// The files a backup may hold beside those in [`FOLDERS`].
pub(crate) const FILES: [&str; 3] = [TABLES, VAULT, DEMO];
/// The folders of an installation that are kept.
pub(crate) const FOLDERS: [&str; 6] = [ANCHORS, "evidence", "uploads", "bundles", "frozen", "mail"];
pub(crate) const ANCHORS: &str = "anchors";
/// What lies beside the databases and means nothing elsewhere.
const OF_THE_MACHINE: [&str; 9] = [
    "keys",
    "huiyin.db-wal",
    "huiyin.db-shm",
    "huiyin.db.lock",
    "huiyin.db.reserve",
    "huiyin.db.fault",
    "vault.db-wal",
    "vault.db-shm",
    "database.fault",
];

/// Where the tables of an installation are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// In a SQLite file of the data folder.
    InFolder,
    /// On a server, which has ways of its own to be backed up.
    OnServer,
}

/// An installation as it lies on the disk.
#[derive(Clone, Copy, Debug)]
pub struct Installation<'a> {
    /// The data folder.
    pub data: &'a Path,
    /// Where the tables are.
    pub tables: Tables,
}

/// What was backed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Size of the file.
    pub bytes: u64,
    /// What else lies in the data folder and was not taken.
    pub left_out: Vec<String>,
}

/// Copies an installation to a new file; nobody who uses it meanwhile has to wait.
///
/// Both databases are copied and looked through before the rest: a file is there before a row names it. The file appears under
/// its name when it is whole and on the disk; until then, and when anything fails, there is nothing.
///
/// # Errors
/// When the file exists or lies in the data folder, a page or the audit log does not hold, or the disk is full.
pub async fn backup(
    actor: &Actor,
    from: Installation<'_>,
    to: &Path,
    now: DateTime<Utc>,
) -> Verb<BackupReport> {
    allow(actor, Action::BackUp)?;
    if is_inside(from.data, to)? {
        return Err(refused(BackupProblem::Inside));
    }
    if to.try_exists()? {
        return Err(refused(BackupProblem::Exists(to.display().to_string())));
    }
    let scratch = Scratch::beside(to)?;
    // Before the tables: an anchor must not name an event the copy has not.
    let mut taken = Vec::new();
    below(from.data, ANCHORS, &mut taken)?;
    if from.tables == Tables::OnServer {
        // The tables were dumped before, perhaps before today's anchor; the witness has it by mail.
        let today = format!("{ANCHORS}/{}.txt", civil_date(now));
        taken.retain(|anchor| anchor.name != today);
    }
    let keys = key_files(from.data)?.into_iter().map(|(name, _)| name);
    let mut manifest = Manifest::begun(now, keys.collect());
    if from.tables == Tables::InFolder {
        let copy = copied(from.data, TABLES, &scratch).await?;
        (manifest.schema, manifest.audit) = looked_through(&copy.path).await?;
        taken.insert(0, copy);
    }
    if from.data.join(VAULT).exists() {
        taken.push(copied(from.data, VAULT, &scratch).await?);
    }
    for folder in FOLDERS.iter().filter(|folder| **folder != ANCHORS) {
        below(from.data, folder, &mut taken)?;
    }
    if from.data.join(DEMO).exists() {
        let path = from.data.join(DEMO);
        taken.push(Taken {
            name: DEMO.to_owned(),
            path,
        });
    }
    let file = scratch.folder.join("backup.tar");
    let manifest = write(&file, manifest, &taken)?;
    let bytes = fs::metadata(&file)?.len();
    fs::rename(&file, to)?;
    File::open(parent(to))?.sync_all()?;
    Ok(BackupReport {
        manifest,
        bytes,
        left_out: left_out(from.data)?,
    })
}

/// Copies one database and holds the pages of the copy against each other.
async fn copied(data: &Path, name: &str, scratch: &Scratch) -> Verb<Taken> {
    let path = scratch.folder.join(name);
    let source = Store::open_to_read(&data.join(name)).await?;
    source.copy_into(&path).await?;
    source.close().await?;
    let copy = Store::open_to_read(&path).await?;
    let holds = copy.pages_hold().await?;
    copy.close().await?;
    match holds {
        true => Ok(Taken {
            name: name.to_owned(),
            path,
        }),
        false => Err(refused(BackupProblem::PagesDamaged(name.to_owned()))),
    }
}

/// The schema of a copy, and where its audit log ends once every event of it was recomputed.
async fn looked_through(path: &Path) -> Verb<(Option<String>, Option<AuditAt>)> {
    let copy = Store::open_to_read(path).await?;
    let schema = copy.schema_version().await?;
    let chain = match schema {
        Some(_) => Some(audit_log::verify_chain(&copy).await?),
        None => None,
    };
    copy.close().await?;
    match chain {
        None => Ok((schema, None)),
        Some(ChainCheck::Broken { seq }) => Err(refused(BackupProblem::ChainBroken(seq))),
        Some(ChainCheck::Intact(head)) => Ok((
            schema,
            Some(AuditAt {
                seq: head.seq,
                hash: head.hash,
            }),
        )),
    }
}

/// Adds every file below a folder of the installation, by name.
fn below(data: &Path, name: &str, taken: &mut Vec<Taken>) -> io::Result<()> {
    let entries = match fs::read_dir(data.join(name)) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let own = entry.file_name();
        let own = own
            .to_str()
            .ok_or_else(|| io::Error::other(format!("{name}: a name that is no text")))?;
        let (name, path) = (format!("{name}/{own}"), entry.path());
        match entry.file_type()? {
            kind if kind.is_dir() => below(data, &name, taken)?,
            kind if kind.is_file() => taken.push(Taken { name, path }),
            _ => {
                return Err(io::Error::other(format!(
                    "{name} is neither file nor folder"
                )));
            }
        }
    }
    Ok(())
}

fn left_out(data: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(data)?.map(|entry| {
        let name = entry?.file_name();
        Ok(name.to_string_lossy().into_owned())
    });
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    let known = |name: &str| {
        FILES.contains(&name) || FOLDERS.contains(&name) || OF_THE_MACHINE.contains(&name)
    };
    names.retain(|name| !known(name));
    names.sort();
    Ok(names)
}

/// Whether a path lies, or would lie, in a folder.
pub(crate) fn is_inside(folder: &Path, path: &Path) -> io::Result<bool> {
    let folder = folder.canonicalize()?;
    let mut nearest = std::path::absolute(path)?;
    loop {
        if let Ok(found) = nearest.canonicalize() {
            return Ok(found.starts_with(&folder));
        }
        if !nearest.pop() {
            return Ok(false);
        }
    }
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn refused(problem: BackupProblem) -> VerbError {
    Refusal::Backup(problem).into()
}

/// A folder beside the target that is gone when dropped; what a killed program left in it goes when the next one begins.
struct Scratch {
    folder: PathBuf,
    _lock: File,
}

impl Scratch {
    fn beside(to: &Path) -> Verb<Self> {
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let folder = parent(to).join(format!(".{name}.partial"));
        if !parent(to).is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        }
        make_private(&folder)?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(refused(BackupProblem::UnderWay(to.display().to_string())));
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name() != "lock" {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self {
            folder,
            _lock: lock,
        })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!(kind = ?error.kind(), "the folder beside the backup could not be removed");
        }
    }
}
