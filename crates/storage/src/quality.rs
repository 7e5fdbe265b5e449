//! Signs on opened ballots, and the exclusions decided for them.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::DateTimeUtc};
use std::collections::BTreeMap;
use vocabulary::RoundId;

table! {
    /// One sign on one opened ballot.
    pub BallotSign = "ballot_sign" in ballot_sign {
        key {
            /// Ballot.
            ballot_id: String,
            /// Code of the sign.
            sign: String,
        }
        /// Round.
        round_id: String,
    }
}

stored_state! {
    /// Where an exclusion stands.
    pub ExclusionState {
        /// It waits for a second person.
        Waiting = "waiting",
        /// The ballots are excluded.
        Done = "done",
        /// A person declined; the ballots count.
        Declined = "declined",
    }
}

table! {
    /// A decision to exclude the ballots that carry certain signs; proposed by one, decided by the same or another person.
    pub Exclusion = "exclusion" in exclusion {
        key {
            /// Random id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Codes of the signs, joined by commas.
        signs: String,
        /// Why.
        reason: String,
        /// Ballots it takes out.
        ballots: i32,
        /// Account that proposed it.
        proposed_by: String,
        /// When it was proposed.
        proposed_at: DateTimeUtc,
        /// Where it stands.
        state: ExclusionState,
        /// Account that carried it out or declined it; none while it waits.
        decided_by: Option<String>,
        /// When that was.
        decided_at: Option<DateTimeUtc>,
    }
}

table! {
    /// How many opened ballots of a round were filled in at this pace.
    pub PaceCount = "pace_count" in pace_count {
        key {
            /// Round.
            round_id: String,
            /// Class of seconds per question, 0 for the fastest.
            pace: i16,
        }
        /// Ballots.
        ballots: i64,
    }
}

/// Sets how many opened ballots were filled in at each pace; the round's batch must be locked.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn put_paces(tx: &Tx, counts: Vec<PaceCount>) -> Result<(), StorageError> {
    rows::replace_all(tx, counts).await
}

/// How many opened ballots of a round were filled in at each pace, the fastest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_paces(link: &impl Link, round: &RoundId) -> Result<Vec<PaceCount>, StorageError> {
    let query = pace_count::Entity::find()
        .filter(pace_count::Column::RoundId.eq(round.as_str()))
        .order_by_asc(pace_count::Column::Pace);
    rows::all(link, query).await
}

/// Adds signs, in the order of the random ids of their ballots.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn insert_signs(tx: &Tx, mut signs: Vec<BallotSign>) -> Result<(), StorageError> {
    signs.sort_by(|a, b| (&a.ballot_id, &a.sign).cmp(&(&b.ballot_id, &b.sign)));
    rows::insert_all(tx, signs).await
}

/// The codes of the signs of each ballot of a round that carries any, in alphabetical order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_signs(
    link: &impl Link,
    round: &RoundId,
) -> Result<BTreeMap<String, Vec<String>>, StorageError> {
    let query = ballot_sign::Entity::find()
        .filter(ballot_sign::Column::RoundId.eq(round.as_str()))
        .order_by_asc(ballot_sign::Column::BallotId)
        .order_by_asc(ballot_sign::Column::Sign);
    let mut ballots: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows::all::<BallotSign>(link, query).await? {
        ballots.entry(row.ballot_id).or_default().push(row.sign);
    }
    Ok(ballots)
}

/// Adds an exclusion.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn insert_exclusion(tx: &Tx, exclusion: Exclusion) -> Result<(), StorageError> {
    rows::insert(tx, exclusion).await
}

/// Notes who carried out or declined a waiting exclusion, and on how many ballots; false when it waits no more.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn decide_exclusion(tx: &Tx, exclusion: Exclusion) -> Result<bool, StorageError> {
    let waiting = is(exclusion::Column::Id, exclusion.id.clone())
        .add(exclusion::Column::State.eq(ExclusionState::Waiting));
    rows::update_where(tx, exclusion, waiting).await
}

/// Exclusions of a round in order of time.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_exclusions(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<Exclusion>, StorageError> {
    let query = exclusion::Entity::find()
        .filter(exclusion::Column::RoundId.eq(round.as_str()))
        .order_by_asc(exclusion::Column::ProposedAt)
        .order_by_asc(exclusion::Column::Id);
    rows::all(link, query).await
}
