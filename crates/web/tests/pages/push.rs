//! `/api/v1` as a system of a hall or a hotline meets it.

use crate::{
    city::{BASE, actor, drawn_city, now, session, site, with},
    examples::host,
    page::{h1, rendered},
};
use actix_web::{http::header, test::TestRequest};
use rand::{SeedableRng, rngs::StdRng};
use rating_import::{FileKind, LevelCodes};
use serde_json::{Value, json};
use vocabulary::Role;
use web::api::ReferencePage;
use workflows::{App, MadeSource, NewSource, end_source, make_source};

const ORDERS: &str = "/api/v1/orders";

async fn source(app: &App, kind: FileKind, seed: u64) -> MadeSource {
    let new = NewSource {
        label: "云溪市热线平台".to_owned(),
        kind,
        level_codes: LevelCodes::Standard,
        callback: String::new(),
    };
    let (leader, mut rng) = (actor(Role::OfficeLeader), StdRng::seed_from_u64(seed));
    make_source(app, &leader, &new, now(), &mut rng)
        .await
        .unwrap()
}

/// A request as a program sends it: no cookie, no origin.
fn request(key: &str, name: &str, body: &Value) -> TestRequest {
    TestRequest::post()
        .uri(ORDERS)
        .insert_header((header::AUTHORIZATION, format!("Bearer {key}")))
        .insert_header(("idempotency-key", name))
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .set_payload(body.to_string())
}

fn one_order() -> Value {
    json!({"round": "2026Q3", "rows": [order()]})
}

fn order() -> Value {
    json!({"工单编号": "YX0001", "承办单位": "D01", "处理结果满意度": "满意"})
}

/// Status, media type, and the answer.
macro_rules! sent {
    ($site:expr, $request:expr) => {{
        let answer = actix_web::test::call_service(&$site, $request.to_request()).await;
        let media = answer.headers().get(header::CONTENT_TYPE).cloned();
        let media = media.map(|value| value.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        let bytes = actix_web::test::read_body(answer).await;
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        (status, media.unwrap_or_default(), body)
    }};
}

#[actix_web::test]
async fn a_key_sends_rows_and_a_cookie_never_does() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let made = source(&app, FileKind::HotlineOrders, 11).await;
    let site = site!(app);
    let official = session(&app, "leader1").await;

    let taken = sent!(site, request(&made.key, "a", &one_order()));
    let again = sent!(site, request(&made.key, "a", &one_order()));
    let by_cookie =
        with(&official, request("", "b", &one_order())).insert_header((header::ORIGIN, BASE));
    let by_cookie = sent!(site, by_cookie);

    assert_eq!((taken.0, taken.1.as_str()), (200, "application/json"));
    assert_eq!(
        (&taken.2["new"], &taken.2["rejected"]),
        (&1.into(), &0.into())
    );
    assert_eq!(taken, again);
    assert_eq!(
        (by_cookie.0, by_cookie.1.as_str()),
        (401, "application/problem+json")
    );
    assert_eq!(by_cookie.2["code"], "PU-101");
}

#[actix_web::test]
async fn every_refusal_is_a_problem_with_its_status_and_code() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let key = source(&app, FileKind::HotlineOrders, 11).await.key;
    let ended = source(&app, FileKind::HotlineOrders, 12).await;
    let leader = actor(Role::OfficeLeader);
    end_source(&app, &leader, &ended.id, now()).await.unwrap();
    let site = site!(app);
    sent!(site, request(&key, "used", &one_order()));
    let body = |change: &dyn Fn(&mut Value)| {
        let mut body = one_order();
        change(&mut body);
        body
    };
    let rows = |rows: Value| json!({"round": "2026Q3", "rows": rows});
    let ask = |body: &Value| request(&key, "new", body);
    let large = "x".repeat(1024 * 1024);
    let text = |text: &'static str| ask(&json!(0)).set_payload(text);
    let zipped = (header::CONTENT_ENCODING, "gzip");

    let cases = [
        (request("hy_none", "new", &one_order()), 401, "PU-101"),
        (request(&ended.key, "new", &one_order()), 401, "PU-101"),
        (ask(&one_order()).uri("/api/v1/ratings"), 403, "PU-102"),
        (
            ask(&body(&|body| body["round"] = "2031Q1".into())),
            404,
            "PU-103",
        ),
        (
            request(&key, "used", &rows(json!([{"工单编号": "YX2"}]))),
            422,
            "PU-106",
        ),
        (request(&key, "with blanks", &one_order()), 400, "PU-107"),
        (text("{"), 400, "PU-108"),
        (ask(&body(&|body| body["extra"] = 1.into())), 422, "PU-109"),
        (ask(&rows(json!([1]))), 422, "PU-109"),
        (ask(&rows(json!([]))), 422, "PU-110"),
        (ask(&rows(json!(vec![order(); 1001]))), 422, "PU-110"),
        (ask(&rows(json!([{"工单编号": ["YX1"]}]))), 422, "PU-110"),
        (ask(&rows(json!([{"没有这一列": "1"}]))), 422, "RI-"),
        (ask(&rows(json!([{"标题": large}]))), 413, "PU-112"),
        (ask(&one_order()).insert_header(zipped), 415, "PU-113"),
        (
            ask(&one_order()).insert_header((header::CONTENT_TYPE, "text/csv")),
            415,
            "PU-113",
        ),
    ];
    for (request, status, code) in cases {
        let (found, media, problem) = sent!(site, request);
        assert_eq!(
            (found, media.as_str()),
            (status, "application/problem+json"),
            "{problem}"
        );
        assert_eq!(problem["status"], status);
        let said = problem["code"].as_str().unwrap();
        assert!(said.starts_with(code), "{problem}");
        assert!(problem["type"].as_str().unwrap().starts_with("/api/v1#PU-"));
    }
}

#[actix_web::test]
async fn a_problem_speaks_the_language_asked_for_and_too_many_wait() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let key = source(&app, FileKind::HotlineOrders, 13).await.key;
    let site = site!(app);
    let unnamed = || request(&key, "", &one_order());
    let english = unnamed().insert_header((header::ACCEPT_LANGUAGE, "en"));

    assert_eq!(sent!(site, unnamed()).2["title"], "缺少 Idempotency-Key");
    let english = sent!(site, english).2;
    assert_eq!(english["title"], "An Idempotency-Key is missing");
    for _ in 0..118 {
        assert_eq!(sent!(site, unnamed()).0, 400);
    }
    let answer = actix_web::test::call_service(&site, unnamed().to_request()).await;
    assert_eq!(answer.status().as_u16(), 429);
    assert_eq!(answer.headers().get(header::RETRY_AFTER).unwrap(), "60");
}

#[actix_web::test]
async fn every_operation_of_the_document_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let document = sent!(site, TestRequest::get().uri("/api/v1/openapi.json")).2;

    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 4);
    for (path, operations) in paths {
        for method in operations.as_object().unwrap().keys() {
            let request = match method.as_str() {
                "get" => TestRequest::get(),
                _ => TestRequest::post(),
            };
            let (status, ..) = sent!(site, request.uri(path));
            assert!([200, 401].contains(&status), "{method} {path}: {status}");
        }
    }
}

#[test]
fn the_page_about_the_interface_needs_nothing_from_elsewhere() {
    let page = ReferencePage::new(host(), "https://hy.yunxi.example");

    let html = rendered("push", &page);

    assert_eq!(h1(&html), "数据推送接口");
    for words in [
        "curl https://hy.yunxi.example/api/v1/orders",
        "PU-106",
        "工单编号",
        "lang=\"en\"",
    ] {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains("<script") && !html.contains("src=\"http"));
}
