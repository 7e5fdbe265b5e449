//! Makes an installation out of a backup, in an empty folder.

use crate::{
    Action, Actor, App, AuditFault, BackupProblem, KeyUse, Manifest, Refusal, Verb, VerbError,
    allow,
    audit::audited,
    backup::{ANCHORS, FILES, FOLDERS, TABLES},
    backup_file::{check_name, unpack},
    backup_keys::{copy_key, key_files, make_private},
    keys::NOT_RESTORED,
    mix::{mix_key, open_batch},
    open_vault, verify_audit,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use storage::{
    Store, Tx, accounts,
    audit_log::{self, ChainCheck},
    ballots, batches, knows_schema, rounds,
};

/// What is restored, and where to.
#[derive(Clone, Copy, Debug)]
pub struct Restored<'a> {
    /// The backup.
    pub file: &'a Path,
    /// The empty or new data folder.
    pub data: &'a Path,
    /// The folder with the keys, kept apart.
    pub keys: Option<&'a Path>,
    /// Address of the server the tables were restored on, where the backup has none.
    pub database_url: Option<&'a str>,
}

/// What a restored installation is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreReport {
    /// What the backup said of itself.
    pub manifest: Manifest,
    /// Events of the audit log, all of them recomputed.
    pub events: i64,
    /// Sessions that were ended.
    pub sessions: u64,
    /// Key files that are missing, of those that can be kept.
    pub missing_keys: Vec<String>,
    /// Sealed answers nobody can open any more: their key is never part of a backup.
    pub lost_ballots: u64,
}

/// Makes an installation out of a backup: everything is checked first, the schema is brought up to date, and all sessions end.
///
/// Without keys nothing that needs them works, and no new key takes their place.
///
/// # Errors
/// When the folder is not empty, or anything of the backup does not hold; then the folder is as empty as before.
pub async fn restore(
    actor: &Actor,
    what: Restored<'_>,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<RestoreReport> {
    allow(actor, Action::Restore)?;
    let place = Place::empty(what.data)?;
    let work = place.work.clone();
    let manifest = unpack(what.file, &work, accepted)?;
    match (&manifest.audit, what.database_url) {
        (None, None) => return Err(refused(BackupProblem::TablesElsewhere)),
        (Some(_), Some(_)) => return Err(refused(BackupProblem::TablesInside)),
        _ => {}
    }
    let missing_keys = bring_keys(&work, what.keys, &manifest)?;
    let app = opened(&work, what.database_url, rng).await?;
    let events = chain_of(&app, &manifest).await?;
    app.migrate().await?;
    let tx = app.store.begin().await?;
    let sessions = accounts::delete_all_sessions(&tx).await?;
    let lost_ballots = match what.keys {
        Some(_) => give_up_lost_batches(&app, &tx, now, rng).await?,
        None => 0,
    };
    let object = manifest.made_at.to_rfc3339();
    audited(&tx, actor, "restore_backup", &object, now).await?;
    tx.commit().await?;
    closed(app).await?;
    place.put()?;
    Ok(RestoreReport {
        manifest,
        events,
        sessions,
        missing_keys,
        lost_ballots,
    })
}

fn accepted(manifest: &Manifest) -> Result<(), BackupProblem> {
    let newer = |step: &String| !knows_schema(step);
    if manifest.schema.as_ref().is_some_and(newer) {
        return Err(BackupProblem::Newer);
    }
    let mut files = manifest.files.iter();
    files.try_for_each(|file| check_name(&file.name, &FOLDERS, &FILES))
}

/// Copies the keys there are, and notes which of those that were kept are not.
fn bring_keys(work: &Path, from: Option<&Path>, manifest: &Manifest) -> Verb<Vec<String>> {
    let folder = work.join("keys");
    make_private(&folder)?;
    if let Some(from) = from {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if KeyUse::of(&name).is_some() && entry.file_type()?.is_file() {
                copy_key(&entry.path(), &folder.join(name))?;
            }
        }
    }
    let brought = key_files(work)?;
    let is_there = |file: &String| brought.iter().any(|(name, _)| name == file);
    let kept = |file: &&String| KeyUse::of(file) == Some(KeyUse::Kept);
    let wanted = manifest.keys.iter().filter(kept);
    let missing: Vec<String> = wanted.filter(|file| !is_there(file)).cloned().collect();
    if !missing.is_empty() {
        let mut note = File::create_new(folder.join(NOT_RESTORED))?;
        note.write_all((missing.join("\n") + "\n").as_bytes())?;
        note.sync_all()?;
    }
    Ok(missing)
}

async fn opened(work: &Path, database_url: Option<&str>, rng: &mut (impl Rng + Send)) -> Verb<App> {
    let own = format!("sqlite://{}/{TABLES}", work.display());
    let store = Store::open(database_url.unwrap_or(&own)).await?;
    let vault = open_vault(work, rng).await?;
    Ok(App::new(store, vault, work.to_owned()))
}

/// Recomputes the whole chain; the number of events. Its end is the one the manifest notes, or, where the tables lie on a server,
/// every anchor of the backup stands in it.
async fn chain_of(app: &App, manifest: &Manifest) -> Verb<i64> {
    let Some(noted) = &manifest.audit else {
        return on_server(app).await;
    };
    match audit_log::verify_chain(app.store()).await? {
        ChainCheck::Broken { seq } => Err(refused(BackupProblem::ChainBroken(seq))),
        ChainCheck::Intact(head) if (head.seq, &head.hash) != (noted.seq, &noted.hash) => {
            Err(refused(BackupProblem::OtherHead))
        }
        ChainCheck::Intact(head) => Ok(head.seq),
    }
}

async fn on_server(app: &App) -> Verb<i64> {
    if app.store().schema_version().await?.is_none() {
        return Err(refused(BackupProblem::TablesElsewhere));
    }
    let check = verify_audit(app, &app.folder().join(ANCHORS)).await?;
    match check.faults.first() {
        None => Ok(check.events),
        Some(AuditFault::Broken { seq }) => Err(refused(BackupProblem::ChainBroken(*seq))),
        Some(_) => Err(refused(BackupProblem::OtherTables)),
    }
}

/// A batch whose key was destroyed since, or never left the machine, takes no answers and opens none: another one follows it.
async fn give_up_lost_batches(
    app: &App,
    tx: &Tx,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<u64> {
    let mut lost = 0;
    for record in rounds::list_rounds(tx).await? {
        let round = &record.round.id;
        let Some(batch) = batches::lock_open_batch(tx, round).await? else {
            continue;
        };
        if app.keys.read(&mix_key(round, &batch.id)).is_ok() {
            continue;
        }
        let ballots = ballots::discard_sealed(tx, &batch.id).await?;
        batches::close_batch(tx, &batch.id).await?;
        open_batch(app, tx, round, now, rng).await?;
        let object = format!("{round} {ballots}");
        audited(tx, &Actor::system(), "give_up_batch", &object, now).await?;
        lost += ballots;
    }
    Ok(lost)
}

async fn closed(app: App) -> Verb<()> {
    app.finish().await;
    let App { store, vault, .. } = app;
    store.close().await?;
    let closed = vault.close().await;
    closed.map_err(|error| VerbError::Io(io::Error::other(error.to_string())))
}

fn refused(problem: BackupProblem) -> VerbError {
    Refusal::Backup(problem).into()
}

/// The folder something is restored into. Until everything holds it lies in a folder within, so that nobody serves half of it.
struct Place {
    data: PathBuf,
    work: PathBuf,
    made: bool,
}

impl Place {
    fn empty(data: &Path) -> Verb<Self> {
        let made = !data.try_exists()?;
        if made {
            make_private(data)?;
        } else if !data.is_dir() || fs::read_dir(data)?.next().is_some() {
            return Err(refused(BackupProblem::NotEmpty(data.display().to_string())));
        }
        let work = data.join(".restoring");
        make_private(&work)?;
        Ok(Self {
            data: data.to_owned(),
            work,
            made,
        })
    }

    /// Everything on the disk, then everything to its place, the tables last.
    fn put(&self) -> Verb<()> {
        let folder = File::open(&self.work)?;
        rustix::fs::syncfs(&folder).map_err(io::Error::from)?;
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.work)? {
            names.push(entry?.file_name());
        }
        names.sort_by_key(|name| name == TABLES);
        for name in names {
            if name != "huiyin.db.lock" {
                fs::rename(self.work.join(&name), self.data.join(&name))?;
            }
        }
        Ok(File::open(&self.data)?.sync_all()?)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut removed = fs::remove_dir_all(&self.work);
        if self.made && fs::read_dir(&self.data).is_ok_and(|mut left| left.next().is_none()) {
            removed = removed.and_then(|()| fs::remove_dir(&self.data));
        }
        if let Err(error) = removed {
            tracing::warn!(kind = ?error.kind(), "the folder could not be emptied again");
        }
    }
}
