//! Loads a world template: units, classes, pairings, rules, questionnaires.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, documents::indicators,
    indicator_tree::TREE,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use storage::{
    Tx,
    documents::{self, DocumentKind},
    settings, units,
};
use survey_design::{IndicatorSet, Questionnaire, Rules, World, canonical_digest};

/// A world with the templates it names.
#[derive(Clone, Debug)]
pub struct WorldTemplates {
    /// The world.
    pub world: World,
    /// Its rules.
    pub rules: Rules,
    /// Its indicator set, if any.
    pub indicators: Option<IndicatorSet>,
    /// Its questionnaires: overall, enterprise-facing.
    pub questionnaires: Vec<Questionnaire>,
}

/// Replaces units, classes, bodies and pairings by those of the template and keeps the templates by digest.
///
/// # Errors
/// When the role may not prepare, or the database fails.
pub async fn load_world(
    app: &App,
    actor: &Actor,
    templates: &WorldTemplates,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Prepare)?;
    let tx = app.store.begin().await?;
    units::replace_world(&tx, &templates.world).await?;
    let world = put(
        &tx,
        DocumentKind::World,
        &templates.world.code,
        1,
        &templates.world,
    )
    .await?;
    let rules = put(
        &tx,
        DocumentKind::Rules,
        &templates.rules.code,
        templates.rules.version,
        &templates.rules,
    )
    .await?;
    if let Some(set) = &templates.indicators {
        take_tree(app, &tx, set).await?;
    }
    let mut questionnaires = Vec::new();
    for questionnaire in &templates.questionnaires {
        questionnaires.push(
            put(
                &tx,
                DocumentKind::Questionnaire,
                &questionnaire.code,
                questionnaire.version,
                questionnaire,
            )
            .await?,
        );
    }
    for (key, value) in [
        ("world", Some(&world)),
        ("rules", Some(&rules)),
        ("questionnaire.overall", questionnaires.first()),
        ("questionnaire.enterprise", questionnaires.get(1)),
    ] {
        if let Some(value) = value {
            settings::put_setting(&tx, key, value).await?;
        }
    }
    audited(&tx, actor, "load_world", &templates.world.code, now).await?;
    tx.commit().await?;
    *app.world.lock().expect("no holder of this lock panics") = None;
    Ok(())
}

/// Makes a tree the newest one, unless its version has been there already.
async fn take_tree(app: &App, tx: &Tx, set: &IndicatorSet) -> Verb<()> {
    if documents::find_document(tx, &canonical_digest(set))
        .await?
        .is_some()
    {
        return Ok(());
    }
    if let Some(digest) = settings::lock_setting(tx, TREE).await? {
        let newest = indicators(app, &digest).await?;
        if set.code == newest.code && set.version <= newest.version {
            let known = newest.version;
            let text = format!(
                "指标体系 {} 已经有第 {known} 版，请把文件里的版本号改得更大",
                set.code
            );
            return Err(Refusal::Template(text).into());
        }
    }
    let digest = put(tx, DocumentKind::Indicators, &set.code, set.version, set).await?;
    Ok(settings::put_setting(tx, TREE, &digest).await?)
}

async fn put<T: Serialize + Sync>(
    tx: &Tx,
    kind: DocumentKind,
    code: &str,
    version: u32,
    template: &T,
) -> Verb<String> {
    let version = i32::try_from(version).unwrap_or(i32::MAX);
    Ok(documents::put_document(tx, kind, code, version, template).await?)
}
