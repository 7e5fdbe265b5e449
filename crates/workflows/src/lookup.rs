//! A citizen looks up what became of a ballot, by the code on the receipt and nothing else.

use crate::{
    App, Verb,
    collect::RECEIPT_KEY,
    keys::{Key, not_restored},
};
use chrono::NaiveDate;
use rectification::{MatterEvent, MatterStage, MatterState, MatterStep, OpinionKind};
use response_collection::{MOST_OPINIONS, ReceiptCode, follow_up_hash, rating_hash, receipt_hash};
use storage::{follow_up_ratings, matters, opinions, rounds, submission};
use vocabulary::{Level, MatterId, RoundId, UnitId, civil_date};

/// What became of a ballot.
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// The round it was sent to.
    pub round: RoundId,
    /// Title of the round.
    pub round_title: String,
    /// When the results will be, or were, published; none while unknown.
    pub published_on: Option<NaiveDate>,
    /// What the person wrote or ticked, one entry each, and what happened.
    pub opinions: Vec<FollowedOpinion>,
}

/// One opinion of the person and its way.
#[derive(Clone, Debug)]
pub struct FollowedOpinion {
    /// The unit it went to; none while the office sorts it.
    pub unit: Option<UnitId>,
    /// The person's own words as units see them, without personal data; empty when only reasons were ticked.
    pub words: String,
    /// What kind of opinion it is taken for.
    pub kind: OpinionKind,
    /// The matter it became part of, if any.
    pub matter: Option<FollowedMatter>,
}

/// A matter as the person may see it.
#[derive(Clone, Debug)]
pub struct FollowedMatter {
    /// Number.
    pub id: String,
    /// Title.
    pub title: String,
    /// Where it stands.
    pub stage: MatterStage,
    /// How many people said the same, this one included.
    pub voices: u64,
    /// Each step that tells a citizen something, with its date.
    pub steps: Vec<(NaiveDate, MatterStep)>,
    /// What the unit says it did; none before it reported, and none while it works on it again.
    pub reply: Option<String>,
    /// What the office decided afterwards, where that needs explaining.
    pub decision: Option<Decision>,
    /// What the person says of it.
    pub rating: Rating,
}

/// What the office decided about a matter that is not solved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is in a plan until this day.
    Planned(NaiveDate),
    /// It cannot be solved for now, and why.
    Deferred(String),
    /// It is worked on again, and why.
    Reopened(String),
}

/// Where the follow-up rating 追评 of a matter stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rating {
    /// There is no answer to rate.
    NotYet,
    /// It may be given, once.
    Open,
    /// It was given.
    Given {
        /// The level chosen.
        level: Level,
        /// What was added, without personal data; empty for nothing.
        words: String,
    },
}

/// The receipt a person holds, found in the database.
pub(crate) struct Held {
    key: Key,
    code: ReceiptCode,
    round: RoundId,
}

impl Held {
    /// The receipt with this code, as typed; `None` when there is none.
    pub(crate) async fn find(app: &App, typed: &str) -> Verb<Option<Self>> {
        let Ok(code) = ReceiptCode::parse(typed) else {
            return Ok(None);
        };
        let key = match app.keys.read(RECEIPT_KEY) {
            Ok(key) => key,
            Err(error) if not_restored(&error).is_some() => return Err(error.into()),
            Err(_) => return Ok(None),
        };
        let receipt = submission::find_receipt(app.store(), &receipt_hash(&key, &code)).await?;
        Ok(receipt.map(|receipt| Self {
            key,
            code,
            round: RoundId::new(receipt.round_id),
        }))
    }

    /// The opinions of the person, once they were taken from the ballot.
    pub(crate) async fn opinions(&self, app: &App) -> Verb<Vec<opinions::Opinion>> {
        let hashes = (0..MOST_OPINIONS).map(|n| follow_up_hash(&self.key, &self.code, n));
        Ok(opinions::list_opinions_of_receipt(app.store(), hashes.collect()).await?)
    }

    /// Under what this person rates a matter.
    pub(crate) fn rating_hash(&self, matter: &MatterId) -> String {
        rating_hash(&self.key, &self.code, matter)
    }
}

/// Finds a ballot by its query code; `None` when there is none.
///
/// # Errors
/// When the database or the receipt key fails.
pub async fn lookup(app: &App, typed: &str) -> Verb<Option<FollowUp>> {
    let Some(held) = Held::find(app, typed).await? else {
        return Ok(None);
    };
    let record = rounds::find_round(app.store(), &held.round).await?;
    let mut followed = Vec::new();
    for row in held.opinions(app).await? {
        let matter = match &row.matter_id {
            Some(id) => followed_matter(app, &held, id).await?,
            None => None,
        };
        followed.push(FollowedOpinion {
            unit: row.unit_id.as_deref().map(UnitId::from),
            kind: OpinionKind::from_code(&row.kind).unwrap_or(OpinionKind::Suggestion),
            words: row.text_redacted,
            matter,
        });
    }
    Ok(Some(FollowUp {
        round: held.round,
        published_on: record
            .as_ref()
            .and_then(|record| record.published_at)
            .map(civil_date),
        round_title: record.map(|record| record.round.title).unwrap_or_default(),
        opinions: followed,
    }))
}

async fn followed_matter(app: &App, held: &Held, id: &str) -> Verb<Option<FollowedMatter>> {
    let Some(row) = matters::find_matter(app.store(), id).await? else {
        return Ok(None);
    };
    let Ok(state) = serde_json::from_str::<MatterState>(&row.state) else {
        return Ok(None);
    };
    let voices = opinions::list_opinions_of_matter(app.store(), id)
        .await?
        .len() as u64;
    let events = matters::list_matter_events(app.store(), id).await?;
    let steps = events
        .iter()
        .filter_map(|event| Some((civil_date(event.at), telling_step(&event.event)?)))
        .collect();
    let mut reports = events
        .iter()
        .rev()
        .filter_map(|event| reported(&event.event));
    let reply = reports.next().filter(|_| has_reply(state.stage()));
    Ok(Some(FollowedMatter {
        id: row.id,
        title: row.title,
        stage: state.stage(),
        voices,
        steps,
        reply,
        decision: match &state {
            MatterState::InPlan { until, .. } => Some(Decision::Planned(*until)),
            MatterState::Deferred { reason, .. } => Some(Decision::Deferred(reason.clone())),
            MatterState::Reopened { reason, .. } => Some(Decision::Reopened(reason.clone())),
            _ => None,
        },
        rating: rating(app, &held.rating_hash(&MatterId::new(id)), state.stage()).await?,
    }))
}

/// What a unit reported with this event.
fn reported(event: &str) -> Option<String> {
    match serde_json::from_str(event).ok()? {
        MatterEvent::Report { result } => Some(result),
        _ => None,
    }
}

const fn has_reply(stage: MatterStage) -> bool {
    stage.takes_follow_up() || matches!(stage, MatterStage::InPlan | MatterStage::Deferred)
}

async fn rating(app: &App, once_hash: &str, stage: MatterStage) -> Verb<Rating> {
    let given = follow_up_ratings::find_rating(app.store(), once_hash).await?;
    Ok(match given {
        Some(given) => Rating::Given {
            level: Level::from_code(given.level).unwrap_or(Level::Abstain),
            words: given.text_redacted,
        },
        None if stage.takes_follow_up() => Rating::Open,
        None => Rating::NotYet,
    })
}

/// The step, unless it is one between office and unit that tells a citizen nothing.
fn telling_step(event: &str) -> Option<MatterStep> {
    let event: MatterEvent = serde_json::from_str(event).ok()?;
    let telling = [
        MatterStep::Assign,
        MatterStep::Sign,
        MatterStep::Plan,
        MatterStep::Approve,
        MatterStep::GrantExtension,
        MatterStep::Report,
        MatterStep::Verify,
        MatterStep::Close,
        MatterStep::Fail,
        MatterStep::Reopen,
    ];
    Some(event.kind()).filter(|step| telling.contains(step))
}
