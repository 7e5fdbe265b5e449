//! Objections of units to their own figures.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::DateTimeUtc};
use vocabulary::RoundId;

table! {
    /// An appeal 申诉.
    pub Appeal = "appeal" in appeal {
        key {
            /// Random id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Unit that objects.
        unit_id: String,
        /// Code of the ground.
        ground: String,
        /// What the unit says.
        text: String,
        /// State by code.
        state: String,
        /// Code of the decision.
        decision: Option<String>,
        /// Reasons of the decision.
        reasons: Option<String>,
        /// Account that filed it.
        filed_by: String,
        /// First reviewer.
        reviewer1: Option<String>,
        /// Second reviewer, another person.
        reviewer2: Option<String>,
        /// When it was filed.
        filed_at: DateTimeUtc,
        /// When it was decided.
        decided_at: Option<DateTimeUtc>,
    }
}

/// Adds an appeal.
///
/// # Errors
/// [`StorageError::Conflict`] when the id is taken.
pub async fn insert_appeal(tx: &Tx, appeal: Appeal) -> Result<(), StorageError> {
    rows::insert(tx, appeal).await
}

/// The appeal with this id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_appeal(link: &impl Link, id: &str) -> Result<Option<Appeal>, StorageError> {
    rows::one(link, appeal::Entity::find_by_id(id)).await
}

/// Appeals of a round in order of time.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_appeals(link: &impl Link, round: &RoundId) -> Result<Vec<Appeal>, StorageError> {
    let query = appeal::Entity::find()
        .filter(appeal::Column::RoundId.eq(round.as_str()))
        .order_by_asc(appeal::Column::FiledAt)
        .order_by_asc(appeal::Column::Id);
    rows::all(link, query).await
}

/// Replaces an appeal that is in the state `from`.
///
/// # Errors
/// [`StorageError::Conflict`] when it is in another state: somebody was first.
pub async fn update_appeal(tx: &Tx, appeal: Appeal, from: &str) -> Result<(), StorageError> {
    let condition = is(appeal::Column::Id, appeal.id.as_str()).add(appeal::Column::State.eq(from));
    if rows::update_where(tx, appeal, condition).await? {
        Ok(())
    } else {
        Err(StorageError::Conflict("申诉的状态已经改变，请刷新后再操作"))
    }
}
