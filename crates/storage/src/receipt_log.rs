//! The public log of receipts: the stored hashes of its tree by place, and its signed roots.

use crate::{
    Link, StorageError, Tx,
    link::sealed::Connected,
    rows::{self, is},
    submission,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, prelude::Date,
    sea_query::Expr,
};
use std::collections::BTreeMap;
use vocabulary::RoundId;

table! {
    /// A hash of the tree.
    LogHash = "log_hash" in log_hash {
        key {
            round_id: String,
            place: i64,
        }
        hash: String,
    }
}

table! {
    /// A signed root.
    pub LogRoot = "log_root" in log_root {
        key {
            /// Round.
            round_id: String,
            /// Number of leaves.
            size: i64,
        }
        /// The root in hex.
        root: String,
        /// The day it was signed.
        day: Date,
        /// Whether it is the last of the round.
        closing: bool,
        /// The signed text.
        checkpoint: String,
    }
}

/// A digest as SHA-256 gives it.
type Digest = [u8; 32];

/// Leaves of receipts that are not in the log yet, in the order of the leaves.
///
/// # Errors
/// [`StorageError`] when the database does not answer or holds no digest where one belongs.
pub async fn list_waiting_leaves(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<Digest>, StorageError> {
    let logged = log_hash::Entity::find()
        .select_only()
        .column(log_hash::Column::Hash)
        .filter(log_hash::Column::RoundId.eq(round.as_str()));
    let leaves = submission::list_leaves_outside(link, round, logged.into_query());
    leaves.await?.iter().map(|leaf| digest(leaf)).collect()
}

/// The hashes at these places, as far as they are there.
///
/// # Errors
/// [`StorageError`] when the database does not answer or holds no digest where one belongs.
pub async fn find_hashes(
    link: &impl Link,
    round: &RoundId,
    places: &[u64],
) -> Result<BTreeMap<u64, Digest>, StorageError> {
    let places = places.iter().map(|place| place.cast_signed());
    let query = log_hash::Entity::find()
        .filter(log_hash::Column::RoundId.eq(round.as_str()))
        .filter(log_hash::Column::Place.is_in(places));
    let found: Vec<LogHash> = rows::all(link, query).await?;
    found
        .into_iter()
        .map(|row| Ok((row.place.cast_unsigned(), digest(&row.hash)?)))
        .collect()
}

/// The place of a hash in the log of a round.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_place(
    link: &impl Link,
    round: &RoundId,
    hash: &Digest,
) -> Result<Option<u64>, StorageError> {
    let query = log_hash::Entity::find()
        .filter(log_hash::Column::Hash.eq(hex::encode(hash)))
        .filter(log_hash::Column::RoundId.eq(round.as_str()));
    let found: Option<LogHash> = rows::one(link, query).await?;
    Ok(found.map(|row| row.place.cast_unsigned()))
}

/// Adds hashes in the order of their places.
///
/// # Errors
/// [`StorageError::Conflict`] when a place is taken: somebody else has added leaves.
pub async fn insert_hashes(
    tx: &Tx,
    round: &RoundId,
    hashes: BTreeMap<u64, Digest>,
) -> Result<(), StorageError> {
    let row = |(place, hash): (u64, Digest)| LogHash {
        round_id: round.to_string(),
        place: place.cast_signed(),
        hash: hex::encode(hash),
    };
    rows::insert_all(tx, hashes.into_iter().map(row).collect()).await
}

/// Adds a signed root.
///
/// # Errors
/// [`StorageError::Conflict`] when there is one of this size.
pub async fn insert_root(tx: &Tx, root: LogRoot) -> Result<(), StorageError> {
    rows::insert(tx, root).await
}

/// Notes that a root is the last of its round.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn mark_closing(tx: &Tx, round: &RoundId, size: i64) -> Result<(), StorageError> {
    let change = log_root::Entity::update_many()
        .col_expr(log_root::Column::Closing, Expr::value(true))
        .filter(is(log_root::Column::RoundId, round.as_str()).add(log_root::Column::Size.eq(size)));
    let done = change.exec(tx.connection()).await;
    done.map(drop).map_err(|error| tx.fault(&error))
}

/// Signed roots of a round from the smallest on.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_roots(link: &impl Link, round: &RoundId) -> Result<Vec<LogRoot>, StorageError> {
    let query = log_root::Entity::find()
        .filter(log_root::Column::RoundId.eq(round.as_str()))
        .order_by_asc(log_root::Column::Size);
    rows::all(link, query).await
}

fn digest(text: &str) -> Result<Digest, StorageError> {
    let bytes = hex::decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| {
        StorageError::Database(crate::DatabaseFault::of_rows("a stored digest is damaged"))
    })
}
