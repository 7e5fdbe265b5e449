//! Corrections by two people: what an objection upheld, and what was found wrong after publication. Each leads to new scores,
//! and the difference is told unit by unit.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    close_round::random_id,
    rounds::find,
    score_round::{ScoreRun, score_corrected},
};
use chrono::{DateTime, Utc};
use publication::{Bulletin, RowChange, changed_rows};
use rand::Rng;
use storage::{
    Link, Tx,
    corrections::{self, Correction, CorrectionState, PUBLISHED},
    imports, rounds, scores,
};
use survey_design::RoundState;
use vocabulary::{RoundId, UnitId};

/// What a published round is to be corrected in, and why.
#[derive(Clone, Debug)]
pub struct CorrectionWish {
    /// Unit whose order it is.
    pub unit: UnitId,
    /// Natural key of the order that shall no longer count.
    pub order_key: String,
    /// Why; this is published.
    pub reason: String,
}

/// A correction with what it changed.
#[derive(Clone, Debug)]
pub struct CorrectionShown {
    /// As stored.
    pub correction: Correction,
    /// Units whose rows became different; empty until it is done, and where it changed no published digit.
    pub changes: Vec<RowChange>,
}

/// Asks to take an order of a published round out of the count; another person decides. Returns the number.
///
/// # Errors
/// When the round is not published, the order is not the unit's or does not count, or another correction waits.
pub async fn ask_correction(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    wish: &CorrectionWish,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    allow(actor, Action::Propose)?;
    let reason = crate::words("更正理由", &wish.reason, 500)?;
    let tx = app.store.begin().await?;
    let record = rounds::lock_round(&tx, round)
        .await?
        .ok_or_else(|| Refusal::RoundUnknown(round.clone()))?;
    if record.round.state != RoundState::Published {
        let text = "本轮还没有公布，有错的数据由单位申诉、两人复核后更正";
        return Err(Refusal::Contradiction(text).into());
    }
    let waits = |known: &Correction| known.state == CorrectionState::Asked;
    let known = corrections::list_corrections(&tx, round).await?;
    if known.iter().any(waits) {
        return Err(Refusal::Contradiction("还有一项更正没有决定，请先决定").into());
    }
    countable(&tx, round, wish.unit.as_str(), &wish.order_key).await?;
    let id = format!("GZ-{round}-{}", &random_id(rng)[..8]);
    let row = asked(&tx, actor, round, (&id, PUBLISHED), wish, &reason, now).await?;
    corrections::insert_correction(&tx, row).await?;
    audited(&tx, actor, "ask_correction", &id, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Notes what the first reviewer of an objection wants corrected.
pub(crate) async fn note_asked(
    tx: &Tx,
    actor: &Actor,
    round: &RoundId,
    appeal: &str,
    wish: &CorrectionWish,
    now: DateTime<Utc>,
) -> Verb<()> {
    countable(tx, round, wish.unit.as_str(), &wish.order_key).await?;
    let (id, reason) = (format!("GZ-{appeal}"), wish.reason.clone());
    let row = asked(tx, actor, round, (&id, appeal), wish, &reason, now).await?;
    Ok(corrections::insert_correction(tx, row).await?)
}

async fn asked(
    tx: &Tx,
    actor: &Actor,
    round: &RoundId,
    (id, cause): (&str, &str),
    wish: &CorrectionWish,
    reason: &str,
    now: DateTime<Utc>,
) -> Verb<Correction> {
    let newest = scores::latest_score_run(tx, round).await?;
    Ok(Correction {
        id: id.to_owned(),
        round_id: round.to_string(),
        cause: cause.to_owned(),
        unit_id: wish.unit.to_string(),
        order_key: wish.order_key.clone(),
        reason: reason.to_owned(),
        state: CorrectionState::Asked,
        asked_by: actor.account.to_string(),
        asked_role: actor.role.code().to_owned(),
        asked_at: now,
        decided_by: None,
        decided_at: None,
        run_before: newest.map_or(0, |run| run.version),
        bulletin_version: None,
    })
}

/// Agrees to a correction somebody else asked for, or refuses it. Agreed, the order no longer counts, the scores are computed
/// anew, and a new version of the bulletin begins its way; what is public stays public until that is.
///
/// # Errors
/// When the same person or role asked for it, or somebody has decided before.
pub async fn decide_correction(
    app: &App,
    actor: &Actor,
    id: &str,
    agree: bool,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Approve)?;
    let tx = app.store.begin().await?;
    let mut row = corrections::find_correction(&tx, id)
        .await?
        .filter(|row| row.cause == PUBLISHED)
        .ok_or(Refusal::Missing("这项更正"))?;
    if row.asked_by == actor.account.as_str() || row.asked_role == actor.role.code() {
        return Err(Refusal::SamePerson("更正的决定").into());
    }
    let round = RoundId::new(row.round_id.as_str());
    if agree {
        exclude(&tx, &row, "correction").await?;
        let version = next_version(&tx, &round).await?;
        scores::insert_bulletin(&tx, begun(&round, version)).await?;
        row.bulletin_version = Some(version);
    }
    settle(&tx, actor, row, agree, now).await?;
    audited(&tx, actor, "decide_correction", id, now).await?;
    tx.commit().await?;
    if agree {
        score_corrected(app, actor, &round, now).await?;
    }
    Ok(())
}

async fn next_version(tx: &Tx, round: &RoundId) -> Verb<i32> {
    let newest = scores::latest_bulletin(tx, round).await?;
    let newest = newest.ok_or(Refusal::Missing("已公布的通报"))?;
    match newest.published_at {
        Some(_) => Ok(newest.version + 1),
        None => Err(Refusal::Contradiction("上一项更正的通报还没有公布，请先办完").into()),
    }
}

/// A bulletin nobody has checked yet.
pub(crate) fn begun(round: &RoundId, version: i32) -> scores::Bulletin {
    let number = u32::try_from(version).expect("versions count from 1");
    let draft = Bulletin::draft(round.clone(), number);
    scores::Bulletin {
        round_id: round.to_string(),
        version,
        state: serde_json::to_string(&draft).expect("a bulletin is plain data"),
        body: String::new(),
        table_digest: None,
        bundle_path: None,
        proposed_by: None,
        proposed_at: None,
        approved_by: None,
        published_at: None,
    }
}

/// Carries out what both reviewers of an objection want corrected: they must name the same order.
pub(crate) async fn carry_out(
    tx: &Tx,
    actor: &Actor,
    appeal: &str,
    order_key: Option<&str>,
    now: DateTime<Utc>,
) -> Verb<bool> {
    let asked = corrections::find_correction(tx, &format!("GZ-{appeal}")).await?;
    match (asked, order_key) {
        (None, None) => Ok(false),
        (Some(row), Some(key)) if row.order_key == key => {
            exclude(tx, &row, "appeal").await?;
            settle(tx, actor, row, true, now).await?;
            Ok(true)
        }
        _ => Err(Refusal::Contradiction("两位复核人要剔除的工单不一致，请商定后再作决定").into()),
    }
}

async fn settle(
    tx: &Tx,
    actor: &Actor,
    mut row: Correction,
    agree: bool,
    now: DateTime<Utc>,
) -> Verb<()> {
    row.state = match agree {
        true => CorrectionState::Done,
        false => CorrectionState::Refused,
    };
    row.decided_by = Some(actor.account.to_string());
    row.decided_at = Some(now);
    Ok(corrections::end_correction(tx, row).await?)
}

/// The order of this unit, if it counts.
async fn countable(
    link: &impl Link,
    round: &RoundId,
    unit: &str,
    key: &str,
) -> Verb<imports::HotlineOrder> {
    let orders = imports::list_hotline_orders(link, round).await?;
    let found = orders
        .into_iter()
        .find(|order| order.row_key == key && order.unit_id == unit && order.counted);
    Ok(found.ok_or(Refusal::Missing("本单位计入的这张工单，请核对工单编号"))?)
}

async fn exclude(tx: &Tx, row: &Correction, reason: &str) -> Verb<()> {
    let round = RoundId::new(row.round_id.as_str());
    let mut order = countable(tx, &round, &row.unit_id, &row.order_key).await?;
    order.counted = false;
    order.excluded_reason = Some(reason.to_owned());
    imports::upsert_hotline_orders(tx, &round, vec![order]).await?;
    Ok(())
}

/// All corrections of a round in order of time, each with the rows it changed.
///
/// # Errors
/// When the database fails.
pub async fn corrections_of(app: &App, round: &RoundId) -> Verb<Vec<CorrectionShown>> {
    find(app, round).await?;
    let mut shown = Vec::new();
    for correction in corrections::list_corrections(app.store(), round).await? {
        let changes = match correction.state {
            CorrectionState::Done => changes(app, round, correction.run_before).await?,
            CorrectionState::Asked | CorrectionState::Refused => Vec::new(),
        };
        shown.push(CorrectionShown {
            correction,
            changes,
        });
    }
    Ok(shown)
}

/// What differs between a run and the one after it.
async fn changes(app: &App, round: &RoundId, before: i32) -> Verb<Vec<RowChange>> {
    let mut rankings = Vec::new();
    for version in [before, before + 1] {
        let row = scores::find_score_run(app.store(), round, version).await?;
        rankings.extend(
            row.and_then(|row| serde_json::from_str::<ScoreRun>(&row.body).ok())
                .map(|run| run.ranking),
        );
    }
    Ok(match rankings.as_slice() {
        [before, after] => changed_rows(before, after),
        _ => Vec::new(),
    })
}
