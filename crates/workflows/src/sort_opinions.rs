//! The office joins and sorts opinions 归并分类: a person reads every word before a unit does, and confirms every matter.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    documents::rules,
    make_matters::{complexity, json, labels, next_number, register},
    opinions::read_opinion,
    rounds::find,
    words,
};
use chrono::{DateTime, Utc};
use rectification::{
    Complexity, MatterItem, MatterStage, Opinion, OpinionGroup, OpinionKind, OpinionStage,
    OpinionStep, Redacted, WordsReview, cover, propose_groups,
};
use std::collections::BTreeSet;
use storage::{Tx, matters, opinions, rounds::RoundRecord, units};
use survey_design::{RoundState, StepRefused};
use vocabulary::{MatterId, OpinionId, RoundId, UnitId};

/// Characters of a title and of a problem at most.
pub(crate) const LONGEST_TITLE: usize = 40;
pub(crate) const LONGEST_PROBLEM: usize = 500;

/// What a person decided about one opinion of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberChoice {
    /// The opinion.
    pub opinion: OpinionId,
    /// Whether the unit reads its words.
    pub words: WordsReview,
    /// Words to be covered as well.
    pub cover: Vec<String>,
}

/// What becomes of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupGoal {
    /// A matter of its own.
    New {
        /// The unit that has to act.
        unit: UnitId,
        /// Title.
        title: String,
        /// The problem in the office's words.
        problem: String,
        /// How much time it needs; by the number of voices when nothing is said.
        complexity: Option<Complexity>,
    },
    /// Part of a matter there is.
    Joined(MatterId),
}

/// Opinions of a unit, or about none, that wait to be sorted, and in what groups.
///
/// # Errors
/// When the account may not sort, or the round is not frozen yet.
pub async fn opinion_groups(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    unit: Option<&UnitId>,
) -> Verb<(Vec<OpinionGroup>, Vec<Opinion>)> {
    let record = sortable(app, actor, round).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let unit = unit.map(UnitId::as_str);
    let kinds: Vec<&str> = OpinionKind::ALL
        .iter()
        .filter(|kind| kind.asks_for_action())
        .map(|kind| kind.code())
        .collect();
    let collected = OpinionStage::Collected.code();
    let rows =
        opinions::list_opinions_in(app.store(), round, Some(unit), &kinds, collected).await?;
    let labels = labels(app, &record).await?;
    let waiting: Vec<Opinion> = rows
        .iter()
        .filter_map(|row| read_opinion(row, &labels))
        .filter(Opinion::asks_for_action)
        .collect();
    Ok((propose_groups(&waiting, rules.merging), waiting))
}

/// What a person decided about a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChoice {
    /// What is taken.
    pub members: Vec<MemberChoice>,
    /// What is of another kind.
    pub kinds: Vec<(OpinionId, OpinionKind)>,
    /// What becomes of what is taken; none where nothing is.
    pub goal: Option<GroupGoal>,
}

/// Gives opinions of a group their kind and makes one matter of the others, or adds them to one, with the words as the person
/// has left them; all of it or nothing. Returns the matter.
///
/// # Errors
/// When the account may not sort or release words, the round is not frozen yet, an opinion is sorted already, a word to be
/// covered is not there, or a text is missing.
pub async fn confirm_group(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    choice: GroupChoice,
    now: DateTime<Utc>,
) -> Verb<Option<MatterId>> {
    let record = sortable(app, actor, round).await?;
    if choice.members.is_empty() == choice.goal.is_some() || choice == GroupChoice::default() {
        return Err(Refusal::Contradiction("一条意见也没有选，请至少选一条").into());
    }
    may_release(actor, &choice.members)?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let tx = app.store.begin().await?;
    for (id, kind) in &choice.kinds {
        set_kind(&tx, actor, id, *kind, now).await?;
    }
    let mut ids = Vec::new();
    for member in &choice.members {
        ids.push(take_up(&tx, actor, round, member).await?);
    }
    let matter = match choice.goal {
        None => None,
        Some(GroupGoal::Joined(id)) => {
            join(&tx, round, &id, ids).await?;
            Some(id)
        }
        Some(GroupGoal::New {
            unit,
            title,
            problem,
            complexity: wanted,
        }) => {
            let found = units::find_unit(&tx, &unit).await?;
            let unit = found.ok_or(Refusal::UnitUnknown(unit))?.id;
            let complexity = wanted.unwrap_or_else(|| complexity(ids.len(), &rules.rectification));
            let item = MatterItem {
                id: next_number(&tx, round).await?,
                round: round.clone(),
                unit,
                title: words("标题", &title, LONGEST_TITLE)?,
                problem: words("问题", &problem, LONGEST_PROBLEM)?,
                opinions: ids,
                state: rectification::MatterState::new(),
            };
            let id = item.id.clone();
            register(&tx, actor, (item, complexity), &rules, now).await?;
            Some(id)
        }
    };
    if let Some(matter) = &matter {
        audited(&tx, actor, "confirm_group", matter.as_str(), now).await?;
    }
    tx.commit().await?;
    Ok(matter)
}

/// Writes down what a person decided about the words of opinions that are part of a matter already.
///
/// # Errors
/// When the account may not sort or release words, an opinion is not part of the matter, or a word to be covered is not there.
pub async fn review_words(
    app: &App,
    actor: &Actor,
    matter: &MatterId,
    choices: &[MemberChoice],
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Assign)?;
    may_release(actor, choices)?;
    let tx = app.store.begin().await?;
    for choice in choices {
        let row = opinions::find_opinion(&tx, choice.opinion.as_str()).await?;
        let row = row
            .filter(|row| row.matter_id.as_deref() == Some(matter.as_str()))
            .ok_or(Refusal::Missing("这条意见"))?;
        review(&tx, actor, row, choice).await?;
    }
    audited(&tx, actor, "review_words", matter.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

fn may_release(actor: &Actor, choices: &[MemberChoice]) -> Result<(), Refusal> {
    match choices
        .iter()
        .any(|choice| choice.words == WordsReview::Released)
    {
        true => allow(actor, Action::ReleaseWords),
        false => Ok(()),
    }
}

/// Says that an opinion is of another kind; praise is then passed on, a clue goes to the discipline commission.
///
/// # Errors
/// When the account may not sort opinions of this kind, or the opinion is part of a matter already.
pub async fn change_kind(
    app: &App,
    actor: &Actor,
    id: &OpinionId,
    kind: OpinionKind,
    now: DateTime<Utc>,
) -> Verb<()> {
    let tx = app.store.begin().await?;
    set_kind(&tx, actor, id, kind, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn set_kind(
    tx: &Tx,
    actor: &Actor,
    id: &OpinionId,
    kind: OpinionKind,
    now: DateTime<Utc>,
) -> Verb<()> {
    let row = opinions::find_opinion(tx, id.as_str()).await?;
    let read = row.ok_or(Refusal::Missing("这条意见"))?;
    let mut row = read.clone();
    let held = OpinionKind::from_code(&row.kind).ok_or(Refusal::Missing("这条意见的类别"))?;
    let is_clue = held == OpinionKind::Clue;
    allow(
        actor,
        if is_clue {
            Action::HandleClues
        } else {
            Action::Assign
        },
    )?;
    let mut stage = stage(&row)?;
    if matches!(stage, OpinionStage::KeptApart | OpinionStage::HandedOver) {
        stage = stage.step(OpinionStep::GiveBack, held)?;
    }
    if !kind.asks_for_action() {
        stage = stage.settle(kind)?;
    } else if stage != OpinionStage::Collected {
        return Err(Refusal::Contradiction("这条意见已经立项，不能再改类别").into());
    }
    kind.code().clone_into(&mut row.kind);
    stage.code().clone_into(&mut row.state);
    opinions::update_opinion(tx, row, &read).await?;
    audited(tx, actor, "change_kind", id.as_str(), now).await
}

/// The clues of a round, read by the discipline commission alone; each reading is in the audit log.
///
/// # Errors
/// When the account may not read clues.
pub async fn read_clues(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    now: DateTime<Utc>,
) -> Verb<Vec<opinions::Opinion>> {
    allow(actor, Action::HandleClues)?;
    let tx = app.store.begin().await?;
    let mut clues = Vec::new();
    for state in [OpinionStage::Collected, OpinionStage::HandedOver] {
        let kinds = [OpinionKind::Clue.code()];
        clues.extend(opinions::list_opinions_in(&tx, round, None, &kinds, state.code()).await?);
    }
    if !clues.is_empty() {
        audited(&tx, actor, "read_clues", round.as_str(), now).await?;
    }
    tx.commit().await?;
    Ok(clues)
}

async fn sortable(app: &App, actor: &Actor, round: &RoundId) -> Verb<RoundRecord> {
    allow(actor, Action::Assign)?;
    let record = find(app, round).await?;
    if record.round.state < RoundState::Frozen {
        return Err(StepRefused {
            from: record.round.state,
            to: RoundState::FeedbackIssued,
        }
        .into());
    }
    Ok(record)
}

fn stage(row: &opinions::Opinion) -> Result<OpinionStage, Refusal> {
    OpinionStage::from_code(&row.state).ok_or(Refusal::Missing("这条意见的状态"))
}

/// Writes down what a person decided about the words of an opinion that waits.
async fn take_up(
    tx: &Tx,
    actor: &Actor,
    round: &RoundId,
    member: &MemberChoice,
) -> Verb<OpinionId> {
    let row = opinions::find_opinion(tx, member.opinion.as_str()).await?;
    let row = row
        .filter(|row| row.round_id == round.as_str())
        .ok_or(Refusal::Missing("这条意见"))?;
    let kind = OpinionKind::from_code(&row.kind).ok_or(Refusal::Missing("这条意见的类别"))?;
    stage(&row)?.settle(kind)?;
    if !kind.asks_for_action() {
        return Err(Refusal::Contradiction("表扬和线索不立项").into());
    }
    review(tx, actor, row, member).await?;
    Ok(member.opinion.clone())
}

async fn review(
    tx: &Tx,
    actor: &Actor,
    read: opinions::Opinion,
    choice: &MemberChoice,
) -> Verb<()> {
    let mut row = read.clone();
    let held = Redacted {
        text: row.text_redacted,
        masked: row.masked.unsigned_abs(),
    };
    let named: Vec<&str> = choice.cover.iter().map(String::as_str).collect();
    let covered = cover(&held, &named).map_err(|word| Refusal::NotInWords(word.to_owned()))?;
    row.text_redacted = covered.text;
    row.masked = i32::try_from(covered.masked).unwrap_or(i32::MAX);
    choice.words.code().clone_into(&mut row.words_review);
    row.reviewed_by = (choice.words != WordsReview::Unseen).then(|| actor.account.to_string());
    opinions::update_opinion(tx, row, &read).await?;
    Ok(())
}

/// Adds opinions to a matter that is still being worked on.
async fn join(tx: &Tx, round: &RoundId, id: &MatterId, new: Vec<OpinionId>) -> Verb<()> {
    let row = matters::find_matter(tx, id.as_str()).await?;
    let mut row = row
        .filter(|row| row.round_id == round.as_str())
        .ok_or_else(|| Refusal::MatterUnknown(id.clone()))?;
    let over = [
        MatterStage::Closed,
        MatterStage::Deferred,
        MatterStage::Merged,
    ];
    if over.iter().any(|stage| stage.code() == row.state_code) {
        return Err(Refusal::Contradiction("这件事项已经办结，请另立一件").into());
    }
    let ids: Vec<String> = new.iter().map(ToString::to_string).collect();
    let mut all: BTreeSet<OpinionId> =
        serde_json::from_str(&row.requirement).map_err(|_| Refusal::Missing("这件事项的意见"))?;
    all.extend(new);
    row.requirement = json(&all)?;
    matters::update_matter(tx, row).await?;
    opinions::assign_opinions(tx, &ids, id.as_str(), OpinionStage::InMatter.code()).await?;
    Ok(())
}
