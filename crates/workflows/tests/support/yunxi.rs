//! A city with units, rules and one open round, on real SQLite and PostgreSQL.

use chrono::{DateTime, Utc};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use std::{fs, path::Path};
use storage::Store;
use survey_design::{parse_questionnaire, parse_rules, parse_world};
use vocabulary::{Role, RoundId};
use workflows::{Actor, App, WorldTemplates, create_round, load_world};

macro_rules! on_both_databases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(async || Some(crate::yunxi::city(None).await)).await;
                }
            )+
        }
        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(async || {
                        let url = crate::postgres::shared()?.fresh_database();
                        Some(crate::yunxi::city(Some(url)).await)
                    }).await;
                }
            )+
        }
    };
}

pub struct City {
    pub app: App,
    pub round: RoundId,
    pub rng: ChaCha20Rng,
    _folder: tempfile::TempDir,
}

pub fn now() -> DateTime<Utc> {
    "2026-10-08T01:00:00Z".parse().unwrap()
}

pub fn clerk() -> Actor {
    Actor {
        account: "clerk".into(),
        name: "clerk".to_owned(),
        role: Role::OfficeClerk,
        unit: None,
        body: None,
    }
}

pub fn templates() -> WorldTemplates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let read = |path: &str| fs::read(folder.join(path)).unwrap();
    WorldTemplates {
        world: parse_world(&read("worlds/yunxi.json")).unwrap(),
        rules: parse_rules(&read("rules/yunxi-2026.json")).unwrap(),
        indicators: None,
        questionnaires: vec![parse_questionnaire(&read("questionnaires/overall.json")).unwrap()],
    }
}

pub async fn city(url: Option<String>) -> City {
    let folder = tempfile::tempdir().unwrap();
    let own = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let store = Store::open(&url.unwrap_or_else(|| own("huiyin"))).await;
    let vault = identity_vault::Vault::open(&own("vault"), [3; 32]).await;
    let app = App::new(store.unwrap(), vault.unwrap(), folder.path().to_owned());
    app.migrate().await.unwrap();
    let round = RoundId::new("2026Q3");
    load_world(&app, &clerk(), &templates(), now())
        .await
        .unwrap();
    create_round(&app, &clerk(), &round, now()).await.unwrap();
    City {
        app,
        round,
        rng: ChaCha20Rng::seed_from_u64(5),
        _folder: folder,
    }
}
