//! A sample with a reserve on a real database: who rests, who is invited, and what answers weigh.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rating_import::{Incoming, PoolRow};
use response_collection::Frame;
use std::{collections::BTreeMap, fs, path::Path};
use storage::{Store, draws, invitations, pool};
use survey_design::{parse_questionnaire, parse_rules, parse_world};
use vocabulary::{RaterGroup, Role, RoundId};
use workflows::{
    Actor, App, ImportMode, PoolFile, Refusal, VerbError, WorldTemplates, create_round,
    draw_sample, find_certificate, import_pool, load_world, release_replicate,
};

const ADDRESS: &str = "http://127.0.0.1";

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-09-10T01:00:00Z".parse().unwrap()
}

fn clerk() -> Actor {
    Actor {
        account: "clerk".into(),
        name: "clerk".to_owned(),
        role: Role::OfficeClerk,
        unit: None,
        body: None,
    }
}

/// Twenty citizens of sixty are drawn, and twenty in reserve; people rest for two quarters.
fn templates() -> WorldTemplates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let read = |path: &str| fs::read(folder.join(path)).unwrap();
    let mut rules = parse_rules(&read("rules/yunxi-2026.json")).unwrap();
    rules.sample.quota = [(RaterGroup::Citizens, 20)].into();
    rules.sample.reserve_replicates = 1;
    WorldTemplates {
        world: parse_world(&read("worlds/yunxi.json")).unwrap(),
        rules,
        indicators: None,
        questionnaires: ["overall", "enterprise"]
            .map(|name| parse_questionnaire(&read(&format!("questionnaires/{name}.json"))).unwrap())
            .to_vec(),
    }
}

fn sixty_citizens() -> PoolFile<PoolRow> {
    let row = |n: u32| PoolRow {
        row_key: format!("p{n}"),
        name: "林某".to_owned(),
        position: None,
        phone: None,
        email: Some(format!("p{n}@example.invalid")),
        group: RaterGroup::Citizens,
        delegate_kind: None,
        county: "望湖区".to_owned(),
        stratum: Some(
            if n.is_multiple_of(2) {
                "城区"
            } else {
                "乡村"
            }
            .to_owned(),
        ),
        community: None,
        size: None,
    };
    PoolFile {
        name: "样本库.csv".to_owned(),
        rows: Incoming::of_rows((0..60).map(row).collect()),
        mode: ImportMode::Apply,
        progress: None,
    }
}

struct City {
    app: App,
    round: RoundId,
    rng: ChaCha20Rng,
    _folder: tempfile::TempDir,
}

async fn drawn_city() -> City {
    let folder = tempfile::tempdir().unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let url = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let store = Store::open(&url("huiyin")).await.unwrap();
    let vault = identity_vault::Vault::open(&url("vault"), [3; 32])
        .await
        .unwrap();
    let app = App::new(store, vault, folder.path().to_owned());
    app.migrate().await.unwrap();
    let (who, round) = (clerk(), RoundId::new("2026Q3"));
    load_world(&app, &who, &templates(), now()).await.unwrap();
    let people = sixty_citizens();
    import_pool(&app, &who, people, now(), &mut rng)
        .await
        .unwrap();
    create_round(&app, &who, &round, now()).await.unwrap();
    draw_sample(&app, &who, &round, 7, ADDRESS, now(), &mut rng)
        .await
        .unwrap();
    City {
        app,
        round,
        rng,
        _folder: folder,
    }
}

/// Tokens of the round.
async fn tokens_issued(city: &City) -> u64 {
    let counts = invitations::count_tokens(city.app.store(), &city.round)
        .await
        .unwrap();
    counts.iter().map(|count| count.tokens).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_frame_is_kept_as_it_was_certified() {
    let city = drawn_city().await;

    let part = draws::find_frame_part(city.app.store(), &city.round, 0)
        .await
        .unwrap();
    let (_, certificate) = find_certificate(&city.app, &city.round)
        .await
        .unwrap()
        .unwrap();

    let text = part.unwrap();
    assert!(text.starts_with(Frame::CSV_HEADER));
    assert_eq!(certificate.frame_people, 60);
    assert_eq!(text.lines().count(), 61);
    assert_eq!(certificate.strata.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserve_is_released_whole_and_once() {
    let mut city = drawn_city().await;
    let before = tokens_issued(&city).await;

    let release = async |city: &mut City| {
        release_replicate(
            &city.app,
            &clerk(),
            &city.round,
            ADDRESS,
            now(),
            &mut city.rng,
        )
        .await
    };
    let report = release(&mut city).await.unwrap();
    let again = release(&mut city).await;

    assert_eq!((before, report.people, report.left), (20, 20, 0));
    assert_eq!(tokens_issued(&city).await, 40);
    assert!(matches!(again, Err(VerbError::Refused(Refusal::Draw(_)))));
    let draw = draws::find_draw(city.app.store(), &city.round)
        .await
        .unwrap();
    assert_eq!(draw.unwrap().released, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_invited_rest_and_reserves_that_wait_do_not() {
    let mut city = drawn_city().await;
    let resting = async |city: &City| {
        let members = pool::list_pool_members(city.app.store()).await.unwrap();
        let mut until = BTreeMap::new();
        for member in members.into_iter().filter_map(|member| member.rest_until) {
            *until.entry(member.to_string()).or_insert(0) += 1;
        }
        until
    };

    let before = resting(&city).await;
    release_replicate(
        &city.app,
        &clerk(),
        &city.round,
        ADDRESS,
        now(),
        &mut city.rng,
    )
    .await
    .unwrap();

    assert_eq!(before, [("2027-03-31".to_owned(), 20)].into());
    assert_eq!(resting(&city).await, [("2027-03-31".to_owned(), 40)].into());
}
