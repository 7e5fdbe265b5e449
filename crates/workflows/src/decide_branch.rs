//! What comes of a proposed change of the indicator tree: a version, a reason to do it again, or nothing.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::{audited, audited_change},
    documents::indicators,
    indicator_tree::{Ground, TREE, decided, nodes, not_overtaken, own_branch},
    words,
};
use chrono::{DateTime, Utc};
use storage::{
    Tx,
    documents::{self, DocumentKind},
    indicator_changes::{self, IndicatorChange, IndicatorChangeState},
    settings,
};

/// Makes the next version of the tree of a change and says which; other branches are those of the newest version.
///
/// # Errors
/// When it was decided already, the same branch has changed since, or the actor proposed it.
pub async fn approve_branch(
    app: &App,
    actor: &Actor,
    number: i32,
    now: DateTime<Utc>,
) -> Verb<u32> {
    allow(actor, Action::ApproveBranch)?;
    let tx = app.store.begin().await?;
    let newest = settings::lock_setting(&tx, TREE).await?;
    let newest = newest.ok_or(Refusal::Missing("指标体系"))?;
    let change = waiting(&tx, number).await?;
    by_somebody_else(actor, &change)?;
    let tree = indicators(app, &newest).await?;
    not_overtaken(app, &tx, (&change.owner, &change.base), &tree).await?;
    let branch = nodes(&change)?;
    let next = Ground::of(app).await?.take(&tree, &change.owner, &branch)?;
    let version = i32::try_from(next.version).unwrap_or(i32::MAX);
    let kind = DocumentKind::Indicators;
    let digest = documents::put_document(&tx, kind, &next.code, version, &next).await?;
    settings::put_setting(&tx, TREE, &digest).await?;
    let approved = IndicatorChange {
        state: IndicatorChangeState::Approved,
        result: Some(digest.clone()),
        ..change
    };
    decide(&tx, actor, approved, now).await?;
    let digests = (Some(newest), Some(digest));
    let object = number.to_string();
    audited_change(&tx, actor, "approve_branch", &object, digests, now).await?;
    tx.commit().await?;
    Ok(next.version)
}

/// Sends a change back with a reason.
///
/// # Errors
/// When it was decided already, the reason is missing, or the actor proposed it.
pub async fn send_back_branch(
    app: &App,
    actor: &Actor,
    number: i32,
    reason: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::ApproveBranch)?;
    let reason = words("退回理由", reason, 300)?;
    let tx = app.store.begin().await?;
    let change = waiting(&tx, number).await?;
    by_somebody_else(actor, &change)?;
    let sent_back = IndicatorChange {
        state: IndicatorChangeState::SentBack,
        answer: Some(reason),
        ..change
    };
    decide(&tx, actor, sent_back, now).await?;
    audited(&tx, actor, "send_back_branch", &number.to_string(), now).await?;
    Ok(tx.commit().await?)
}

/// Takes a change of one's own department back.
///
/// # Errors
/// When it was decided already, or belongs to another department.
pub async fn withdraw_branch(
    app: &App,
    actor: &Actor,
    number: i32,
    now: DateTime<Utc>,
) -> Verb<()> {
    let owner = own_branch(app, actor).await?;
    let tx = app.store.begin().await?;
    let change = found(&tx, number).await?;
    if change.owner != owner {
        return Err(Refusal::NotYours.into());
    }
    let change = waiting(&tx, number).await?;
    let withdrawn = IndicatorChange {
        state: IndicatorChangeState::Withdrawn,
        ..change
    };
    decide(&tx, actor, withdrawn, now).await?;
    audited(&tx, actor, "withdraw_branch", &number.to_string(), now).await?;
    Ok(tx.commit().await?)
}

async fn found(tx: &Tx, number: i32) -> Verb<IndicatorChange> {
    let change = indicator_changes::find_change(tx, number).await?;
    Ok(change.ok_or(Refusal::Missing("这份指标改动"))?)
}

/// The change, as long as nobody has decided it.
async fn waiting(tx: &Tx, number: i32) -> Verb<IndicatorChange> {
    let change = found(tx, number).await?;
    match change.state {
        IndicatorChangeState::Waiting => Ok(change),
        _ => Err(decided(tx, &change).await?.into()),
    }
}

fn by_somebody_else(actor: &Actor, change: &IndicatorChange) -> Result<(), Refusal> {
    match change.proposed_by == actor.account.as_str() {
        true => Err(Refusal::SamePerson("核准指标改动")),
        false => Ok(()),
    }
}

/// Writes the decision; whoever comes second hears who was first.
async fn decide(tx: &Tx, actor: &Actor, change: IndicatorChange, now: DateTime<Utc>) -> Verb<()> {
    let number = change.number;
    let change = IndicatorChange {
        decided_by: Some(actor.account.to_string()),
        decided_at: Some(now),
        ..change
    };
    if indicator_changes::decide_change(tx, change).await? {
        return Ok(());
    }
    Err(decided(tx, &found(tx, number).await?).await?.into())
}
