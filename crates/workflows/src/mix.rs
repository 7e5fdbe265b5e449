//! Mixes sealed ballots: a batch is opened in random order, judged, and its key destroyed.
//!
//! Crash-safe at every point: the key is on disk before its batch takes ballots; opening is one transaction that
//! closes the batch; a closed batch is remembered until its key is destroyed. Until the transaction nothing has
//! happened, after it only the destruction is repeated.

use crate::{
    Actor, App, Refusal, Verb,
    audit::audited,
    close_round::CloseReport,
    collect::Envelope,
    documents::{questionnaire, rules},
    keys::Key,
    opinions::opinion_of,
    seal,
    signs::{Look, keep_signs},
};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use response_collection::{Ballot, Given, Verdict, VoidReason, judge, parse};
use storage::{
    Tx,
    ballots::{self, AnswerRow, BallotRow, Verdict as StoredVerdict},
    batches::{self, MixBatch},
    invitations::InvitationKind,
    linked,
    opinions::{self, Opinion},
    rounds::{self, RoundRecord},
};
use survey_design::{
    AnswerKind, AnswerValue, MixingRules, Questionnaire, Resubmission, RoundState, Rules,
};
use vocabulary::{Channel, Level, RoundId};

/// The name of the key that seals the ballots of a batch.
pub(crate) fn mix_key(round: &RoundId, batch: &str) -> String {
    format!("{}{batch}", mix_keys(round))
}

/// How the names of all such keys of a round begin.
pub(crate) fn mix_keys(round: &RoundId) -> String {
    format!("mix-{round}-")
}

/// Makes a key and opens a batch with it.
pub(crate) async fn open_batch(
    app: &App,
    tx: &Tx,
    round: &RoundId,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let id = random_id(rng);
    app.keys.read_or_make(&mix_key(round, &id), rng)?;
    batches::insert_batch(tx, round, &id, now).await?;
    Ok(())
}

/// Mixes every batch that is large and old enough, and destroys the keys of what was mixed before; returns the number
/// of ballots opened.
///
/// A round whose answers may be replaced is mixed at closing only.
///
/// # Errors
/// When the database or a key file fails; whatever was not mixed stays sealed.
pub async fn mix_due(app: &App, now: DateTime<Utc>, rng: &mut (impl Rng + Send)) -> Verb<u64> {
    destroy_spent_keys(app).await?;
    let mut opened = 0;
    for record in rounds::list_rounds(app.store()).await? {
        let round = &record.round;
        if round.state == RoundState::Collecting && round.resubmission == Resubmission::Once {
            opened += mix_round_if_due(app, &record, now, rng).await?;
        }
    }
    destroy_spent_keys(app).await?;
    Ok(opened)
}

/// Mixes the open batch of a round, if it is due, and opens the next; the key still exists afterwards.
///
/// # Errors
/// As [`mix_due`].
pub async fn mix_round_if_due(
    app: &App,
    record: &RoundRecord,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<u64> {
    let id = &record.round.id;
    let rules = rules(app, &record.round.rules_digest).await?;
    let Some(batch) = batches::find_open_batch(app.store(), id).await? else {
        return Ok(0);
    };
    let waiting = ballots::count_sealed(app.store(), &batch.id).await?;
    if !is_due(rules.mixing, waiting, now - batch.opened_at) {
        return Ok(0);
    }
    let tx = app.store.begin().await?;
    if rounds::lock_round(&tx, id)
        .await?
        .is_none_or(|now| now.round.state != RoundState::Collecting)
    {
        return Ok(0);
    }
    let report = open_sealed_batch(app, &tx, record, &rules, rng).await?;
    open_batch(app, &tx, id, now, rng).await?;
    audited(&tx, &Actor::system(), "mix_batch", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(report.received)
}

fn is_due(rules: MixingRules, waiting: u64, age: TimeDelta) -> bool {
    waiting >= u64::from(rules.at_least) && age >= TimeDelta::minutes(rules.after_minutes.into())
}

/// Destroys the keys of closed batches; safe to repeat.
///
/// # Errors
/// When a key cannot be removed or the database fails.
pub async fn destroy_spent_keys(app: &App) -> Verb<()> {
    for MixBatch { id, round_id, .. } in batches::list_closed_batches(app.store()).await? {
        app.keys.destroy(&mix_key(&RoundId::new(round_id), &id))?;
        let tx = app.store.begin().await?;
        batches::delete_batch(&tx, &id).await?;
        tx.commit().await?;
    }
    Ok(())
}

#[derive(Default)]
struct Opened {
    ballots: Vec<BallotRow>,
    answers: Vec<AnswerRow>,
    opinions: Vec<Opinion>,
    /// Ballot and token hash, in a confidential round.
    tokens: Vec<(String, String)>,
    /// What is looked at for signs, in the order of the ballots.
    looks: Vec<Look>,
    report: CloseReport,
}

const UNREADABLE: &str = "unreadable";

/// Opens all ballots of the round's open batch and closes it, inside the caller's transaction.
pub(crate) async fn open_sealed_batch(
    app: &App,
    tx: &Tx,
    record: &RoundRecord,
    rules: &Rules,
    rng: &mut impl Rng,
) -> Verb<CloseReport> {
    let id = &record.round.id;
    let Some(batch) = batches::lock_open_batch(tx, id).await? else {
        return Ok(CloseReport::default());
    };
    let sealed = ballots::list_sealed(tx, &batch.id).await?;
    let opened = if sealed.is_empty() {
        Opened::default()
    } else {
        let key = app.keys.read(&mix_key(id, &batch.id))?;
        open_all(app, record, rules, &key, &sealed, rng).await?
    };
    let ids: Vec<String> = opened.ballots.iter().map(|it| it.id.clone()).collect();
    ballots::open_sealed(tx, &batch.id, opened.ballots, opened.answers).await?;
    keep_signs(tx, id, &rules.quality, ids.into_iter().zip(opened.looks)).await?;
    linked::link_ballots(tx, id, opened.tokens).await?;
    opinions::insert_opinions(tx, opened.opinions).await?;
    batches::close_batch(tx, &batch.id).await?;
    Ok(opened.report)
}

async fn open_all(
    app: &App,
    record: &RoundRecord,
    rules: &Rules,
    key: &Key,
    sealed: &[ballots::SealedBallot],
    rng: &mut impl Rng,
) -> Verb<Opened> {
    let id = &record.round.id;
    let mut opened = Opened::default();
    for blob in sealed {
        let envelope = seal::open(key, id.as_str(), &blob.blob)
            .and_then(|plain| serde_json::from_slice::<Envelope>(&plain).ok());
        let envelope = envelope.ok_or(Refusal::Missing("能打开本轮密封答卷的密钥"))?;
        let digest = envelope.ballot.questionnaire_digest();
        let shown = questionnaire(app, digest).await?;
        let judged = match parse(&envelope.ballot, (digest, &shown), envelope.ballot.units()) {
            Ok(ballot) => {
                let judged = judge(ballot, &rules.judge, &shown);
                Some((judged.ballot().clone(), judged.verdict()))
            }
            Err(_) => None,
        };
        opened.take(id, (&envelope, &shown), judged, rng);
    }
    Ok(opened)
}

impl Opened {
    fn take(
        &mut self,
        round: &RoundId,
        (envelope, shown): (&Envelope, &Questionnaire),
        judged: Option<(Ballot, Verdict)>,
        rng: &mut impl Rng,
    ) {
        let ballot_id = random_id(rng);
        let ballot = judged.as_ref().map(|(ballot, _)| ballot);
        self.looks.push(Look::at(envelope, ballot));
        let void = match &judged {
            None => Some(UNREADABLE),
            Some((_, Verdict::Void(reason))) => Some(VoidReason::code(*reason)),
            Some((_, Verdict::Valid)) => None,
        };
        self.report.received += 1;
        match void {
            None => self.report.valid += 1,
            Some(reason) => *self.report.void.entry(reason.to_owned()).or_default() += 1,
        }
        if let Some((ballot, verdict)) = judged {
            self.answers.extend(answer_rows(&ballot_id, &ballot));
            if verdict == Verdict::Valid {
                self.take_opinions(round, envelope, (&ballot, shown), rng);
            }
        }
        if let Some(token) = &envelope.token {
            self.tokens.push((ballot_id.clone(), token.clone()));
        }
        self.ballots.push(BallotRow {
            id: ballot_id,
            round_id: round.to_string(),
            kind: if envelope.kind == "enterprise" {
                InvitationKind::Enterprise
            } else {
                InvitationKind::Overall
            },
            rater_group: envelope.group.clone(),
            stratum: envelope.stratum.clone(),
            weight_micro: envelope.weight,
            verdict: if void.is_none() {
                StoredVerdict::Valid
            } else {
                StoredVerdict::Void
            },
            void_reason: void.map(str::to_owned),
            assisted: !envelope.ballot.filling().is_alone(),
        });
    }

    /// Reasons ticked and words written, each an opinion with a key of its own; the ballot is not named.
    fn take_opinions(
        &mut self,
        round: &RoundId,
        envelope: &Envelope,
        (ballot, shown): (&Ballot, &Questionnaire),
        rng: &mut impl Rng,
    ) {
        let channel = if envelope.kind == "enterprise" {
            Channel::Enterprise
        } else {
            Channel::Survey
        };
        let mut follow_ups = envelope.follow_ups.iter();
        for ((unit, item), given) in &ballot.answers().0 {
            if !shown
                .items
                .iter()
                .any(|asked| asked.id == *item && is_opinion(&asked.kind))
            {
                continue;
            }
            let reasons = given.options();
            let words = given.words();
            let level = unit
                .as_ref()
                .and_then(|_| lowest_level(ballot, unit.as_ref()));
            let mut opinion = opinion_of(
                round,
                channel,
                unit.clone(),
                reasons,
                words.unwrap_or_default(),
                level,
            );
            opinion.id = random_id(rng);
            opinion.receipt_hash = follow_ups.next().cloned();
            self.opinions.push(opinion);
            self.report.opinions += 1;
        }
    }
}

/// Ticked reasons and written words are opinions; every other answer is a fact.
const fn is_opinion(kind: &AnswerKind) -> bool {
    matches!(kind, AnswerKind::Reasons { .. } | AnswerKind::Text { .. })
}

/// The item by which an enterprise says whether it was served; a filter, not an opinion.
pub(crate) const SERVED: &str = "served";

fn lowest_level(ballot: &Ballot, unit: Option<&vocabulary::UnitId>) -> Option<Level> {
    ballot
        .levels()
        .filter(|(about, _, level)| *about == unit && level.scored_index().is_some())
        .map(|(_, _, level)| level)
        .max()
}

fn answer_rows(ballot_id: &str, ballot: &Ballot) -> Vec<AnswerRow> {
    let is_fact = |given: &Given| !matches!(given.value, AnswerValue::Text(_));
    let kept = ballot.answers().0.iter();
    kept.filter(|((unit, _), given)| unit.is_some() || is_fact(given))
        .map(|((unit, item), given)| AnswerRow {
            ballot_id: ballot_id.to_owned(),
            unit_id: unit.as_ref().map_or_else(String::new, ToString::to_string),
            item: item.to_string(),
            level: stored_level(given).code(),
            reasons: serde_json::to_string(&stored_codes(given)).expect("codes are plain text"),
        })
        .collect()
}

/// Codes of the options; a number is its own code. Words are not kept here: they become an opinion.
fn stored_codes(given: &Given) -> Vec<String> {
    let number = given.number().map(|number| number.to_string());
    given.options().iter().cloned().chain(number).collect()
}

/// Options and numbers are kept beside the level 弃权: they are no level.
fn stored_level(given: &Given) -> Level {
    match given.value {
        AnswerValue::Level(level) => level,
        AnswerValue::Options(_) | AnswerValue::Number(_) | AnswerValue::Text(_) => Level::Abstain,
    }
}

/// 128 random bits in hex: an id that tells neither time nor order.
pub(crate) fn random_id(rng: &mut impl Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}
