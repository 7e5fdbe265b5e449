//! What a hotline says of units and months in total.

use super::{ImportedRow, Upserted, upsert};
use crate::{Link, StorageError, rows};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use vocabulary::RoundId;

table! {
    #[derive(serde::Serialize, serde::Deserialize)]
    /// Totals of one unit and month, as the hotline states them.
    pub HotlineTotals = "hotline_totals" in hotline_totals {
        key {
            /// Round.
            round_id: String,
            /// Unit.
            unit_id: String,
            /// `2026-07`, or `07` without a year; empty for the whole period.
            month: String,
        }
        /// Batch that brought it.
        batch_id: String,
        /// All orders.
        orders: i64,
        /// Orders closed in time.
        closed_on_time: Option<i64>,
        /// Orders closed too late.
        closed_late: Option<i64>,
        /// Orders not closed yet.
        not_closed: Option<i64>,
        /// Orders whose callers were not satisfied.
        dissatisfied: Option<i64>,
        /// Share of satisfied callers in millionths; of how many is not said.
        satisfaction_micro: Option<i64>,
    }
}

impl ImportedRow for HotlineTotals {
    type Key = (String, String, String);

    const TABLE: &'static str = "hotline_totals";

    fn key(&self) -> Self::Key {
        (
            self.round_id.clone(),
            self.unit_id.clone(),
            self.month.clone(),
        )
    }

    fn has_key(&self) -> Condition {
        Condition::all()
            .add(hotline_totals::Column::RoundId.eq(self.round_id.as_str()))
            .add(hotline_totals::Column::UnitId.eq(self.unit_id.as_str()))
            .add(hotline_totals::Column::Month.eq(self.month.as_str()))
    }

    fn batch_column() -> hotline_totals::Column {
        hotline_totals::Column::BatchId
    }

    fn batch_id(&mut self) -> &mut String {
        &mut self.batch_id
    }
}

/// Compares totals of one round with what is there; in a transaction, new and changed ones are taken.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn upsert_hotline_totals(
    link: &impl Link,
    round: &RoundId,
    totals: Vec<HotlineTotals>,
) -> Result<Upserted, StorageError> {
    upsert(link, list_hotline_totals(link, round).await?, totals).await
}

/// Totals of a round by unit and month.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_hotline_totals(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<HotlineTotals>, StorageError> {
    let query = hotline_totals::Entity::find()
        .filter(hotline_totals::Column::RoundId.eq(round.as_str()))
        .order_by_asc(hotline_totals::Column::UnitId)
        .order_by_asc(hotline_totals::Column::Month);
    rows::all(link, query).await
}
