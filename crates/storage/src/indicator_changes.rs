//! Changes of the indicator tree that method departments propose, and what was decided on them.

use crate::{Link, StorageError, Tx, rows};
use sea_orm::{ColumnTrait, EntityTrait, QueryOrder, prelude::DateTimeUtc};

stored_state! {
    /// Where a proposed change stands.
    pub IndicatorChangeState {
        /// Waits for the office.
        Waiting = "waiting",
        /// Approved; a version came of it.
        Approved = "approved",
        /// Sent back with a reason.
        SentBack = "sent_back",
        /// Withdrawn by its department.
        Withdrawn = "withdrawn",
    }
}

table! {
    /// A proposed change of one branch.
    pub IndicatorChange = "indicator_change" in indicator_change {
        key {
            /// Running number.
            number: i32,
        }
        /// The department, as the tree names the owner.
        owner: String,
        /// Digest of the version it was made from.
        base: String,
        /// The whole branch as it would be, as JSON.
        branch: String,
        /// Why.
        note: String,
        /// Where it stands.
        state: IndicatorChangeState,
        /// Account that proposed it.
        proposed_by: String,
        /// When.
        proposed_at: DateTimeUtc,
        /// Account that decided or withdrew.
        decided_by: Option<String>,
        /// When.
        decided_at: Option<DateTimeUtc>,
        /// Why it was sent back.
        answer: Option<String>,
        /// Digest of the version that came of it.
        result: Option<String>,
    }
}

/// Adds a change.
///
/// # Errors
/// [`StorageError::Conflict`] when the number is taken.
pub async fn insert_change(tx: &Tx, change: IndicatorChange) -> Result<(), StorageError> {
    rows::insert(tx, change).await
}

/// The change with this number.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_change(
    link: &impl Link,
    number: i32,
) -> Result<Option<IndicatorChange>, StorageError> {
    rows::one(link, indicator_change::Entity::find_by_id(number)).await
}

/// All changes, the newest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_changes(link: &impl Link) -> Result<Vec<IndicatorChange>, StorageError> {
    let query = indicator_change::Entity::find().order_by_desc(indicator_change::Column::Number);
    rows::all(link, query).await
}

/// Notes what was decided on a change that waits; false when it waits no more.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn decide_change(tx: &Tx, change: IndicatorChange) -> Result<bool, StorageError> {
    let condition = rows::is(indicator_change::Column::Number, change.number)
        .add(indicator_change::Column::State.eq(IndicatorChangeState::Waiting));
    rows::update_where(tx, change, condition).await
}
