//! Bad ratings 差评 of the hall and what happened to each.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    prelude::{Date, DateTimeUtc},
};
use std::collections::BTreeSet;
use vocabulary::RoundId;

table! {
    /// A bad rating of a unit.
    pub BadRating = "bad_rating" in bad_rating {
        key {
            /// Its number; nobody can tell the case in the hall from it.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Key of the hall rating it comes from.
        row_key: String,
        /// Unit it is about.
        unit_id: String,
        /// State by code.
        state_code: String,
        /// JSON of the rating with its state.
        state: String,
        /// Next limit; none where nobody must do anything.
        due: Option<Date>,
        /// Why it does not count any more: the source has changed the rating, or taken it back.
        withdrawn: Option<String>,
        /// Reviewer of an objection who has decided and waits for the second.
        reviewer: Option<String>,
        /// What that reviewer has decided, by the code of the step.
        decision: Option<String>,
        /// Number of the problem it was registered under.
        reg_no: Option<String>,
        /// Raised with every change.
        version: i32,
    }
}

table! {
    /// What happened to a bad rating.
    pub BadRatingEvent = "bad_rating_event" in bad_rating_event {
        key {
            /// Bad rating.
            bad_rating_id: String,
            /// Position, 1 for the first.
            seq: i32,
        }
        /// When it happened.
        at: DateTimeUtc,
        /// Name of who did it.
        actor: String,
        /// Code of the role it was done in.
        role: String,
        /// Code of the step.
        step: String,
        /// What was said with it; may be empty.
        said: String,
    }
}

/// Adds bad ratings.
///
/// # Errors
/// [`StorageError::Conflict`] when one is there already.
pub async fn insert_bad_ratings(tx: &Tx, ratings: Vec<BadRating>) -> Result<(), StorageError> {
    rows::insert_all(tx, ratings).await
}

/// Replaces a bad rating read with this version and raises the version by one.
///
/// # Errors
/// [`StorageError::Conflict`] when somebody changed it since it was read.
pub async fn update_bad_rating(tx: &Tx, mut rating: BadRating) -> Result<(), StorageError> {
    let condition = is(bad_rating::Column::Id, rating.id.as_str())
        .add(bad_rating::Column::Version.eq(rating.version));
    rating.version += 1;
    match rows::update_where(tx, rating, condition).await? {
        true => Ok(()),
        false => Err(StorageError::Conflict("差评刚有人办过，请刷新后再操作")),
    }
}

/// The bad rating with this number.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_bad_rating(
    link: &impl Link,
    id: &str,
) -> Result<Option<BadRating>, StorageError> {
    rows::one(link, bad_rating::Entity::find_by_id(id)).await
}

/// Bad ratings of these hall ratings, at most a thousand or so; by key and unit.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_bad_ratings_of_rows(
    link: &impl Link,
    round: &RoundId,
    row_keys: impl IntoIterator<Item = &str>,
) -> Result<Vec<BadRating>, StorageError> {
    let query = bad_rating::Entity::find()
        .filter(bad_rating::Column::RoundId.eq(round.as_str()))
        .filter(bad_rating::Column::RowKey.is_in(row_keys))
        .order_by_asc(bad_rating::Column::RowKey)
        .order_by_asc(bad_rating::Column::UnitId);
    rows::all(link, query).await
}

/// Keys of all hall ratings of a round that have, or had, a bad rating.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_row_keys(
    link: &impl Link,
    round: &RoundId,
) -> Result<BTreeSet<String>, StorageError> {
    let query = bad_rating::Entity::find().filter(bad_rating::Column::RoundId.eq(round.as_str()));
    let found: Vec<BadRating> = rows::all(link, query).await?;
    Ok(found.into_iter().map(|rating| rating.row_key).collect())
}

/// Bad ratings of a round, and those of all other rounds that wait for somebody; of one unit where one is named. What is due first
/// comes first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_bad_ratings(
    link: &impl Link,
    round: &RoundId,
    unit: Option<&str>,
) -> Result<Vec<BadRating>, StorageError> {
    let wanted = Condition::any()
        .add(bad_rating::Column::RoundId.eq(round.as_str()))
        .add(bad_rating::Column::Due.is_not_null());
    let of_unit = unit.map(|unit| bad_rating::Column::UnitId.eq(unit));
    let query = bad_rating::Entity::find()
        .filter(Condition::all().add(wanted).add_option(of_unit))
        .order_by_asc(bad_rating::Column::Id);
    let mut found: Vec<BadRating> = rows::all(link, query).await?;
    found.sort_by_key(|rating| (rating.due.is_none(), rating.due));
    Ok(found)
}

/// Adds what happened to bad ratings.
///
/// # Errors
/// [`StorageError::Conflict`] when a position is taken.
pub async fn insert_events(tx: &Tx, events: Vec<BadRatingEvent>) -> Result<(), StorageError> {
    rows::insert_all(tx, events).await
}

/// What happened to a bad rating, in order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_events(link: &impl Link, id: &str) -> Result<Vec<BadRatingEvent>, StorageError> {
    let query = bad_rating_event::Entity::find()
        .filter(bad_rating_event::Column::BadRatingId.eq(id))
        .order_by_asc(bad_rating_event::Column::Seq);
    rows::all(link, query).await
}
