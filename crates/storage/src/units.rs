//! Classes, evaluated units with their other spellings, communities and villages, and pairings.

use crate::{Link, StorageError, Tx, rows};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;
use survey_design::{Body, BodyKind, Pairing, Unit, UnitClass, UnitMode, World};
use vocabulary::{BodyId, ClassId, UnitId};

stored_state! {
    /// How the mode of a unit is stored.
    StoredMode {
        /// 参评单位.
        Ranked = "ranked",
        /// 征求意见单位.
        OpinionOnly = "opinion_only",
    }
}

stored_state! {
    /// How the kind of a body is stored.
    StoredBodyKind {
        /// 社区.
        Community = "community",
        /// 村.
        Village = "village",
    }
}

table! {
    /// A stored class.
    ClassRow = "unit_class" in unit_class {
        key {
            /// Code.
            id: String,
        }
        /// Official name.
        name: String,
        /// Position in the official order, 0 for the first.
        sort: i32,
    }
}

table! {
    /// A stored unit without its aliases.
    UnitRow = "unit" in unit {
        key {
            /// Code.
            id: String,
        }
        /// Full official name.
        name: String,
        /// Name in tables.
        short_name: String,
        /// Class.
        class_id: String,
        /// Position in the official order, 0 for the first.
        sort: i32,
        /// Ranked or listed for opinions only.
        mode: StoredMode,
        /// Rated by enterprises online.
        enterprise_facing: bool,
        /// Has a window in the service centre.
        has_hall_window: bool,
        /// Receives hotline orders.
        has_hotline_orders: bool,
    }
}

table! {
    /// Another spelling of a unit's name.
    AliasRow = "unit_alias" in unit_alias {
        key {
            /// The spelling.
            alias: String,
        }
        /// The unit it means.
        unit_id: String,
    }
}

table! {
    /// A stored community or village.
    BodyRow = "body" in body {
        key {
            /// Code.
            id: String,
        }
        /// Name.
        name: String,
        /// Community or village.
        kind: StoredBodyKind,
        /// Position in the official order, 0 for the first.
        sort: i32,
    }
}

table! {
    /// A stored pairing.
    PairingRow = "pairing" in pairing {
        key {
            /// The unit.
            unit_id: String,
            /// The community or village.
            body_id: String,
            /// First day.
            valid_from: Date,
        }
        /// Last day; none while it lasts.
        valid_to: Option<Date>,
    }
}

use sea_orm::prelude::Date;

/// Makes classes, units, bodies and pairings those of a world; what the world no longer has is removed.
///
/// # Errors
/// [`StorageError::Conflict`] when two units share a spelling; [`StorageError`] when the database does not answer.
pub async fn replace_world(tx: &Tx, world: &World) -> Result<(), StorageError> {
    rows::delete(tx, pairing::Entity::delete_many()).await?;
    rows::delete(tx, unit_alias::Entity::delete_many()).await?;
    rows::delete(tx, unit::Entity::delete_many()).await?;
    rows::delete(tx, unit_class::Entity::delete_many()).await?;
    rows::delete(tx, body::Entity::delete_many()).await?;
    rows::insert_all(tx, numbered(&world.classes, class_row)).await?;
    rows::insert_all(tx, numbered(&world.units, unit_row)).await?;
    rows::insert_all(tx, world.units.iter().flat_map(alias_rows).collect()).await?;
    rows::insert_all(tx, numbered(&world.bodies, body_row)).await?;
    rows::insert_all(tx, world.pairings.iter().map(pairing_row).collect()).await
}

fn numbered<T, R>(things: &[T], row: impl Fn(&T, i32) -> R) -> Vec<R> {
    things
        .iter()
        .zip(0..)
        .map(|(thing, sort)| row(thing, sort))
        .collect()
}

/// Classes in official order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_classes(link: &impl Link) -> Result<Vec<UnitClass>, StorageError> {
    let query = unit_class::Entity::find().order_by_asc(unit_class::Column::Sort);
    let found: Vec<ClassRow> = rows::all(link, query).await?;
    Ok(found
        .into_iter()
        .map(|row| UnitClass {
            id: ClassId::new(row.id),
            name: row.name,
        })
        .collect())
}

/// Units in official order, with their aliases in alphabetical order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_units(link: &impl Link) -> Result<Vec<Unit>, StorageError> {
    let query = unit::Entity::find().order_by_asc(unit::Column::Sort);
    let found: Vec<UnitRow> = rows::all(link, query).await?;
    let query = unit_alias::Entity::find().order_by_asc(unit_alias::Column::Alias);
    let mut aliases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for AliasRow { alias, unit_id } in rows::all(link, query).await? {
        aliases.entry(unit_id).or_default().push(alias);
    }
    Ok(found
        .into_iter()
        .map(|row| {
            let aliases = aliases.remove(&row.id).unwrap_or_default();
            unit_of(row, aliases)
        })
        .collect())
}

/// One unit with its aliases.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_unit(link: &impl Link, id: &UnitId) -> Result<Option<Unit>, StorageError> {
    let query = unit::Entity::find_by_id(id.as_str());
    let Some(row) = rows::one::<UnitRow>(link, query).await? else {
        return Ok(None);
    };
    let query = unit_alias::Entity::find()
        .filter(unit_alias::Column::UnitId.eq(id.as_str()))
        .order_by_asc(unit_alias::Column::Alias);
    let aliases: Vec<AliasRow> = rows::all(link, query).await?;
    let aliases = aliases.into_iter().map(|row| row.alias).collect();
    Ok(Some(unit_of(row, aliases)))
}

/// Communities and villages in official order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_bodies(link: &impl Link) -> Result<Vec<Body>, StorageError> {
    let query = body::Entity::find().order_by_asc(body::Column::Sort);
    let found: Vec<BodyRow> = rows::all(link, query).await?;
    Ok(found
        .into_iter()
        .map(|row| Body {
            id: BodyId::new(row.id),
            name: row.name,
            kind: match row.kind {
                StoredBodyKind::Community => BodyKind::Community,
                StoredBodyKind::Village => BodyKind::Village,
            },
        })
        .collect())
}

/// Pairings by unit, body and first day.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_pairings(link: &impl Link) -> Result<Vec<Pairing>, StorageError> {
    let query = pairing::Entity::find()
        .order_by_asc(pairing::Column::UnitId)
        .order_by_asc(pairing::Column::BodyId)
        .order_by_asc(pairing::Column::ValidFrom);
    let found: Vec<PairingRow> = rows::all(link, query).await?;
    Ok(found
        .into_iter()
        .map(|row| Pairing {
            unit: UnitId::new(row.unit_id),
            body: BodyId::new(row.body_id),
            from: row.valid_from,
            to: row.valid_to,
        })
        .collect())
}

/// Every spelling of every unit: code, name, short name and aliases. A name wins over another unit's alias.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn unit_index(link: &impl Link) -> Result<BTreeMap<String, UnitId>, StorageError> {
    let units = list_units(link).await?;
    let mut index = BTreeMap::new();
    for unit in &units {
        for alias in &unit.aliases {
            index.insert(alias.clone(), unit.id.clone());
        }
    }
    for unit in &units {
        for name in [&unit.short_name, &unit.name] {
            index.insert(name.clone(), unit.id.clone());
        }
    }
    for unit in units {
        index.insert(unit.id.as_str().to_owned(), unit.id);
    }
    Ok(index)
}

fn unit_of(row: UnitRow, aliases: Vec<String>) -> Unit {
    Unit {
        id: UnitId::new(row.id),
        name: row.name,
        short_name: row.short_name,
        class: ClassId::new(row.class_id),
        mode: match row.mode {
            StoredMode::Ranked => UnitMode::Ranked,
            StoredMode::OpinionOnly => UnitMode::OpinionOnly,
        },
        enterprise_facing: row.enterprise_facing,
        has_hall_window: row.has_hall_window,
        has_hotline_orders: row.has_hotline_orders,
        aliases,
    }
}

fn class_row(class: &UnitClass, sort: i32) -> ClassRow {
    ClassRow {
        id: class.id.to_string(),
        name: class.name.clone(),
        sort,
    }
}

fn unit_row(unit: &Unit, sort: i32) -> UnitRow {
    UnitRow {
        id: unit.id.to_string(),
        name: unit.name.clone(),
        short_name: unit.short_name.clone(),
        class_id: unit.class.to_string(),
        sort,
        mode: match unit.mode {
            UnitMode::Ranked => StoredMode::Ranked,
            UnitMode::OpinionOnly => StoredMode::OpinionOnly,
        },
        enterprise_facing: unit.enterprise_facing,
        has_hall_window: unit.has_hall_window,
        has_hotline_orders: unit.has_hotline_orders,
    }
}

fn alias_rows(unit: &Unit) -> Vec<AliasRow> {
    unit.aliases
        .iter()
        .map(|alias| AliasRow {
            alias: alias.clone(),
            unit_id: unit.id.to_string(),
        })
        .collect()
}

fn body_row(body: &Body, sort: i32) -> BodyRow {
    BodyRow {
        id: body.id.to_string(),
        name: body.name.clone(),
        kind: match body.kind {
            BodyKind::Community => StoredBodyKind::Community,
            BodyKind::Village => StoredBodyKind::Village,
        },
        sort,
    }
}

fn pairing_row(pairing: &Pairing) -> PairingRow {
    PairingRow {
        unit_id: pairing.unit.to_string(),
        body_id: pairing.body.to_string(),
        valid_from: pairing.from,
        valid_to: pairing.to,
    }
}
