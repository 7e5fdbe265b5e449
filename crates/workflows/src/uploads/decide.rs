//! A second person says yes to a file, or it is withdrawn.

use super::{UploadStep, declared, found, lists_people, machine::after, remove};
use crate::undo_import;
use crate::{Actor, App, Refusal, Verb, audit::audited};
use chrono::{DateTime, Utc};
use rand::Rng;
use std::{collections::BTreeMap, io};
use storage::uploads::{self, Upload, UploadState};
use survey_design::TextForm;

/// Says yes to a checked file; its rows are taken next. Who sent it cannot.
///
/// # Errors
/// When the account may not import or is the one that sent the file, or the file is not waiting for a decision.
pub async fn approve_upload(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let upload = found(app, actor, id).await?;
    if upload.uploaded_by == actor.account.as_str() {
        return Err(Refusal::Contradiction("上传的文件要由另一位同志核对后入库").into());
    }
    decide(app, actor, upload, UploadStep::Approve, now).await?;
    app.desk.ring();
    Ok(())
}

/// Takes a file back that was not applied; the file is removed.
///
/// # Errors
/// When the account may not import, or the file was applied already.
pub async fn withdraw_upload(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let upload = found(app, actor, id).await?;
    if upload.state == UploadState::Approved || upload.batch_id.is_some() {
        return Err(Refusal::Contradiction("文件已经核准入库，请改用“撤销”").into());
    }
    decide(app, actor, upload, UploadStep::Withdraw, now).await?;
    remove(app, id)?;
    Ok(())
}

/// Takes the rows of an applied file back.
///
/// # Errors
/// When the file was not applied, is a list of people, or its batch cannot be undone.
pub async fn undo_upload(
    app: &App,
    actor: &Actor,
    id: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let upload = found(app, actor, id).await?;
    if lists_people(&upload) {
        let text = "样本库和企业名单不能撤销：有人可能已经抽中；改正的文件再传一次，照新的更新";
        return Err(Refusal::Contradiction(text).into());
    }
    let batch = upload.batch_id.unwrap_or_default();
    undo_import(app, actor, &batch, now, rng).await.map(drop)
}

/// Has a file checked again, because names or rows have changed since; what it brought before stays.
///
/// # Errors
/// When the account may not import, or the file was withdrawn, undone or is being worked on.
pub async fn recheck_upload(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let upload = found(app, actor, id).await?;
    check_again(app, actor, upload, now).await
}

/// Says which field single headers of a file are, nothing for columns that are not to be read; the file is checked again, and later
/// files of this kind are read alike.
///
/// # Errors
/// When the account may not import, two headers are to be one field, a field the kind cannot do without has none, or the file was
/// withdrawn, undone or is being worked on.
pub async fn map_upload(
    app: &App,
    actor: &Actor,
    id: &str,
    headers: BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Verb<()> {
    let mut upload = found(app, actor, id).await?;
    let mut declared = declared(&upload)?;
    for field in declared.kind.columns() {
        let named = headers.values().filter(|key| **key == field.key).count();
        if named > 1 || named == 0 && field.required {
            let trouble = if named > 1 {
                "只能对应一列"
            } else {
                "必须对应一列"
            };
            return Err(Refusal::Columns(format!("“{}”{trouble}，请改正", field.name)).into());
        }
    }
    let file = declared.read_as.form();
    declared.read_as.columns = None;
    declared.read_as.file = TextForm { headers, ..file };
    upload.mapping = serde_json::to_string(&declared.read_as).map_err(io::Error::other)?;
    check_again(app, actor, upload, now).await
}

/// A list of people brings no batch, so that nothing would tell afterwards that it was taken.
async fn check_again(app: &App, actor: &Actor, upload: Upload, now: DateTime<Utc>) -> Verb<()> {
    if lists_people(&upload) && upload.state == UploadState::Applied {
        let text = "已经入库的名单不再检查，改正的文件再传一次即可";
        return Err(Refusal::Contradiction(text).into());
    }
    decide(app, actor, upload, UploadStep::Recheck, now).await?;
    app.desk.ring();
    Ok(())
}

async fn decide(
    app: &App,
    actor: &Actor,
    upload: Upload,
    step: UploadStep,
    now: DateTime<Utc>,
) -> Verb<()> {
    const MOVED: Refusal = Refusal::Contradiction("文件的状态已经变了，请刷新页面再看");
    let from = upload.state;
    let is_decision = step != UploadStep::Recheck;
    let verb = match step {
        UploadStep::Approve => "approve_upload",
        UploadStep::Recheck => "recheck_upload",
        _ => "withdraw_upload",
    };
    let decided = Upload {
        state: after(from, step).ok_or(MOVED)?,
        decided_by: is_decision.then(|| actor.account.to_string()),
        decided_at: is_decision.then_some(now),
        ..upload
    };
    let tx = app.store.begin().await?;
    audited(&tx, actor, verb, &decided.id, now).await?;
    if !uploads::update_upload(&tx, from, decided).await? {
        return Err(MOVED.into());
    }
    Ok(tx.commit().await?)
}
