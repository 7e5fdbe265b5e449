//! One step of a matter, and what it does to its registered problem.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow,
    assign_matters::{state_of, stepped},
    audit::audited,
    bad_ratings::of_bad_rating,
    callbacks::refuse_without_call,
    documents::rules,
    make_matters::json,
    rounds::find,
    step_problem::{call_rules, changed, read},
};
use chrono::{DateTime, Utc};
use rectification::{MatterEvent, ProblemEvent, ProblemStage, Progress, StepRefused, step};
use std::sync::Arc;
use storage::{
    StorageError, matter_drafts,
    matters::{self, Matter},
};
use survey_design::Rules;
use vocabulary::{MatterId, Role, RoundId, civil_date};

/// Takes one step of a matter as it was `seen`, by its version. Units step their own matters, the office all others; the same click
/// twice has one effect.
///
/// # Errors
/// When the matter is another unit's, the step is not possible now, or somebody else was first: [`Refusal::Overtaken`] names them.
pub async fn step_matter(
    app: &App,
    actor: &Actor,
    id: &MatterId,
    event: MatterEvent,
    seen: Option<i32>,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, action_of(&event))?;
    let row = find_matter(app, id).await?;
    if action_of(&event) == Action::Answer
        && actor.unit.as_ref().map(vocabulary::UnitId::as_str) != Some(row.unit_id.as_str())
    {
        return Err(Refusal::NotYours.into());
    }
    if seen.is_some_and(|seen| seen != row.version) {
        return Err(overtaken(app, id).await?.into());
    }
    match take_step(app, actor, row, event, now).await {
        Err(
            VerbError::Failed(StorageError::Conflict(_))
            | VerbError::Refused(Refusal::Loop(StepRefused::Matter(..))),
        ) => Err(overtaken(app, id).await?.into()),
        done => done,
    }
}

/// Who did what last with a matter.
pub(crate) async fn overtaken(app: &App, id: &MatterId) -> Verb<Refusal> {
    let last = matters::list_matter_events(app.store(), id.as_str())
        .await?
        .pop();
    let last = last.ok_or(Refusal::Missing("事项的办理过程"))?;
    let event: MatterEvent =
        serde_json::from_str(&last.event).map_err(|_| Refusal::Missing("事项的办理过程"))?;
    let role = Role::from_code(&last.role).map_or("系统", Role::label);
    Ok(Refusal::Overtaken {
        step: event.kind().label(),
        by: format!("{}（{role}）", last.actor),
        at: last.at,
    })
}

async fn take_step(
    app: &App,
    actor: &Actor,
    mut row: Matter,
    event: MatterEvent,
    now: DateTime<Utc>,
) -> Verb<()> {
    let id = &MatterId::new(row.id.as_str());
    let rules = rules_of(app, &row).await?;
    let next = step(
        state_of(&row)?,
        event.clone(),
        &rules.deadlines,
        &rules.calendar,
        civil_date(now),
    )?;
    row = stepped(row, &next)?;
    let shown = row.state_code == "closed" || row.state_code == "reopened";
    row.public |= shown && !of_bad_rating(id.as_str());
    let closed = row.state_code == "closed";
    let reopened = matches!(event, MatterEvent::Reopen { .. });
    let tx = app.store.begin().await?;
    refuse_without_call(&tx, id, &event).await?;
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
    matter_drafts::delete_drafts(&tx, id.as_str(), actor.account.as_str()).await?;
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
        MatterEvent::Assign { .. }
        | MatterEvent::TakeIn { .. }
        | MatterEvent::Split { .. }
        | MatterEvent::Merge { .. } => Action::Assign,
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

/// The rules of the round a matter comes from.
pub(crate) async fn rules_of(app: &App, row: &Matter) -> Verb<Arc<Rules>> {
    let record = find(app, &RoundId::new(row.round_id.as_str())).await?;
    rules(app, &record.round.rules_digest).await
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
        let mut problem = read(&row)?;
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
        let call = ProblemEvent::Call {
            progress: Progress::LateOrRefused,
            note: "群众追评没有解决，重新办理".to_owned(),
        };
        let next = read(&row)?.step(call, call_rules(rules), &rules.calendar, civil_date(now))?;
        matters::update_problem(tx, changed(row, &next)?).await?;
    }
    Ok(())
}
