//! Closes a round: opens the sealed ballots in random order, judges them, and destroys the key that sealed them.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    collect::{BATCH, Envelope, mix_key},
    documents::{questionnaire, rules},
    opinions::opinion_of,
    rounds::{find, step},
    seal,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use response_collection::{Ballot, Given, Verdict, VoidReason, judge, parse};
use std::collections::BTreeMap;
use storage::{
    ballots::{self, AnswerRow, BallotRow, Verdict as StoredVerdict},
    invitations::InvitationKind,
    opinions::{self, Opinion},
    rounds::RoundRecord,
};
use survey_design::{AnswerValue, RoundState, Rules};
use vocabulary::{Channel, Level, RoundId};

/// What was found when the ballots were opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseReport {
    /// Ballots received.
    pub received: u64,
    /// Valid ballots.
    pub valid: u64,
    /// Void ballots by reason code.
    pub void: BTreeMap<String, u64>,
    /// Opinions taken from the ballots.
    pub opinions: u64,
}

#[derive(Default)]
struct Opened {
    ballots: Vec<BallotRow>,
    answers: Vec<AnswerRow>,
    opinions: Vec<Opinion>,
    report: CloseReport,
}

const UNREADABLE: &str = "unreadable";

/// Closes the round. Answers lose their envelope; what a person wrote becomes an opinion of its own, redacted, without the ballot.
///
/// Crash-safe: the opening is one transaction, and the key is destroyed after it; closing again only destroys the key.
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
    let sealed = ballots::list_sealed(&tx, id).await?;
    let opened = if sealed.is_empty() {
        Opened::default()
    } else {
        open_all(app, &record, &rules, &sealed, rng).await?
    };
    let report = opened.report;
    ballots::open_sealed(&tx, id, BATCH, opened.ballots, opened.answers).await?;
    opinions::insert_opinions(&tx, opened.opinions).await?;
    audited(&tx, actor, "close_round", id.as_str(), now).await?;
    tx.commit().await?;
    app.keys.destroy(&mix_key(id))?;
    Ok(report)
}

async fn open_all(
    app: &App,
    record: &RoundRecord,
    rules: &Rules,
    sealed: &[ballots::SealedBallot],
    rng: &mut impl Rng,
) -> Verb<Opened> {
    let id = &record.round.id;
    let key = app.keys.read(&mix_key(id))?;
    let mut opened = Opened::default();
    for blob in sealed {
        let envelope = seal::open(&key, id.as_str(), &blob.blob)
            .and_then(|plain| serde_json::from_slice::<Envelope>(&plain).ok());
        let envelope = envelope.ok_or(Refusal::Missing("能打开本轮密封答卷的密钥"))?;
        let shown = questionnaire(app, envelope.ballot.questionnaire_digest()).await?;
        let judged = match parse(&envelope.ballot, &shown, envelope.ballot.units()) {
            Ok(ballot) => {
                let judged = judge(ballot, &rules.judge, &shown);
                Some((judged.ballot().clone(), judged.verdict()))
            }
            Err(_) => None,
        };
        opened.take(id, &envelope, judged, rng);
    }
    Ok(opened)
}

impl Opened {
    fn take(
        &mut self,
        round: &RoundId,
        envelope: &Envelope,
        judged: Option<(Ballot, Verdict)>,
        rng: &mut impl Rng,
    ) {
        let ballot_id = random_id(rng);
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
                self.take_opinions(round, envelope, &ballot, rng);
            }
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
        });
    }

    /// Reasons ticked and words written, each an opinion with a key of its own; the ballot is not named.
    fn take_opinions(
        &mut self,
        round: &RoundId,
        envelope: &Envelope,
        ballot: &Ballot,
        rng: &mut impl Rng,
    ) {
        let channel = if envelope.kind == "enterprise" {
            Channel::Enterprise
        } else {
            Channel::Survey
        };
        for ((unit, item), given) in &ballot.answers().0 {
            let is_choice = given.words().is_none() && item.as_str() == SERVED;
            let reasons = given.options();
            let words = given.words();
            if is_choice || (reasons.is_empty() && words.is_none()) {
                continue;
            }
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
            opinion.receipt_hash = Some(envelope.receipt.clone());
            self.opinions.push(opinion);
            self.report.opinions += 1;
        }
    }
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
    let about_units = ballot
        .answers()
        .0
        .iter()
        .filter_map(|((unit, item), given)| Some((unit.as_ref()?, item, given)));
    about_units
        .map(|(unit, item, given)| AnswerRow {
            ballot_id: ballot_id.to_owned(),
            unit_id: unit.to_string(),
            item: item.to_string(),
            level: stored_level(given).code(),
            reasons: serde_json::to_string(given.options()).expect("codes are plain text"),
        })
        .collect()
}

/// Options are kept beside the level 弃权: they are no level.
fn stored_level(given: &Given) -> Level {
    match given.value {
        AnswerValue::Level(level) => level,
        AnswerValue::Options(_) | AnswerValue::Text(_) => Level::Abstain,
    }
}

/// 128 random bits in hex: an id that tells neither time nor order.
pub(crate) fn random_id(rng: &mut impl Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}
