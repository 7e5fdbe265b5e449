//! The board of registered problems: what the office sees and does, and who else sees what.

use crate::{
    city::{add_account, ask, drawn_city, get, now, post, session, site},
    examples::console,
    page::rendered,
};
use actix_web::http::StatusCode;
use rectification::{CallRules, Goal, GoalDraft, MatterState, Problem, Record};
use storage::{audit_log, matters, rounds};
use survey_design::RoundState;
use vocabulary::{MatterId, Role, RoundId, UnitId, WorkCalendar, WorkingDays};
use web::{
    registry::{BoardPage, CallLine, Card, CasePage, Column},
    unit::{Stat, Tab},
};
use workflows::App;

fn card(number: &str, light: Option<(&'static str, &str)>) -> Card {
    Card {
        href: format!("/office/problems/{number}"),
        number: number.into(),
        unit: "市医疗保障局".into(),
        title: "异地就医备案要跑两趟".into(),
        next: "下次叫号 10 月 12 日".into(),
        light: light.map(|(style, words)| (style, words.to_owned())),
        calls: "叫号 2 次，复号 1 次，最近一次 9 月 28 日".into(),
    }
}

fn column(code: &'static str, heading: &'static str, cards: Vec<Card>) -> Column {
    Column {
        code,
        heading,
        count: cards.len(),
        more: cards
            .len()
            .gt(&1)
            .then(|| (format!("/office/problems?stage={code}"), 30)),
        cards,
    }
}

#[test]
fn the_board_says_each_state_light_and_call_in_words() {
    let late = Some(("st--r", "超期 2 个工作日"));
    let soon = Some(("st--a", "今天到期"));
    let stat = |name, value: &str, class| Stat {
        name,
        value: value.to_owned(),
        small: String::new(),
        class,
    };
    let page = BoardPage {
        frame: console("挂号督办"),
        lead: "一事一号。",
        stats: vec![
            stat("今天该叫号", "3", "red"),
            stat("2 个工作日内", "5", "amb"),
            stat("过了日子没有叫", "1", "red"),
            stat("派驻组督办", "1", "red"),
        ],
        tabs: vec![Tab {
            href: "/office/problems?stage=called".into(),
            label: "已叫号",
            count: 1,
            current: false,
        }],
        list: "/office/problems".into(),
        stage: "",
        units: vec![("D12".into(), "市医疗保障局".into(), true)],
        lights: vec![("red", "已超期", false)],
        all: Some("/office/problems".into()),
        columns: vec![
            column(
                "registered",
                "已挂号",
                vec![card("GH-1", soon), card("GH-2", late)],
            ),
            column("called", "已叫号", vec![card("GH-3", soon)]),
            column("re_registered", "已复号", vec![card("GH-4", late)]),
            column("planned_close", "承诺限期解决", vec![]),
            column("escalated", "已提级督办", vec![card("GH-5", None)]),
            column("closed", "已销号", vec![]),
        ],
        foot: "看不到任何评价人的信息和原话。",
    };

    let html = rendered("office-problems", &page);

    for words in [
        "GH-1",
        "超期 2 个工作日",
        "下次叫号 10 月 12 日",
        "看另外 30 件",
        r#"<option value="D12" selected>"#,
        "看不到任何评价人的信息",
    ] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn a_problem_to_watch_has_its_calls_and_no_form() {
    let page = CasePage {
        frame: console("挂号督办"),
        back: "/stationed/problems".into(),
        number: "GH-5".into(),
        state: "已提级督办",
        pill: "st--r",
        title: "异地就医备案要跑两趟".into(),
        next: "10 月 8 日起由派驻组督办".into(),
        light: None,
        props: vec![("责任单位", "市医疗保障局".into())],
        matter: None,
        said: None,
        calls: vec![CallLine {
            on: "10 月 8 日".into(),
            lamp: "st--r",
            light: "红灯，拖延或者拒办",
            note: "到期没有进展".into(),
        }],
        work: None,
        waiting: "由评价办叫号和销号，这里只能看。",
    };

    let html = rendered("stationed-problem", &page);

    assert!(html.contains("红灯，拖延或者拒办") && html.contains("这里只能看"));
    assert!(!html.contains(r#"<form class="work""#));
}

/// One matter on which its unit works, and its problem, registered so that its first call is due today.
async fn register(app: &App, unit: &str, number: u32) {
    let draft = GoalDraft {
        measure: "增设两个综合窗口".into(),
        standard: "平均等候不超过 15 分钟".into(),
        due: Some("2026-09-25".parse().unwrap()),
        person: "周敏（政务服务科科长）".into(),
    };
    let goal = Goal::parse(draft, "2026-09-01".parse().unwrap()).unwrap();
    let due = goal.due();
    let state = MatterState::Rectifying {
        record: Record::default(),
        goal,
        due,
    };
    let (id, reg_no) = (
        format!("ZG-2026Q3-{number:04}"),
        format!("GH-2026Q3-{number:04}"),
    );
    let calls = CallRules {
        interval: WorkingDays(10),
        escalate_after: 2,
    };
    let problem = Problem::register(
        reg_no.clone(),
        MatterId::new(id.as_str()),
        calls,
        &WorkCalendar::default(),
        "2026-08-27".parse().unwrap(),
    );
    let tx = app.store().begin().await.unwrap();
    let matter = matters::Matter {
        id: id.clone(),
        round_id: "2026Q3".into(),
        unit_id: unit.into(),
        title: format!("窗口排队久（{unit}）"),
        problem: "12 条意见反映：窗口排队久".into(),
        requirement: "[]".into(),
        state: serde_json::to_string(&state).unwrap(),
        state_code: state.stage().code().into(),
        due: state.due(),
        public: false,
        version: 1,
    };
    matters::insert_matter(&tx, matter).await.unwrap();
    let row = matters::Problem {
        reg_no,
        round_id: "2026Q3".into(),
        unit_id: unit.into(),
        matter_id: id,
        state_code: problem.state.stage().code().into(),
        state: serde_json::to_string(&problem).unwrap(),
        registered_on: problem.registered_on,
        due: problem.state.due(),
        re_registrations: 0,
        version: 1,
    };
    matters::insert_problem(&tx, row).await.unwrap();
    tx.commit().await.unwrap();
}

/// A city with one problem each of D12 and D20, and people who watch.
async fn with_problems(folder: &std::path::Path) -> App {
    let app = drawn_city(folder).await;
    register(&app, "D12", 1).await;
    register(&app, "D20", 2).await;
    let unit = Some(UnitId::new("D12"));
    add_account(&app, "commission", Role::DisciplineCommission, None).await;
    add_account(&app, "stationed", Role::StationedGroup, unit).await;
    app
}

async fn freeze(app: &App) {
    let (round, tx) = (RoundId::new("2026Q3"), app.store().begin().await.unwrap());
    let record = rounds::find_round(&tx, &round).await.unwrap().unwrap();
    let from = record.round.state;
    rounds::set_round_state(&tx, &round, from, RoundState::Frozen, now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

const D12: &str = "/office/problems/GH-2026Q3-0001";

#[actix_web::test]
async fn the_office_calls_a_problem_and_what_was_typed_stays_when_refused() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_problems(folder.path()).await;
    let site = site!(app);
    let clerk = session(&app, "clerk1").await;

    let (status, board) = ask!(site, &clerk, get("/office/problems"));
    assert_eq!(status, StatusCode::OK);
    for words in [
        "窗口排队久（D12）",
        "首次叫号 9 月 10 日",
        "今天到期",
        "还没有叫过号",
    ] {
        assert!(board.contains(words), "{words}");
    }

    let (_, matter) = ask!(site, &clerk, get("/office/matters/ZG-2026Q3-0001"));
    assert!(matter.contains(&format!(r#"<a href="{D12}">GH-2026Q3-0001</a> 已挂号"#)));

    let call = format!("{D12}/call");
    let nothing = [("version", "1"), ("note", "问过窗口")];
    let (status, page) = ask!(site, &clerk, post(&call).set_form(nothing));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("“这次看到的”没有选") && page.contains(">问过窗口</textarea>"));

    let first = [
        ("version", "1"),
        ("progress", "on_track"),
        ("note", "问过窗口"),
    ];
    assert_eq!(
        ask!(site, &clerk, post(&call).set_form(first)).0,
        StatusCode::SEE_OTHER
    );
    let (status, page) = ask!(site, &clerk, post(&call).set_form(first));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("刚有人办过") && page.contains("叫号 1 次"));

    let evidence = [
        ("version", "2"),
        ("people", "satisfied"),
        ("evidence", "看过"),
    ];
    let close = post(&format!("{D12}/close")).set_form(evidence);
    let (status, page) = ask!(site, &clerk, close);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("请先在整改事项里登记核查情况") && page.contains("WF-120"));

    let events = audit_log::list_latest(app.store(), 20).await.unwrap();
    let called = events.iter().filter(|event| event.action == "call_problem");
    assert_eq!(called.count(), 1);
}

#[actix_web::test]
async fn filters_stand_in_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_problems(folder.path()).await;
    let site = site!(app);
    let clerk = session(&app, "clerk1").await;

    for (query, d12, d20) in [
        ("", true, true),
        ("?unit=D20", false, true),
        ("?unit=&stage=&light=", true, true),
        ("?stage=called", false, false),
        ("?stage=registered&light=yellow&unit=D12", true, false),
        ("?light=red", false, false),
    ] {
        let (status, board) = ask!(site, &clerk, get(&format!("/office/problems{query}")));
        assert_eq!(status, StatusCode::OK);
        assert_eq!(board.contains("窗口排队久（D12）"), d12, "{query}");
        assert_eq!(board.contains("窗口排队久（D20）"), d20, "{query}");
    }
}

#[actix_web::test]
async fn those_who_watch_see_their_part_without_a_form_and_nobody_else_sees_any() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_problems(folder.path()).await;
    let site = site!(app);
    let commission = session(&app, "commission").await;
    let (status, empty) = ask!(site, &commission, get("/commission/problems"));
    assert_eq!(status, StatusCode::OK);
    assert!(!empty.contains("窗口排队久"), "nothing before the freeze");
    freeze(&app).await;
    let stationed = session(&app, "stationed").await;
    let liaison = session(&app, "liaison").await;

    let (_, all) = ask!(site, &commission, get("/commission/problems"));
    assert!(all.contains("窗口排队久（D12）") && all.contains("窗口排队久（D20）"));
    let (_, own) = ask!(site, &stationed, get("/stationed/problems"));
    assert!(own.contains("窗口排队久（D12）") && !own.contains("D20"));
    let (status, case) = ask!(site, &stationed, get("/stationed/problems/GH-2026Q3-0001"));
    assert_eq!(status, StatusCode::OK);
    assert!(case.contains("这里只能看") && !case.contains(r#"class="work""#));
    let others = get("/stationed/problems/GH-2026Q3-0002");
    assert_eq!(ask!(site, &stationed, others).0, StatusCode::NOT_FOUND);

    let call = [("version", "1"), ("progress", "on_track"), ("note", "看过")];
    for watcher in [&commission, &stationed, &liaison] {
        assert_eq!(ask!(site, watcher, get(D12)).0, StatusCode::FORBIDDEN);
        let posted = post(&format!("{D12}/call")).set_form(call);
        assert_eq!(ask!(site, watcher, posted).0, StatusCode::FORBIDDEN);
    }
    let (_, matter) = ask!(site, &liaison, get("/unit/matters/ZG-2026Q3-0001"));
    assert!(matter.contains("窗口排队久（D12）") && !matter.contains("GH-2026Q3-0001"));
    for list in ["/commission/problems", "/stationed/problems"] {
        assert_eq!(ask!(site, &liaison, get(list)).0, StatusCode::FORBIDDEN);
    }
    let row = matters::find_problem(app.store(), "GH-2026Q3-0001").await;
    assert_eq!(row.unwrap().unwrap().version, 1);
}
