//! Many matters given to units at once 批量交办: each of them whole, and those that somebody else moved left as they are.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow,
    audit::audited,
    make_matters::{json, register_problem},
    matter_steps::{overtaken, rules_of},
    step_problem::{changed, read},
};
use chrono::{DateTime, NaiveDate, Utc};
use rectification::{
    Complexity, MatterEvent, MatterState, Problem, ProblemStage, StepRefused, step,
};
use std::collections::BTreeSet;
use storage::{
    StorageError, Tx, co_units,
    matters::{self, Matter},
    units,
};
use survey_design::Rules;
use vocabulary::{MatterId, UnitId, civil_date};

/// A matter as somebody saw it who now does something with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeenMatter {
    /// Its number.
    pub id: MatterId,
    /// The version it was seen in.
    pub version: i32,
}

/// To whom matters are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// The unit in charge 主办单位; none leaves each matter to the unit it names.
    pub unit: Option<UnitId>,
    /// Units that help 协办单位: they read the matter and add evidence, the unit in charge answers.
    pub with: BTreeSet<UnitId>,
    /// How much time they need; none leaves it as it was.
    pub complexity: Option<Complexity>,
}

/// Gives matters that wait to units; returns those that were not given and why, by number.
///
/// Each matter is given in a transaction of its own, from the version that was seen: the same click twice gives it once.
///
/// # Errors
/// When the account may not assign, nothing is chosen, or a unit is not known.
pub async fn assign_matters(
    app: &App,
    actor: &Actor,
    seen: &BTreeSet<SeenMatter>,
    to: &Assignment,
    now: DateTime<Utc>,
) -> Verb<Vec<(MatterId, Refusal)>> {
    allow(actor, Action::Assign)?;
    if seen.is_empty() {
        return Err(Refusal::Contradiction("一件事项也没有勾选，请先勾选要交办的事项").into());
    }
    for unit in to.unit.iter().chain(&to.with) {
        let known = units::find_unit(app.store(), unit).await?;
        known.ok_or_else(|| Refusal::UnitUnknown(unit.clone()))?;
    }
    let mut left = Vec::new();
    for one in seen {
        match assign(app, actor, one, to, now).await {
            Ok(()) => {}
            Err(VerbError::Refused(refusal)) => left.push((one.id.clone(), refusal)),
            Err(failed) => return Err(failed),
        }
    }
    Ok(left)
}

async fn assign(
    app: &App,
    actor: &Actor,
    seen: &SeenMatter,
    to: &Assignment,
    now: DateTime<Utc>,
) -> Verb<()> {
    let row = seen_row(app, seen).await?;
    let rules = rules_of(app, &row).await?;
    match give(app, actor, row, to, &rules, now).await {
        Err(
            VerbError::Failed(StorageError::Conflict(_))
            | VerbError::Refused(Refusal::Loop(StepRefused::Matter(..))),
        ) => Err(overtaken(app, &seen.id).await?.into()),
        done => done,
    }
}

/// The row of a matter, if it still is as it was seen.
pub(crate) async fn seen_row(app: &App, seen: &SeenMatter) -> Verb<Matter> {
    let row = matters::find_matter(app.store(), seen.id.as_str()).await?;
    let row = row.ok_or_else(|| Refusal::MatterUnknown(seen.id.clone()))?;
    match row.version == seen.version {
        true => Ok(row),
        false => Err(overtaken(app, &seen.id).await?.into()),
    }
}

async fn give(
    app: &App,
    actor: &Actor,
    mut row: Matter,
    to: &Assignment,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Verb<()> {
    if let Some(unit) = &to.unit {
        unit.as_str().clone_into(&mut row.unit_id);
    }
    let helping: BTreeSet<String> = to.with.iter().map(ToString::to_string).collect();
    if helping.contains(&row.unit_id) {
        return Err(Refusal::Contradiction("主办单位不能同时是协办单位，请去掉一个").into());
    }
    let today = civil_date(now);
    let state = state_of(&row)?;
    let complexity = to.complexity.unwrap_or(state.record().complexity);
    let event = MatterEvent::Assign { complexity };
    let next = step(
        state,
        event.clone(),
        &rules.deadlines,
        &rules.calendar,
        today,
    )?;
    let row = stepped(row, &next)?;
    let tx = app.store.begin().await?;
    matters::update_matter(&tx, row.clone()).await?;
    let (name, role) = (&actor.name, actor.role.code());
    matters::append_matter_event(&tx, &row.id, now, name, role, &json(&event)?).await?;
    co_units::set_co_units(&tx, &row.id, &helping).await?;
    give_problems(&tx, &row, rules, today).await?;
    audited(&tx, actor, "assign_matter", &row.id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The problem of a matter goes with it; one that was never called is called an interval after its unit has it.
async fn give_problems(tx: &Tx, matter: &Matter, rules: &Rules, today: NaiveDate) -> Verb<()> {
    let held = matters::list_problems_of_matter(tx, &matter.id).await?;
    if held.is_empty() {
        return register_problem(tx, matter, rules, today).await;
    }
    for mut row in held {
        matter.unit_id.clone_into(&mut row.unit_id);
        if row.state_code == ProblemStage::Registered.code() {
            let old = read(&row)?;
            let calls = crate::step_problem::call_rules(rules);
            let new = Problem::register(old.reg_no, old.matter, calls, &rules.calendar, today);
            let kept = Problem {
                registered_on: old.registered_on,
                ..new
            };
            row = changed(row, &kept)?;
        }
        matters::update_problem(tx, row).await?;
    }
    Ok(())
}

/// Where a matter stands.
pub(crate) fn state_of(row: &Matter) -> Verb<MatterState> {
    Ok(serde_json::from_str(&row.state).map_err(|_| Refusal::Missing("事项的办理状态"))?)
}

/// The row of a matter after a step.
pub(crate) fn stepped(mut row: Matter, next: &MatterState) -> Verb<Matter> {
    row.state = json(next)?;
    next.stage().code().clone_into(&mut row.state_code);
    row.due = next.due();
    Ok(row)
}
