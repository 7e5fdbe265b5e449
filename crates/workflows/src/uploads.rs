//! Files the office sends up: received under seal, checked by a program, taken by a second person, or withdrawn.

mod decide;
mod declared;
mod machine;
mod progress;
mod receive;
mod work;

pub use decide::{approve_upload, map_upload, recheck_upload, undo_upload, withdraw_upload};
pub use declared::{Declared, ReadAs};
pub use machine::{UPLOAD_TRANSITIONS, UploadStep};
pub(crate) use progress::Desk;
pub use progress::{Progress, Underway};
pub use receive::{Receiving, receive_upload};
pub use work::work_on_uploads;

use crate::{
    Action, Actor, App, ImportReport, ImportedRows, Refusal, Verb, allow, audit::audited,
    documents::rules, sealed_file::unseal,
};
use chrono::{DateTime, Utc};
use rating_import::{
    EnterpriseListRow, FileFacts, FileKind, Incoming, PoolRow, QualityScore, quality_score,
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io,
    path::PathBuf,
};
use storage::{
    rounds,
    uploads::{self, Upload},
};
use vocabulary::{RoundId, civil_date};

/// Days an uploaded file is kept under seal, for its rows to be corrected.
pub const KEPT_DAYS: i64 = 30;
/// Days an answer to a source is kept, for the same request to get it again.
pub const ANSWERS_KEPT_DAYS: i64 = 30;
const KEY: &str = "uploads";

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

/// Rows of any kind the office sends up, as another process reads them.
pub enum UploadedRows {
    /// What belongs to a round.
    OfRound(ImportedRows),
    /// People of the sample library.
    Pool(Incoming<PoolRow>),
    /// Enterprises that are asked to rate online.
    Enterprises(Incoming<EnterpriseListRow>),
}

/// What is read of a file for a person to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// Every row as it stands.
    Rows,
    /// The header of each sheet.
    Headers,
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
        kind: FileKind::from_code(&upload.kind).ok_or_else(damaged)?,
        read_as: serde_json::from_str(&upload.mapping).map_err(io::Error::other)?,
        file_name: upload.file_name.clone(),
    })
}

async fn found(app: &App, actor: &Actor, id: &str) -> Verb<Upload> {
    allow(actor, Action::Prepare)?;
    let found = uploads::find_upload(app.store(), id).await?;
    Ok(found.ok_or(Refusal::Missing("这个上传文件"))?)
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
    let taken_out = look_into_upload(app, actor, id).await?;
    let tx = app.store.begin().await?;
    audited(&tx, actor, "take_out_upload", id, now).await?;
    tx.commit().await?;
    Ok(taken_out)
}

/// An uploaded file for its headers to be looked at.
///
/// # Errors
/// When the account may not import, or the file is no longer kept.
pub async fn look_into_upload(app: &App, actor: &Actor, id: &str) -> Verb<(Upload, Received)> {
    let upload = found(app, actor, id).await?;
    let file = open_upload(app, id).map_err(gone)?;
    let declared = declared(&upload)?;
    Ok((upload, Received { declared, file }))
}

/// How good a file of ratings is that was read; none while that is not known, or when not all that is wrong in it was kept.
///
/// # Errors
/// When the database fails.
pub async fn upload_quality(app: &App, upload: &Upload) -> Verb<Option<QualityScore>> {
    let Some(UploadReport::Read(report)) = upload_report(upload) else {
        return Ok(None);
    };
    if lists_people(upload) || report.issues_total > report.issues.len() as u64 {
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

/// Whether a file lists people: of such a file nothing is shown but where something is wrong.
#[must_use]
pub fn lists_people(upload: &Upload) -> bool {
    FileKind::from_code(&upload.kind).is_some_and(FileKind::lists_people)
}

/// How far a file has been read; none when it is not being read just now.
#[must_use]
pub fn upload_progress(app: &App, id: &str) -> Option<Progress> {
    app.desk.progress(id)
}

fn gone(_: io::Error) -> Refusal {
    Refusal::Contradiction("上传的文件已不在或已损坏，请重新上传")
}

/// The content of an uploaded file, in memory only.
fn open_upload(app: &App, id: &str) -> io::Result<File> {
    unseal(&folder(app).join(id), &app.keys.read(KEY)?, id)
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
