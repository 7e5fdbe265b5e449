//! A round is created, opened, and goes on step by step.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, collect, documents::world,
    indicator_tree::TREE, mix::open_batch,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::{
    Tx, batches,
    rounds::{self, RoundRecord},
    settings,
};
use survey_design::{Anonymity, Resubmission, Round, RoundState, WorldRound};
use vocabulary::RoundId;

/// What may be chosen for a round until it opens; the world's choice where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoundChoice {
    /// How raters are kept apart from answers.
    pub anonymity: Option<Anonymity>,
    /// Whether an answer may be replaced.
    pub resubmission: Option<Resubmission>,
}

/// Creates a round as the world has it; see [`create_round_with`].
///
/// # Errors
/// As [`create_round_with`].
pub async fn create_round(app: &App, actor: &Actor, id: &RoundId, now: DateTime<Utc>) -> Verb<()> {
    create_round_with(app, actor, id, RoundChoice::default(), now).await
}

/// Creates a round of the world; rules and questionnaires are fixed by digest.
///
/// # Errors
/// When the world has no such round, or the round exists.
pub async fn create_round_with(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    choice: RoundChoice,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Prepare)?;
    let world = world(app).await?;
    let template = world
        .rounds
        .iter()
        .find(|round| round.id == *id)
        .ok_or_else(|| Refusal::RoundUnknown(id.clone()))?;
    if rounds::find_round(app.store(), id).await?.is_some() {
        return Err(Refusal::RoundExists(id.clone()).into());
    }
    let tx = app.store.begin().await?;
    let setting = async |key: &str| settings::find_setting(&tx, key).await;
    let rules = setting("rules")
        .await?
        .ok_or(Refusal::Missing("规则模板"))?;
    rounds::insert_round(&tx, &round_of(template, choice, rules)).await?;
    if let Some(overall) = setting("questionnaire.overall").await? {
        let enterprise = setting("questionnaire.enterprise").await?;
        rounds::set_round_questionnaires(&tx, id, &overall, enterprise.as_deref()).await?;
    }
    audited(&tx, actor, "create_round", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

fn round_of(template: &WorldRound, choice: RoundChoice, rules_digest: String) -> Round {
    Round {
        id: template.id.clone(),
        title: template.title.clone(),
        year: template.year,
        quarter: template.quarter,
        period_start: template.period_start,
        period_end: template.period_end,
        state: RoundState::Draft,
        anonymity: choice.anonymity.unwrap_or(template.anonymity),
        resubmission: choice.resubmission.unwrap_or(template.resubmission),
        rules_digest,
        seed: 0,
        version: 1,
    }
}

/// Opens a round for collecting; makes the keys that hold its raters apart from their answers.
///
/// # Errors
/// When the round's state does not allow it.
pub async fn open_round(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    allow(actor, Action::Prepare)?;
    let tx = app.store.begin().await?;
    step(&tx, id, RoundState::Collecting, now).await?;
    app.keys.read_or_make(&collect::round_key(id), rng)?;
    if batches::find_open_batch(&tx, id).await?.is_none() {
        open_batch(app, &tx, id, now, rng).await?;
    }
    audited(&tx, actor, "open_round", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

/// The round with this code.
///
/// # Errors
/// [`Refusal::RoundUnknown`].
pub async fn find(app: &App, id: &RoundId) -> Verb<RoundRecord> {
    let record = rounds::find_round(app.store(), id).await?;
    record.ok_or_else(|| Refusal::RoundUnknown(id.clone()).into())
}

/// Takes one step in the round's picture, inside the verb's transaction; who leaves the draft keeps the newest indicator tree.
pub(crate) async fn step(tx: &Tx, id: &RoundId, to: RoundState, now: DateTime<Utc>) -> Verb<()> {
    let record = rounds::lock_round(tx, id)
        .await?
        .ok_or_else(|| Refusal::RoundUnknown(id.clone()))?;
    let from = record.round.state;
    from.step(to)?;
    if from == RoundState::Draft
        && let Some(tree) = settings::find_setting(tx, TREE).await?
    {
        rounds::set_round_indicators(tx, id, &tree).await?;
    }
    if from != to {
        rounds::set_round_state(tx, id, from, to, now).await?;
    }
    Ok(())
}
