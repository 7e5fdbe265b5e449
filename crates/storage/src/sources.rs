//! Systems that send rows by a key, and what they were answered.

use crate::{
    Link, StorageError, Tx,
    link::sealed::Connected,
    rows::{self, is},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    prelude::{Date, DateTimeUtc},
    sea_query::Expr,
};

table! {
    /// A system that sends rows.
    pub Source = "source" in source {
        key {
            /// Random id.
            id: String,
        }
        /// Name of the system.
        label: String,
        /// Code of what it sends.
        kind: String,
        /// What its digits mean, as in the form of an uploaded file.
        level_codes: String,
        /// SHA-256 of its key, lower-case hex.
        key_sha256: String,
        /// Where it wants to be told.
        callback_url: Option<String>,
        /// What the telling is signed with, sealed.
        callback_secret: Option<String>,
        /// Account that made the key.
        made_by: String,
        /// When that was.
        made_at: DateTimeUtc,
        /// Account that ended the key.
        ended_by: Option<String>,
        /// When that was; the key counts until then.
        ended_at: Option<DateTimeUtc>,
        /// The last day on which rows came.
        last_used_on: Option<Date>,
    }
}

table! {
    /// A request that was answered.
    pub SourceRequest = "source_request" in source_request {
        key {
            /// Who asked.
            source_id: String,
            /// The name the source gave the request.
            idempotency_key: String,
        }
        /// SHA-256 of what was asked, lower-case hex.
        body_sha256: String,
        /// The answer as it was given, without personal content; empty only inside the transaction that answers.
        answer: String,
        /// When it was asked.
        asked_at: DateTimeUtc,
    }
}

/// Adds a source.
///
/// # Errors
/// [`StorageError::Conflict`] when the id or the key is taken.
pub async fn insert_source(tx: &Tx, source: Source) -> Result<(), StorageError> {
    rows::insert(tx, source).await
}

/// Replaces a source whose key still counts; false when it does not.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn update_source(tx: &Tx, source: Source) -> Result<bool, StorageError> {
    let counts = is(source::Column::Id, source.id.as_str()).add(source::Column::EndedAt.is_null());
    rows::update_where(tx, source, counts).await
}

/// Notes the day on which a source sends; false when its key does not count any more.
///
/// Until the transaction ends nobody else uses or ends the key.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn use_source(tx: &Tx, id: &str, today: NaiveDate) -> Result<bool, StorageError> {
    let change = source::Entity::update_many()
        .col_expr(source::Column::LastUsedOn, Expr::value(today))
        .filter(source::Column::Id.eq(id))
        .filter(source::Column::EndedAt.is_null());
    let done = change.exec(tx.connection()).await;
    Ok(done.map_err(|error| tx.fault(&error))?.rows_affected > 0)
}

/// The source with this id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_source(link: &impl Link, id: &str) -> Result<Option<Source>, StorageError> {
    rows::one(link, source::Entity::find_by_id(id)).await
}

/// The source whose key has this digest.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_source_by_key(
    link: &impl Link,
    key_sha256: &str,
) -> Result<Option<Source>, StorageError> {
    let query = source::Entity::find().filter(source::Column::KeySha256.eq(key_sha256));
    rows::one(link, query).await
}

/// All sources, the newest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_sources(link: &impl Link) -> Result<Vec<Source>, StorageError> {
    let query = source::Entity::find()
        .order_by_desc(source::Column::MadeAt)
        .order_by_asc(source::Column::Id);
    rows::all(link, query).await
}

/// Takes the name of a request; another transaction that takes it too waits for this one.
///
/// # Errors
/// [`StorageError::Conflict`] when the source has used the name before.
pub async fn insert_request(tx: &Tx, request: SourceRequest) -> Result<(), StorageError> {
    rows::insert(tx, request).await
}

/// Keeps the answer to a request whose name was taken.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn answer_request(tx: &Tx, request: SourceRequest) -> Result<bool, StorageError> {
    let one = is(source_request::Column::SourceId, request.source_id.as_str())
        .add(source_request::Column::IdempotencyKey.eq(request.idempotency_key.as_str()));
    rows::update_where(tx, request, one).await
}

/// The request a source named so.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_request(
    link: &impl Link,
    source: &str,
    idempotency_key: &str,
) -> Result<Option<SourceRequest>, StorageError> {
    let key = (source.to_owned(), idempotency_key.to_owned());
    rows::one(link, source_request::Entity::find_by_id(key)).await
}

/// Forgets the requests asked before this instant, and says how many.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_requests_before(tx: &Tx, instant: DateTime<Utc>) -> Result<u64, StorageError> {
    let old =
        source_request::Entity::delete_many().filter(source_request::Column::AskedAt.lt(instant));
    rows::delete(tx, old).await
}
