//! Batches of sealed ballots: one of a round is open at a time, and a closed one takes nothing more.

use crate::{
    Backend, Link, StorageError, Tx,
    link::sealed::Connected,
    rows::{self, is},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, prelude::DateTimeUtc, sea_query::Expr,
};
use std::collections::BTreeSet;
use vocabulary::RoundId;

table! {
    /// A batch whose key exists, or may still exist.
    pub MixBatch = "mix_batch" in mix_batch {
        key {
            /// Random id; names the key file.
            id: String,
        }
        /// Round.
        round_id: String,
        /// The id again while the batch takes ballots; sealed ballots refer to this column.
        open_id: Option<String>,
        /// When it was opened.
        opened_at: DateTimeUtc,
    }
}

/// Opens a batch; its key must lie on disk already.
///
/// # Errors
/// [`StorageError::Conflict`] when another batch of the round is open.
pub async fn insert_batch(
    tx: &Tx,
    round: &RoundId,
    id: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let batch = MixBatch {
        id: id.to_owned(),
        round_id: round.to_string(),
        open_id: Some(id.to_owned()),
        opened_at: now,
    };
    rows::insert(tx, batch).await
}

/// The batch of the round that takes ballots.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_open_batch(
    link: &impl Link,
    round: &RoundId,
) -> Result<Option<MixBatch>, StorageError> {
    let of_round =
        is(mix_batch::Column::RoundId, round.as_str()).add(mix_batch::Column::OpenId.is_not_null());
    rows::one(link, mix_batch::Entity::find().filter(of_round)).await
}

/// The open batches of these rounds.
pub(crate) async fn find_open_batches(
    link: &impl Link,
    rounds: BTreeSet<String>,
) -> Result<Vec<MixBatch>, StorageError> {
    let query = mix_batch::Entity::find()
        .filter(mix_batch::Column::RoundId.is_in(rounds))
        .filter(mix_batch::Column::OpenId.is_not_null());
    rows::all(link, query).await
}

/// The open batch of the round, kept from taking ballots until the transaction ends.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn lock_open_batch(tx: &Tx, round: &RoundId) -> Result<Option<MixBatch>, StorageError> {
    let of_round =
        is(mix_batch::Column::RoundId, round.as_str()).add(mix_batch::Column::OpenId.is_not_null());
    let query = mix_batch::Entity::find().filter(of_round);
    let query = match tx.backend() {
        // The transaction holds the only write lock already.
        Backend::Sqlite => query,
        Backend::Postgres => query.lock_exclusive(),
    };
    rows::one(tx, query).await
}

/// Closes a batch for ever.
///
/// # Errors
/// [`StorageError::Conflict`] while a sealed ballot is left in it.
pub async fn close_batch(tx: &Tx, id: &str) -> Result<(), StorageError> {
    let change = mix_batch::Entity::update_many()
        .col_expr(mix_batch::Column::OpenId, Expr::value(None::<String>))
        .filter(mix_batch::Column::Id.eq(id));
    let done = change.exec(tx.connection()).await;
    done.map(drop).map_err(|error| tx.fault(&error))
}

/// Closed batches whose keys may still exist.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_closed_batches(link: &impl Link) -> Result<Vec<MixBatch>, StorageError> {
    let closed = mix_batch::Entity::find().filter(mix_batch::Column::OpenId.is_null());
    rows::all(link, closed).await
}

/// Forgets a batch whose key is destroyed.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_batch(tx: &Tx, id: &str) -> Result<(), StorageError> {
    let one = mix_batch::Entity::delete_many().filter(mix_batch::Column::Id.eq(id));
    rows::delete(tx, one).await.map(drop)
}
