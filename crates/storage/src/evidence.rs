//! Files that show what was done about a matter.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::DateTimeUtc};

table! {
    /// One file; the file itself lies sealed in the data folder.
    pub EvidenceFile = "evidence" in evidence {
        key {
            /// Random id.
            id: String,
        }
        /// Matter it belongs to.
        matter_id: String,
        /// Its name, without folders.
        name: String,
        /// Code of what it is.
        kind: String,
        /// Its size.
        bytes: i64,
        /// SHA-256 of the bytes as they are kept, lower-case hex.
        sha256: String,
        /// Account that added it.
        added_by: String,
        /// Code of the role it was added in.
        added_role: String,
        /// When it was added.
        added_at: DateTimeUtc,
        /// Account that took it back; the file is gone then.
        withdrawn_by: Option<String>,
        /// When that was.
        withdrawn_at: Option<DateTimeUtc>,
    }
}

/// Adds a file.
///
/// # Errors
/// [`StorageError::Conflict`] when the matter has the same file already.
pub async fn insert_evidence(tx: &Tx, file: EvidenceFile) -> Result<(), StorageError> {
    rows::insert(tx, file).await
}

/// The file with this id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_evidence(
    link: &impl Link,
    id: &str,
) -> Result<Option<EvidenceFile>, StorageError> {
    rows::one(link, evidence::Entity::find_by_id(id)).await
}

/// Files of a matter in the order they were added, those taken back too.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_evidence(
    link: &impl Link,
    matter_id: &str,
) -> Result<Vec<EvidenceFile>, StorageError> {
    let query = evidence::Entity::find()
        .filter(evidence::Column::MatterId.eq(matter_id))
        .order_by_asc(evidence::Column::AddedAt)
        .order_by_asc(evidence::Column::Id);
    rows::all(link, query).await
}

/// Marks a file as taken back; false when it was before.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn withdraw_evidence(tx: &Tx, file: EvidenceFile) -> Result<bool, StorageError> {
    let condition =
        is(evidence::Column::Id, file.id.as_str()).add(evidence::Column::WithdrawnAt.is_null());
    rows::update_where(tx, file, condition).await
}
