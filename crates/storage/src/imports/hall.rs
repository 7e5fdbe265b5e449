//! Ratings and volumes of the service centre.

use super::{ImportedRow, Upserted, upsert};
use crate::{Link, StorageError, rows};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, prelude::Date};
use vocabulary::RoundId;

stored_state! {
    #[derive(serde::Serialize, serde::Deserialize)]
    /// Whether a person gave the rating.
    pub HallOrigin {
        /// A person gave it.
        Active = "active",
        /// The system filled it in; counted, never scored.
        Default = "default",
    }
}

table! {
    #[derive(serde::Serialize, serde::Deserialize)]
    /// One rating at the service centre.
    pub HallRating = "hall_rating" in hall_rating {
        key {
            /// Round.
            round_id: String,
            /// Natural key of the row.
            row_key: String,
        }
        /// Batch that brought it.
        batch_id: String,
        /// Unit.
        unit_id: String,
        /// Code of the level; none when the cell was empty.
        level: Option<i16>,
        /// Whether a person gave it.
        origin: HallOrigin,
        /// Stage of the case it was given at.
        stage: String,
        /// Position among the ratings of the case, 1 for the first.
        rating_no: i32,
        /// Whether a bad rating was followed by contact in time.
        contacted_in_time: Option<bool>,
        /// Whether a bad rating was rectified in time.
        rectified_in_time: Option<bool>,
        /// Level given when asked again.
        follow_up_level: Option<i16>,
        /// Day of the rating.
        rated_on: Option<Date>,
        /// Key of the rating that takes its place.
        superseded_by: Option<String>,
    }
}

table! {
    #[derive(serde::Serialize, serde::Deserialize)]
    /// Cases a unit completed at the service centre.
    pub HallVolume = "hall_volume" in hall_volume {
        key {
            /// Round.
            round_id: String,
            /// Unit.
            unit_id: String,
        }
        /// Batch that brought it.
        batch_id: String,
        /// Completed cases of the period.
        completed_cases: i64,
    }
}

impl ImportedRow for HallRating {
    type Key = (String, String);

    const TABLE: &'static str = "hall_rating";

    fn key(&self) -> Self::Key {
        (self.round_id.clone(), self.row_key.clone())
    }

    fn has_key(&self) -> Condition {
        Condition::all()
            .add(hall_rating::Column::RoundId.eq(self.round_id.as_str()))
            .add(hall_rating::Column::RowKey.eq(self.row_key.as_str()))
    }

    fn batch_column() -> hall_rating::Column {
        hall_rating::Column::BatchId
    }

    fn batch_id(&mut self) -> &mut String {
        &mut self.batch_id
    }
}

impl ImportedRow for HallVolume {
    type Key = (String, String);

    const TABLE: &'static str = "hall_volume";

    fn key(&self) -> Self::Key {
        (self.round_id.clone(), self.unit_id.clone())
    }

    fn has_key(&self) -> Condition {
        Condition::all()
            .add(hall_volume::Column::RoundId.eq(self.round_id.as_str()))
            .add(hall_volume::Column::UnitId.eq(self.unit_id.as_str()))
    }

    fn batch_column() -> hall_volume::Column {
        hall_volume::Column::BatchId
    }

    fn batch_id(&mut self) -> &mut String {
        &mut self.batch_id
    }
}

/// Compares ratings of one round with what is there, a thousand or so at a time; in a transaction, new and changed ones are taken.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn upsert_hall_ratings(
    link: &impl Link,
    round: &RoundId,
    ratings: Vec<HallRating>,
) -> Result<Upserted, StorageError> {
    let keys = ratings.iter().map(|row| row.row_key.as_str());
    let query = hall_rating::Entity::find()
        .filter(hall_rating::Column::RoundId.eq(round.as_str()))
        .filter(hall_rating::Column::RowKey.is_in(keys));
    upsert(link, rows::all(link, query).await?, ratings).await
}

/// The ratings of a round with these keys, at most a thousand or so.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_hall_ratings_with(
    link: &impl Link,
    round: &RoundId,
    row_keys: impl IntoIterator<Item = String>,
) -> Result<Vec<HallRating>, StorageError> {
    let query = hall_rating::Entity::find()
        .filter(hall_rating::Column::RoundId.eq(round.as_str()))
        .filter(hall_rating::Column::RowKey.is_in(row_keys));
    rows::all(link, query).await
}

/// Ratings of a round by key.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_hall_ratings(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<HallRating>, StorageError> {
    let query = hall_rating::Entity::find()
        .filter(hall_rating::Column::RoundId.eq(round.as_str()))
        .order_by_asc(hall_rating::Column::RowKey);
    rows::all(link, query).await
}

/// Compares the completed cases of units in one round with what is there; in a transaction, new and changed ones are taken.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn upsert_hall_volumes(
    link: &impl Link,
    round: &RoundId,
    volumes: Vec<HallVolume>,
) -> Result<Upserted, StorageError> {
    upsert(link, list_hall_volumes(link, round).await?, volumes).await
}

/// Completed cases of a round by unit.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_hall_volumes(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<HallVolume>, StorageError> {
    let query = hall_volume::Entity::find()
        .filter(hall_volume::Column::RoundId.eq(round.as_str()))
        .order_by_asc(hall_volume::Column::UnitId);
    rows::all(link, query).await
}
