//! What a hotline says in total against the single orders it sent: what is missing, never what is scored.

use crate::{App, Verb};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use storage::imports::{self, HotlineTotals, OrdersOfDay};
use vocabulary::{RoundId, UnitId};

/// Totals of one unit and month beside the single orders of the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalsLine {
    /// The unit.
    pub unit: UnitId,
    /// `2026-07`, or `07` without a year; empty for the whole period.
    pub month: String,
    /// Orders the hotline states.
    pub stated: u64,
    /// Single orders that were imported, by their day of registration; all of the unit where no month is named.
    pub imported: u64,
}

impl TotalsLine {
    /// Whether as many orders came as the hotline states.
    #[must_use]
    pub const fn agrees(&self) -> bool {
        self.stated == self.imported
    }
}

/// Every total of the round beside what was imported, by unit and month.
///
/// # Errors
/// When the database does not answer.
pub async fn compare_hotline_totals(app: &App, round: &RoundId) -> Verb<Vec<TotalsLine>> {
    let totals = imports::list_hotline_totals(app.store(), round).await?;
    if totals.is_empty() {
        return Ok(Vec::new());
    }
    let mut orders: BTreeMap<String, Vec<OrdersOfDay>> = BTreeMap::new();
    for day in imports::count_orders_by_day(app.store(), round).await? {
        orders.entry(day.unit_id.clone()).or_default().push(day);
    }
    let line = |totals: HotlineTotals| {
        let days = orders.get(&totals.unit_id).map_or(&[][..], Vec::as_slice);
        let of_month = days
            .iter()
            .filter(|it| lies_in(it.registered_on, &totals.month));
        TotalsLine {
            imported: of_month.map(|day| day.orders).sum(),
            unit: UnitId::new(totals.unit_id),
            month: totals.month,
            stated: totals.orders.cast_unsigned(),
        }
    };
    Ok(totals.into_iter().map(line).collect())
}

/// Whether a day lies in a month written `2026-07` or `07`; every day lies in a period without a name.
fn lies_in(day: Option<NaiveDate>, month: &str) -> bool {
    let named = |day: NaiveDate| match month.split_once('-') {
        Some(_) => day.format("%Y-%m").to_string() == month,
        None => month.parse() == Ok(day.month()),
    };
    month.is_empty() || day.is_some_and(named)
}
