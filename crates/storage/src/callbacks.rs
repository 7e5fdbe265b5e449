//! The callback sample of a round and the calls made.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::DateTimeUtc};
use vocabulary::RoundId;

table! {
    /// A reported matter from which callbacks are drawn.
    pub Callback = "callback" in callback {
        key {
            /// Matter.
            matter_id: String,
        }
        /// Round.
        round_id: String,
        /// Unit that reported.
        unit_id: String,
        /// Seed of the round's draw, decimal.
        seed: String,
        /// Its permanent number, sixteen hexadecimal digits.
        number: String,
        /// Whether it was drawn; never taken back.
        drawn: bool,
        /// People called.
        called: i32,
        /// Of these, satisfied.
        satisfied: i32,
        /// What was heard, in the office's words.
        note: Option<String>,
        /// Account that called last.
        called_by: Option<String>,
        /// When that was.
        called_at: Option<DateTimeUtc>,
        /// Raised with every change.
        version: i32,
    }
}

/// Adds a matter to the frame, or changes whether it was drawn.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn put_callbacks(tx: &Tx, callbacks: Vec<Callback>) -> Result<(), StorageError> {
    rows::replace_all(tx, callbacks).await
}

/// Replaces a callback read with this version and raises the version by one.
///
/// # Errors
/// [`StorageError::Conflict`] when somebody changed it since it was read.
pub async fn update_callback(tx: &Tx, mut callback: Callback) -> Result<(), StorageError> {
    let condition = is(callback::Column::MatterId, callback.matter_id.as_str())
        .add(callback::Column::Version.eq(callback.version));
    callback.version += 1;
    match rows::update_where(tx, callback, condition).await? {
        true => Ok(()),
        false => Err(StorageError::Conflict(
            "刚有人登记过这件事项的回访，请刷新后再登记",
        )),
    }
}

/// The callback of a matter; none where the matter is not in the frame.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_callback(
    link: &impl Link,
    matter_id: &str,
) -> Result<Option<Callback>, StorageError> {
    rows::one(link, callback::Entity::find_by_id(matter_id)).await
}

/// The frame of a round by unit and number.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_callbacks(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<Callback>, StorageError> {
    let query = callback::Entity::find()
        .filter(callback::Column::RoundId.eq(round.as_str()))
        .order_by_asc(callback::Column::UnitId)
        .order_by_asc(callback::Column::Number)
        .order_by_asc(callback::Column::MatterId);
    rows::all(link, query).await
}
