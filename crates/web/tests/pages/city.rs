//! A small installation whose round has been drawn, and the site in front of it.

use actix_web::{cookie::Cookie, http::header, test::TestRequest};
use rand::{SeedableRng, rngs::StdRng};
use rating_import::{Incoming, PoolRow};
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};
use storage::Store;
use survey_design::{parse_questionnaire, parse_rules, parse_world};
use vocabulary::{RaterGroup, Role, RoundId, UnitId};
use workflows::{
    Actor, App, Credentials, Entered, ImportMode, NewAccount, PoolFile, WorldTemplates,
    add_account_with_password, create_round, draw_sample, import_pool, load_world, sign_in,
};

pub const BASE: &str = "http://127.0.0.1";
pub const PASSWORD: &str = "yunxi-draw-2026";

pub fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-09-10T01:00:00Z".parse().unwrap()
}

pub fn actor(role: Role) -> Actor {
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
        stratum: Some(if n < 45 { "城区" } else { "乡村" }.to_owned()),
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

/// An installation whose round has been drawn, with a clerk, a leader, a liaison and the three administrators.
pub async fn drawn_city(folder: &Path) -> App {
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
    import_pool(&app, &clerk, people, now(), &mut rng)
        .await
        .unwrap();
    create_round(&app, &clerk, &id, now()).await.unwrap();
    draw_sample(&app, &clerk, &id, 7, BASE, now(), &mut rng)
        .await
        .unwrap();
    for (account, role, unit) in [
        ("clerk1", Role::OfficeClerk, None),
        ("leader1", Role::OfficeLeader, None),
        ("liaison", Role::UnitLiaison, Some(UnitId::new("D12"))),
        ("head", Role::UnitHead, Some(UnitId::new("D12"))),
        ("admin", Role::SystemAdmin, None),
        ("security", Role::SecurityAdmin, None),
        ("auditor", Role::AuditAdmin, None),
    ] {
        add_account(&app, account, role, unit).await;
    }
    app
}

/// One more account.
pub async fn add_account(app: &App, account: &str, role: Role, unit: Option<UnitId>) {
    let new = NewAccount {
        account: account.to_owned(),
        name: account.to_owned(),
        role,
        unit,
        body: None,
    };
    let (admin, mut rng) = (actor(Role::SystemAdmin), StdRng::seed_from_u64(5));
    add_account_with_password(app, &admin, &new, PASSWORD, now(), &mut rng)
        .await
        .unwrap();
}

/// A generator of its own for each request, the same in each run of a test alone.
pub fn rng() -> StdRng {
    static MADE: AtomicU64 = AtomicU64::new(6);
    StdRng::seed_from_u64(MADE.fetch_add(1, Ordering::Relaxed))
}

/// The site of an installation.
macro_rules! site {
    ($app:expr) => {{
        let state = actix_web::web::Data::new(web::WebState {
            preview: |_, _| Err(std::io::ErrorKind::Unsupported.into()),
            app: $app.clone(),
            base_url: crate::city::BASE.to_owned(),
            demo_accounts: false,
            proxies: Vec::new(),
            virus_check: None,
            provider: None,
            clock: crate::city::now,
            rng: crate::city::rng,
        });
        let site = actix_web::App::new().configure(|service| web::configure(service, state));
        actix_web::test::init_service(site).await
    }};
}

/// The answer to a request: its status and its text.
macro_rules! ask {
    ($site:expr, $session:expr, $request:expr) => {{
        let answer = {
            let request = crate::city::with($session, $request).to_request();
            actix_web::test::call_service(&$site, request).await
        };
        let status = answer.status();
        let bytes = actix_web::test::read_body(answer).await;
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }};
}

pub fn with(session: &str, request: TestRequest) -> TestRequest {
    request.cookie(Cookie::new("hy_sid", session.to_owned()))
}

pub fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

pub fn post(path: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header((header::ORIGIN, BASE))
}

pub async fn session(app: &App, account: &str) -> String {
    let mut rng = rng();
    let shown = Credentials {
        account,
        password: PASSWORD,
        device: "",
        earlier: None,
    };
    match sign_in(app, shown, now(), &mut rng).await.unwrap() {
        Entered::In(secret) | Entered::CodeAsked(secret) => secret,
    }
}

pub(crate) use {ask, site};
