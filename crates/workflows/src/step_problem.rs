//! One step of a registered problem: called 叫号, promised for a date, closed 销号.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, documents::rules, make_matters::json,
    rounds::find,
};
use chrono::{DateTime, Utc};
use rectification::{CallRules, MatterState, Problem, ProblemEvent, ProblemStage, Progress};
use storage::{
    StorageError, Tx,
    matters::{self, Problem as Row},
};
use survey_design::Rules;
use vocabulary::{MatterId, RoundId, civil_date};

/// A problem as somebody saw it who now does something with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenProblem {
    /// Its number.
    pub reg_no: String,
    /// The version it was seen in.
    pub version: i32,
}

const MOVED: Refusal =
    Refusal::Contradiction("这个挂号刚有人办过，请看过下面最新的情况再决定要不要办");

/// Takes one step of a registered problem and says where it stands then.
///
/// A step is taken from the version that was seen, so the same click twice counts once. A problem is closed only when its
/// matter was checked and not found unsolved; one that is closed comes back with its matter only.
///
/// # Errors
/// When nobody registered the number, somebody else was first, or the rules refuse the step.
pub async fn step_problem(
    app: &App,
    actor: &Actor,
    seen: &SeenProblem,
    event: ProblemEvent,
    now: DateTime<Utc>,
) -> Verb<ProblemStage> {
    allow(actor, Action::Verify)?;
    let event = measured(event)?;
    let verb = verb_of(&event);
    let tx = app.store.begin().await?;
    let row = matters::find_problem(&tx, &seen.reg_no).await?;
    let row = row.ok_or(Refusal::Missing("这个挂号"))?;
    if row.version != seen.version {
        return Err(MOVED.into());
    }
    refuse_what_the_matter_decides(&tx, &row, &event).await?;
    let record = find(app, &RoundId::new(row.round_id.as_str())).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let next = read(&row)?.step(event, call_rules(&rules), &rules.calendar, civil_date(now))?;
    let stage = next.state.stage();
    match matters::update_problem(&tx, changed(row, &next)?).await {
        Err(StorageError::Conflict(_)) => return Err(MOVED.into()),
        done => done?,
    }
    audited(&tx, actor, verb, &seen.reg_no, now).await?;
    tx.commit().await?;
    Ok(stage)
}

/// Calls the open problem of a matter 叫号; too many late calls escalate it to the stationed group.
///
/// # Errors
/// When the matter has no open problem, or as [`step_problem`].
pub async fn call_matter(
    app: &App,
    actor: &Actor,
    id: &MatterId,
    progress: Progress,
    note: &str,
    now: DateTime<Utc>,
) -> Verb<ProblemStage> {
    allow(actor, Action::Verify)?;
    let rows = matters::list_problems_of_matter(app.store(), id.as_str()).await?;
    let row = rows
        .into_iter()
        .find(|row| row.state_code != ProblemStage::Closed.code());
    let row = row.ok_or(Refusal::Missing("这件事项的挂号记录"))?;
    let seen = SeenProblem {
        reg_no: row.reg_no,
        version: row.version,
    };
    let note = note.to_owned();
    step_problem(
        app,
        actor,
        &seen,
        ProblemEvent::Call { progress, note },
        now,
    )
    .await
}

/// The event with its words trimmed, none of them empty or longer than a page of the form takes.
fn measured(event: ProblemEvent) -> Verb<ProblemEvent> {
    Ok(match event {
        ProblemEvent::Call { progress, note } => ProblemEvent::Call {
            progress,
            note: crate::words("叫号记录", &note, 500)?,
        },
        ProblemEvent::Promise { until, timetable } => ProblemEvent::Promise {
            until,
            timetable: crate::words("时间表", &timetable, 500)?,
        },
        ProblemEvent::Close { evidence, people } => ProblemEvent::Close {
            evidence: crate::words("销号依据", &evidence, 500)?,
            people,
        },
    })
}

const fn verb_of(event: &ProblemEvent) -> &'static str {
    match event {
        ProblemEvent::Call { .. } => "call_problem",
        ProblemEvent::Promise { .. } => "promise_problem",
        ProblemEvent::Close { .. } => "close_problem",
    }
}

async fn refuse_what_the_matter_decides(tx: &Tx, row: &Row, event: &ProblemEvent) -> Verb<()> {
    if row.state_code == ProblemStage::Closed.code() {
        let remedy = "已经销号的问题，请在整改事项里“没有解决，重新办理”，挂号随之恢复";
        return Err(Refusal::Contradiction(remedy).into());
    }
    if !matches!(event, ProblemEvent::Close { .. }) {
        return Ok(());
    }
    let matter = matters::find_matter(tx, &row.matter_id).await?;
    let matter = matter.ok_or(Refusal::Missing("挂号所属的事项"))?;
    let state: MatterState =
        serde_json::from_str(&matter.state).map_err(|_| Refusal::Missing("事项的办理状态"))?;
    if state.lets_problem_close() {
        Ok(())
    } else {
        let remedy = "事项还没有核查为已解决，请先在整改事项里登记核查情况，或者办结，再来销号";
        Err(Refusal::Contradiction(remedy).into())
    }
}

/// How often the rules have problems called, and when the stationed group is told.
pub(crate) const fn call_rules(rules: &Rules) -> CallRules {
    CallRules {
        interval: rules.deadlines.call_interval,
        escalate_after: rules.rectification.escalate_after,
    }
}

/// The problem a row holds.
pub(crate) fn read(row: &Row) -> Verb<Problem> {
    let read = serde_json::from_str(&row.state);
    Ok(read.map_err(|_| Refusal::Missing("挂号问题的状态"))?)
}

/// The row of a problem after a step.
pub(crate) fn changed(mut row: Row, next: &Problem) -> Verb<Row> {
    row.state = json(next)?;
    next.state.stage().code().clone_into(&mut row.state_code);
    row.due = next.state.due();
    row.re_registrations = next.re_registrations.into();
    Ok(row)
}
