//! Evidence 证明材料: what a unit shows of what it did, and the office of what it found; sealed, outside of every address.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow,
    audit::audited,
    sealed_file::{SealedFile, unseal},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rectification::{Evidence, EvidenceKind, MatterStage, evidence::MOST_FILES};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use storage::{
    StorageError, co_units,
    evidence::{self, EvidenceFile},
    matters::{self, Matter},
};
use vocabulary::{MatterId, Role, UnitId};

/// The key that seals evidence.
const KEY: &str = "evidence";

/// A file as it was sent, and the program that looks for viruses in it, if the installation has one.
pub struct NewEvidence<'a> {
    /// Name as the sender gave it.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Program that reads the file from its standard input and ends with 0 when nothing is wrong.
    pub virus_check: Option<&'a Path>,
}

/// Adds a file to a matter that is being worked on: a unit to its own, the office to any. The same file again changes nothing.
///
/// # Errors
/// When the file is of no kind that is taken, the matter is another unit's or at rest, or has enough files.
pub async fn add_evidence(
    app: &App,
    actor: &Actor,
    id: &MatterId,
    new: NewEvidence<'_>,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let matter = own_matter(app, actor, id).await?;
    refuse_at_rest(&matter)?;
    let file = Evidence::parse(new.name, new.bytes).map_err(Refusal::Evidence)?;
    let kept = evidence::list_evidence(app.store(), id.as_str()).await?;
    let sha256 = hex::encode(Sha256::digest(&file.bytes));
    let here = |file: &&EvidenceFile| file.withdrawn_at.is_none();
    if kept.iter().filter(here).any(|it| it.sha256 == sha256) {
        return Ok(());
    }
    if kept.iter().filter(here).count() >= MOST_FILES {
        return Err(Refusal::Contradiction("一件事项最多 20 个文件，请合并后再传").into());
    }
    let file = match new.virus_check {
        Some(program) => checked(program.to_owned(), file).await?,
        None => file,
    };
    let name = fresh_name(rng);
    fs::create_dir_all(folder(app))?;
    let key = app.keys.read_or_make(KEY, rng)?;
    let path = folder(app).join(&name);
    let mut sealed = SealedFile::create(path.clone(), key, &name)?;
    sealed.write(&file.bytes, rng)?;
    sealed.finish(rng)?;
    let row = EvidenceFile {
        id: name,
        matter_id: id.to_string(),
        name: file.name,
        kind: file.kind.code().to_owned(),
        bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        sha256,
        added_by: actor.account.to_string(),
        added_role: actor.role.code().to_owned(),
        added_at: now,
        withdrawn_by: None,
        withdrawn_at: None,
    };
    let done = keep(app, actor, row, now).await;
    if done.is_err() {
        fs::remove_file(path)?;
    }
    match done {
        Err(VerbError::Failed(StorageError::Conflict(_))) => Ok(()),
        done => done,
    }
}

async fn keep(app: &App, actor: &Actor, row: EvidenceFile, now: DateTime<Utc>) -> Verb<()> {
    let tx = app.store.begin().await?;
    let object = format!("{}/{}", row.matter_id, row.id);
    evidence::insert_evidence(&tx, row).await?;
    audited(&tx, actor, "add_evidence", &object, now).await?;
    Ok(tx.commit().await?)
}

/// Takes a file back as long as the matter is worked on; its bytes are gone, that it was there is not.
///
/// # Errors
/// When somebody else's side added it, or the matter is at rest.
pub async fn withdraw_evidence(
    app: &App,
    actor: &Actor,
    id: &MatterId,
    file: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    let matter = own_matter(app, actor, id).await?;
    refuse_at_rest(&matter)?;
    let row = file_of(app, id, file).await?;
    let is_office = actor.role != Role::UnitLiaison;
    let in_charge = actor
        .unit
        .as_ref()
        .is_some_and(|unit| unit.as_str() == matter.unit_id);
    let may = match is_units(&row) {
        true => in_charge || row.added_by == actor.account.as_str(),
        false => is_office,
    };
    if !may {
        return Err(Refusal::NotYours.into());
    }
    let tx = app.store.begin().await?;
    let withdrawn = EvidenceFile {
        withdrawn_by: Some(actor.account.to_string()),
        withdrawn_at: Some(now),
        ..row
    };
    if !evidence::withdraw_evidence(&tx, withdrawn).await? {
        return Err(missing().into());
    }
    let object = format!("{id}/{file}");
    audited(&tx, actor, "withdraw_evidence", &object, now).await?;
    tx.commit().await?;
    Ok(fs::remove_file(folder(app).join(file))?)
}

/// The bytes of a file; who opened it is written down.
///
/// # Errors
/// When the matter is another unit's, the file was taken back, or its seal is broken.
pub async fn open_evidence(
    app: &App,
    actor: &Actor,
    id: &MatterId,
    file: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<(EvidenceFile, EvidenceKind, Vec<u8>)> {
    own_matter(app, actor, id).await?;
    let row = file_of(app, id, file).await?;
    let kind = EvidenceKind::from_code(&row.kind).ok_or_else(missing)?;
    let key = app.keys.read_or_make(KEY, rng)?;
    let mut bytes = Vec::new();
    unseal(&folder(app).join(file), &key, file)?.read_to_end(&mut bytes)?;
    if hex::encode(Sha256::digest(&bytes)) != row.sha256 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "evidence was changed").into());
    }
    let tx = app.store.begin().await?;
    let object = format!("{id}/{file}");
    audited(&tx, actor, "open_evidence", &object, now).await?;
    tx.commit().await?;
    Ok((row, kind, bytes))
}

fn refuse_at_rest(matter: &Matter) -> Verb<()> {
    match MatterStage::from_code(&matter.state_code) {
        Some(stage) if stage.takes_evidence() => Ok(()),
        _ => Err(Refusal::Contradiction("这件事项现在不在办理中，不能增减证明材料").into()),
    }
}

/// The matter, if the unit is in charge of it or helps with it, or the office asks.
pub(crate) async fn own_matter(app: &App, actor: &Actor, id: &MatterId) -> Verb<Matter> {
    let unit = match actor.role {
        Role::UnitLiaison => {
            allow(actor, Action::Answer)?;
            actor.unit.as_ref()
        }
        _ => {
            allow(actor, Action::Verify)?;
            None
        }
    };
    let matter = matters::find_matter(app.store(), id.as_str()).await?;
    let matter = matter.ok_or_else(|| Refusal::MatterUnknown(id.clone()))?;
    let own = match unit {
        None => actor.role != Role::UnitLiaison,
        Some(unit) => works_on(app, unit, &matter).await?,
    };
    match own {
        true => Ok(matter),
        false => Err(Refusal::NotYours.into()),
    }
}

/// Whether a matter was given to a unit, in charge or to help.
async fn works_on(app: &App, unit: &UnitId, matter: &Matter) -> Verb<bool> {
    if matter.state_code == MatterStage::Sorted.code() {
        return Ok(false);
    }
    let helping = co_units::list_co_units(app.store(), &[&matter.id]).await?;
    let helps = helping
        .values()
        .flatten()
        .any(|helps| helps == unit.as_str());
    Ok(helps || unit.as_str() == matter.unit_id)
}

async fn file_of(app: &App, id: &MatterId, file: &str) -> Verb<EvidenceFile> {
    let row = evidence::find_evidence(app.store(), file).await?;
    let row = row.filter(|row| row.matter_id == id.as_str() && row.withdrawn_at.is_none());
    row.ok_or_else(|| missing().into())
}

fn is_units(row: &EvidenceFile) -> bool {
    row.added_role == Role::UnitLiaison.code()
}

const fn missing() -> Refusal {
    Refusal::Missing("这份证明材料，可能已经撤回")
}

fn folder(app: &App) -> PathBuf {
    app.folder().join("evidence")
}

fn fresh_name(rng: &mut impl Rng) -> String {
    let mut name = [0; 16];
    rng.fill_bytes(&mut name);
    hex::encode(name)
}

/// The file, once the installation's own program has found nothing in it.
async fn checked(program: PathBuf, file: Evidence) -> Verb<Evidence> {
    let check = move || refuse_infected(&program, &file.bytes).map(|()| file);
    tokio::task::spawn_blocking(check)
        .await
        .map_err(io::Error::other)?
}

/// A program that cannot be asked says nothing good.
fn refuse_infected(program: &Path, bytes: &[u8]) -> Verb<()> {
    let mut check = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let sent = check.stdin.take().map(|mut input| input.write_all(bytes));
    let verdict = check.wait()?;
    match (verdict.success(), sent) {
        (true, Some(Ok(()))) => Ok(()),
        _ => Err(
            Refusal::Contradiction("病毒检查没有通过，文件没有收下；请用杀毒软件检查后再传").into(),
        ),
    }
}
