//! Orders of the 12345 hotline.

use super::{ImportedRow, Upserted, upsert};
use crate::{Link, StorageError, rows};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Date,
};
use vocabulary::RoundId;

table! {
    #[derive(serde::Serialize, serde::Deserialize)]
    /// One order.
    pub HotlineOrder = "hotline_order" in hotline_order {
        key {
            /// Round.
            round_id: String,
            /// Natural key of the row.
            row_key: String,
        }
        /// Batch that brought it.
        batch_id: String,
        /// Unit.
        unit_id: String,
        /// Day it was registered.
        registered_on: Option<Date>,
        /// Day it was closed.
        closed_on: Option<Date>,
        /// Whether it was closed in time.
        on_time: Option<bool>,
        /// Code of whether the matter was resolved.
        resolved: Option<i16>,
        /// Code of the level given when asked; none without a statement.
        level: Option<i16>,
        /// Whether it enters the index.
        counted: bool,
        /// Code of the reason when it does not.
        excluded_reason: Option<String>,
        /// Days from registration to reply.
        reply_days: Option<i32>,
    }
}

impl ImportedRow for HotlineOrder {
    type Key = (String, String);

    const TABLE: &'static str = "hotline_order";

    fn key(&self) -> Self::Key {
        (self.round_id.clone(), self.row_key.clone())
    }

    fn has_key(&self) -> Condition {
        Condition::all()
            .add(hotline_order::Column::RoundId.eq(self.round_id.as_str()))
            .add(hotline_order::Column::RowKey.eq(self.row_key.as_str()))
    }

    fn batch_column() -> hotline_order::Column {
        hotline_order::Column::BatchId
    }

    fn batch_id(&mut self) -> &mut String {
        &mut self.batch_id
    }
}

/// Compares orders of one round with what is there, a thousand or so at a time; in a transaction, new and changed ones are taken.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn upsert_hotline_orders(
    link: &impl Link,
    round: &RoundId,
    orders: Vec<HotlineOrder>,
) -> Result<Upserted, StorageError> {
    let keys = orders.iter().map(|row| row.row_key.as_str());
    let query = hotline_order::Entity::find()
        .filter(hotline_order::Column::RoundId.eq(round.as_str()))
        .filter(hotline_order::Column::RowKey.is_in(keys));
    upsert(link, rows::all(link, query).await?, orders).await
}

/// Orders of a round by key.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_hotline_orders(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<HotlineOrder>, StorageError> {
    let query = hotline_order::Entity::find()
        .filter(hotline_order::Column::RoundId.eq(round.as_str()))
        .order_by_asc(hotline_order::Column::RowKey);
    rows::all(link, query).await
}

/// The single orders of a unit registered on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrdersOfDay {
    /// Unit.
    pub unit_id: String,
    /// Day of registration; none where the orders name none.
    pub registered_on: Option<Date>,
    /// How many, those left out of the index included.
    pub orders: u64,
}

/// Counts the single orders of a round by unit and day of registration.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_orders_by_day(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<OrdersOfDay>, StorageError> {
    let mut query = hotline_order::Entity::find()
        .select_only()
        .filter(hotline_order::Column::RoundId.eq(round.as_str()));
    for key in [
        hotline_order::Column::UnitId,
        hotline_order::Column::RegisteredOn,
    ] {
        query = query.column(key).group_by(key).order_by_asc(key);
    }
    let counted: Result<Vec<(String, Option<Date>, i64)>, _> = query
        .expr(rows::number_of_rows())
        .into_tuple()
        .all(link.connection())
        .await;
    let counted = counted.map_err(|error| link.fault(&error))?;
    let day = |(unit_id, registered_on, orders): (_, _, i64)| OrdersOfDay {
        unit_id,
        registered_on,
        orders: orders.cast_unsigned(),
    };
    Ok(counted.into_iter().map(day).collect())
}
