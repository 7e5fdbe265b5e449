//! What files from outside became: batches, issues, and rows by channel. The same file twice changes nothing.

mod batch;
mod hall;
mod hotline;
mod survey;

pub use batch::{
    ImportBatch, ImportIssue, find_batch, find_batch_by_file, insert_batch, insert_issues,
    list_batches, list_issues, update_batch,
};
pub use hall::{
    HallOrigin, HallRating, HallVolume, list_hall_ratings, list_hall_volumes, put_hall_volumes,
    upsert_hall_ratings,
};
pub use hotline::{HotlineOrder, list_hotline_orders, upsert_hotline_orders};
pub use survey::{SurveyRating, list_survey_ratings, upsert_survey_ratings};

use crate::{StorageError, Tx, rows};
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
trait ImportedRow: rows::Stored + Clone + PartialEq {
    type Key: Ord;

    fn key(&self) -> Self::Key;

    fn batch_id(&mut self) -> &mut String;

    fn same_content(&self, other: &Self) -> bool {
        let (mut a, mut b) = (self.clone(), other.clone());
        a.batch_id().clear();
        b.batch_id().clear();
        a == b
    }
}

/// Writes new and changed rows and counts; of two rows with one key the later one wins and the earlier is not counted.
async fn upsert<R: ImportedRow>(
    tx: &Tx,
    kept: Vec<R>,
    incoming: Vec<R>,
) -> Result<Upserted, StorageError> {
    let kept: BTreeMap<_, _> = kept.into_iter().map(|row| (row.key(), row)).collect();
    let incoming: BTreeMap<_, _> = incoming.into_iter().map(|row| (row.key(), row)).collect();
    let mut counts = Upserted::default();
    let mut writes = Vec::new();
    for (key, row) in incoming {
        match kept.get(&key) {
            Some(old) if old.same_content(&row) => {
                counts.same += 1;
                continue;
            }
            Some(_) => counts.changed += 1,
            None => counts.new += 1,
        }
        writes.push(row);
    }
    rows::replace_all(tx, writes).await?;
    Ok(counts)
}
