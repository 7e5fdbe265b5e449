//! Templates as stored with the installation, read by their digest and kept once read, because a digest never changes its text.

use crate::{App, Refusal, Verb};
use serde::de::DeserializeOwned;
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};
use storage::documents;
use survey_design::{IndicatorSet, Questionnaire, Rules, World, canonical_digest};

static QUESTIONNAIRES: Kept<Questionnaire> = LazyLock::new(Mutex::default);
static INDICATORS: Kept<IndicatorSet> = LazyLock::new(Mutex::default);
static RULES: Kept<Rules> = LazyLock::new(Mutex::default);

/// Templates read before, by digest.
type Kept<T> = LazyLock<Mutex<BTreeMap<String, Arc<T>>>>;

/// The questionnaire of this digest.
///
/// # Errors
/// When the installation does not hold it.
pub async fn questionnaire(app: &App, digest: &str) -> Verb<Arc<Questionnaire>> {
    kept(app, &QUESTIONNAIRES, digest).await
}

async fn kept<T: DeserializeOwned>(app: &App, templates: &Kept<T>, digest: &str) -> Verb<Arc<T>> {
    let known = templates
        .lock()
        .expect("no holder of this lock panics")
        .get(digest)
        .cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let read: Arc<T> = Arc::new(read(app, digest).await?);
    templates
        .lock()
        .expect("no holder of this lock panics")
        .insert(digest.to_owned(), Arc::clone(&read));
    Ok(read)
}

/// The version of the indicator tree of this digest.
///
/// # Errors
/// When the installation does not hold it.
pub async fn indicators(app: &App, digest: &str) -> Verb<Arc<IndicatorSet>> {
    kept(app, &INDICATORS, digest).await
}

/// The rules of this digest.
///
/// # Errors
/// When the installation does not hold them.
pub async fn rules(app: &App, digest: &str) -> Verb<Arc<Rules>> {
    kept(app, &RULES, digest).await
}

/// The world the installation was made from, kept in memory until another is loaded here.
///
/// # Errors
/// When no world has been loaded yet.
pub async fn world(app: &App) -> Verb<Arc<World>> {
    let missing = || Refusal::Missing("城市模板；请先运行 `huiyin migrate --world …`");
    Ok(known_world(app).await?.ok_or_else(missing)?)
}

/// As [`world`]; `None` when no world has been loaded yet.
///
/// # Errors
/// When the database fails.
pub async fn known_world(app: &App) -> Verb<Option<Arc<World>>> {
    let known = app
        .world
        .lock()
        .expect("no holder of this lock panics")
        .clone();
    if known.is_some() {
        return Ok(known);
    }
    let Some(digest) = storage::settings::find_setting(app.store(), "world").await? else {
        return Ok(None);
    };
    let world: Arc<World> = Arc::new(read(app, &digest).await?);
    *app.world.lock().expect("no holder of this lock panics") = Some(Arc::clone(&world));
    Ok(Some(world))
}

async fn read<T: DeserializeOwned>(app: &App, digest: &str) -> Verb<T> {
    let document = documents::find_document(app.store(), digest).await?;
    let document = document.ok_or(Refusal::Missing("本轮使用的模板"))?;
    let refused = |error: serde_json::Error| Refusal::Template(error.to_string());
    let body: serde_json::Value = serde_json::from_str(&document.body).map_err(refused)?;
    if canonical_digest(&body) != digest {
        return Err(Refusal::Template(format!("存档内容与其摘要 {digest} 不符")).into());
    }
    Ok(serde_json::from_value(body).map_err(refused)?)
}
