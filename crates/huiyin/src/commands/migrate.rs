//! `huiyin migrate`: creates or upgrades the databases and, if asked, loads a world.

use crate::{
    cli::Common,
    clock::now,
    commands::print,
    exit::Outcome,
    installation::{actor, create},
    templates,
};
use serde_json::json;

/// Creates or upgrades the databases; loads the named world.
///
/// # Errors
/// When the data directory or a database cannot be written, or the template has problems.
pub async fn run(common: &Common, world: Option<&str>) -> Outcome {
    let templates = world.map(templates::world).transpose()?;
    let app = create(common).await?;
    if let Some(templates) = &templates {
        workflows::load_world(&app, &actor(&app, common).await?, templates, now()).await?;
    }
    let loaded = templates.map(|templates| templates.world.city);
    print(
        common,
        &json!({"data": common.data, "world": loaded}),
        || {
            let city = loaded
                .as_ref()
                .map(|city| format!("，已装入{city}"))
                .unwrap_or_default();
            format!("数据库已就绪{city}")
        },
    )
}
