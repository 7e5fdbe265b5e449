//! Turns the opinions of a round into matters: sorted, merged by theme, assigned to the unit; clues go elsewhere.

use crate::{
    Action, Actor, App, Verb, VerbError, allow,
    audit::audited,
    bad_ratings::of_bad_rating,
    documents::{questionnaire, rules},
    opinions::{read_opinion, reason_labels},
    rounds::find,
    step_problem::call_rules,
};
use chrono::{DateTime, NaiveDate, Utc};
use rectification::{
    Complexity, MatterEvent, MatterItem, OpinionKind, OpinionStage, Problem, themes,
};
use std::collections::BTreeMap;
use storage::{
    Link, Tx,
    matters::{self, Matter},
    opinions,
    rounds::RoundRecord,
};
use survey_design::{RectificationRules, RoundState, Rules, StepRefused};
use vocabulary::{MatterId, RoundId, civil_date};

/// Makes one matter of each theme with enough opinions and registers it; returns how many were made.
///
/// Fewer opinions than the rules ask for stay with the office, so that nobody can be recognised by a theme.
///
/// # Errors
/// When the round is not frozen yet.
pub async fn make_matters(app: &App, actor: &Actor, id: &RoundId, now: DateTime<Utc>) -> Verb<u64> {
    allow(actor, Action::Assign)?;
    let record = find(app, id).await?;
    if record.round.state < RoundState::Frozen {
        return Err(StepRefused {
            from: record.round.state,
            to: RoundState::FeedbackIssued,
        }
        .into());
    }
    let rules = rules(app, &record.round.rules_digest).await?;
    let labels = labels(app, &record).await?;
    let rows = opinions::list_opinions(app.store(), id).await?;
    let waiting: Vec<_> = rows.iter().filter(|row| row.matter_id.is_none()).collect();
    let read: Vec<_> = waiting
        .iter()
        .filter_map(|row| read_opinion(row, &labels))
        .collect();
    let found = themes(&read);
    let least = rules.minimum_n.opinions as usize;
    let tx = app.store.begin().await?;
    let mut made = 0;
    for theme in found.into_iter().filter(|theme| theme.count >= least) {
        let item = MatterItem::from_theme(next_number(&tx, id).await?, id.clone(), theme);
        let complexity = complexity(item.opinions.len(), &rules.rectification);
        register(&tx, actor, (item, complexity), &rules, now).await?;
        made += 1;
    }
    settle_others(&tx, &waiting).await?;
    audited(&tx, actor, "make_matters", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(made as u64)
}

/// The words of every reason of both questionnaires of the round.
pub(crate) async fn labels(app: &App, record: &RoundRecord) -> Verb<BTreeMap<String, String>> {
    let mut labels = BTreeMap::new();
    for digest in [&record.overall, &record.enterprise].into_iter().flatten() {
        labels.extend(reason_labels(questionnaire(app, digest).await?.as_ref()));
    }
    Ok(labels)
}

/// The number of the next matter of a round; those of bad ratings have numbers of their own.
pub(crate) async fn next_number(link: &impl Link, round: &RoundId) -> Verb<MatterId> {
    let all = matters::list_matters(link, round).await?;
    let of_opinions = all.iter().filter(|matter| !of_bad_rating(&matter.id));
    let number = of_opinions.count() + 1;
    Ok(MatterId::new(format!("ZG-{round}-{number:04}")))
}

/// Gives a matter to its unit, with everything its opinions said, and registers its problem 挂号.
pub(crate) async fn register(
    tx: &Tx,
    actor: &Actor,
    (item, complexity): (MatterItem, Complexity),
    rules: &Rules,
    now: DateTime<Utc>,
) -> Verb<()> {
    let today = civil_date(now);
    let event = MatterEvent::Assign { complexity };
    let item = item.step(event.clone(), &rules.deadlines, &rules.calendar, today)?;
    let id = item.id.as_str();
    let ids: Vec<String> = item.opinions.iter().map(ToString::to_string).collect();
    let row = matter_row(&item)?;
    matters::insert_matter(tx, row.clone()).await?;
    let (name, role) = (&actor.name, actor.role.code());
    matters::append_matter_event(tx, id, now, name, role, &json(&event)?).await?;
    opinions::assign_opinions(tx, &ids, id, OpinionStage::InMatter.code()).await?;
    register_problem(tx, &row, rules, today).await
}

/// Registers the problem of a matter 挂号.
pub(crate) async fn register_problem(
    tx: &Tx,
    matter: &Matter,
    rules: &Rules,
    today: NaiveDate,
) -> Verb<()> {
    let calls = call_rules(rules);
    let id = MatterId::new(matter.id.as_str());
    let problem = Problem::register(reg_no(&id), id, calls, &rules.calendar, today);
    let round = RoundId::new(matter.round_id.as_str());
    let row = problem_row(&problem, &round, &matter.unit_id)?;
    Ok(matters::insert_problem(tx, row).await?)
}

/// The number a matter's problem is registered under.
pub(crate) fn reg_no(matter: &MatterId) -> String {
    matter.as_str().replacen("ZG", "GH", 1)
}

/// Many voices on one theme are seldom settled at a stroke.
pub(crate) fn complexity(opinions: usize, rules: &RectificationRules) -> Complexity {
    if opinions < rules.ordinary_from.into() {
        Complexity::Simple
    } else if opinions < rules.complex_from.into() {
        Complexity::Ordinary
    } else {
        Complexity::Complex
    }
}

/// Praise is kept apart, clues go to the discipline commission only.
async fn settle_others(tx: &Tx, waiting: &[&opinions::Opinion]) -> Verb<()> {
    for (kind, stage) in [
        (OpinionKind::Praise, OpinionStage::KeptApart),
        (OpinionKind::Clue, OpinionStage::HandedOver),
    ] {
        for row in waiting.iter().filter(|row| row.kind == kind.code()) {
            let mut changed = (*row).clone();
            changed.state = stage.code().to_owned();
            opinions::update_opinion(tx, changed, row).await?;
        }
    }
    Ok(())
}

pub(crate) fn matter_row(item: &MatterItem) -> Verb<Matter> {
    Ok(Matter {
        id: item.id.to_string(),
        round_id: item.round.to_string(),
        unit_id: item.unit.to_string(),
        title: item.title.clone(),
        problem: item.problem.clone(),
        requirement: json(&item.opinions)?,
        state: json(&item.state)?,
        state_code: item.state.stage().code().to_owned(),
        due: item.state.due(),
        public: false,
        version: 1,
    })
}

pub(crate) fn problem_row(
    problem: &Problem,
    round: &RoundId,
    unit: &str,
) -> Verb<matters::Problem> {
    Ok(matters::Problem {
        reg_no: problem.reg_no.clone(),
        round_id: round.to_string(),
        unit_id: unit.to_owned(),
        matter_id: problem.matter.to_string(),
        state_code: problem.state.stage().code().to_owned(),
        state: json(problem)?,
        registered_on: problem.registered_on,
        due: problem.state.due(),
        re_registrations: problem.re_registrations.into(),
        version: 1,
    })
}

/// JSON of plain data.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Verb<String> {
    serde_json::to_string(value).map_err(|error| VerbError::Io(error.into()))
}
