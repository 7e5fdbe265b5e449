//! Excludes ballots for the signs they carry: by a rule, with a reason, and by two people when they are many. Nothing is deleted.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, close_round::random_id,
    documents::rules, rounds::find, score_round::rescore, words,
};
use analytics::quality::{Review, Signal, review};
use chrono::{DateTime, Utc};
use rand::Rng;
use std::collections::{BTreeMap, BTreeSet};
use storage::{
    Link, Tx, ballots, opinions,
    quality::{self, Exclusion, ExclusionState},
    rounds,
};
use survey_design::{QualityRules, RoundState};
use vocabulary::{RoundId, Weight};

const MOST_WORDS: usize = 500;

/// All ballots of a round that carry exactly these signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignGroup {
    /// The signs.
    pub signs: Vec<Signal>,
    /// What may be done with them.
    pub review: Review,
    /// Ballots that count.
    pub counted: u64,
    /// Ballots that do not count, void or excluded.
    pub left_out: u64,
}

/// The flagged ballots of a round by the signs they carry, the most frequent first; no single ballot is shown, and nothing
/// while the round still collects, because many signs tell how people answered.
///
/// # Errors
/// When the database fails.
pub async fn sign_groups(app: &App, round: &RoundId) -> Verb<Vec<SignGroup>> {
    if find(app, round).await?.round.state < RoundState::Closed {
        return Ok(Vec::new());
    }
    let counted = counted_ids(app.store(), round).await?;
    let mut groups: BTreeMap<Vec<String>, (u64, u64)> = BTreeMap::new();
    for (ballot, signs) in quality::list_signs(app.store(), round).await? {
        let group = groups.entry(signs).or_default();
        if counted.contains(&ballot) {
            group.0 += 1;
        } else {
            group.1 += 1;
        }
    }
    let mut groups: Vec<SignGroup> = groups
        .into_iter()
        .map(|(codes, (counted, left_out))| {
            let signs = signals(&codes);
            SignGroup {
                review: review(&signs),
                signs,
                counted,
                left_out,
            }
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.counted + group.left_out));
    Ok(groups)
}

fn signals(codes: &[String]) -> Vec<Signal> {
    codes
        .iter()
        .filter_map(|code| Signal::from_code(code))
        .collect()
}

async fn counted_ids(link: &impl Link, round: &RoundId) -> Verb<BTreeSet<String>> {
    let ids = ballots::list_valid_ids(link, round).await?;
    Ok(ids.into_iter().collect())
}

/// Excludes every ballot that counts and carries exactly these signs; `true` when done, `false` when it waits for another
/// person because the excluded share would pass the limit of the rules.
///
/// # Errors
/// [`Refusal::SignsNotIndependent`], [`Refusal::TooLateToExclude`], an empty reason, or nothing to exclude.
pub async fn exclude_ballots(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    (signs, reason): (&[Signal], &str),
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<bool> {
    allow(actor, Action::Prepare)?;
    if review(signs) != Review::MayExclude {
        return Err(Refusal::SignsNotIndependent.into());
    }
    let reason = words("剔除理由", reason, MOST_WORDS)?;
    let mut codes: Vec<&str> = signs.iter().map(|sign| sign.code()).collect();
    codes.sort_unstable();
    let mut exclusion = Exclusion {
        id: random_id(rng),
        round_id: round.to_string(),
        signs: codes.join(","),
        reason,
        ballots: 0,
        proposed_by: actor.account.to_string(),
        proposed_at: now,
        state: ExclusionState::Waiting,
        decided_by: None,
        decided_at: None,
    };
    let rules = rules(app, &find(app, round).await?.round.rules_digest).await?;
    let tx = app.store.begin().await?;
    let state = lock(&tx, round).await?;
    let chosen = carriers(&tx, &exclusion).await?;
    exclusion.ballots = i32::try_from(chosen.len()).unwrap_or(i32::MAX);
    let alone = is_small(&tx, round, &rules.quality, chosen.len() as u64).await?;
    quality::insert_exclusion(&tx, exclusion.clone()).await?;
    audited(&tx, actor, "propose_exclusion", round.as_str(), now).await?;
    if alone {
        carry_out(&tx, actor, exclusion, &chosen, now).await?;
    }
    tx.commit().await?;
    if alone {
        score_anew(app, actor, round, state, now).await?;
    }
    Ok(alone)
}

/// Another person carries out a waiting exclusion.
///
/// # Errors
/// [`Refusal::SamePerson`], [`Refusal::TooLateToExclude`], or no such exclusion waits.
pub async fn approve_exclusion(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    id: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Approve)?;
    let tx = app.store.begin().await?;
    let state = lock(&tx, round).await?;
    let waiting = waiting(&tx, round, id).await?;
    if waiting.proposed_by == actor.account.to_string() {
        return Err(Refusal::SamePerson("批准剔除").into());
    }
    let chosen = carriers(&tx, &waiting).await?;
    carry_out(&tx, actor, waiting, &chosen, now).await?;
    tx.commit().await?;
    score_anew(app, actor, round, state, now).await
}

/// A person who may approve declines a waiting exclusion, also his own: the ballots count on.
///
/// # Errors
/// When no such exclusion waits.
pub async fn decline_exclusion(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    id: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Approve)?;
    let tx = app.store.begin().await?;
    let mut declined = waiting(&tx, round, id).await?;
    declined.state = ExclusionState::Declined;
    declined.decided_by = Some(actor.account.to_string());
    declined.decided_at = Some(now);
    decide(&tx, declined).await?;
    audited(&tx, actor, "decline_exclusion", round.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

async fn waiting(tx: &Tx, round: &RoundId, id: &str) -> Verb<Exclusion> {
    let all = quality::list_exclusions(tx, round).await?;
    let found = all
        .into_iter()
        .find(|it| it.id == id && it.state == ExclusionState::Waiting);
    Ok(found.ok_or(NOTHING_WAITS)?)
}

const NOTHING_WAITS: Refusal = Refusal::Missing("等待批准的剔除");

async fn decide(tx: &Tx, exclusion: Exclusion) -> Verb<()> {
    match quality::decide_exclusion(tx, exclusion).await? {
        true => Ok(()),
        false => Err(NOTHING_WAITS.into()),
    }
}

/// Texts that stand in several opinions of a closed round, and in how many, the most frequent first; shorter ones than the
/// rules want are no sign. No ballot is named: an opinion stands by itself.
///
/// # Errors
/// When the database fails.
pub async fn same_words(app: &App, round: &RoundId) -> Verb<Vec<(String, u64)>> {
    let record = find(app, round).await?;
    if record.round.state < RoundState::Closed {
        return Ok(Vec::new());
    }
    let rules = rules(app, &record.round.rules_digest).await?;
    let least = usize::from(rules.quality.same_words_from);
    let mut found = opinions::repeated_texts(app.store(), round).await?;
    found.retain(|(text, _)| text.chars().count() >= least);
    Ok(found)
}

/// Keeps the round from changing until the transaction ends, so that two exclusions never see the same share still free and
/// none comes after the freeze.
async fn lock(tx: &Tx, round: &RoundId) -> Verb<RoundState> {
    let record = rounds::lock_round(tx, round).await?;
    match record.map(|record| record.round.state) {
        Some(state @ (RoundState::Closed | RoundState::Scored)) => Ok(state),
        Some(_) => Err(Refusal::TooLateToExclude.into()),
        None => Err(Refusal::RoundUnknown(round.clone()).into()),
    }
}

/// The ballots that count and carry exactly the signs of an exclusion.
async fn carriers(tx: &Tx, exclusion: &Exclusion) -> Verb<Vec<String>> {
    let round = RoundId::new(&exclusion.round_id);
    let counted = counted_ids(tx, &round).await?;
    let chosen: Vec<String> = quality::list_signs(tx, &round)
        .await?
        .into_iter()
        .filter(|(ballot, signs)| counted.contains(ballot) && signs.join(",") == exclusion.signs)
        .map(|(ballot, _)| ballot)
        .collect();
    if chosen.is_empty() {
        return Err(Refusal::Missing("带这些迹象的有效答卷").into());
    }
    Ok(chosen)
}

/// Whether so many more stay within the share one person may exclude, those excluded before included.
async fn is_small(tx: &Tx, round: &RoundId, rules: &QualityRules, more: u64) -> Verb<bool> {
    let counts = ballots::ballot_counts(tx, round).await?;
    let before = counts.void_by_reason().get(ballots::EXCLUDED).copied();
    let excluded = i128::from(before.unwrap_or(0) + more) * i128::from(Weight::SCALE);
    let limit = rules.second_person_above.steps();
    Ok(excluded <= i128::from(counts.received()) * i128::from(limit))
}

/// Takes the ballots out of the count.
async fn carry_out(
    tx: &Tx,
    actor: &Actor,
    mut exclusion: Exclusion,
    chosen: &[String],
    now: DateTime<Utc>,
) -> Verb<()> {
    let round = exclusion.round_id.clone();
    exclusion.ballots = i32::try_from(chosen.len()).unwrap_or(i32::MAX);
    exclusion.state = ExclusionState::Done;
    exclusion.decided_by = Some(actor.account.to_string());
    exclusion.decided_at = Some(now);
    ballots::exclude_ballots(tx, chosen).await?;
    decide(tx, exclusion).await?;
    audited(tx, actor, "exclude_ballots", &round, now).await
}

/// Computes scores anew that the excluded ballots were part of.
async fn score_anew(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    state: RoundState,
    now: DateTime<Utc>,
) -> Verb<()> {
    if state == RoundState::Scored {
        rescore(app, actor, round, now).await?;
    }
    Ok(())
}
