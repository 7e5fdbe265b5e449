//! Takes a batch back by a batch of its own: what it brought goes, what it changed is as before.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    bad_ratings::{Hall, settle_round},
    documents::rules,
    import_ratings::{OPINIONS, refuse_frozen_data},
    webhook::{Event, tell_sources},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rectification::OpinionStage;
use storage::{
    Tx,
    imports::{self, BatchState, ImportBatch, Undone},
    opinions,
    rounds::{self, RoundRecord},
    uploads,
};
use vocabulary::{Channel, RoundId};

/// Undoes an import; the same file can then be imported again.
///
/// # Errors
/// When the batch does not count any more, a later one has changed its rows, its opinions are being worked on, or units check the
/// round already; then nothing changes.
pub async fn undo_import(
    app: &App,
    actor: &Actor,
    batch: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Undone> {
    allow(actor, Action::Prepare)?;
    let tx = app.store.begin().await?;
    let batch = imports::find_batch(&tx, batch)
        .await?
        .ok_or(Refusal::Missing("这个导入批次"))?;
    let record = refuse_what_cannot_be_undone(&tx, &batch).await?;
    let undo = ImportBatch {
        id: format!("UNDO-{}", batch.id),
        state: BatchState::Undo,
        new_rows: 0,
        same_rows: 0,
        changed_rows: 0,
        duplicate_rows: 0,
        rejected_rows: 0,
        created_at: now,
        created_by: actor.account.to_string(),
        ..batch.clone()
    };
    imports::insert_batch(&tx, undo.clone()).await?;
    let undone = imports::undo_batch(&tx, &batch.id, &undo.id).await?;
    let hall = Hall {
        actor,
        rules: rules(app, &record.round.rules_digest).await?,
        round: &record.round.id,
        now,
        key: app.keys.read_or_make(OPINIONS, rng)?,
    };
    settle_round(&tx, &hall).await?;
    let changed = undone.removed + undone.restored;
    let undo = ImportBatch {
        rows_total: changed.cast_signed(),
        changed_rows: changed.cast_signed(),
        ..undo
    };
    imports::update_batch(&tx, undo).await?;
    let batch = ImportBatch {
        state: BatchState::Undone,
        ..batch
    };
    imports::update_batch(&tx, batch.clone()).await?;
    let file = (&RoundId::new(&batch.round_id), batch.channel.as_str());
    let earlier = imports::find_batch_by_file(&tx, file.0, file.1, &batch.file_sha256).await?;
    uploads::mark_undone(&tx, &batch.id, earlier.map(|earlier| earlier.id)).await?;
    audited(&tx, actor, "undo_import", &batch.id, now).await?;
    tell_sources(app, &tx, Event::Undone, &batch, now, rng).await?;
    tx.commit().await?;
    Ok(undone)
}

async fn refuse_what_cannot_be_undone(tx: &Tx, batch: &ImportBatch) -> Verb<RoundRecord> {
    if batch.state != BatchState::Applied {
        return Err(Refusal::Contradiction("这个批次已经撤销，或本身就是撤销记录").into());
    }
    if batch.channel == Channel::Enterprise.code() {
        let text = "企业评议导入后就是选票，只增不删；有问题的请在截止后按质量迹象剔除";
        return Err(Refusal::Contradiction(text).into());
    }
    let round = RoundId::new(&batch.round_id);
    let record = refuse_frozen_data(&round, rounds::lock_round(tx, &round).await?)?;
    for later in imports::batches_that_replaced(tx, &batch.id).await? {
        let found = imports::find_batch(tx, &later).await?;
        if found.is_some_and(|found| found.state == BatchState::Applied) {
            return Err(Refusal::ChangedSince { batch: later }.into());
        }
    }
    let collected = OpinionStage::Collected.code();
    if opinions::count_past_state(tx, &batch.id, collected).await? > 0 {
        return Err(Refusal::Contradiction("这个批次里的意见已经进入办理，不能再撤销").into());
    }
    Ok(record)
}
