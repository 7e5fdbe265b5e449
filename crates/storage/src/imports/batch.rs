//! One taken file and what was wrong in it.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::DateTimeUtc,
};
use vocabulary::RoundId;

stored_state! {
    /// What became of a batch.
    pub BatchState {
        /// Its rows count.
        Applied = "applied",
        /// It was taken back.
        Undone = "undone",
        /// It takes another one back.
        Undo = "undo",
    }
}

table! {
    /// A file that was taken.
    pub ImportBatch = "import_batch" in import_batch {
        key {
            /// Random id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Code of the channel.
        channel: String,
        /// Name of the file, without its directory.
        file_name: String,
        /// SHA-256 of the bytes, lower-case hex.
        file_sha256: String,
        /// The mapping it was read with, as JSON, or the name of a built-in one.
        mapping: String,
        /// What became of it.
        state: BatchState,
        /// Rows of the file.
        rows_total: i64,
        /// Rows not seen before.
        new_rows: i64,
        /// Rows seen before with the same content.
        same_rows: i64,
        /// Rows seen before with other content.
        changed_rows: i64,
        /// Rows that stand twice in the file.
        duplicate_rows: i64,
        /// Rows not taken.
        rejected_rows: i64,
        /// When it was taken.
        created_at: DateTimeUtc,
        /// Account that gave it.
        created_by: String,
    }
}

table! {
    /// Something wrong at one place of a file.
    pub ImportIssue = "import_issue" in import_issue {
        key {
            /// Batch.
            batch_id: String,
            /// Position in the list, 0 for the first.
            seq: i32,
        }
        /// Sheet; empty for text files.
        sheet: String,
        /// Row as the file counts, 1 for the first.
        row_no: i64,
        /// Header of the column.
        col: String,
        /// Code of the issue.
        code: String,
        /// What is wrong, without personal content.
        message: String,
        /// What to do.
        remedy: String,
    }
}

/// Adds a batch.
///
/// # Errors
/// [`StorageError::Conflict`] when the round has taken this file for the channel already.
pub async fn insert_batch(tx: &Tx, batch: ImportBatch) -> Result<(), StorageError> {
    rows::insert(tx, batch).await
}

/// Replaces the state and the counts of a batch; false when there is none.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn update_batch(tx: &Tx, batch: ImportBatch) -> Result<bool, StorageError> {
    let condition = is(import_batch::Column::Id, batch.id.as_str());
    rows::update_where(tx, batch, condition).await
}

/// The batch with this id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_batch(link: &impl Link, id: &str) -> Result<Option<ImportBatch>, StorageError> {
    rows::one(link, import_batch::Entity::find_by_id(id)).await
}

/// The last batch a file was taken as and still counts as.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_batch_by_file(
    link: &impl Link,
    round: &RoundId,
    channel: &str,
    file_sha256: &str,
) -> Result<Option<ImportBatch>, StorageError> {
    let query = import_batch::Entity::find()
        .filter(import_batch::Column::RoundId.eq(round.as_str()))
        .filter(import_batch::Column::Channel.eq(channel))
        .filter(import_batch::Column::FileSha256.eq(file_sha256))
        .filter(import_batch::Column::State.eq(BatchState::Applied))
        .order_by_desc(import_batch::Column::CreatedAt)
        .limit(1);
    rows::one(link, query).await
}

/// Number of batches of any state a file led to.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_batches_of_file(
    link: &impl Link,
    round: &RoundId,
    channel: &str,
    file_sha256: &str,
) -> Result<u64, StorageError> {
    let query = import_batch::Entity::find()
        .filter(import_batch::Column::RoundId.eq(round.as_str()))
        .filter(import_batch::Column::Channel.eq(channel))
        .filter(import_batch::Column::FileSha256.eq(file_sha256));
    rows::count(link, query).await
}

/// Batches of a round in order of time.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_batches(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<ImportBatch>, StorageError> {
    let query = import_batch::Entity::find()
        .filter(import_batch::Column::RoundId.eq(round.as_str()))
        .order_by_asc(import_batch::Column::CreatedAt)
        .order_by_asc(import_batch::Column::Id);
    rows::all(link, query).await
}

/// Adds the issues of a batch; the batch must be there.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn insert_issues(tx: &Tx, issues: Vec<ImportIssue>) -> Result<(), StorageError> {
    rows::insert_all(tx, issues).await
}

/// Issues of a batch in order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_issues(
    link: &impl Link,
    batch_id: &str,
) -> Result<Vec<ImportIssue>, StorageError> {
    let query = import_issue::Entity::find()
        .filter(import_issue::Column::BatchId.eq(batch_id))
        .order_by_asc(import_issue::Column::Seq);
    rows::all(link, query).await
}
