//! A second person says yes to a file, or it is withdrawn.

use super::{found, remove};
use crate::undo_import;
use crate::{Actor, App, Refusal, Verb, audit::audited};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::uploads::{self, Upload, UploadState};

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
        return Err(Refusal::Contradiction("文件已经核准入库，请改用“撤销”").into());
    }
    decide(app, actor, upload, UploadState::Withdrawn, now).await?;
    remove(app, id)?;
    Ok(())
}

/// Takes the rows of an applied file back.
///
/// # Errors
/// When the file was not applied, or its batch cannot be undone.
pub async fn undo_upload(
    app: &App,
    actor: &Actor,
    id: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let upload = found(app, actor, id).await?;
    let batch = upload.batch_id.unwrap_or_default();
    undo_import(app, actor, &batch, now, rng).await.map(drop)
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
        _ => matches!(
            from,
            UploadState::Waiting | UploadState::Checked | UploadState::Refused
        ),
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
