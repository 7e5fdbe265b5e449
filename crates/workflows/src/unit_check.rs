//! The units check their own figures: the data stand still from here on, and until a day each may object.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited_change,
    documents::rules,
    rounds::{find, step},
    score_round::{latest_run, refuse_changed_inputs},
};
use chrono::{DateTime, NaiveDate, Utc};
use storage::{
    corrections::{self, UnitCheck},
    scores,
};
use survey_design::{RoundState, Rules};
use vocabulary::{RoundId, WorkingDays, civil_date};

/// Gives the scored round to the units for checking; returns the last day for an objection.
///
/// # Errors
/// When the round is not scored, or its data have changed since.
pub async fn start_unit_check(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
) -> Verb<NaiveDate> {
    allow(actor, Action::Prepare)?;
    let record = find(app, id).await?;
    if record.round.state != RoundState::Scored {
        record.round.state.step(RoundState::UnderObjection)?;
    }
    let rules = rules(app, &record.round.rules_digest).await?;
    let run = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    refuse_changed_inputs(app, id, &run).await?;
    let until = rules
        .calendar
        .add(civil_date(now), rules.deadlines.objection);
    let tx = app.store.begin().await?;
    step(&tx, id, RoundState::UnderObjection, now).await?;
    let newest = scores::latest_score_run(&tx, id).await?;
    let check = UnitCheck {
        round_id: id.to_string(),
        run_version: newest.map_or(0, |run| run.version),
        input_digest: run.input_digest.clone(),
        opened_at: now,
        until,
    };
    corrections::insert_unit_check(&tx, check).await?;
    audited_change(
        &tx,
        actor,
        "start_unit_check",
        id.as_str(),
        (None, Some(run.input_digest)),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(until)
}

/// Refuses as long as units may still object.
pub(crate) async fn refuse_while_units_check(
    app: &App,
    id: &RoundId,
    rules: &Rules,
    today: NaiveDate,
) -> Verb<()> {
    let check = corrections::find_unit_check(app.store(), id).await?;
    match check {
        Some(check) if rules.deadlines.objection > WorkingDays(0) && today <= check.until => {
            Err(Refusal::CheckRunning(check.until).into())
        }
        _ => Ok(()),
    }
}
