//! Units check their own figures and may object; two reviewers who did not file decide, and a correction is made at once.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, documents::rules, rounds::find,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rectification::{Against, Appeal, AppealEvent, AppealState, Decision, Filing, Ground};
use std::collections::BTreeSet;
use storage::{Tx, appeals, imports};
use survey_design::{RoundState, StepRefused};
use vocabulary::{AccountId, RoundId, civil_date};

/// Files an objection to the score of the actor's own unit; returns its number.
///
/// # Errors
/// When the round is not being checked, or the limit has passed.
pub async fn file_appeal(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    ground: Ground,
    text: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    allow(actor, Action::Object)?;
    let unit = actor.unit.clone().ok_or(Refusal::NotYours)?;
    let record = find(app, round).await?;
    if record.round.state != RoundState::UnderObjection {
        return Err(StepRefused {
            from: record.round.state,
            to: RoundState::UnderObjection,
        }
        .into());
    }
    let rules = rules(app, &record.round.rules_digest).await?;
    let filing = Filing {
        unit: unit.clone(),
        against: Against::Score,
        ground,
        text: crate::words("申诉理由", text, 1000)?,
        filed_by: actor.account.clone(),
        notified_on: civil_date(now),
    };
    let appeal = Appeal::file(filing, &rules.deadlines, &rules.calendar, civil_date(now))?;
    let id = format!("SS-{round}-{}", &crate::close_round::random_id(rng)[..8]);
    let row = appeals::Appeal {
        id: id.clone(),
        round_id: round.to_string(),
        unit_id: unit.to_string(),
        ground: ground.code().to_owned(),
        text: appeal.text.clone(),
        state: "filed".to_owned(),
        decision: None,
        reasons: None,
        filed_by: actor.account.to_string(),
        reviewer1: None,
        reviewer2: None,
        filed_at: now,
        decided_at: None,
    };
    let tx = app.store.begin().await?;
    appeals::insert_appeal(&tx, row).await?;
    audited(&tx, actor, "file_appeal", &id, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// What a decided objection corrects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Nothing.
    None,
    /// This hotline order of the unit is no longer counted.
    ExcludeOrder(String),
}

/// Gives a reviewer's decision; the second reviewer's, another person's, settles it and makes the correction.
///
/// # Errors
/// When both decisions come from one person, from the one who filed, or differ.
pub async fn review_appeal(
    app: &App,
    actor: &Actor,
    id: &str,
    decision: Decision,
    reasons: &str,
    correction: &Correction,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::DecideObjection)?;
    let reasons = crate::words("理由", reasons, 1000)?;
    let tx = app.store.begin().await?;
    let mut row = appeals::find_appeal(&tx, id)
        .await?
        .ok_or(Refusal::Missing("这件申诉"))?;
    let from = row.state.clone();
    match row.reviewer1.clone() {
        None => {
            row.reviewer1 = Some(actor.account.to_string());
            row.decision = Some(decision.code().to_owned());
            row.state = "reviewing".to_owned();
        }
        Some(first) => {
            if row.decision.as_deref() != Some(decision.code()) {
                return Err(
                    Refusal::Contradiction("两位复核人的意见不一致，请商定后再作决定").into(),
                );
            }
            settle(
                &row,
                first.as_str().into(),
                actor.account.clone(),
                decision,
                &reasons,
            )?;
            if decision == Decision::Correct {
                correct(&tx, &row, correction).await?;
            }
            row.reviewer2 = Some(actor.account.to_string());
            row.state = "decided".to_owned();
            row.decided_at = Some(now);
        }
    }
    row.reasons = Some(reasons);
    appeals::update_appeal(&tx, row, &from).await?;
    audited(&tx, actor, "review_appeal", id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Walks the objection through the rules with both reviewers; any rule may refuse.
fn settle(
    row: &appeals::Appeal,
    first: AccountId,
    second: AccountId,
    decision: Decision,
    reasons: &str,
) -> Verb<()> {
    let today = civil_date(row.filed_at);
    let reviewers = [first, second];
    let appeal = Appeal {
        unit: row.unit_id.as_str().into(),
        against: Against::Score,
        ground: Ground::from_code(&row.ground).unwrap_or(Ground::EntryError),
        text: row.text.clone(),
        filed_by: row.filed_by.as_str().into(),
        filed_on: today,
        decide_by: today,
        state: AppealState::Filed,
    };
    let involved = BTreeSet::from([appeal.filed_by.clone()]);
    let assign = AppealEvent::AssignReviewers {
        reviewers: reviewers.clone(),
        involved,
    };
    let decide = AppealEvent::Decide {
        deciders: reviewers,
        decision,
        reasons: reasons.to_owned(),
    };
    appeal
        .step(AppealEvent::Accept)?
        .step(assign)?
        .step(decide)?
        .step(AppealEvent::CarryOut)?;
    Ok(())
}

async fn correct(tx: &Tx, row: &appeals::Appeal, correction: &Correction) -> Verb<()> {
    let Correction::ExcludeOrder(key) = correction else {
        return Ok(());
    };
    let round = RoundId::new(row.round_id.as_str());
    let orders = imports::list_hotline_orders(tx, &round).await?;
    let order = orders
        .into_iter()
        .find(|order| order.row_key == *key && order.unit_id == row.unit_id);
    let mut order = order.ok_or(Refusal::Missing("这张工单"))?;
    order.counted = false;
    order.excluded_reason = Some("appeal".to_owned());
    imports::upsert_hotline_orders(tx, &round, vec![order]).await?;
    Ok(())
}
