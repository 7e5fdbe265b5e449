//! Loads a world template: units, classes, pairings, rules, questionnaires.

use crate::{Action, Actor, App, Verb, allow, audit::audited};
use chrono::{DateTime, Utc};
use serde::Serialize;
use storage::{
    Tx,
    documents::{self, DocumentKind},
    settings, units,
};
use survey_design::{IndicatorSet, Questionnaire, Rules, World};

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
        put(&tx, DocumentKind::Indicators, &set.code, set.version, set).await?;
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
