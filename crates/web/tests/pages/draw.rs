//! The draw over HTTP: what the office sees and releases, who is kept out, and when the public gets the certificate.

use crate::examples::bulletin;
use actix_web::{
    App as Site,
    cookie::Cookie,
    http::{StatusCode, header},
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};
use rand::{SeedableRng, rngs::StdRng};
use rating_import::{Imported, PoolRow};
use response_collection::{DrawCertificate, FrameBuilder, FrameMember, verify_draw};
use std::{fs, path::Path};
use storage::{Store, draws, scores};
use survey_design::{parse_questionnaire, parse_rules, parse_world};
use vocabulary::{RaterGroup, Role, RoundId, UnitId};
use web::{WebState, configure};
use workflows::{
    Actor, App, ImportMode, NewAccount, WorldTemplates, add_account_with_password, create_round,
    draw_sample, import_pool, load_world, sign_in,
};

const BASE: &str = "http://127.0.0.1";
const PASSWORD: &str = "yunxi-draw-2026";

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-09-10T01:00:00Z".parse().unwrap()
}

fn actor(role: Role) -> Actor {
    Actor {
        account: "tester".into(),
        name: "tester".to_owned(),
        role,
        unit: None,
        body: None,
    }
}

/// Twenty citizens of sixty are drawn, and twenty in reserve.
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

fn sixty_citizens() -> Imported<PoolRow> {
    let row = |n: u32| PoolRow {
        row_key: format!("p{n}"),
        name: "林某".to_owned(),
        position: None,
        phone: None,
        email: Some(format!("p{n}@example.invalid")),
        group: RaterGroup::Citizens,
        delegate_kind: None,
        county: "望湖区".to_owned(),
        stratum: Some(if n < 45 { "城区" } else { "乡村" }.to_owned()),
        community: None,
        size: None,
    };
    Imported {
        rows: (0..60).map(row).collect(),
        rows_total: 60,
        rows_taken: 60,
        ..Imported::default()
    }
}

/// An installation whose round has been drawn, with a clerk and a liaison.
async fn drawn_city(folder: &Path) -> App {
    let url = |name: &str| format!("sqlite://{}/{name}.db", folder.display());
    let store = Store::open(&url("huiyin")).await.unwrap();
    let vault = identity_vault::Vault::open(&url("vault"), [3; 32])
        .await
        .unwrap();
    let app = App::new(store, vault, folder.to_owned());
    app.migrate().await.unwrap();
    let (clerk, id, mut rng) = (
        actor(Role::OfficeClerk),
        RoundId::new("2026Q3"),
        StdRng::seed_from_u64(5),
    );
    load_world(&app, &clerk, &templates(), now()).await.unwrap();
    let people = sixty_citizens();
    import_pool(&app, &clerk, people, ImportMode::Apply, now(), &mut rng)
        .await
        .unwrap();
    create_round(&app, &clerk, &id, now()).await.unwrap();
    draw_sample(&app, &clerk, &id, 7, BASE, now(), &mut rng)
        .await
        .unwrap();
    for (account, role, unit) in [
        ("clerk1", Role::OfficeClerk, None),
        ("liaison", Role::UnitLiaison, Some(UnitId::new("D12"))),
    ] {
        let new = NewAccount {
            account: account.to_owned(),
            name: account.to_owned(),
            role,
            unit,
            body: None,
        };
        let admin = actor(Role::SystemAdmin);
        add_account_with_password(&app, &admin, &new, PASSWORD, now(), &mut rng)
            .await
            .unwrap();
    }
    app
}

async fn frame_of(app: &App) -> response_collection::Frame {
    let part = draws::find_frame_part(app.store(), &RoundId::new("2026Q3"), 0).await;
    let text = part.unwrap().unwrap();
    let mut frame = FrameBuilder::default();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let member = FrameMember {
            pseudonym: fields[0].to_owned(),
            group: RaterGroup::from_code(fields[1]).unwrap(),
            stratum: fields[2].into(),
            community: fields[3].to_owned(),
            size: fields[4].parse().unwrap(),
        };
        frame.push(member).unwrap();
    }
    frame.finish().unwrap()
}

async fn publish(app: &App) {
    let body = bulletin();
    let row = scores::Bulletin {
        round_id: "2026Q3".into(),
        version: 1,
        state: "{}".into(),
        table_digest: Some(body.table_digest.clone()),
        body: serde_json::to_string(&body).unwrap(),
        bundle_path: None,
        proposed_by: Some("clerk".into()),
        proposed_at: Some(now()),
        approved_by: Some("leader".into()),
        published_at: Some(now()),
    };
    let tx = app.store().begin().await.unwrap();
    scores::insert_bulletin(&tx, row).await.unwrap();
    tx.commit().await.unwrap();
}

macro_rules! site {
    ($app:expr) => {{
        let state = Data::new(WebState {
            app: $app.clone(),
            base_url: BASE.to_owned(),
            demo_accounts: false,
            proxies: Vec::new(),
            clock: now,
            rng: || StdRng::seed_from_u64(6),
        });
        init_service(Site::new().configure(|service| configure(service, state))).await
    }};
}

/// The answer to a request: its status and its text.
macro_rules! ask {
    ($site:expr, $session:expr, $request:expr) => {{
        let answer = call_service(&$site, with($session, $request).to_request()).await;
        let status = answer.status();
        let bytes = read_body(answer).await;
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }};
}

fn with(session: &str, request: TestRequest) -> TestRequest {
    request.cookie(Cookie::new("hy_sid", session.to_owned()))
}

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

fn post(path: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header((header::ORIGIN, BASE))
}

async fn session(app: &App, account: &str) -> String {
    let mut rng = StdRng::seed_from_u64(account.len() as u64);
    let secret = sign_in(app, account, PASSWORD, now(), &mut rng).await;
    secret.unwrap()
}

#[actix_web::test]
async fn the_office_sees_strata_counts_and_seed_and_releases_a_reserve_once() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let (liaison, clerk) = (
        session(&app, "liaison").await,
        session(&app, "clerk1").await,
    );
    let release = "/office/sample/release?r=2026Q3";

    for path in ["/office/sample", "/office/sample/certificate"] {
        assert_eq!(ask!(site, "", get(path)).0, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(ask!(site, &liaison, get(path)).0, StatusCode::FORBIDDEN);
    }
    let (refused, _) = ask!(site, &liaison, post(release));
    assert_eq!(refused, StatusCode::FORBIDDEN);
    let elsewhere = TestRequest::post().uri(release);
    assert_eq!(ask!(site, &clerk, elsewhere).0, StatusCode::FORBIDDEN);

    let (status, page) = ask!(site, &clerk, get("/office/sample"));
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("公开种子 7 从 60 人的抽样框"));
    let numbers: Vec<&str> = page
        .split(['<', '>'])
        .map(str::trim)
        .filter(|text| !text.is_empty() && !text.starts_with(['/', 't']))
        .collect();
    for cells in [
        ["普通群众", "城区", "45", "15", "15", "15"],
        ["普通群众", "乡村", "15", "5", "5", "5"],
    ] {
        let shown = numbers.windows(6).any(|window| window == cells);
        assert!(shown, "{cells:?}");
    }
    assert!(page.contains("已启用 0 组。下一组 20 人"));

    assert_eq!(ask!(site, &clerk, post(release)).0, StatusCode::SEE_OTHER);
    let (_, page) = ask!(site, &clerk, get("/office/sample"));
    assert!(!page.contains("启用下一组候补样本"));
    let (again, _) = ask!(site, &clerk, post(release));
    assert_eq!(again, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn the_certificate_is_public_with_the_results_names_nobody_and_leads_back_to_the_draw() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let path = "/r/2026Q3/files/draw.json";
    assert_eq!(ask!(site, "", get(path)).0, StatusCode::NOT_FOUND);

    publish(&app).await;

    let (_, page) = ask!(site, "", get("/r/2026Q3/downloads"));
    assert!(page.contains(&format!(r#"href="{path}""#)));
    let (status, text) = ask!(site, "", get(path));
    assert_eq!(status, StatusCode::OK);
    let certificate: DrawCertificate = serde_json::from_str(&text).unwrap();
    let sample = verify_draw(&frame_of(&app).await, &certificate).unwrap();
    assert_eq!(sample.drawn.len(), 40);
    let names_nobody = |pseudonym: &str| !text.contains(pseudonym);
    assert!(sample.drawn.iter().all(|it| names_nobody(&it.pseudonym)));
}
