//! Units that help the one in charge of a matter 协办单位.

use crate::{Link, StorageError, Tx, rows};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use std::collections::{BTreeMap, BTreeSet};

table! {
    /// One unit that helps with one matter.
    CoUnit = "matter_co_unit" in matter_co_unit {
        key {
            /// Matter.
            matter_id: String,
            /// Unit.
            unit_id: String,
        }
    }
}

/// Says which units help with a matter, in place of those before.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn set_co_units(
    tx: &Tx,
    matter_id: &str,
    units: &BTreeSet<String>,
) -> Result<(), StorageError> {
    let old = matter_co_unit::Entity::delete_many()
        .filter(matter_co_unit::Column::MatterId.eq(matter_id));
    rows::delete(tx, old).await?;
    let row = |unit: &String| CoUnit {
        matter_id: matter_id.to_owned(),
        unit_id: unit.clone(),
    };
    rows::insert_all(tx, units.iter().map(row).collect()).await
}

/// The units that help with each of these matters; matters with none are left out.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_co_units(
    link: &impl Link,
    matters: &[&str],
) -> Result<BTreeMap<String, BTreeSet<String>>, StorageError> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for some in matters.chunks(5_000) {
        let query = matter_co_unit::Entity::find()
            .filter(matter_co_unit::Column::MatterId.is_in(some.iter().copied()))
            .order_by_asc(matter_co_unit::Column::MatterId);
        let rows: Vec<CoUnit> = rows::all(link, query).await?;
        for row in rows {
            found.entry(row.matter_id).or_default().insert(row.unit_id);
        }
    }
    Ok(found)
}

/// Selects the matters a unit helps with.
pub(crate) fn helped_by(unit_id: &str) -> SelectStatement {
    matter_co_unit::Entity::find()
        .select_only()
        .column(matter_co_unit::Column::MatterId)
        .filter(matter_co_unit::Column::UnitId.eq(unit_id))
        .into_query()
}
