//! What many pages show: the city, the names of the units.

use crate::{PageError, frame::Host};
use std::collections::BTreeMap;
use storage::units;
use workflows::App;

/// The city and office of the installation; nameless before a world was loaded.
///
/// # Errors
/// When the database fails.
pub async fn host(app: &App, demonstration: bool) -> Result<Host, PageError> {
    let world = workflows::known_world(app).await?;
    let (city, office) = world.map_or_else(
        || ("本市".to_owned(), "评价办公室".to_owned()),
        |world| (world.city.clone(), world.office.clone()),
    );
    Ok(Host {
        city,
        office,
        demonstration,
    })
}

/// Short names of the units by code.
///
/// # Errors
/// When the database fails.
pub async fn unit_names(app: &App) -> Result<BTreeMap<String, String>, PageError> {
    let all = units::list_units(app.store()).await?;
    Ok(all
        .into_iter()
        .map(|unit| (unit.id.to_string(), unit.short_name))
        .collect())
}
