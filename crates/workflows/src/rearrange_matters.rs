//! The office merges matters about the same thing 合并 and splits one about two 拆分, before a unit has signed for them.

use crate::{
    Action, Actor, App, Refusal, SeenMatter, Verb, VerbError, allow,
    assign_matters::{seen_row, state_of, stepped},
    audit::audited,
    make_matters::{complexity, json, matter_row, next_number},
    matter_steps::{overtaken, rules_of},
    sort_opinions::{LONGEST_PROBLEM, LONGEST_TITLE},
    step_problem::read,
    words,
};
use chrono::{DateTime, Utc};
use rectification::{
    MatterEvent, MatterItem, MatterState, MatterStep, OpinionStage, Record, StepRefused, step,
};
use std::collections::BTreeSet;
use storage::{
    StorageError, Tx,
    matters::{self, Matter},
    opinions,
};
use survey_design::Rules;
use vocabulary::{MatterId, OpinionId, RoundId, UnitId, civil_date};

/// What a matter is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Title.
    pub title: String,
    /// The problem in the office's words.
    pub problem: String,
}

impl Named {
    fn onto(&self, mut row: Matter) -> Verb<Matter> {
        row.title = words("标题", &self.title, LONGEST_TITLE)?;
        row.problem = words("问题", &self.problem, LONGEST_PROBLEM)?;
        Ok(row)
    }
}

/// Makes matters part of one, with all their opinions and registered problems; all of them or none. Those that are part of it
/// now say so and keep their own list of sources.
///
/// # Errors
/// When the account may not assign, a unit has signed for one of them, they are of several rounds, or somebody else was first.
pub async fn merge_matters(
    app: &App,
    actor: &Actor,
    into: &SeenMatter,
    from: &BTreeSet<SeenMatter>,
    named: &Named,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Assign)?;
    if from.is_empty() || from.iter().any(|one| one.id == into.id) {
        return Err(Refusal::Contradiction("至少要选两件不同的事项，请另选").into());
    }
    let mut kept = named.onto(seen_row(app, into).await?)?;
    let mut others = Vec::new();
    for one in from {
        others.push(seen_row(app, one).await?);
    }
    if others.iter().any(|row| row.round_id != kept.round_id) {
        return Err(Refusal::Contradiction("只能合并同一轮的事项").into());
    }
    let change = Change {
        actor,
        rules: &*rules_of(app, &kept).await?,
        now,
    };
    let tx = app.store.begin().await?;
    let mut sources = sources(&kept)?;
    for row in others {
        sources.extend(self::sources(&row)?);
        let id = MatterId::new(row.id.as_str());
        move_all(&tx, &row, &kept).await?;
        let merge = MatterEvent::Merge {
            into: into.id.clone(),
        };
        let merged = change.step(&tx, row, merge).await;
        let merged = told(app, &id, merged).await?;
        told(
            app,
            &id,
            matters::update_matter(&tx, merged)
                .await
                .map_err(Into::into),
        )
        .await?;
        let take = MatterEvent::TakeIn { from: id };
        kept = told(app, &into.id, change.step(&tx, kept, take).await).await?;
    }
    kept.requirement = json(&sources)?;
    told(
        app,
        &into.id,
        matters::update_matter(&tx, kept).await.map_err(Into::into),
    )
    .await?;
    audited(&tx, actor, "merge_matters", into.id.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

/// What of a matter becomes another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The opinions taken out.
    pub opinions: BTreeSet<OpinionId>,
    /// What the new matter is called.
    pub new: Named,
    /// What the old one is called from now on.
    pub rest: Named,
}

/// Takes opinions out of a matter into a new one that waits for a unit; returns its number.
///
/// Words that few have said are shown to no unit: each part counts its own sources from now on. Where a unit has seen the whole,
/// it could tell the parts from it; one below the least number is then a decision of who releases words.
///
/// # Errors
/// When the account may not assign or, for a small part, release words; when a unit has signed, an opinion is not part of the
/// matter, or none is left in it; when somebody else was first.
pub async fn split_matter(
    app: &App,
    actor: &Actor,
    seen: &SeenMatter,
    part: &Part,
    now: DateTime<Utc>,
) -> Verb<MatterId> {
    allow(actor, Action::Assign)?;
    let row = part.rest.onto(seen_row(app, seen).await?)?;
    let rules = rules_of(app, &row).await?;
    let rest = left(app, &row, part).await?;
    may_split(app, actor, &row, (part.opinions.len(), rest.len()), &rules).await?;
    let change = Change {
        actor,
        rules: &rules,
        now,
    };
    let round = RoundId::new(row.round_id.as_str());
    let tx = app.store.begin().await?;
    let record = Record {
        complexity: complexity(part.opinions.len(), &rules.rectification),
        ..Record::default()
    };
    let item = MatterItem {
        id: next_number(&tx, &round).await?,
        unit: UnitId::new(row.unit_id.as_str()),
        round,
        title: part.new.title.clone(),
        problem: part.new.problem.clone(),
        opinions: part.opinions.iter().cloned().collect(),
        state: MatterState::Sorted { record },
    };
    let id = item.id.clone();
    let new = part.new.onto(matter_row(&item)?)?;
    let split = MatterEvent::Split { into: id.clone() };
    let mut row = told(app, &seen.id, change.step(&tx, row, split).await).await?;
    row.requirement = json(&rest)?;
    told(
        app,
        &seen.id,
        matters::update_matter(&tx, row).await.map_err(Into::into),
    )
    .await?;
    matters::insert_matter(&tx, new.clone()).await?;
    let take = MatterEvent::TakeIn {
        from: seen.id.clone(),
    };
    change.step(&tx, new, take).await?;
    let ids: Vec<String> = part.opinions.iter().map(ToString::to_string).collect();
    opinions::assign_opinions(&tx, &ids, id.as_str(), OpinionStage::InMatter.code()).await?;
    audited(&tx, actor, "split_matter", seen.id.as_str(), now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Who rearranges by what rules, and when.
struct Change<'a> {
    actor: &'a Actor,
    rules: &'a Rules,
    now: DateTime<Utc>,
}

impl Change<'_> {
    /// The row one step on, with the step in its history.
    async fn step(&self, tx: &Tx, row: Matter, event: MatterEvent) -> Verb<Matter> {
        let (limits, calendar) = (&self.rules.deadlines, &self.rules.calendar);
        let today = civil_date(self.now);
        let next = step(state_of(&row)?, event.clone(), limits, calendar, today)?;
        let (name, role) = (&self.actor.name, self.actor.role.code());
        matters::append_matter_event(tx, &row.id, self.now, name, role, &json(&event)?).await?;
        stepped(row, &next)
    }
}

/// The result, or who was first.
async fn told<T>(app: &App, id: &MatterId, done: Verb<T>) -> Verb<T> {
    match done {
        Err(
            VerbError::Failed(StorageError::Conflict(_))
            | VerbError::Refused(Refusal::Loop(StepRefused::Matter(
                _,
                MatterStep::Merge | MatterStep::Split | MatterStep::TakeIn,
            ))),
        ) => Err(overtaken(app, id).await?.into()),
        done => done,
    }
}

fn sources(row: &Matter) -> Verb<BTreeSet<OpinionId>> {
    Ok(serde_json::from_str(&row.requirement).map_err(|_| Refusal::Missing("这件事项的意见"))?)
}

/// What stays in a matter when a part is taken out.
async fn left(app: &App, row: &Matter, part: &Part) -> Verb<BTreeSet<OpinionId>> {
    let said = opinions::list_opinions_of_matter(app.store(), &row.id).await?;
    let all: BTreeSet<OpinionId> = said.into_iter().map(|row| OpinionId::new(row.id)).collect();
    if part.opinions.is_empty() || !part.opinions.is_subset(&all) {
        return Err(Refusal::Contradiction("请勾选要拆出的意见，至少一条").into());
    }
    let rest: BTreeSet<OpinionId> = all.difference(&part.opinions).cloned().collect();
    match rest.is_empty() {
        true => Err(Refusal::Contradiction("不能把意见全部拆出，请至少留下一条").into()),
        false => Ok(rest),
    }
}

async fn may_split(
    app: &App,
    actor: &Actor,
    row: &Matter,
    (new, rest): (usize, usize),
    rules: &Rules,
) -> Verb<()> {
    let least = rules.minimum_n.opinions as usize;
    let events = matters::list_matter_events(app.store(), &row.id).await?;
    let assigned = |event: &matters::MatterEvent| {
        let event = serde_json::from_str(&event.event);
        matches!(event, Ok(MatterEvent::Assign { .. }))
    };
    match new.min(rest) < least && events.iter().any(assigned) {
        true => Ok(allow(actor, Action::ReleaseWords)?),
        false => Ok(()),
    }
}

/// Opinions and registered problems of a matter go to another.
async fn move_all(tx: &Tx, from: &Matter, into: &Matter) -> Verb<()> {
    let said = opinions::list_opinions_of_matter(tx, &from.id).await?;
    let ids: Vec<String> = said.into_iter().map(|row| row.id).collect();
    opinions::assign_opinions(tx, &ids, &into.id, OpinionStage::InMatter.code()).await?;
    for mut row in matters::list_problems_of_matter(tx, &from.id).await? {
        let mut problem = read(&row)?;
        problem.matter = MatterId::new(into.id.as_str());
        row.state = json(&problem)?;
        into.id.clone_into(&mut row.matter_id);
        into.unit_id.clone_into(&mut row.unit_id);
        matters::update_problem(tx, row).await?;
    }
    Ok(())
}
