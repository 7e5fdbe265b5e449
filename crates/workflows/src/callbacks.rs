//! Calling back: the office draws reported matters of each unit, and somebody else than who reported hears the people.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow, audit::audited, documents::rules,
    rounds::find, words,
};
use chrono::{DateTime, Utc};
use rectification::{CheckResult, MatterEvent, MatterStage, callbacks_needed};
use response_collection::{Purpose, permanent_number};
use std::collections::BTreeMap;
use storage::{
    StorageError, Tx,
    callbacks::{self, Callback},
    matters::{self, Matter, MatterEvent as MatterEventRow},
};
use survey_design::RectificationRules;
use vocabulary::{MatterId, RoundId};

/// What a draw of callbacks came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallbackDraw {
    /// The seed of the round, the first one given.
    pub seed: u64,
    /// Matters in the frame.
    pub frame: usize,
    /// Of these, drawn; now and before.
    pub drawn: usize,
}

/// Calls made about a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallsMade<'a> {
    /// The matter.
    pub matter: &'a MatterId,
    /// The version of the callback that was seen.
    pub version: i32,
    /// People called.
    pub called: u32,
    /// Of these, satisfied.
    pub satisfied: u32,
    /// What was heard, in the office's words.
    pub note: &'a str,
}

/// Draws callbacks among the matters reported by now: of each unit the share the rules ask for, those with the smallest permanent
/// numbers. A later draw keeps the seed and everything drawn before.
///
/// # Errors
/// When nothing is reported, or a second seed is given.
pub async fn draw_callbacks(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    seed: Option<u64>,
    now: DateTime<Utc>,
) -> Verb<CallbackDraw> {
    allow(actor, Action::Verify)?;
    let record = find(app, round).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let tx = app.store.begin().await?;
    let before = callbacks::list_callbacks(&tx, round).await?;
    let seed = seed_of(&before, seed)?;
    let reported = matters::list_matters(&tx, round).await?;
    let frame = framed(before, &reported, seed);
    if frame.is_empty() {
        let said = "还没有单位报整改结果，没有可以抽的事项";
        return Err(Refusal::Contradiction(said).into());
    }
    let frame = drawn(frame, &rules.rectification);
    let draw = CallbackDraw {
        seed,
        frame: frame.len(),
        drawn: frame.iter().filter(|callback| callback.drawn).count(),
    };
    callbacks::put_callbacks(&tx, frame).await?;
    audited(&tx, actor, "draw_callbacks", round.as_str(), now).await?;
    tx.commit().await?;
    Ok(draw)
}

/// The seed of the round: the one of the first draw, which no later one changes.
fn seed_of(before: &[Callback], given: Option<u64>) -> Verb<u64> {
    let kept = before
        .first()
        .and_then(|callback| callback.seed.parse().ok());
    match (kept, given) {
        (Some(kept), Some(given)) if kept != given => {
            let said = "本轮回访已经用别的种子抽过，不能换种子；不填种子就是补抽";
            Err(Refusal::Contradiction(said).into())
        }
        (Some(seed), _) | (None, Some(seed)) => Ok(seed),
        (None, None) => Err(Refusal::Contradiction("第一次抽取要填公开的种子").into()),
    }
}

/// Everything framed before, and what waits for a check now.
fn framed(before: Vec<Callback>, all: &[Matter], seed: u64) -> Vec<Callback> {
    let mut frame: BTreeMap<String, Callback> = before
        .into_iter()
        .map(|callback| (callback.matter_id.clone(), callback))
        .collect();
    let waits = |matter: &&Matter| matter.state_code == MatterStage::Reported.code();
    for matter in all.iter().filter(waits) {
        let number = permanent_number(seed, Purpose::Callback, &matter.id);
        frame.entry(matter.id.clone()).or_insert_with(|| Callback {
            matter_id: matter.id.clone(),
            round_id: matter.round_id.clone(),
            unit_id: matter.unit_id.clone(),
            seed: seed.to_string(),
            number: format!("{number:016x}"),
            drawn: false,
            called: 0,
            satisfied: 0,
            note: None,
            called_by: None,
            called_at: None,
            version: 1,
        });
    }
    frame.into_values().collect()
}

/// Marks those of each unit with the smallest numbers; what was drawn before stays drawn.
fn drawn(frame: Vec<Callback>, rules: &RectificationRules) -> Vec<Callback> {
    let mut by_unit: BTreeMap<String, Vec<Callback>> = BTreeMap::new();
    for callback in frame {
        by_unit
            .entry(callback.unit_id.clone())
            .or_default()
            .push(callback);
    }
    let (percent, all_below) = (
        rules.callback_percent.into(),
        rules.callback_all_below.into(),
    );
    let marked = by_unit.into_values().flat_map(|mut of_unit| {
        of_unit.sort_by(|a, b| (&a.number, &a.matter_id).cmp(&(&b.number, &b.matter_id)));
        let needed = callbacks_needed(of_unit.len() as u64, percent, all_below);
        for callback in of_unit
            .iter_mut()
            .take(usize::try_from(needed).unwrap_or(usize::MAX))
        {
            callback.drawn = true;
        }
        of_unit
    });
    marked.collect()
}

/// Writes down calls about a drawn matter; more calls add to those made before.
///
/// # Errors
/// When the matter is not drawn, nobody was called, the caller is who reported, or somebody else wrote calls down meanwhile.
pub async fn record_calls(
    app: &App,
    actor: &Actor,
    made: &CallsMade<'_>,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Verify)?;
    let note = words("回访情况", made.note, 500)?;
    if made.called == 0 || made.called > MOST_CALLED || made.satisfied > made.called {
        let said = "回访人数要在 1 到 1000 之间，满意人数不能多于回访人数";
        return Err(Refusal::Contradiction(said).into());
    }
    let tx = app.store.begin().await?;
    let found = callbacks::find_callback(&tx, made.matter.as_str()).await?;
    let mut row = found
        .filter(|callback| callback.drawn)
        .ok_or(Refusal::Missing("这件事项的回访任务"))?;
    if row.version != made.version {
        return Err(MOVED.into());
    }
    let reporter = last_report(&tx, made.matter).await?;
    if reporter.is_some_and(|(name, _)| name == actor.name) {
        return Err(Refusal::SamePerson("回访").into());
    }
    row.called += i32::try_from(made.called).unwrap_or(i32::MAX);
    row.satisfied += i32::try_from(made.satisfied).unwrap_or(i32::MAX);
    row.note = Some(note);
    row.called_by = Some(actor.account.to_string());
    row.called_at = Some(now);
    match callbacks::update_callback(&tx, row).await {
        Err(StorageError::Conflict(_)) => return Err(VerbError::from(MOVED)),
        done => done?,
    }
    audited(&tx, actor, "record_calls", made.matter.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

const MOST_CALLED: u32 = 1000;
const MOVED: Refusal =
    Refusal::Contradiction("刚有人登记过这件事项的回访，请看过下面最新的情况再登记");

/// Who reported the result of a matter last, and when.
async fn last_report(tx: &Tx, matter: &MatterId) -> Verb<Option<(String, DateTime<Utc>)>> {
    let events = matters::list_matter_events(tx, matter.as_str()).await?;
    let is_report = |event: &&MatterEventRow| {
        let event = serde_json::from_str::<MatterEvent>(&event.event);
        event.is_ok_and(|event| matches!(event, MatterEvent::Report { .. }))
    };
    let last = events.iter().rev().find(is_report);
    Ok(last.map(|event| (event.actor.clone(), event.at)))
}

/// A drawn matter is found solved only once somebody was called about what was reported last.
pub(crate) async fn refuse_without_call(
    tx: &Tx,
    matter: &MatterId,
    event: &MatterEvent,
) -> Verb<()> {
    let MatterEvent::Verify { finding } = event else {
        return Ok(());
    };
    let found = callbacks::find_callback(tx, matter.as_str()).await?;
    let Some(callback) = found.filter(|callback| callback.drawn) else {
        return Ok(());
    };
    let reported = last_report(tx, matter).await?.map(|(_, at)| at);
    if finding.check == CheckResult::Solved && callback.called_at < reported {
        let said = "这件事项抽中了回访，报结果以后还没有回访记录，不能核查为已解决；请先在“回访抽查”里登记";
        return Err(Refusal::Contradiction(said).into());
    }
    Ok(())
}
