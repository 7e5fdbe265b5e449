//! Drafts, submissions, sealed ballots and receipts as the database keeps them.

pub use crate::writer::{DraftSave, Outcome, Submission, SubmissionWriter, SubmitFailed};
use crate::{Link, StorageError, Tx, rows};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::SelectStatement,
};
use std::collections::BTreeSet;
use vocabulary::RoundId;

table! {
    /// An unfinished ballot, sealed under a key only its cookie holds.
    pub Draft = "draft" in draft {
        key {
            /// Hash of the draft's id.
            id_hash: String,
        }
        /// Round.
        round_id: String,
        /// The sealed answers so far.
        sealed: Bytes,
        /// Number of the question answered last, of those everybody is asked, 0 before the first; none for what puts a draft
        /// aside.
        reached: Option<i16>,
    }
}

table! {
    /// An id under which something was submitted, and the digest of what.
    pub(crate) SubmissionRow = "submission" in submission_id {
        key {
            submission_hmac: String,
        }
        round_id: String,
        digest: String,
    }
}

table! {
    /// The receipt of a stored submission; it says nothing about the answer.
    pub Receipt = "receipt" in receipt {
        key {
            /// Hash of the receipt code.
            receipt_hash: String,
        }
        /// Round.
        round_id: String,
        /// SHA-256 of the sealed ballot in hex.
        ballot_digest: String,
        /// The leaf of the public log in hex.
        leaf: String,
    }
}

/// Bytes as stored.
type Bytes = Vec<u8>;

/// Keeps a draft, new or changed; for bursts use [`SubmissionWriter::save_draft`].
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn put_draft(tx: &Tx, draft: Draft) -> Result<(), StorageError> {
    rows::replace_all(tx, vec![draft]).await
}

/// The draft with this hash.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_draft(link: &impl Link, id_hash: &str) -> Result<Option<Draft>, StorageError> {
    rows::one(link, draft::Entity::find_by_id(id_hash)).await
}

/// The drafts with these hashes.
pub(crate) async fn find_drafts(
    link: &impl Link,
    hashes: BTreeSet<String>,
) -> Result<Vec<Draft>, StorageError> {
    let query = draft::Entity::find().filter(draft::Column::IdHash.is_in(hashes));
    rows::all(link, query).await
}

/// People who have begun and not sent in, by the number of the question they answered last.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_drafts(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<(i16, i64)>, StorageError> {
    let counted = draft::Entity::find()
        .select_only()
        .column(draft::Column::Reached)
        .filter(draft::Column::RoundId.eq(round.as_str()))
        .filter(draft::Column::Reached.is_not_null())
        .group_by(draft::Column::Reached)
        .order_by_asc(draft::Column::Reached)
        .expr(rows::number_of_rows())
        .into_tuple()
        .all(link.connection())
        .await;
    counted.map_err(|error| link.fault(&error))
}

/// Removes a draft.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_draft(tx: &Tx, id_hash: &str) -> Result<(), StorageError> {
    let one = draft::Entity::delete_many().filter(draft::Column::IdHash.eq(id_hash));
    rows::delete(tx, one).await.map(drop)
}

/// Removes all drafts of a round, when it closes.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_drafts(tx: &Tx, round: &RoundId) -> Result<u64, StorageError> {
    let of_round = draft::Entity::delete_many().filter(draft::Column::RoundId.eq(round.as_str()));
    rows::delete(tx, of_round).await
}

/// The receipt with this hash.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_receipt(
    link: &impl Link,
    receipt_hash: &str,
) -> Result<Option<Receipt>, StorageError> {
    rows::one(link, receipt::Entity::find_by_id(receipt_hash)).await
}

/// Number of receipts of a round: everything that was received, replaced answers included.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_receipts(link: &impl Link, round: &RoundId) -> Result<u64, StorageError> {
    let query = receipt::Entity::find().filter(receipt::Column::RoundId.eq(round.as_str()));
    rows::count(link, query).await
}

/// Leaves of the receipts of a round that the query does not find, in their order.
pub(crate) async fn list_leaves_outside(
    link: &impl Link,
    round: &RoundId,
    known: SelectStatement,
) -> Result<Vec<String>, StorageError> {
    let leaves = receipt::Entity::find()
        .select_only()
        .column(receipt::Column::Leaf)
        .filter(receipt::Column::RoundId.eq(round.as_str()))
        .filter(receipt::Column::Leaf.not_in_subquery(known))
        .order_by_asc(receipt::Column::Leaf)
        .into_tuple()
        .all(link.connection())
        .await;
    leaves.map_err(|error| link.fault(&error))
}

/// Whether a submission with this keyed id is stored.
///
/// # Errors
/// When the database cannot be read.
pub async fn submission_is_known(link: &impl Link, hmac: &str) -> Result<bool, StorageError> {
    let query = submission_id::Entity::find_by_id(hmac);
    let found: Option<SubmissionRow> = rows::one(link, query).await?;
    Ok(found.is_some())
}

/// Number of stored submissions of a round.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_submissions(link: &impl Link, round: &RoundId) -> Result<u64, StorageError> {
    let query =
        submission_id::Entity::find().filter(submission_id::Column::RoundId.eq(round.as_str()));
    rows::count(link, query).await
}

/// Forgets the submission ids of a round, at the freeze.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_submission_ids(tx: &Tx, round: &RoundId) -> Result<u64, StorageError> {
    let of_round = submission_id::Entity::delete_many()
        .filter(submission_id::Column::RoundId.eq(round.as_str()));
    rows::delete(tx, of_round).await
}

/// The submissions with these ids.
pub(crate) async fn find_submissions(
    link: &impl Link,
    hmacs: Vec<String>,
) -> Result<Vec<SubmissionRow>, StorageError> {
    let these = submission_id::Column::SubmissionHmac.is_in(hmacs);
    rows::all(link, submission_id::Entity::find().filter(these)).await
}

/// Removes the drafts with these hashes.
pub(crate) async fn end_drafts(tx: &Tx, hashes: Vec<String>) -> Result<(), StorageError> {
    let these = draft::Entity::delete_many().filter(draft::Column::IdHash.is_in(hashes));
    rows::delete(tx, these).await.map(drop)
}
