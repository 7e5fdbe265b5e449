//! Units check their own figures and may object; two reviewers who did not file decide, and a correction is made at once.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    correct_round::{CorrectionWish, carry_out, note_asked},
    documents::rules,
    rounds::find,
    score_round::score_corrected,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rectification::{Against, Appeal, AppealEvent, AppealState, Decision, Filing, Ground};
use std::collections::BTreeSet;
use storage::{appeals, corrections};
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
    let check = corrections::find_unit_check(app.store(), round)
        .await?
        .ok_or(Refusal::Missing("部门核对的记录"))?;
    let filing = Filing {
        unit: unit.clone(),
        against: Against::Score,
        ground,
        text: crate::words("申诉理由", text, 1000)?,
        filed_by: actor.account.clone(),
        notified_on: civil_date(check.opened_at),
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

/// Gives a reviewer's decision; the second reviewer's, another person's, settles it, makes the correction and computes the
/// scores anew.
///
/// # Errors
/// When both decisions come from one person, from the one who filed, or differ, also in the order to be left out.
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
    let order_key = match (decision, correction) {
        (Decision::Correct, Correction::ExcludeOrder(key)) => Some(key.as_str()),
        _ => None,
    };
    let round = RoundId::new(row.round_id.as_str());
    let mut corrected = false;
    match row.reviewer1.clone() {
        None => {
            if let Some(key) = order_key {
                let wish = CorrectionWish {
                    unit: row.unit_id.as_str().into(),
                    order_key: key.to_owned(),
                    reason: reasons.clone(),
                };
                note_asked(&tx, actor, &round, id, &wish, now).await?;
            }
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
            corrected = carry_out(&tx, actor, id, order_key, now).await?;
            row.reviewer2 = Some(actor.account.to_string());
            row.state = "decided".to_owned();
            row.decided_at = Some(now);
        }
    }
    row.reasons = Some(reasons);
    appeals::update_appeal(&tx, row, &from).await?;
    audited(&tx, actor, "review_appeal", id, now).await?;
    tx.commit().await?;
    if corrected {
        score_corrected(app, actor, &round, now).await?;
    }
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
