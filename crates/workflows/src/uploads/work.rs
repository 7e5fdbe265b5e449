//! Files that wait are checked or taken, one after the other, and removed in time.

use super::{
    ANSWERS_KEPT_DAYS, KEPT_DAYS, Received, Underway, UploadReport, UploadStep, UploadedRows,
    declared, folder, gone, lists_people, machine::after, open_upload, remove,
};
use crate::{
    App, Import, ImportMode, ImportReport, PoolFile, Refusal, SourceFile, Verb, VerbError,
    accounts::actor_of, import_pool, import_ratings, import_ratings::uncommitted_import,
};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use rating_import::{FileRefused, Incoming};
use std::{fs, io, time::Duration};
use storage::{
    Tx,
    accounts::find_account,
    sources,
    uploads::{self, Upload, UploadState},
};
use vocabulary::RoundId;

/// How long after a failure, at most, what waits is tried again.
const PAUSE: Duration = Duration::from_secs(60);

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
    F: Future<Output = Verb<UploadedRows>>,
{
    loop {
        told(sweep(app, now()).await);
        let waiting = uploads::list_unfinished(app.store()).await;
        for upload in waiting.unwrap_or_default() {
            told(work_on(app, &read, upload, now(), rng).await);
        }
        told(forget_answers(app, now()).await);
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

/// Checks or takes one file. Rows of a round count only if the file is still where it was when it was begun: somebody may have
/// taken it back meanwhile.
async fn work_on<R, F>(
    app: &App,
    read: &R,
    upload: Upload,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<()>
where
    R: Fn(App, Received) -> F,
    F: Future<Output = Verb<UploadedRows>>,
{
    let from = upload.state;
    let (step, report, tx) = match take(app, read, &upload, now, rng).await {
        Ok((report, tx)) => {
            let step = match from {
                UploadState::Approved => UploadStep::Apply,
                _ => UploadStep::Check,
            };
            (step, UploadReport::Read(report.into()), tx)
        }
        Err(VerbError::Refused(refusal)) => (UploadStep::Refuse, refused(&refusal), None),
        Err(other) => return Err(other),
    };
    let Some(to) = after(from, step) else {
        return Ok(());
    };
    let batch_id = match &report {
        // People are in the library or not, whichever file brought them.
        _ if lists_people(&upload) => None,
        UploadReport::Read(report) if to == UploadState::Applied => Some(report.batch.clone()),
        _ => upload.batch_id.clone(),
    };
    let done = Upload {
        state: to,
        report: Some(serde_json::to_string(&report).map_err(io::Error::other)?),
        batch_id,
        ..upload
    };
    let tx = match tx {
        Some(tx) => tx,
        None => app.store.begin().await?,
    };
    match uploads::update_upload(&tx, from, done).await? {
        true => Ok(tx.commit().await?),
        false => Ok(()),
    }
}

/// Reads a file and compares its rows, or takes them once somebody has said yes; what is taken into a round waits in a
/// transaction.
async fn take<R, F>(
    app: &App,
    read: &R,
    upload: &Upload,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<(ImportReport, Option<Tx>)>
where
    R: Fn(App, Received) -> F,
    F: Future<Output = Verb<UploadedRows>>,
{
    let (mode, account) = match &upload.decided_by {
        Some(account) if upload.state == UploadState::Approved => (ImportMode::Apply, account),
        _ => (ImportMode::DryRun, &upload.uploaded_by),
    };
    let actor = find_account(app.store(), account).await?.and_then(actor_of);
    let actor = actor.ok_or(Refusal::Missing("这个账号"))?;
    let declared = declared(upload)?;
    let file = open_upload(app, &upload.id).map_err(gone)?;
    let bytes = upload.bytes.cast_unsigned();
    let progress = Some(app.desk.begin(&upload.id, file.try_clone()?, bytes));
    let rows = match read(app.clone(), Received { declared, file }).await? {
        UploadedRows::OfRound(rows) => rows,
        UploadedRows::Pool(rows) => {
            let file = pool_file(upload, rows, mode, progress);
            return Ok((import_pool(app, &actor, file, now, rng).await?, None));
        }
        UploadedRows::Enterprises(rows) => {
            let file = pool_file(upload, rows, mode, progress);
            return Ok((import_pool(app, &actor, file, now, rng).await?, None));
        }
    };
    let import = Import {
        file: SourceFile {
            name: upload.file_name.clone(),
            sha256: upload.file_sha256.clone(),
            mapping: upload.mapping.clone(),
        },
        rows,
        mode,
        progress,
    };
    let round = RoundId::new(&upload.round_id);
    if mode == ImportMode::DryRun {
        let report = import_ratings(app, &actor, &round, import, now, rng).await?;
        return Ok((report, None));
    }
    let (report, tx) = uncommitted_import(app, &actor, &round, import, now, rng).await?;
    Ok((report, Some(tx)))
}

fn pool_file<R>(
    upload: &Upload,
    rows: Incoming<R>,
    mode: ImportMode,
    progress: Option<Underway>,
) -> PoolFile<R> {
    PoolFile {
        name: upload.file_name.clone(),
        rows,
        mode,
        progress,
    }
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

/// Removes what sources were answered long ago.
async fn forget_answers(app: &App, now: DateTime<Utc>) -> Verb<()> {
    let tx = app.store.begin().await?;
    let kept_since = now - TimeDelta::days(ANSWERS_KEPT_DAYS);
    sources::delete_requests_before(&tx, kept_since).await?;
    Ok(tx.commit().await?)
}
