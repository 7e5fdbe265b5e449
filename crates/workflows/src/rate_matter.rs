//! Whoever wrote rates what was done about it 追评: once for each receipt and matter.

use crate::{App, Verb, lookup::Held, mix::random_id, opinions::opinion_of};
use rand::Rng;
use rectification::{MatterStage, OpinionKind, OpinionStage};
use storage::{
    StorageError,
    follow_up_ratings::{self, FollowUpRating},
    matters::{self, Matter},
    opinions::{self, Opinion},
};
use vocabulary::{Channel, Level, MatterId, RoundId, UnitId};

/// Most characters of what is added to a rating.
pub const MOST_ADDED: u16 = 500;

/// What somebody says of what was done about a matter.
pub struct SaidOfMatter<'s> {
    /// The receipt, as typed.
    pub receipt: &'s str,
    /// The matter.
    pub matter: &'s MatterId,
    /// One of the five levels.
    pub level: Level,
    /// What is added in words, as written; may be empty.
    pub words: &'s str,
}

/// Why a rating was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingRefused {
    /// There is no such receipt, or nothing its holder wrote is part of the matter.
    NotYours,
    /// There is no answer to rate, or none any more.
    NothingToRate,
    /// Not one of the five levels.
    NoLevel,
    /// More words than are taken.
    TooLong {
        /// Characters written.
        have: usize,
    },
}

/// Takes the rating, exactly once: whatever comes later is the same rating again, and the first stands.
///
/// The words are redacted before they are stored. A clue of a breach of discipline does not stay with the matter, where
/// the office would read it: it goes the way of every clue.
///
/// # Errors
/// When the database or the receipt key fails.
pub async fn rate_matter(
    app: &App,
    said: SaidOfMatter<'_>,
    rng: &mut impl Rng,
) -> Verb<Result<(), RatingRefused>> {
    let words = said.words.trim().replace("\r\n", "\n");
    let have = words.chars().count();
    if said.level.scored_index().is_none() {
        return Ok(Err(RatingRefused::NoLevel));
    }
    if have > usize::from(MOST_ADDED) {
        return Ok(Err(RatingRefused::TooLong { have }));
    }
    let Some(held) = Held::find(app, said.receipt).await? else {
        return Ok(Err(RatingRefused::NotYours));
    };
    let Some((matter, channel)) = matter_of(app, &held, said.matter).await? else {
        return Ok(Err(RatingRefused::NotYours));
    };
    if !MatterStage::from_code(&matter.state_code).is_some_and(MatterStage::takes_follow_up) {
        return Ok(Err(RatingRefused::NothingToRate));
    }
    let unit = Some(UnitId::new(matter.unit_id.as_str()));
    let round = RoundId::new(matter.round_id.as_str());
    let opinion = opinion_of(&round, channel, unit, &[], &words, Some(said.level));
    let (opinion, clue) = match opinion.kind == OpinionKind::Clue.code() {
        true => (None, Some(opinion)),
        false => (Some(opinion), None),
    };
    let rating = FollowUpRating {
        once_hash: held.rating_hash(said.matter),
        matter_id: matter.id,
        level: said.level.code(),
        masked: opinion.as_ref().map_or(0, |opinion| opinion.masked),
        text_redacted: opinion
            .map(|opinion| opinion.text_redacted)
            .unwrap_or_default(),
    };
    match store(app, rating, clue, rng).await {
        Ok(()) | Err(StorageError::Conflict(_)) => Ok(Ok(())),
        Err(error) => Err(error.into()),
    }
}

/// The matter, and by which channel its holder spoke of it; `None` when nothing the holder wrote is part of it.
async fn matter_of(app: &App, held: &Held, id: &MatterId) -> Verb<Option<(Matter, Channel)>> {
    let own = held.opinions(app).await?.into_iter();
    let mut own = own.filter(|opinion| opinion.matter_id.as_deref() == Some(id.as_str()));
    let Some(channel) = own.find_map(|opinion| Channel::from_code(&opinion.channel)) else {
        return Ok(None);
    };
    let matter = matters::find_matter(app.store(), id.as_str()).await?;
    Ok(matter.map(|matter| (matter, channel)))
}

/// The rating and, where a clue was added, the clue among the opinions handed over.
async fn store(
    app: &App,
    rating: FollowUpRating,
    clue: Option<Opinion>,
    rng: &mut impl Rng,
) -> Result<(), StorageError> {
    let tx = app.store.begin().await?;
    follow_up_ratings::insert_rating(&tx, rating).await?;
    if let Some(clue) = clue {
        let clue = Opinion {
            id: random_id(rng),
            state: OpinionStage::HandedOver.code().to_owned(),
            ..clue
        };
        opinions::insert_opinions(&tx, vec![clue]).await?;
    }
    tx.commit().await
}
