//! What names in files mean, with history: an entry is never changed, only ended.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    prelude::{Date, DateTimeUtc},
};

stored_state! {
    /// Why a name in files is not the official one.
    pub SpellingReason {
        /// 简称或别称.
        Short = "short",
        /// 旧名.
        Former = "former",
        /// 已并入.
        Merged = "merged",
        /// 内设机构.
        Division = "division",
        /// 县区分支机构.
        Branch = "branch",
        /// 其他写法.
        Other = "other",
    }
}

table! {
    /// What a name means.
    pub UnitSpelling = "unit_spelling" in unit_spelling {
        key {
            /// Random id.
            id: String,
        }
        /// The name as files write it.
        spelling: String,
        /// The unit it means; none for somebody who is not evaluated here.
        unit_id: Option<String>,
        /// Why it is not the official name.
        reason: SpellingReason,
        /// First day it means that; none for ever since.
        valid_from: Option<Date>,
        /// Last day; none while it does.
        valid_to: Option<Date>,
        /// Account that said so.
        added_by: String,
        /// When that was.
        added_at: DateTimeUtc,
        /// Account that ended the entry.
        ended_by: Option<String>,
        /// When that was; none while it counts.
        ended_at: Option<DateTimeUtc>,
    }
}

/// Adds an entry.
///
/// # Errors
/// [`StorageError::Conflict`] when the id is taken.
pub async fn insert_spelling(tx: &Tx, spelling: UnitSpelling) -> Result<(), StorageError> {
    rows::insert(tx, spelling).await
}

/// Ends an entry that counts; false when there is none.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn end_spelling(
    tx: &Tx,
    id: &str,
    (by, at): (&str, DateTimeUtc),
) -> Result<bool, StorageError> {
    let counts = is(unit_spelling::Column::Id, id).add(unit_spelling::Column::EndedAt.is_null());
    let found = unit_spelling::Entity::find().filter(counts.clone());
    let Some(spelling) = rows::one::<UnitSpelling>(tx, found).await? else {
        return Ok(false);
    };
    let ended = UnitSpelling {
        ended_by: Some(by.to_owned()),
        ended_at: Some(at),
        ..spelling
    };
    rows::update_where(tx, ended, counts).await
}

/// All entries, those that count and those that were ended, by name and day.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_spellings(link: &impl Link) -> Result<Vec<UnitSpelling>, StorageError> {
    let query = unit_spelling::Entity::find()
        .order_by_asc(unit_spelling::Column::Spelling)
        .order_by_asc(unit_spelling::Column::ValidFrom)
        .order_by_asc(unit_spelling::Column::AddedAt);
    rows::all(link, query).await
}
