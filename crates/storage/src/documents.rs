//! Templates kept by digest: what a round was made with never changes under it.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use survey_design::canonical_digest;

stored_state! {
    /// What a stored document is.
    pub DocumentKind {
        /// Classes, units, communities, villages and rounds.
        World = "world",
        /// Weights, limits and deadlines.
        Rules = "rules",
        /// A questionnaire.
        Questionnaire = "questionnaire",
        /// An indicator tree.
        Indicators = "indicators",
    }
}

table! {
    /// A template as it was when a round took it.
    pub Document = "document" in document {
        key {
            /// SHA-256 of the canonical JSON, lower-case hex.
            digest: String,
        }
        /// What it is.
        kind: DocumentKind,
        /// Its short code.
        code: String,
        /// Its version, raised with every change.
        version: i32,
        /// The JSON.
        body: String,
    }
}

/// Keeps a template and returns its digest; the same template twice is kept once.
///
/// # Errors
/// [`StorageError`] when the database does not answer, or when the template cannot be written as JSON.
pub async fn put_document<T: Serialize + Sync>(
    tx: &Tx,
    kind: DocumentKind,
    code: &str,
    version: i32,
    template: &T,
) -> Result<String, StorageError> {
    let digest = canonical_digest(template);
    if find_document(tx, &digest).await?.is_some() {
        return Ok(digest);
    }
    let body = serde_json::to_string(template).map_err(|_| {
        StorageError::Database(crate::DatabaseFault::of_rows("template is not JSON"))
    })?;
    let row = Document {
        digest: digest.clone(),
        kind,
        code: code.to_owned(),
        version,
        body,
    };
    rows::insert(tx, row).await?;
    Ok(digest)
}

/// The document with this digest.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_document(
    link: &impl Link,
    digest: &str,
) -> Result<Option<Document>, StorageError> {
    rows::one(link, document::Entity::find_by_id(digest)).await
}

/// The document of this kind and code with the highest version.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn latest_document(
    link: &impl Link,
    kind: DocumentKind,
    code: &str,
) -> Result<Option<Document>, StorageError> {
    let query = document::Entity::find()
        .filter(is(document::Column::Kind, kind).add(document::Column::Code.eq(code)))
        .order_by_desc(document::Column::Version)
        .order_by_asc(document::Column::Digest);
    rows::one(link, query).await
}

/// All documents of a kind, by code and version.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_documents(
    link: &impl Link,
    kind: DocumentKind,
) -> Result<Vec<Document>, StorageError> {
    let query = document::Entity::find()
        .filter(document::Column::Kind.eq(kind))
        .order_by_asc(document::Column::Code)
        .order_by_asc(document::Column::Version)
        .order_by_asc(document::Column::Digest);
    rows::all(link, query).await
}
