//! Closes a round: mixes what is still sealed, publishes the last root of the receipts, and destroys every mixing key.

pub(crate) use crate::mix::{SERVED, random_id};
use crate::{
    Action, Actor, App, Verb, allow,
    audit::audited,
    documents::rules,
    letter::letter_key,
    mix::{destroy_spent_keys, mix_keys, open_sealed_batch},
    receipt_log::append_rest,
    rounds::{find, step},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use std::collections::BTreeMap;
use storage::{ballots, outbox, quality, submission};
use survey_design::RoundState;
use vocabulary::RoundId;

/// What was found when the ballots were opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseReport {
    /// Ballots received in the whole round.
    pub received: u64,
    /// Valid ballots.
    pub valid: u64,
    /// Void ballots by reason code.
    pub void: BTreeMap<String, u64>,
    /// Opinions taken from the ballots opened last.
    pub opinions: u64,
    /// Ballots of the whole round that carry a sign of doubtful quality.
    pub flagged: u64,
}

/// Closes the round. Answers lose their envelope; what a person wrote becomes an opinion of its own, redacted, without the ballot.
///
/// Crash-safe: the opening is one transaction, and the keys are destroyed after it; closing again only destroys the keys.
///
/// # Errors
/// When the round is not collecting, or its key is gone while sealed ballots remain.
pub async fn close_round(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<CloseReport> {
    allow(actor, Action::Prepare)?;
    let record = find(app, id).await?;
    record.round.state.step(RoundState::Closed)?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let tx = app.store.begin().await?;
    step(&tx, id, RoundState::Closed, now).await?;
    let last = open_sealed_batch(app, &tx, &record, &rules, rng).await?;
    append_rest(app, &tx, id, now, rng).await?;
    let counts = ballots::ballot_counts(&tx, id).await?;
    let flagged = quality::list_signs(&tx, id).await?.len() as u64;
    submission::delete_drafts(&tx, id).await?;
    outbox::cancel_round(&tx, id).await?;
    audited(&tx, actor, "close_round", id.as_str(), now).await?;
    tx.commit().await?;
    destroy_spent_keys(app).await?;
    app.keys.destroy(&letter_key(Some(id)))?;
    app.keys.destroy_all(&mix_keys(id))?;
    Ok(CloseReport {
        received: counts.received(),
        valid: counts.valid(),
        void: counts.void_by_reason(),
        opinions: last.opinions,
        flagged,
    })
}
