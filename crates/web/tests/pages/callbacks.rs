//! The callback sample: drawn by the office, calls written down, and nobody else sees it.

use crate::city::{ask, drawn_city, get, now, post, session, site};
use actix_web::http::StatusCode;
use rectification::{Goal, GoalDraft, MatterState, Record};
use storage::{callbacks, matters};
use workflows::App;

const MATTER: &str = "ZG-2026Q3-0001";

/// A city with one matter whose unit has reported.
async fn with_report(folder: &std::path::Path) -> App {
    let app = drawn_city(folder).await;
    let draft = GoalDraft {
        measure: "增设两个综合窗口".into(),
        standard: "平均等候不超过 15 分钟".into(),
        due: "2026-09-30".parse().ok(),
        person: "周敏（政务服务科科长）".into(),
    };
    let state = MatterState::Reported {
        record: Record::default(),
        goal: Goal::parse(draft, "2026-09-01".parse().unwrap()).unwrap(),
        result: "已增设两个窗口".into(),
        verify_by: "2026-09-20".parse().unwrap(),
    };
    let matter = matters::Matter {
        id: MATTER.into(),
        round_id: "2026Q3".into(),
        unit_id: "D12".into(),
        title: "窗口排队久".into(),
        problem: "12 条意见反映：窗口排队久".into(),
        requirement: "[]".into(),
        state: serde_json::to_string(&state).unwrap(),
        state_code: "reported".into(),
        due: state.due(),
        public: false,
        version: 1,
    };
    let tx = app.store().begin().await.unwrap();
    matters::insert_matter(&tx, matter).await.unwrap();
    matters::append_matter_event(&tx, MATTER, now(), "liaison", "unit_liaison", "{}")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    app
}

#[actix_web::test]
async fn the_office_draws_callbacks_and_writes_calls_down_once() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_report(folder.path()).await;
    let site = site!(app);
    let clerk = session(&app, "clerk1").await;
    let list = "/office/callbacks";

    let (_, page) = ask!(site, &clerk, get(list));
    assert!(page.contains("还没有抽取。") && page.contains("公开的种子"));
    let (status, page) = ask!(site, &clerk, post(list).set_form([("seed", "彩票")]));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("种子是一个整数") && page.contains(r#"value="彩票""#));
    let draw = post(list).set_form([("seed", "20261018")]);
    assert_eq!(ask!(site, &clerk, draw).0, StatusCode::SEE_OTHER);
    let (_, page) = ask!(site, &clerk, get(list));
    assert!(page.contains("本轮的种子是 20261018") && page.contains("还没有回访"));

    let one = format!("{list}/{MATTER}");
    let wrong = [
        ("version", "1"),
        ("called", "2"),
        ("satisfied", "3"),
        ("note", "问过"),
    ];
    let (status, page) = ask!(site, &clerk, post(&one).set_form(wrong));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(">问过</textarea>") && page.contains("满意人数不能多于"));
    let made = [
        ("version", "1"),
        ("called", "3"),
        ("satisfied", "2"),
        ("note", "问过"),
    ];
    assert_eq!(
        ask!(site, &clerk, post(&one).set_form(made)).0,
        StatusCode::SEE_OTHER
    );
    let (status, page) = ask!(site, &clerk, post(&one).set_form(made));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("刚有人登记过") && page.contains("回访 3 人，满意 2 人"));

    let liaison = session(&app, "liaison").await;
    let draw = post(list).set_form([("seed", "1")]);
    for request in [get(list), get(&one), draw, post(&one).set_form(made)] {
        assert_eq!(ask!(site, &liaison, request).0, StatusCode::FORBIDDEN);
    }
    let row = callbacks::find_callback(app.store(), MATTER).await;
    assert_eq!(row.unwrap().unwrap().called, 3);
}
