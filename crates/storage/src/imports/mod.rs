//! What files from outside became: batches, issues, and rows by channel. The same file twice changes nothing.

mod batch;
mod hall;
mod history;
mod hotline;
mod hotline_totals;
mod survey;

pub use batch::{
    BatchState, ImportBatch, ImportIssue, count_batches_of_file, find_batch, find_batch_by_file,
    insert_batch, insert_issues, list_batches, list_issues, update_batch,
};
pub use hall::{
    HallOrigin, HallRating, HallVolume, list_hall_ratings, list_hall_ratings_with,
    list_hall_volumes, upsert_hall_ratings, upsert_hall_volumes,
};
pub use history::{SupersededRow, Undone, batches_that_replaced, list_superseded};
pub use hotline::{
    HotlineOrder, OrdersOfDay, count_orders_by_day, list_hotline_orders, upsert_hotline_orders,
};
pub use hotline_totals::{HotlineTotals, list_hotline_totals, upsert_hotline_totals};
pub use survey::{SurveyRating, list_survey_ratings, upsert_survey_ratings};

use crate::{
    Link, StorageError, Tx,
    opinions::Opinion,
    pairing_ratings::PairingRating,
    rows::{self, Stored},
};
use sea_orm::{Condition, EntityTrait};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// What a file changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upserted {
    /// Rows not seen before.
    pub new: u64,
    /// Rows that were there already, with the same content.
    pub same: u64,
    /// Rows that were there with other content and now have the new one.
    pub changed: u64,
}

/// A row from a file: its natural key, and its content without the batch that brought it.
pub(crate) trait ImportedRow:
    Stored + Clone + PartialEq + Serialize + DeserializeOwned
{
    type Key: Ord + Serialize;

    /// Its table.
    const TABLE: &'static str;

    fn key(&self) -> Self::Key;

    /// The condition that a row has this key.
    fn has_key(&self) -> Condition;

    /// The column of the batch.
    fn batch_column() -> <Self::Entity as EntityTrait>::Column;

    fn batch_id(&mut self) -> &mut String;

    fn same_content(&self, other: &Self) -> bool {
        let (mut a, mut b) = (self.clone(), other.clone());
        a.batch_id().clear();
        b.batch_id().clear();
        a == b
    }
}

/// Counts new and changed rows and, in a transaction, writes them and keeps what the changed ones replace; of two rows with
/// one key the later one wins and the earlier is not counted.
pub(crate) async fn upsert<R: ImportedRow>(
    link: &impl Link,
    kept: Vec<R>,
    incoming: Vec<R>,
) -> Result<Upserted, StorageError> {
    let kept: BTreeMap<_, _> = kept.into_iter().map(|row| (row.key(), row)).collect();
    let incoming: BTreeMap<_, _> = incoming.into_iter().map(|row| (row.key(), row)).collect();
    let mut counts = Upserted::default();
    let (mut writes, mut replaced) = (Vec::new(), BTreeMap::<_, Vec<_>>::new());
    for (key, mut row) in incoming {
        match kept.get(&key) {
            Some(old) if old.same_content(&row) => {
                counts.same += 1;
                continue;
            }
            Some(old) => {
                counts.changed += 1;
                let by = row.batch_id().clone();
                replaced.entry(by).or_default().push(old.clone());
            }
            None => counts.new += 1,
        }
        writes.push(row);
    }
    if let Some(tx) = link.writes() {
        for (batch, old) in replaced {
            history::keep(tx, &batch, &old).await?;
        }
        rows::replace_all(tx, writes).await?;
    }
    Ok(counts)
}

/// Takes a batch back: what it brought goes, what it changed is as before. What stood there is kept under `undo_id`.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn undo_batch(tx: &Tx, batch_id: &str, undo_id: &str) -> Result<Undone, StorageError> {
    let parts = [
        history::undo_rows::<HallRating>(tx, batch_id, undo_id).await?,
        history::undo_rows::<HallVolume>(tx, batch_id, undo_id).await?,
        history::undo_rows::<HotlineOrder>(tx, batch_id, undo_id).await?,
        history::undo_rows::<HotlineTotals>(tx, batch_id, undo_id).await?,
        history::undo_rows::<SurveyRating>(tx, batch_id, undo_id).await?,
        history::undo_rows::<PairingRating>(tx, batch_id, undo_id).await?,
    ];
    history::undo_rows::<Opinion>(tx, batch_id, undo_id).await?;
    Ok(parts
        .into_iter()
        .fold(Undone::default(), |sum, part| Undone {
            removed: sum.removed + part.removed,
            restored: sum.restored + part.restored,
        }))
}
