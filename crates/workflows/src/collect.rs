//! A citizen answers: enter with a code, answer page by page, send in once.
//!
//! What is stored on the way is sealed with a key that only the person's browser holds, and what is sent in is sealed
//! with a key that lies outside the database until its batch is mixed.

mod submit;

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
    AnswerProblem, Answers, Filling, Page, RawAnswer, RawBallot, ResumeCode, Token, assigned_units,
    hash, pages, parse, parse_answer, progress, shown_answers,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use storage::{
    invitations::{self, InvitationKind, TokenRow, TokenState},
    rounds::{self, RoundRecord},
    submission::{DraftSave, SubmitFailed},
};
use survey_design::{Anonymity, Item, Questionnaire, Resubmission, Round, RoundState};
use vocabulary::{RoundId, UnitId, Weight};

pub use response_collection::Receipt;
pub use submit::submit;

/// The name of the key that makes tokens of a round into stored hashes.
pub(crate) fn round_key(round: &RoundId) -> String {
    format!("round-{round}")
}

pub(crate) const RECEIPT_KEY: &str = "receipts";

/// Holds a draft open; lives in a cookie of the person's browser and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftKey(pub(crate) Key);

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
    /// The code belongs to a round that is over.
    Expired,
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
    /// As many ballots as are needed have come in.
    Full,
    /// Too many at once; try again in a moment.
    Busy,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// Hash of the token; none in an open round.
    token: Option<String>,
    kind: String,
    group: String,
    stratum: String,
    weight: i64,
    units: Vec<UnitId>,
    questionnaire: String,
    started_ms: i64,
    answers: Answers,
    #[serde(default)]
    filling: Filling,
    /// Number of the question answered last, of those everybody is asked.
    #[serde(default)]
    reached: u16,
}

impl OpenDraft {
    /// A mark of one page of this draft; a form that carries another was made for somebody else's questionnaire.
    #[must_use]
    pub fn mark(&self, page: &Page) -> String {
        let unit = page.unit.as_ref().map_or("", UnitId::as_str);
        let parts = [
            self.draft.token.as_deref().unwrap_or_default(),
            &self.draft.questionnaire,
            unit,
            page.item.as_str(),
        ];
        hex::encode(&Sha256::digest(parts.join("\n"))[..8])
    }

    /// Who holds the phone or the pen.
    #[must_use]
    pub const fn filling(&self) -> Filling {
        self.draft.filling
    }
}

/// What is sealed until its batch is mixed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Envelope {
    pub kind: String,
    pub group: String,
    pub stratum: String,
    pub weight: i64,
    pub ballot: RawBallot,
    /// Under what each opinion of the ballot is found with the receipt.
    pub follow_ups: Vec<String>,
    /// Hash of the token, in a confidential round only.
    pub token: Option<String>,
    /// What was noticed when it was sent in.
    pub signs: SubmissionSigns,
}

/// What is noticed when a ballot is sent in; it is sealed with the ballot, and nothing else is kept of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionSigns {
    /// 有人教我怎么填: the person said so.
    pub coached: bool,
    /// It came with many others from one network.
    pub burst: bool,
}

/// The round, when it takes answers now.
async fn collecting(app: &App, round: &RoundId) -> Verb<Result<RoundRecord, EnterRefused>> {
    let Some(record) = app.reader.round(round).await? else {
        return Ok(Err(EnterRefused::UnknownRound));
    };
    Ok(match record.round.state {
        RoundState::Draft | RoundState::Sampling => Err(EnterRefused::NotYetOpen),
        RoundState::Collecting => Ok(record),
        _ => Err(EnterRefused::Closed),
    })
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
    let record = match collecting(app, round).await? {
        Ok(record) => record,
        Err(refused) => return Ok(Err(refused)),
    };
    if let Ok(code) = ResumeCode::parse(typed) {
        return crate::put_aside::come_back(app, round, &code).await;
    }
    let Ok(token) = Token::parse(typed) else {
        return Ok(Err(EnterRefused::UnknownCode));
    };
    let secret = app.keys.read(&round_key(round))?;
    let row = match usable(app, &record.round, &token).await? {
        Ok(row) => row,
        Err(refused) => return Ok(Err(refused)),
    };
    let key = DraftKey(keyed(&secret, &[b"draft key", token.secret()]));
    if read_draft(app, round, &key).await?.is_none() {
        let enterprise = row.kind == InvitationKind::Enterprise;
        let draft = Draft {
            units: units(app, &record, row.kind, token.secret()).await?,
            token: Some(row.token_hash),
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
            filling: Filling::Alone,
            reached: 0,
        };
        if write_draft(app, round, &key, &draft).await?.is_err() {
            return Ok(Err(EnterRefused::Busy));
        }
    }
    Ok(Ok(key))
}

/// The group of those who came by the open link: no rater group of the survey, so that they are heard and not scored.
pub const OPEN_LINK: &str = "open_link";

/// What the server knows its own tasks for an open link by.
///
/// # Errors
/// When the key file of the round cannot be read.
pub fn open_link_key(app: &App, round: &RoundId) -> Verb<Key> {
    let secret = app.keys.read(&round_key(round))?;
    Ok(keyed(&secret, &[b"open link"]))
}

/// Lets anybody into an open round, without a code.
///
/// # Errors
/// When the database or a key file fails.
pub async fn enter_open(
    app: &App,
    round: &RoundId,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Result<DraftKey, EnterRefused>> {
    let record = match collecting(app, round).await? {
        Ok(record) if record.round.anonymity == Anonymity::Open => record,
        Ok(_) => return Ok(Err(EnterRefused::UnknownCode)),
        Err(refused) => return Ok(Err(refused)),
    };
    let mut key = Key::default();
    rng.fill_bytes(&mut key);
    let mut choice = [0; 16];
    rng.fill_bytes(&mut choice);
    let draft = Draft {
        units: units(app, &record, InvitationKind::Overall, &choice).await?,
        token: None,
        questionnaire: record.overall.unwrap_or_default(),
        kind: "overall".to_owned(),
        group: OPEN_LINK.to_owned(),
        stratum: OPEN_LINK.to_owned(),
        weight: Weight::whole(1).steps(),
        started_ms: now.timestamp_millis(),
        answers: Answers::default(),
        filling: Filling::Alone,
        reached: 0,
    };
    let key = DraftKey(key);
    let written = write_draft(app, round, &key, &draft).await?;
    Ok(written.map(|()| key).map_err(|_| EnterRefused::Busy))
}

/// The units a person is asked about, worked out from a secret and stored nowhere else.
async fn units(
    app: &App,
    record: &RoundRecord,
    kind: InvitationKind,
    secret: &[u8; 16],
) -> Verb<Vec<UnitId>> {
    let rules = crate::documents::rules(app, &record.round.rules_digest).await?;
    let candidates = candidates(app, kind == InvitationKind::Enterprise).await?;
    let most = match kind {
        InvitationKind::Overall => rules.sample.units_per_person,
        InvitationKind::Enterprise => rules.sample.units_per_enterprise,
    };
    Ok(assigned_units(secret, &candidates, &[], most))
}

/// The stored invitation of a token that can still be used.
async fn usable(app: &App, round: &Round, token: &Token) -> Verb<Result<TokenRow, EnterRefused>> {
    let secret = app.keys.read(&round_key(&round.id))?;
    let Some(row) = app.reader.token(&hash(&secret, token)).await? else {
        let expired = belongs_to_a_round_that_is_over(app, &round.id, token).await?;
        return Ok(Err(if expired {
            EnterRefused::Expired
        } else {
            EnterRefused::UnknownCode
        }));
    };
    Ok(match row.state {
        TokenState::Answered if round.resubmission == Resubmission::Once => Err(EnterRefused::Used),
        TokenState::Declined => Err(EnterRefused::Declined),
        TokenState::Answered | TokenState::Issued => Ok(row),
    })
}

/// Whether a round that is over gave this token out; unknown once its key is destroyed.
async fn belongs_to_a_round_that_is_over(app: &App, round: &RoundId, token: &Token) -> Verb<bool> {
    let over = rounds::list_rounds(app.store()).await?;
    let over = over
        .iter()
        .filter(|record| record.round.state > RoundState::Collecting && record.round.id != *round);
    for record in over {
        let Ok(secret) = app.keys.read(&round_key(&record.round.id)) else {
            continue;
        };
        let found = invitations::find_token(app.store(), &hash(&secret, token)).await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
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
            let (reached, _) = progress(&questionnaire, &open.pages, page.index);
            open.draft.reached = u16::try_from(reached).unwrap_or(u16::MAX);
            write_draft(app, round, key, &open.draft).await
        }
    }
}

/// Notes that an interviewer reads aloud and ticks for the person; it stays so to the end.
///
/// # Errors
/// When the database fails.
pub async fn assist(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
    open: &mut OpenDraft,
) -> Verb<Result<(), SubmitRefused>> {
    open.draft.filling = Filling::Assisted;
    write_draft(app, round, key, &open.draft).await
}

fn item<'q>(questionnaire: &'q Questionnaire, page: &Page) -> Option<&'q Item> {
    questionnaire.items.iter().find(|item| item.id == page.item)
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
    )
    .filled(draft.filling);
    let shown = (draft.questionnaire.as_str(), questionnaire.as_ref());
    Ok(match parse(&raw, shown, &draft.units) {
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
    let record = match collecting(app, round).await? {
        Ok(record) => record,
        Err(refused) => return Ok(Err(refused)),
    };
    let Ok(token) = Token::parse(typed) else {
        return Ok(Err(EnterRefused::UnknownCode));
    };
    let row = match usable(app, &record.round, &token).await? {
        Ok(row) => row,
        Err(refused) => return Ok(Err(refused)),
    };
    let tx = app.store.begin().await?;
    let declined = invitations::decline_token(&tx, &row.token_hash).await?;
    tx.commit().await?;
    Ok(if declined {
        Ok(())
    } else {
        Err(EnterRefused::Used)
    })
}

pub(crate) async fn read_draft(app: &App, round: &RoundId, key: &DraftKey) -> Verb<Option<Draft>> {
    let row = app.reader.draft(&key.stored_hash()).await?;
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
        reached: Some(i16::try_from(draft.reached).unwrap_or(i16::MAX)),
    };
    match app.writer.save_draft(save).await {
        Ok(()) => Ok(Ok(())),
        Err(SubmitFailed::Storage(error)) => Err(error.into()),
        Err(SubmitFailed::RoundNotOpen) => Ok(Err(SubmitRefused::Closed)),
        Err(_) => Ok(Err(SubmitRefused::Busy)),
    }
}
