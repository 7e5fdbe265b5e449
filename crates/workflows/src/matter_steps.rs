//! One step of a matter, and the calls of its registered problem.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, documents::rules, make_matters::json,
    rounds::find,
};
use chrono::{DateTime, Utc};
use rectification::{
    CallRules, MatterEvent, MatterState, Problem, ProblemEvent, ProblemStage, Progress, step,
};
use std::sync::Arc;
use storage::matters::{self, Matter};
use survey_design::Rules;
use vocabulary::{MatterId, RoundId, civil_date};

/// Takes one step of a matter. Units step their own matters, the office all others; the same click twice is refused.
///
/// # Errors
/// When the matter is another unit's, the step is not possible now, or somebody else was first.
pub async fn step_matter(
    app: &App,
    actor: &Actor,
    id: &MatterId,
    event: MatterEvent,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, action_of(&event))?;
    let mut row = find_matter(app, id).await?;
    if action_of(&event) == Action::Answer
        && actor.unit.as_ref().map(vocabulary::UnitId::as_str) != Some(row.unit_id.as_str())
    {
        return Err(Refusal::NotYours.into());
    }
    let rules = rules_of(app, &row).await?;
    let state: MatterState =
        serde_json::from_str(&row.state).map_err(|_| Refusal::Missing("事项的办理状态"))?;
    let next = step(
        state,
        event.clone(),
        &rules.deadlines,
        &rules.calendar,
        civil_date(now),
    )?;
    row.state = json(&next)?;
    next.stage().code().clone_into(&mut row.state_code);
    row.due = next.due();
    row.public |= row.state_code == "closed" || row.state_code == "reopened";
    let closed = row.state_code == "closed";
    let reopened = matches!(event, MatterEvent::Reopen { .. });
    let tx = app.store.begin().await?;
    matters::update_matter(&tx, row).await?;
    matters::append_matter_event(
        &tx,
        id.as_str(),
        now,
        &actor.name,
        actor.role.code(),
        &json(&event)?,
    )
    .await?;
    if closed {
        close_problems(&tx, id, &rules, now).await?;
    }
    if reopened {
        register_again(&tx, id, &rules, now).await?;
    }
    audited(&tx, actor, "step_matter", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

const fn action_of(event: &MatterEvent) -> Action {
    match event {
        MatterEvent::Sign
        | MatterEvent::Return { .. }
        | MatterEvent::Plan { .. }
        | MatterEvent::AskExtension { .. }
        | MatterEvent::Report { .. } => Action::Answer,
        MatterEvent::Assign { .. } => Action::Assign,
        MatterEvent::AcceptReturn
        | MatterEvent::RefuseReturn
        | MatterEvent::Approve
        | MatterEvent::SendBack { .. }
        | MatterEvent::GrantExtension
        | MatterEvent::RefuseExtension
        | MatterEvent::Verify { .. }
        | MatterEvent::Close { .. }
        | MatterEvent::Fail { .. }
        | MatterEvent::Carry
        | MatterEvent::Reopen { .. } => Action::Verify,
    }
}

async fn find_matter(app: &App, id: &MatterId) -> Verb<Matter> {
    let row = matters::find_matter(app.store(), id.as_str()).await?;
    row.ok_or_else(|| Refusal::MatterUnknown(id.clone()).into())
}

async fn rules_of(app: &App, row: &Matter) -> Verb<Arc<Rules>> {
    let record = find(app, &RoundId::new(row.round_id.as_str())).await?;
    rules(app, &record.round.rules_digest).await
}

fn call_rules(rules: &Rules) -> CallRules {
    CallRules {
        interval: rules.deadlines.call_interval,
        escalate_after: rules.rectification.escalate_after,
    }
}

async fn close_problems(
    tx: &storage::Tx,
    id: &MatterId,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Verb<()> {
    let event = ProblemEvent::Close {
        evidence: "事项已核实销号".to_owned(),
        people: rectification::PeopleSay::Satisfied,
    };
    for row in matters::list_problems_of_matter(tx, id.as_str()).await? {
        if row.state_code == ProblemStage::Closed.code() {
            continue;
        }
        let mut problem: Problem =
            serde_json::from_str(&row.state).map_err(|_| Refusal::Missing("挂号问题的状态"))?;
        // Verifying a matter that was never called is its first call.
        if problem.state.stage() == ProblemStage::Registered {
            let call = ProblemEvent::Call {
                progress: Progress::OnTrack,
                note: "核实时叫号".to_owned(),
            };
            problem = problem.step(call, call_rules(rules), &rules.calendar, civil_date(now))?;
        }
        let next = problem.step(
            event.clone(),
            call_rules(rules),
            &rules.calendar,
            civil_date(now),
        )?;
        matters::update_problem(tx, changed(row, &next)?).await?;
    }
    Ok(())
}

/// 复号: a problem whose matter is taken up again is open again.
async fn register_again(
    tx: &storage::Tx,
    id: &MatterId,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Verb<()> {
    for row in matters::list_problems_of_matter(tx, id.as_str()).await? {
        let problem: Problem =
            serde_json::from_str(&row.state).map_err(|_| Refusal::Missing("挂号问题的状态"))?;
        let call = ProblemEvent::Call {
            progress: Progress::LateOrRefused,
            note: "群众追评没有解决，重新办理".to_owned(),
        };
        let next = problem.step(call, call_rules(rules), &rules.calendar, civil_date(now))?;
        matters::update_problem(tx, changed(row, &next)?).await?;
    }
    Ok(())
}

fn changed(mut row: matters::Problem, next: &Problem) -> Verb<matters::Problem> {
    row.state = json(next)?;
    next.state.stage().code().clone_into(&mut row.state_code);
    row.due = next.state.due();
    row.re_registrations = next.re_registrations.into();
    Ok(row)
}

/// Calls the registered problem of a matter 叫号; too many late calls escalate it to the stationed group.
///
/// # Errors
/// When the matter has no open problem.
pub async fn call_matter(
    app: &App,
    actor: &Actor,
    id: &MatterId,
    progress: Progress,
    note: &str,
    now: DateTime<Utc>,
) -> Verb<ProblemStage> {
    allow(actor, Action::Verify)?;
    let matter = find_matter(app, id).await?;
    let rules = rules_of(app, &matter).await?;
    let note = crate::words("叫号记录", note, 500)?;
    let tx = app.store.begin().await?;
    let rows = matters::list_problems_of_matter(&tx, id.as_str()).await?;
    let row = rows
        .into_iter()
        .find(|row| row.state_code != ProblemStage::Closed.code());
    let row = row.ok_or(Refusal::Missing("这件事项的挂号记录"))?;
    let problem: Problem =
        serde_json::from_str(&row.state).map_err(|_| Refusal::Missing("挂号问题的状态"))?;
    let next = problem.step(
        ProblemEvent::Call { progress, note },
        call_rules(&rules),
        &rules.calendar,
        civil_date(now),
    )?;
    let stage = next.state.stage();
    matters::update_problem(&tx, changed(row, &next)?).await?;
    audited(&tx, actor, "call_matter", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(stage)
}
