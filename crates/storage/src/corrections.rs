//! What the units were given to check, and what was corrected since: each by two people, with its reason.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    prelude::{Date, DateTimeUtc},
};
use vocabulary::RoundId;

table! {
    /// Data given to the units; from here on only corrections make them differ.
    pub UnitCheck = "unit_check" in unit_check {
        key {
            /// Round.
            round_id: String,
        }
        /// Score run the units were shown first.
        run_version: i32,
        /// Digest of what it was computed from.
        input_digest: String,
        /// When they were given it.
        opened_at: DateTimeUtc,
        /// Last day for an objection.
        until: Date,
    }
}

stored_state! {
    /// How far a correction has come.
    pub CorrectionState {
        /// One person asks for it.
        Asked = "asked",
        /// Another agreed; the data are corrected.
        Done = "done",
        /// Another refused; nothing changed.
        Refused = "refused",
    }
}

table! {
    /// One order that is no longer counted.
    pub Correction = "correction" in correction {
        key {
            /// Number.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Number of the objection, or [`PUBLISHED`].
        cause: String,
        /// Unit whose order it is.
        unit_id: String,
        /// Natural key of the order.
        order_key: String,
        /// Why.
        reason: String,
        /// How far it has come.
        state: CorrectionState,
        /// First person.
        asked_by: String,
        /// Role the first person acted in.
        asked_role: String,
        /// When.
        asked_at: DateTimeUtc,
        /// Second person.
        decided_by: Option<String>,
        /// When.
        decided_at: Option<DateTimeUtc>,
        /// Newest score run when it was asked for.
        run_before: i32,
        /// Bulletin that tells of it, for what was published before.
        bulletin_version: Option<i32>,
    }
}

/// Cause of a correction of what was published already.
pub const PUBLISHED: &str = "published";

/// Notes that the units were given a round to check.
///
/// # Errors
/// [`StorageError::Conflict`] when they were given it before.
pub async fn insert_unit_check(tx: &Tx, check: UnitCheck) -> Result<(), StorageError> {
    rows::insert(tx, check).await
}

/// What the units of a round were given to check.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_unit_check(
    link: &impl Link,
    round: &RoundId,
) -> Result<Option<UnitCheck>, StorageError> {
    rows::one(link, unit_check::Entity::find_by_id(round.as_str())).await
}

/// Adds a correction.
///
/// # Errors
/// [`StorageError::Conflict`] when the number is taken.
pub async fn insert_correction(tx: &Tx, correction: Correction) -> Result<(), StorageError> {
    rows::insert(tx, correction).await
}

/// The correction with this number.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_correction(
    link: &impl Link,
    id: &str,
) -> Result<Option<Correction>, StorageError> {
    rows::one(link, correction::Entity::find_by_id(id)).await
}

/// Corrections of a round in order of time.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_corrections(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<Correction>, StorageError> {
    let query = correction::Entity::find()
        .filter(correction::Column::RoundId.eq(round.as_str()))
        .order_by_asc(correction::Column::AskedAt)
        .order_by_asc(correction::Column::Id);
    rows::all(link, query).await
}

/// Ends a correction that was asked for.
///
/// # Errors
/// [`StorageError::Conflict`] when somebody was first.
pub async fn end_correction(tx: &Tx, correction: Correction) -> Result<(), StorageError> {
    let condition = is(correction::Column::Id, correction.id.as_str())
        .add(correction::Column::State.eq(CorrectionState::Asked));
    if rows::update_where(tx, correction, condition).await? {
        Ok(())
    } else {
        Err(StorageError::Conflict("这项更正已经有人决定，请刷新后再看"))
    }
}
