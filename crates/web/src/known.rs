//! Templates the pages need again and again; a digest never changes its text, so each is read once.

use crate::{PageError, frame::Host};
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};
use storage::{documents, units};
use survey_design::{Questionnaire, Rules};
use workflows::App;

type Kept<T> = LazyLock<Mutex<BTreeMap<String, Arc<T>>>>;

static RULES: Kept<Rules> = LazyLock::new(Mutex::default);
static QUESTIONNAIRES: Kept<Questionnaire> = LazyLock::new(Mutex::default);

fn kept<T>(shelf: &Kept<T>, digest: &str) -> Option<Arc<T>> {
    shelf
        .lock()
        .expect("no holder of this lock panics")
        .get(digest)
        .cloned()
}

fn keep<T>(shelf: &Kept<T>, digest: &str, thing: T) -> Arc<T> {
    let thing = Arc::new(thing);
    shelf
        .lock()
        .expect("no holder of this lock panics")
        .insert(digest.to_owned(), Arc::clone(&thing));
    thing
}

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

/// The rules of this digest.
///
/// # Errors
/// When the installation does not hold them.
pub async fn rules(app: &App, digest: &str) -> Result<Arc<Rules>, PageError> {
    match kept(&RULES, digest) {
        Some(rules) => Ok(rules),
        None => Ok(keep(&RULES, digest, workflows::rules(app, digest).await?)),
    }
}

/// The questionnaire of this digest; none when the installation does not hold it.
///
/// # Errors
/// When the database fails.
pub async fn questionnaire(
    app: &App,
    digest: &str,
) -> Result<Option<Arc<Questionnaire>>, PageError> {
    if let Some(questionnaire) = kept(&QUESTIONNAIRES, digest) {
        return Ok(Some(questionnaire));
    }
    let document = documents::find_document(app.store(), digest).await?;
    let read =
        document.and_then(|document| serde_json::from_str::<Questionnaire>(&document.body).ok());
    Ok(read.map(|questionnaire| keep(&QUESTIONNAIRES, digest, questionnaire)))
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
