//! Files the office sends up: received under seal, checked by a program, taken by a second person, or withdrawn.

mod declared;
mod progress;
mod sealed_file;

pub use declared::{Declared, ReadAs, UploadKind};
pub(crate) use progress::Desk;
pub use progress::{Progress, Reading};

use crate::{
    Action, Actor, App, Import, ImportMode, ImportReport, ImportedRows, Refusal, SourceFile, Verb,
    VerbError, accounts::actor_of, allow, audit::audited, documents::rules, import_ratings,
};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use rating_import::{FileFacts, FileRefused, Limits, QualityScore, quality_score};
use sealed_file::{SealedFile, unseal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io,
    path::PathBuf,
    time::Duration,
};
use storage::{
    accounts::find_account,
    rounds,
    uploads::{self, Upload, UploadState},
};
use vocabulary::{RoundId, civil_date};

/// Days an uploaded file is kept under seal, for its rows to be corrected.
const KEPT_DAYS: i64 = 30;
const KEY: &str = "uploads";
/// How long after a failure, at most, what waits is tried again.
const PAUSE: Duration = Duration::from_secs(60);

/// A file on its way in.
pub struct Receiving {
    id: String,
    file: SealedFile,
    digest: Sha256,
    bytes: u64,
}

/// What checking or taking a file came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadReport {
    /// Its rows, compared or taken.
    Read(Box<ImportReport>),
    /// Why nothing of it can be taken.
    Refused {
        /// Code of the rule.
        code: String,
        /// What is wrong and what to do.
        message: String,
    },
}

/// A received file that is to be read.
pub struct Received {
    /// What it is said to be.
    pub declared: Declared,
    /// Its content, in memory only.
    pub file: File,
}

fn declared(upload: &Upload) -> Verb<Declared> {
    let damaged = || io::Error::other("upload row is damaged");
    Ok(Declared {
        round: RoundId::new(&upload.round_id),
        kind: UploadKind::from_code(&upload.kind).ok_or_else(damaged)?,
        read_as: serde_json::from_str(&upload.mapping).map_err(io::Error::other)?,
        file_name: upload.file_name.clone(),
    })
}

/// Begins to receive a file.
///
/// # Errors
/// When the account may not import, or the data folder cannot be written.
pub fn receive_upload(app: &App, actor: &Actor, rng: &mut impl Rng) -> Verb<Receiving> {
    allow(actor, Action::Prepare)?;
    let mut id = [0; 16];
    rng.fill_bytes(&mut id);
    let id = hex::encode(id);
    fs::create_dir_all(folder(app))?;
    let key = app.keys.read_or_make(KEY, rng)?;
    Ok(Receiving {
        file: SealedFile::create(folder(app).join(&id), key, &id)?,
        id,
        digest: Sha256::new(),
        bytes: 0,
    })
}

impl Receiving {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// When the file is larger than any that is read, or the disk is full.
    pub fn take(&mut self, bytes: &[u8], rng: &mut impl Rng) -> Verb<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > Limits::default().bytes {
            return Err(Refusal::Text("文件太大，请按月份或部门分成几个文件上传").into());
        }
        self.digest.update(bytes);
        Ok(self.file.write(bytes, rng)?)
    }

    /// Keeps the file; it is checked next.
    ///
    /// # Errors
    /// When nothing was sent, there is no such round, or the disk or the database fails; then the file is gone.
    pub async fn finish(
        self,
        app: &App,
        actor: &Actor,
        declared: Declared,
        now: DateTime<Utc>,
        rng: &mut impl Rng,
    ) -> Verb<Upload> {
        if self.bytes == 0 || declared.file_name.is_empty() {
            return Err(Refusal::Text("请先选择要上传的文件").into());
        }
        let round = &declared.round;
        rounds::find_round(app.store(), round)
            .await?
            .ok_or_else(|| Refusal::RoundUnknown(round.clone()))?;
        self.file.finish(rng)?;
        let upload = Upload {
            id: self.id,
            round_id: declared.round.to_string(),
            kind: declared.kind.code().to_owned(),
            mapping: serde_json::to_string(&declared.read_as).map_err(io::Error::other)?,
            file_name: declared.file_name,
            file_sha256: hex::encode(self.digest.finalize()),
            bytes: self.bytes.cast_signed(),
            state: UploadState::Waiting,
            report: None,
            batch_id: None,
            uploaded_by: actor.account.to_string(),
            uploaded_at: now,
            decided_by: None,
            decided_at: None,
        };
        let tx = app.store.begin().await?;
        uploads::insert_upload(&tx, upload.clone()).await?;
        audited(&tx, actor, "upload", &upload.id, now).await?;
        tx.commit().await?;
        app.desk.more.notify_one();
        Ok(upload)
    }
}

/// Says yes to a checked file; its rows are taken next. Who sent it cannot.
///
/// # Errors
/// When the account may not import or is the one that sent the file, or the file is not waiting for a decision.
pub async fn approve_upload(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let upload = found(app, actor, id).await?;
    if upload.uploaded_by == actor.account.as_str() {
        return Err(Refusal::Contradiction("上传的文件要由另一位同志核对后入库").into());
    }
    decide(app, actor, upload, UploadState::Approved, now).await?;
    app.desk.more.notify_one();
    Ok(())
}

/// Takes a file back that was not applied; the file is removed.
///
/// # Errors
/// When the account may not import, or the file was applied already.
pub async fn withdraw_upload(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let upload = found(app, actor, id).await?;
    if matches!(upload.state, UploadState::Approved | UploadState::Applied) {
        return Err(Refusal::Contradiction("文件已经核准入库，请改用“撤销批次”").into());
    }
    decide(app, actor, upload, UploadState::Withdrawn, now).await?;
    remove(app, id)?;
    Ok(())
}

async fn found(app: &App, actor: &Actor, id: &str) -> Verb<Upload> {
    allow(actor, Action::Prepare)?;
    let found = uploads::find_upload(app.store(), id).await?;
    Ok(found.ok_or(Refusal::Missing("这个上传文件"))?)
}

async fn decide(
    app: &App,
    actor: &Actor,
    upload: Upload,
    to: UploadState,
    now: DateTime<Utc>,
) -> Verb<()> {
    let from = upload.state;
    let step_fits = match to {
        UploadState::Approved => from == UploadState::Checked,
        _ => from != UploadState::Withdrawn,
    };
    let decided = Upload {
        state: to,
        decided_by: Some(actor.account.to_string()),
        decided_at: Some(now),
        ..upload
    };
    let tx = app.store.begin().await?;
    let step = if to == UploadState::Approved {
        "approve_upload"
    } else {
        "withdraw_upload"
    };
    audited(&tx, actor, step, &decided.id, now).await?;
    if !step_fits || !uploads::update_upload(&tx, from, decided).await? {
        return Err(Refusal::Contradiction("文件的状态已经变了，请刷新页面再看").into());
    }
    Ok(tx.commit().await?)
}

/// What checking or taking a file came to; none before.
#[must_use]
pub fn upload_report(upload: &Upload) -> Option<UploadReport> {
    serde_json::from_str(upload.report.as_deref()?).ok()
}

/// An uploaded file for somebody who mends it; that it was taken out is noted.
///
/// # Errors
/// When the account may not import, or the file is no longer kept.
pub async fn take_out_upload(
    app: &App,
    actor: &Actor,
    id: &str,
    now: DateTime<Utc>,
) -> Verb<(Upload, Received)> {
    let upload = found(app, actor, id).await?;
    let file = open_upload(app, id).map_err(gone)?;
    let declared = declared(&upload)?;
    let tx = app.store.begin().await?;
    audited(&tx, actor, "take_out_upload", id, now).await?;
    tx.commit().await?;
    Ok((upload, Received { declared, file }))
}

fn gone(_: io::Error) -> Refusal {
    Refusal::Text("上传的文件已不在或已损坏，请重新上传")
}

/// How good a file is that was read; none while that is not known, or when not all that is wrong in it was kept.
///
/// # Errors
/// When the database fails.
pub async fn upload_quality(app: &App, upload: &Upload) -> Verb<Option<QualityScore>> {
    let Some(UploadReport::Read(report)) = upload_report(upload) else {
        return Ok(None);
    };
    if report.issues_total > report.issues.len() as u64 {
        return Ok(None);
    }
    let round = rounds::find_round(app.store(), &RoundId::new(&upload.round_id)).await?;
    let Some(round) = round.map(|record| record.round) else {
        return Ok(None);
    };
    let before = uploads::find_taken_before(app.store(), upload).await?;
    let before = match before.as_ref().and_then(upload_report) {
        Some(UploadReport::Read(before)) => Some(before.found.headers),
        _ => None,
    };
    let facts = FileFacts {
        summary: &report.found,
        issues: &report.issues,
        uploaded_on: civil_date(upload.uploaded_at),
        period_ends: Some(round.period_end),
        headers_before: before.as_deref(),
    };
    let rules = rules(app, &round.rules_digest).await?;
    Ok(Some(quality_score(&facts, &rules.import_quality)))
}

/// How far a file has been read; none when it is not being read just now.
#[must_use]
pub fn upload_progress(app: &App, id: &str) -> Option<Progress> {
    app.desk.progress(id)
}

/// Works on every file that waits, one after the other, and then waits for more; ends only with its task.
///
/// `read` starts the process that reads a file of a kind.
pub async fn work_on_uploads<R, F>(
    app: &App,
    read: R,
    now: fn() -> DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) where
    R: Fn(App, Received) -> F,
    F: Future<Output = Verb<ImportedRows>>,
{
    loop {
        told(sweep(app, now()).await);
        let waiting = uploads::list_unfinished(app.store()).await;
        for upload in waiting.unwrap_or_default() {
            told(work_on(app, &read, upload, now(), rng).await);
        }
        let pause = tokio::time::sleep(PAUSE);
        tokio::select! {
            () = pause => {}
            () = app.desk.more.notified() => {}
        }
    }
}

/// Work on other files goes on; what failed is tried again.
fn told(done: Verb<()>) {
    if let Err(error) = done {
        tracing::error!(%error, "上传文件没有处理，稍后再试");
    }
}

/// Checks or takes one file.
async fn work_on<R, F>(
    app: &App,
    read: &R,
    upload: Upload,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()>
where
    R: Fn(App, Received) -> F,
    F: Future<Output = Verb<ImportedRows>>,
{
    let from = upload.state;
    let (mode, account) = match &upload.decided_by {
        Some(account) if from == UploadState::Approved => (ImportMode::Apply, account),
        _ => (ImportMode::DryRun, &upload.uploaded_by),
    };
    let read = async {
        let actor = find_account(app.store(), account).await?.and_then(actor_of);
        let actor = actor.ok_or(Refusal::Missing("这个账号"))?;
        let declared = declared(&upload)?;
        let file = open_upload(app, &upload.id).map_err(gone)?;
        let bytes = upload.bytes.cast_unsigned();
        let progress = app.desk.begin(&upload.id, file.try_clone()?, bytes);
        let import = Import {
            file: SourceFile {
                name: upload.file_name.clone(),
                sha256: upload.file_sha256.clone(),
                mapping: upload.mapping.clone(),
            },
            rows: read(app.clone(), Received { declared, file }).await?,
            mode,
            progress: Some(progress),
        };
        let round = RoundId::new(&upload.round_id);
        import_ratings(app, &actor, &round, import, now, rng).await
    };
    let (to, report) = match read.await {
        Ok(report) if mode == ImportMode::Apply => {
            (UploadState::Applied, UploadReport::Read(report.into()))
        }
        Ok(report) => (UploadState::Checked, UploadReport::Read(report.into())),
        Err(VerbError::Refused(refusal)) => (UploadState::Refused, refused(&refusal)),
        Err(other) => return Err(other),
    };
    let batch_id = match &report {
        UploadReport::Read(report) if to == UploadState::Applied => Some(report.batch.clone()),
        _ => None,
    };
    let done = Upload {
        state: to,
        report: Some(serde_json::to_string(&report).map_err(io::Error::other)?),
        batch_id,
        ..upload
    };
    let tx = app.store.begin().await?;
    uploads::update_upload(&tx, from, done).await?;
    Ok(tx.commit().await?)
}

fn refused(refusal: &Refusal) -> UploadReport {
    match refusal {
        Refusal::File {
            refused:
                FileRefused {
                    code,
                    message,
                    remedy,
                },
            ..
        } => UploadReport::Refused {
            code: code.clone(),
            message: format!("{message}{remedy}"),
        },
        other => UploadReport::Refused {
            code: other.code().to_owned(),
            message: other.to_string(),
        },
    }
}

/// The content of an uploaded file, in memory only.
fn open_upload(app: &App, id: &str) -> io::Result<File> {
    unseal(&folder(app).join(id), &app.keys.read(KEY)?, id)
}

/// Removes files kept long enough, and what no row of the database knows.
async fn sweep(app: &App, now: DateTime<Utc>) -> Verb<()> {
    let entries = match fs::read_dir(folder(app)) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let written = DateTime::<Utc>::from(entry.metadata()?.modified()?);
        let id = entry.file_name().to_string_lossy().into_owned();
        let kept = match uploads::find_upload(app.store(), &id).await? {
            Some(upload) => now - upload.uploaded_at < TimeDelta::days(KEPT_DAYS),
            // It may still be on its way in.
            None => now - written < TimeDelta::days(1),
        };
        if !kept {
            remove(app, &id)?;
        }
    }
    Ok(())
}

fn remove(app: &App, id: &str) -> io::Result<()> {
    match fs::remove_file(folder(app).join(id)) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn folder(app: &App) -> PathBuf {
    app.folder.join("uploads")
}
