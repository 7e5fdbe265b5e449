//! What a batch replaced: old values are kept row by row, and a batch can be undone.

use super::ImportedRow;
use crate::{
    Link, StorageError, Tx,
    error::DatabaseFault,
    rows::{self, is},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Rows read and put back in one go.
const CHUNK: u64 = 500;

table! {
    /// A row as it stood before a batch changed or removed it.
    pub SupersededRow = "superseded_row" in superseded_row {
        key {
            /// Batch that changed or removed it.
            batch_id: String,
            /// Table it stood in.
            of_table: String,
            /// Its key, as JSON.
            row_key: String,
        }
        /// Batch that had brought it.
        replaced_batch_id: String,
        /// The row, as JSON.
        content: String,
    }
}

/// What undoing a batch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Rows the batch had brought, now gone.
    pub removed: u64,
    /// Rows the batch had changed, now as before.
    pub restored: u64,
}

/// What a batch replaced, by table and key.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_superseded(
    link: &impl Link,
    batch_id: &str,
) -> Result<Vec<SupersededRow>, StorageError> {
    let query = superseded_row::Entity::find()
        .filter(superseded_row::Column::BatchId.eq(batch_id))
        .order_by_asc(superseded_row::Column::OfTable)
        .order_by_asc(superseded_row::Column::RowKey);
    rows::all(link, query).await
}

/// Batches that changed rows of this one.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn batches_that_replaced(
    link: &impl Link,
    batch_id: &str,
) -> Result<BTreeSet<String>, StorageError> {
    let found: Result<Vec<String>, _> = superseded_row::Entity::find()
        .select_only()
        .column(superseded_row::Column::BatchId)
        .distinct()
        .filter(superseded_row::Column::ReplacedBatchId.eq(batch_id))
        .into_tuple()
        .all(link.connection())
        .await;
    found
        .map(|batches| batches.into_iter().collect())
        .map_err(|error| link.fault(&error))
}

/// Keeps rows as they stand before a batch changes or removes them.
pub(super) async fn keep<R: ImportedRow>(
    tx: &Tx,
    batch_id: &str,
    old: &[R],
) -> Result<(), StorageError> {
    let kept = old.iter().map(|row| SupersededRow {
        batch_id: batch_id.to_owned(),
        of_table: R::TABLE.to_owned(),
        row_key: json(&row.key()),
        replaced_batch_id: row.clone().batch_id().clone(),
        content: json(row),
    });
    rows::replace_all(tx, kept.collect()).await
}

/// Puts rows of one table back as they were before a batch, and keeps what stood there under the batch that undoes it.
pub(crate) async fn undo_rows<R: ImportedRow>(
    tx: &Tx,
    batch_id: &str,
    undo_id: &str,
) -> Result<Undone, StorageError>
where
    <R::Entity as EntityTrait>::Model: Send + Sync,
{
    let mut undone = Undone::default();
    loop {
        let of_batch = R::Entity::find().filter(is(R::batch_column(), batch_id));
        let rows: Vec<R> = rows::all(tx, of_batch.limit(CHUNK)).await?;
        if rows.is_empty() {
            return Ok(undone);
        }
        keep(tx, undo_id, &rows).await?;
        let mut before = kept_by::<R>(tx, batch_id, &rows).await?;
        let (mut restored, mut gone) = (Vec::new(), Condition::any());
        for row in &rows {
            match before.remove(&json(&row.key())) {
                Some(old) => restored.push(old),
                None => gone = gone.add(row.has_key()),
            }
        }
        undone.restored += restored.len() as u64;
        undone.removed += (rows.len() - restored.len()) as u64;
        if restored.len() < rows.len() {
            rows::delete(tx, R::Entity::delete_many().filter(gone)).await?;
        }
        rows::replace_all(tx, restored).await?;
    }
}

/// Earlier versions of these rows that a batch replaced, by key.
async fn kept_by<R: ImportedRow>(
    tx: &Tx,
    batch_id: &str,
    rows: &[R],
) -> Result<BTreeMap<String, R>, StorageError> {
    let keys = rows.iter().map(|row| json(&row.key()));
    let query = superseded_row::Entity::find()
        .filter(superseded_row::Column::BatchId.eq(batch_id))
        .filter(superseded_row::Column::OfTable.eq(R::TABLE))
        .filter(superseded_row::Column::RowKey.is_in(keys));
    let kept: Vec<SupersededRow> = rows::all(tx, query).await?;
    let read = |kept: SupersededRow| {
        let row = serde_json::from_str(&kept.content).ok()?;
        Some((kept.row_key, row))
    };
    let unreadable = || StorageError::Database(DatabaseFault::of_rows("旧值无法读取"));
    kept.into_iter()
        .map(|row| read(row).ok_or_else(unreadable))
        .collect()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a row has text keys only")
}
