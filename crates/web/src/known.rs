//! What many pages show: the city, the names of the units.

use crate::{PageError, frame::Host, language::Language};
use std::collections::BTreeMap;
use storage::{accounts, rounds::RoundRecord, units};
use vocabulary::UnitId;
use workflows::{App, collect::OpenDraft};

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

/// As [`host`], in the language of a citizen page.
///
/// # Errors
/// When the database fails.
pub async fn host_in(
    app: &App,
    demonstration: bool,
    language: Language,
) -> Result<Host, PageError> {
    let chinese = host(app, demonstration).await?;
    let world = workflows::known_world(app).await?;
    let english = world.as_ref().and_then(|world| world.english.as_ref());
    let name = |chinese: &str, english: Option<&String>| {
        language
            .pick(chinese, english.map(String::as_str))
            .to_owned()
    };
    Ok(Host {
        city: name(&chinese.city, english.map(|names| &names.city)),
        office: name(&chinese.office, english.map(|names| &names.office)),
        demonstration,
    })
}

/// The title of a round.
///
/// # Errors
/// When the database fails.
pub async fn round_title(
    app: &App,
    record: &RoundRecord,
    language: Language,
) -> Result<String, PageError> {
    let world = workflows::known_world(app).await?;
    let english = world
        .as_ref()
        .and_then(|world| world.english.as_ref()?.rounds.get(&record.round.id));
    let title = language.pick(&record.round.title, english.map(String::as_str));
    Ok(title.to_owned())
}

/// The name of a unit for citizens: the short one, or the English one.
///
/// # Errors
/// When the database fails.
pub async fn unit_name(
    app: &App,
    unit: &UnitId,
    language: Language,
) -> Result<Option<String>, PageError> {
    let world = workflows::known_world(app).await?;
    Ok(world.and_then(|world| {
        let chinese = world.units.iter().find(|known| known.id == *unit)?;
        let english = world
            .english
            .as_ref()
            .and_then(|names| names.units.get(unit));
        let name = language.pick(&chinese.short_name, english.map(String::as_str));
        Some(name.to_owned())
    }))
}

/// Gives the units of a draft their English names, where there are any and they are wanted.
///
/// # Errors
/// When the database fails.
pub async fn name_units(
    app: &App,
    draft: &mut OpenDraft,
    language: Language,
) -> Result<(), PageError> {
    let world = workflows::known_world(app).await?;
    let Some(english) = world.as_ref().and_then(|world| world.english.as_ref()) else {
        return Ok(());
    };
    for (unit, name) in &mut draft.units {
        let translated = english.units.get(unit).map(String::as_str);
        *name = language.pick(name, translated).to_owned();
    }
    Ok(())
}

/// The name of whoever is behind an account: a person, or a system that sends rows.
///
/// # Errors
/// When the database fails.
pub async fn account_name(app: &App, account: &str) -> Result<String, PageError> {
    if let Some(label) = workflows::source_of_account(app, account).await? {
        return Ok(label);
    }
    let found = accounts::find_account(app.store(), account).await?;
    Ok(found.map_or_else(|| account.to_owned(), |account| account.name))
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
