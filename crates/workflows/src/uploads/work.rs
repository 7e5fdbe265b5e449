//! Files that wait are checked or taken, one after the other, and removed in time.

use super::{
    ANSWERS_KEPT_DAYS, KEPT_DAYS, Received, UploadReport, UploadStep, declared, folder, gone,
    machine::after, open_upload, remove,
};
use crate::{
    App, Import, ImportMode, ImportedRows, Refusal, SourceFile, Verb, VerbError,
    accounts::actor_of, import_ratings,
};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use rating_import::FileRefused;
use std::{fs, io, time::Duration};
use storage::{
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
    F: Future<Output = Verb<ImportedRows>>,
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
    let (step, report) = match read.await {
        Ok(report) if mode == ImportMode::Apply => {
            (UploadStep::Apply, UploadReport::Read(report.into()))
        }
        Ok(report) => (UploadStep::Check, UploadReport::Read(report.into())),
        Err(VerbError::Refused(refusal)) => (UploadStep::Refuse, refused(&refusal)),
        Err(other) => return Err(other),
    };
    let Some(to) = after(from, step) else {
        return Ok(());
    };
    let batch_id = match &report {
        UploadReport::Read(report) if to == UploadState::Applied => Some(report.batch.clone()),
        _ => upload.batch_id.clone(),
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
