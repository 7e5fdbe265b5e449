//! A citizen answers: enter with a code, answer page by page, send in once.
//!
//! What is stored on the way is sealed with a key that only the person's browser holds, and what is sent in is sealed
//! with a key that lies outside the database until the round closes.

use crate::{
    App, Verb,
    documents::{questionnaire, world},
    keys::Key,
    seal::{self, keyed},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use response_collection::{
    AnswerProblem, Answers, Page, RawAnswer, RawBallot, ReceiptCode, Token, assigned_units, hash,
    pages, parse, parse_answer, receipt_hash, shown_answers,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use storage::{
    invitations::{self, InvitationKind, TokenState},
    rounds,
    submission::{self, DraftSave, Outcome, Submission, SubmitFailed},
};
use survey_design::{Item, Questionnaire, RoundState};
use vocabulary::{RoundId, UnitId};

/// The name of the key that seals ballots of a round until it closes.
pub(crate) fn mix_key(round: &RoundId) -> String {
    format!("mix-{round}")
}

/// The name of the key that makes tokens of a round into stored hashes.
pub(crate) fn round_key(round: &RoundId) -> String {
    format!("round-{round}")
}

/// All ballots of a round are opened together, when it closes.
pub(crate) const BATCH: &str = "1";

pub(crate) const RECEIPT_KEY: &str = "receipts";

/// Holds a draft open; lives in a cookie of the person's browser and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftKey(Key);

impl DraftKey {
    /// 64 hex digits.
    #[must_use]
    pub fn text(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads what [`Self::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).ok()?.try_into().ok().map(Self)
    }

    fn stored_hash(&self) -> String {
        hex::encode(keyed(&self.0, &[b"draft"]))
    }
}

/// Why a person cannot enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnterRefused {
    /// No such round.
    UnknownRound,
    /// The round has not opened yet.
    NotYetOpen,
    /// The round is closed.
    Closed,
    /// The code is not one of this round, or was mistyped.
    UnknownCode,
    /// The code has been used.
    Used,
    /// The invitation was declined.
    Declined,
    /// Too many at once; try again in a moment.
    Busy,
}

/// What a person has filled in so far.
#[derive(Clone, Debug)]
pub struct OpenDraft {
    /// The questionnaire shown.
    pub questionnaire: Arc<Questionnaire>,
    /// The units asked about, in order, with their names.
    pub units: Vec<(UnitId, String)>,
    /// All pages, shown or not.
    pub pages: Vec<Page>,
    /// The answers so far.
    pub answers: Answers,
    /// When the person entered.
    pub started_at: DateTime<Utc>,
    draft: Draft,
}

/// A sent-in ballot: the code with which the person can look up what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The query code.
    pub code: ReceiptCode,
}

/// Why a page or ballot is not taken.
#[derive(Debug)]
pub enum SubmitRefused {
    /// The draft is gone: sent in already, or the cookie is from another browser.
    NoDraft,
    /// The round is closed.
    Closed,
    /// An answer is not one the question takes.
    Answer(AnswerProblem),
    /// The same submission was sent before with other answers.
    DifferentContent,
    /// The code was used in the meantime.
    Used,
    /// Too many at once; try again in a moment.
    Busy,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Draft {
    token: String,
    kind: String,
    group: String,
    stratum: String,
    weight: i64,
    units: Vec<UnitId>,
    questionnaire: String,
    started_ms: i64,
    answers: Answers,
}

/// What is sealed until the round closes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Envelope {
    pub kind: String,
    pub group: String,
    pub stratum: String,
    pub weight: i64,
    pub ballot: RawBallot,
    pub receipt: String,
}

/// Lets a person in with the code of an invitation; entering again goes on where the person left off.
///
/// # Errors
/// When the database or a key file fails.
pub async fn enter(
    app: &App,
    round: &RoundId,
    typed: &str,
    now: DateTime<Utc>,
) -> Verb<Result<DraftKey, EnterRefused>> {
    let Some(record) = rounds::find_round(app.store(), round).await? else {
        return Ok(Err(EnterRefused::UnknownRound));
    };
    match record.round.state {
        RoundState::Draft | RoundState::Sampling => return Ok(Err(EnterRefused::NotYetOpen)),
        RoundState::Collecting => {}
        _ => return Ok(Err(EnterRefused::Closed)),
    }
    let Ok(token) = Token::parse(typed) else {
        return Ok(Err(EnterRefused::UnknownCode));
    };
    let secret = app.keys.read(&round_key(round))?;
    let Some(row) = invitations::find_token(app.store(), &hash(&secret, &token)).await? else {
        return Ok(Err(EnterRefused::UnknownCode));
    };
    match row.state {
        TokenState::Answered => return Ok(Err(EnterRefused::Used)),
        TokenState::Declined => return Ok(Err(EnterRefused::Declined)),
        TokenState::Issued => {}
    }
    let key = DraftKey(keyed(&secret, &[b"draft key", token.secret()]));
    if read_draft(app, round, &key).await?.is_none() {
        let enterprise = row.kind == InvitationKind::Enterprise;
        let rules = crate::documents::rules(app, &record.round.rules_digest).await?;
        let candidates = candidates(app, enterprise).await?;
        let most = match row.kind {
            InvitationKind::Overall => rules.sample.units_per_person,
            InvitationKind::Enterprise => rules.sample.units_per_enterprise,
        };
        let draft = Draft {
            token: row.token_hash,
            units: assigned_units(token.secret(), &candidates, &[], most),
            questionnaire: (if enterprise {
                record.enterprise
            } else {
                record.overall
            })
            .unwrap_or_default(),
            kind: if enterprise { "enterprise" } else { "overall" }.to_owned(),
            group: row.rater_group,
            stratum: row.stratum,
            weight: row.weight_micro,
            started_ms: now.timestamp_millis(),
            answers: Answers::default(),
        };
        if write_draft(app, round, &key, &draft).await?.is_err() {
            return Ok(Err(EnterRefused::Busy));
        }
    }
    Ok(Ok(key))
}

async fn candidates(app: &App, enterprise: bool) -> Verb<Vec<UnitId>> {
    let world = world(app).await?;
    let asked = world
        .units
        .iter()
        .filter(|unit| !enterprise || unit.enterprise_facing);
    Ok(asked.map(|unit| unit.id.clone()).collect())
}

/// What the person has filled in so far; `None` when there is no such draft (any more).
///
/// # Errors
/// When the database fails.
pub async fn load(app: &App, round: &RoundId, key: &DraftKey) -> Verb<Option<OpenDraft>> {
    let Some(draft) = read_draft(app, round, key).await? else {
        return Ok(None);
    };
    let questionnaire = questionnaire(app, &draft.questionnaire).await?;
    let world = world(app).await?;
    let name = |id: &UnitId| {
        world
            .units
            .iter()
            .find(|unit| unit.id == *id)
            .map(|unit| unit.name.clone())
            .unwrap_or_default()
    };
    let units: Vec<_> = draft
        .units
        .iter()
        .map(|id| (id.clone(), name(id)))
        .collect();
    Ok(Some(OpenDraft {
        pages: pages(&questionnaire, &draft.units),
        questionnaire,
        units,
        answers: draft.answers.clone(),
        started_at: DateTime::from_timestamp_millis(draft.started_ms).unwrap_or_default(),
        draft,
    }))
}

/// Keeps the answer of one page of an open draft; an empty answer takes an earlier one away.
///
/// # Errors
/// When the database fails.
pub async fn save_page(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
    open: &mut OpenDraft,
    page: &Page,
    raw: &RawAnswer,
) -> Verb<Result<(), SubmitRefused>> {
    let questionnaire = Arc::clone(&open.questionnaire);
    let Some(item) = item(&questionnaire, page) else {
        return Ok(Err(SubmitRefused::NoDraft));
    };
    match parse_answer(raw, item) {
        Err(problem) => Ok(Err(SubmitRefused::Answer(problem))),
        Ok(given) => {
            open.draft
                .answers
                .set((page.unit.clone(), page.item.clone()), given);
            open.answers.clone_from(&open.draft.answers);
            write_draft(app, round, key, &open.draft).await
        }
    }
}

fn item<'q>(questionnaire: &'q Questionnaire, page: &Page) -> Option<&'q Item> {
    questionnaire.items.iter().find(|item| item.id == page.item)
}

/// Sends the ballot in, exactly once: the same `submission` again gives the same receipt.
///
/// # Errors
/// When the database or a key file fails; then nothing was acknowledged.
pub async fn submit(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
    submission: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Result<Receipt, SubmitRefused>> {
    let Ok(secret) = app.keys.read(&round_key(round)) else {
        return Ok(Err(SubmitRefused::Closed));
    };
    let receipt = receipt_of(&secret, submission);
    let hmac = hex::encode(keyed(&secret, &[b"submission", submission.as_bytes()]));
    let Some(draft) = read_draft(app, round, key).await? else {
        let known = submission::submission_is_known(app.store(), &hmac).await?;
        return Ok(if known {
            Ok(receipt)
        } else {
            Err(SubmitRefused::NoDraft)
        });
    };
    let ballot = match checked_ballot(app, &draft, now).await? {
        Ok(ballot) => ballot,
        Err(problem) => return Ok(Err(SubmitRefused::Answer(problem))),
    };
    let receipts = app.keys.read_or_make(RECEIPT_KEY, rng)?;
    let stored_receipt = receipt_hash(&receipts, &receipt.code);
    let digest =
        Sha256::digest(serde_json::to_vec(ballot.answers()).expect("answers are plain data"));
    let envelope = Envelope {
        kind: draft.kind,
        group: draft.group,
        stratum: draft.stratum,
        weight: draft.weight,
        ballot,
        receipt: stored_receipt.clone(),
    };
    let plain = serde_json::to_vec(&envelope).expect("an envelope is plain data");
    let sealed = seal::seal(
        &app.keys.read(&mix_key(round))?,
        round.as_str(),
        &plain,
        rng,
    );
    let written = app.writer.submit(Submission {
        round_id: round.clone(),
        submission_hmac: hmac,
        digest: hex::encode(digest),
        token_hash: Some(draft.token),
        sealed,
        sealed_id: crate::close_round::random_id(rng),
        batch: BATCH.to_owned(),
        draft_hash: Some(key.stored_hash()),
        receipt_hash: stored_receipt,
    });
    match written.await {
        Ok(Outcome::Stored | Outcome::SameAgain) => Ok(Ok(receipt)),
        Err(SubmitFailed::DifferentContent) => Ok(Err(SubmitRefused::DifferentContent)),
        Err(SubmitFailed::TokenUsed | SubmitFailed::TokenUnknown) => Ok(Err(SubmitRefused::Used)),
        Err(SubmitFailed::RoundNotOpen) => Ok(Err(SubmitRefused::Closed)),
        Err(SubmitFailed::Busy) => Ok(Err(SubmitRefused::Busy)),
        Err(SubmitFailed::Storage(error)) => Err(error.into()),
    }
}

async fn checked_ballot(
    app: &App,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Verb<Result<RawBallot, AnswerProblem>> {
    let questionnaire = questionnaire(app, &draft.questionnaire).await?;
    let all = pages(&questionnaire, &draft.units);
    let shown = shown_answers(&questionnaire, &all, &draft.answers);
    let seconds = (now.timestamp_millis() - draft.started_ms) / 1000;
    let seconds = u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
    let raw = RawBallot::new(
        draft.questionnaire.clone(),
        draft.units.clone(),
        shown,
        seconds,
    );
    Ok(match parse(&raw, &questionnaire, &draft.units) {
        Ok(_) => Ok(raw),
        Err(mut problems) => Err(problems.remove(0)),
    })
}

/// Whether a code of the round may still be used; `None` for a code that is not the round's.
///
/// # Errors
/// When the database or a key file fails.
pub async fn is_unused(app: &App, round: &RoundId, typed: &str) -> Verb<Option<bool>> {
    let Ok(token) = Token::parse(typed) else {
        return Ok(None);
    };
    let secret = app.keys.read(&round_key(round))?;
    let row = invitations::find_token(app.store(), &hash(&secret, &token)).await?;
    Ok(row.map(|row| row.state == TokenState::Issued))
}

/// Notes that a person does not want to take part; the code cannot be used any more.
///
/// # Errors
/// When the database or a key file fails.
pub async fn decline(app: &App, round: &RoundId, typed: &str) -> Verb<Result<(), EnterRefused>> {
    let Ok(token) = Token::parse(typed) else {
        return Ok(Err(EnterRefused::UnknownCode));
    };
    let Ok(secret) = app.keys.read(&round_key(round)) else {
        return Ok(Err(EnterRefused::Closed));
    };
    let tx = app.store.begin().await?;
    let declined = invitations::decline_token(&tx, &hash(&secret, &token)).await?;
    tx.commit().await?;
    Ok(if declined {
        Ok(())
    } else {
        Err(EnterRefused::UnknownCode)
    })
}

fn receipt_of(secret: &Key, submission: &str) -> Receipt {
    let seed = keyed(secret, &[b"receipt", submission.as_bytes()]);
    Receipt {
        code: ReceiptCode::generate(&mut ChaCha20Rng::from_seed(seed)),
    }
}

async fn read_draft(app: &App, round: &RoundId, key: &DraftKey) -> Verb<Option<Draft>> {
    let row = submission::find_draft(app.store(), &key.stored_hash()).await?;
    Ok(row
        .and_then(|row| seal::open(&key.0, round.as_str(), &row.sealed))
        .and_then(|plain| serde_json::from_slice(&plain).ok()))
}

async fn write_draft(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
    draft: &Draft,
) -> Verb<Result<(), SubmitRefused>> {
    let plain = serde_json::to_vec(draft).expect("a draft is plain data");
    let nonce_seed = keyed(&key.0, &[b"nonce", &plain]);
    let sealed = seal::seal(
        &key.0,
        round.as_str(),
        &plain,
        &mut ChaCha20Rng::from_seed(nonce_seed),
    );
    let save = DraftSave {
        id_hash: key.stored_hash(),
        round_id: round.clone(),
        sealed,
    };
    match app.writer.save_draft(save).await {
        Ok(()) => Ok(Ok(())),
        Err(SubmitFailed::Storage(error)) => Err(error.into()),
        Err(SubmitFailed::RoundNotOpen) => Ok(Err(SubmitRefused::Closed)),
        Err(_) => Ok(Err(SubmitRefused::Busy)),
    }
}
