//! Follow-up ratings 追评 of matters, redacted, without any time.

use crate::{Link, StorageError, Tx, rows};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

table! {
    /// How somebody who wrote rates what was done about it.
    pub FollowUpRating = "follow_up_rating" in follow_up_rating {
        key {
            /// Hash of the receipt and the matter; nothing else is stored under it.
            once_hash: String,
        }
        /// Matter rated.
        matter_id: String,
        /// Code of the level.
        level: i16,
        /// What was added in words, masked; empty for nothing.
        text_redacted: String,
        /// Number of masked places.
        masked: i32,
    }
}

/// Adds a rating.
///
/// # Errors
/// [`StorageError::Conflict`] when this receipt has rated the matter before.
pub async fn insert_rating(tx: &Tx, rating: FollowUpRating) -> Result<(), StorageError> {
    rows::insert(tx, rating).await
}

/// The rating under this hash.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_rating(
    link: &impl Link,
    once_hash: &str,
) -> Result<Option<FollowUpRating>, StorageError> {
    rows::one(link, follow_up_rating::Entity::find_by_id(once_hash)).await
}

/// Ratings of a matter, by their random hash.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_ratings(
    link: &impl Link,
    matter_id: &str,
) -> Result<Vec<FollowUpRating>, StorageError> {
    let query = follow_up_rating::Entity::find()
        .filter(follow_up_rating::Column::MatterId.eq(matter_id))
        .order_by_asc(follow_up_rating::Column::OnceHash);
    rows::all(link, query).await
}

/// How many ratings of each matter have one of these levels; matters without any are left out.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_ratings(
    link: &impl Link,
    levels: impl IntoIterator<Item = i16>,
) -> Result<BTreeMap<String, u64>, StorageError> {
    let counted: Result<Vec<(String, i64)>, _> = follow_up_rating::Entity::find()
        .select_only()
        .column(follow_up_rating::Column::MatterId)
        .filter(follow_up_rating::Column::Level.is_in(levels))
        .group_by(follow_up_rating::Column::MatterId)
        .expr(rows::number_of_rows())
        .into_tuple()
        .all(link.connection())
        .await;
    let counted = counted.map_err(|error| link.fault(&error))?.into_iter();
    Ok(counted
        .map(|(matter, ratings)| (matter, ratings.cast_unsigned()))
        .collect())
}
