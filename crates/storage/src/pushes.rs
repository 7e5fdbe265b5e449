//! Results pushed to their consumers.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::DateTimeUtc};
use vocabulary::RoundId;

table! {
    /// A result for one consumer, with only the fields it may see.
    pub ResultPush = "result_push" in result_push {
        key {
            /// Id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Code of the consumer.
        consumer: String,
        /// What it is about, for example a unit; empty for everything.
        scope: String,
        /// JSON payload.
        payload: String,
        /// State by code.
        state: String,
        /// When it was delivered.
        delivered_at: Option<DateTimeUtc>,
        /// What the consumer confirmed with.
        receipt: Option<String>,
    }
}

/// Adds a push.
///
/// # Errors
/// [`StorageError::Conflict`] when the id is taken.
pub async fn insert_push(tx: &Tx, push: ResultPush) -> Result<(), StorageError> {
    rows::insert(tx, push).await
}

/// Pushes of a round by consumer and scope.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_pushes(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<ResultPush>, StorageError> {
    let query = result_push::Entity::find()
        .filter(result_push::Column::RoundId.eq(round.as_str()))
        .order_by_asc(result_push::Column::Consumer)
        .order_by_asc(result_push::Column::Scope)
        .order_by_asc(result_push::Column::Id);
    rows::all(link, query).await
}

/// Replaces a push that is in the state `from`.
///
/// # Errors
/// [`StorageError::Conflict`] when it is in another state.
pub async fn update_push(tx: &Tx, push: ResultPush, from: &str) -> Result<(), StorageError> {
    let condition =
        is(result_push::Column::Id, push.id.as_str()).add(result_push::Column::State.eq(from));
    if rows::update_where(tx, push, condition).await? {
        Ok(())
    } else {
        Err(StorageError::Conflict("推送的状态已经改变"))
    }
}
