//! Files sent up by the office, and how far each has come.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::DateTimeUtc,
};
use vocabulary::RoundId;

stored_state! {
    /// How far an uploaded file has come.
    pub UploadState {
        /// Not checked yet.
        Waiting = "waiting",
        /// Checked; somebody else decides.
        Checked = "checked",
        /// The file is refused as a whole.
        Refused = "refused",
        /// A second person has said yes; not taken yet.
        Approved = "approved",
        /// Its rows count.
        Applied = "applied",
        /// Taken back before it was applied; the file is gone.
        Withdrawn = "withdrawn",
        /// Its rows were taken back.
        Undone = "undone",
    }
}

table! {
    /// One uploaded file; the file itself lies sealed in the data folder.
    pub Upload = "upload" in upload {
        key {
            /// Random id.
            id: String,
        }
        /// Round it is for.
        round_id: String,
        /// Code of what it holds.
        kind: String,
        /// How it is read, as JSON.
        mapping: String,
        /// Name of the file, without its directory.
        file_name: String,
        /// SHA-256 of the bytes, lower-case hex.
        file_sha256: String,
        /// Its size.
        bytes: i64,
        /// How far it has come.
        state: UploadState,
        /// What checking or taking came to, as JSON, without personal content.
        report: Option<String>,
        /// The batch it became.
        batch_id: Option<String>,
        /// Account that sent it.
        uploaded_by: String,
        /// When it was sent.
        uploaded_at: DateTimeUtc,
        /// Account that decided.
        decided_by: Option<String>,
        /// When that was.
        decided_at: Option<DateTimeUtc>,
    }
}

/// Adds a file.
///
/// # Errors
/// [`StorageError::Conflict`] when the id is taken.
pub async fn insert_upload(tx: &Tx, upload: Upload) -> Result<(), StorageError> {
    rows::insert(tx, upload).await
}

/// Replaces what is known of a file while it is in this state; false when it is in another by now.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn update_upload(
    tx: &Tx,
    from: UploadState,
    upload: Upload,
) -> Result<bool, StorageError> {
    let condition = is(upload::Column::Id, upload.id.as_str()).add(upload::Column::State.eq(from));
    rows::update_where(tx, upload, condition).await
}

/// Notes that the batch a file became was taken back; an earlier one of the same file may still count.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn mark_undone(
    tx: &Tx,
    batch: &str,
    earlier: Option<String>,
) -> Result<(), StorageError> {
    let of_batch = is(upload::Column::BatchId, batch);
    let Some(upload) = rows::one(tx, upload::Entity::find().filter(of_batch.clone())).await? else {
        return Ok(());
    };
    let undone = match earlier {
        Some(_) => Upload {
            state: UploadState::Applied,
            batch_id: earlier,
            ..upload
        },
        None => Upload {
            state: UploadState::Undone,
            ..upload
        },
    };
    rows::update_where(tx, undone, of_batch).await?;
    Ok(())
}

/// The file with this id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_upload(link: &impl Link, id: &str) -> Result<Option<Upload>, StorageError> {
    rows::one(link, upload::Entity::find_by_id(id)).await
}

/// Files of a round, the newest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_uploads(link: &impl Link, round: &RoundId) -> Result<Vec<Upload>, StorageError> {
    let query = upload::Entity::find()
        .filter(upload::Column::RoundId.eq(round.as_str()))
        .order_by_desc(upload::Column::UploadedAt)
        .order_by_asc(upload::Column::Id);
    rows::all(link, query).await
}

/// The last file of the same kind that was taken before this one was sent.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_taken_before(
    link: &impl Link,
    upload: &Upload,
) -> Result<Option<Upload>, StorageError> {
    let query = upload::Entity::find()
        .filter(upload::Column::Kind.eq(upload.kind.as_str()))
        .filter(upload::Column::State.eq(UploadState::Applied))
        .filter(upload::Column::UploadedAt.lt(upload.uploaded_at))
        .order_by_desc(upload::Column::UploadedAt)
        .limit(1);
    rows::one(link, query).await
}

/// How files of a kind were read that were taken, the last first, at most fifty.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_mappings(link: &impl Link, kind: &str) -> Result<Vec<String>, StorageError> {
    let query = upload::Entity::find()
        .filter(upload::Column::Kind.eq(kind))
        .filter(upload::Column::State.eq(UploadState::Applied))
        .order_by_desc(upload::Column::UploadedAt)
        .limit(50);
    let taken: Vec<Upload> = rows::all(link, query).await?;
    Ok(taken.into_iter().map(|upload| upload.mapping).collect())
}

/// Files that a program still has to check or take, the oldest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_unfinished(link: &impl Link) -> Result<Vec<Upload>, StorageError> {
    let unfinished = [UploadState::Waiting, UploadState::Approved];
    let query = upload::Entity::find()
        .filter(upload::Column::State.is_in(unfinished))
        .order_by_asc(upload::Column::UploadedAt)
        .order_by_asc(upload::Column::Id);
    rows::all(link, query).await
}

/// Has every checked file checked again.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn recheck_all(tx: &Tx) -> Result<(), StorageError> {
    let checked = is(upload::Column::State, UploadState::Checked);
    for upload in rows::all::<Upload>(tx, upload::Entity::find().filter(checked)).await? {
        let again = Upload {
            state: UploadState::Waiting,
            ..upload
        };
        update_upload(tx, UploadState::Checked, again).await?;
    }
    Ok(())
}
