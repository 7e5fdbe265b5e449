//! The office and many matters at once: what it finds, what it gives, and what it is told of the rest.

use crate::{
    city::{add_account, ask, drawn_city, get, now, post, session, site},
    page::checked,
};
use actix_web::http::StatusCode;
use rectification::{MatterState, Record};
use std::path::Path;
use storage::{
    matters::{self, Matter},
    opinions::{self, Opinion},
};
use vocabulary::{Role, UnitId};
use workflows::App;

fn number(n: u32) -> String {
    format!("ZG-2026Q3-{n:04}")
}

async fn insert(app: &App, n: u32, (unit, title): (&str, &str), state: &MatterState) {
    let tx = app.store().begin().await.unwrap();
    let matter = Matter {
        id: number(n),
        round_id: "2026Q3".into(),
        unit_id: unit.into(),
        title: title.into(),
        problem: "窗口排队久".into(),
        requirement: "[]".into(),
        state: serde_json::to_string(state).unwrap(),
        state_code: state.stage().code().into(),
        due: state.due(),
        public: false,
        version: 1,
    };
    matters::insert_matter(&tx, matter).await.unwrap();
    tx.commit().await.unwrap();
}

fn signed(plan_by: &str) -> MatterState {
    MatterState::Signed {
        record: Record::default(),
        plan_by: plan_by.parse().unwrap(),
    }
}

/// Two hundred matters that wait, two that are worked on, and who helps.
async fn with_matters(folder: &Path) -> App {
    let app = drawn_city(folder).await;
    for n in 1..=200 {
        insert(&app, n, ("D12", "窗口排队久"), &MatterState::new()).await;
    }
    insert(&app, 201, ("D20", "路灯不亮"), &signed("2026-09-01")).await;
    insert(&app, 202, ("D20", "公交 & 地铁"), &signed("2026-09-30")).await;
    let unit = Some(UnitId::new("D05"));
    add_account(&app, "helper", Role::UnitLiaison, unit).await;
    app
}

/// Numbers of the matters on a page, in order.
fn listed(html: &str) -> Vec<String> {
    let parts = html.split(r#"<span class="num">"#).skip(1);
    parts.map(|part| part[..14].to_owned()).collect()
}

#[actix_web::test]
async fn filters_stand_in_the_address_with_their_numbers_and_what_is_due_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_matters(folder.path()).await;
    let site = site!(app);
    let clerk = session(&app, "clerk1").await;

    let (status, all) = ask!(site, &clerk, get("/office/control"));
    assert_eq!(status, StatusCode::OK);
    let all = checked("office-control", all);
    assert_eq!(listed(&all)[..3], [number(201), number(202), number(1)]);
    assert_eq!(listed(&all).len(), 200);
    for words in [
        "共 202 件",
        "待交办（200）",
        "已签收（2）",
        "已超期（1）",
        "限期整改（202）",
        r#"href="/office/control?page=2""#,
    ] {
        assert!(all.contains(words), "{words}");
    }
    let (_, last) = ask!(site, &clerk, get("/office/control?page=2"));
    assert_eq!(listed(&last), [number(199), number(200)]);
    assert!(last.contains(r#"href="/office/matters/ZG-2026Q3-0200?from=page%3D2""#));

    for (query, found) in [
        ("unit=D20", vec![201, 202]),
        ("unit=D20&part=co", vec![]),
        ("light=red", vec![201]),
        ("stage=signed&light=green", vec![202]),
        ("kind=simple", vec![]),
        ("q=%26", vec![202]),
        ("q=0201", vec![201]),
        ("unit=&stage=nowhere&q=%20&light=red", vec![201]),
    ] {
        let (_, page) = ask!(site, &clerk, get(&format!("/office/control?{query}")));
        let found: Vec<_> = found.into_iter().map(number).collect();
        assert_eq!(listed(&page), found, "{query}");
    }
    let of_matter = get("/office/matters/ZG-2026Q3-0202?from=unit%3DD20%26q%3D%2526");
    let (_, matter) = ask!(site, &clerk, of_matter);
    assert!(matter.contains("href=\"/office/control?unit=D20&#38;q=%26\""));
    let elsewhere = get("/office/matters/ZG-2026Q3-0202?from=//evil.example");
    let (_, matter) = ask!(site, &clerk, elsewhere);
    assert!(!matter.contains("evil.example"));
}

#[actix_web::test]
async fn a_whole_page_is_ticked_and_given_at_once_and_the_filter_stays() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_matters(folder.path()).await;
    let site = site!(app);
    let clerk = session(&app, "clerk1").await;
    let (_, page) = ask!(site, &clerk, get("/office/control?stage=sorted&tick=all"));
    assert_eq!(page.matches(r#":1" checked>"#).count(), 200);

    let mut form: Vec<(String, String)> = (1..=200)
        .map(|n| ("pick".to_owned(), format!("{}:1", number(n))))
        .collect();
    let mut add = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    add("with", "D05");
    let address = "/office/control?stage=sorted";
    let (status, page) = ask!(site, &clerk, post(address).set_form(&form));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("请选主办单位") && page.contains(r#"value="D05" checked"#));
    assert_eq!(page.matches(r#":1" checked>"#).count(), 200);

    form.push(("to".to_owned(), "D20".to_owned()));
    let given = {
        let request = crate::city::with(&clerk, post(address).set_form(&form)).to_request();
        actix_web::test::call_service(&site, request).await
    };
    assert_eq!(given.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        given.headers().get("location").unwrap(),
        "/office/control?stage=sorted&done=200"
    );
    let (_, page) = ask!(site, &clerk, get("/office/control?stage=assigned&done=200"));
    assert!(page.contains("已交办 200 件。") && page.contains("（协办："));

    let (status, again) = ask!(site, &clerk, post(address).set_form(&form));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.contains("已交办 0 件，另外 200 件没有动"));
    assert!(again.contains("clerk1（评价办经办人）已在 9 月 10 日 09:00 办了“交办”"));
}

#[actix_web::test]
async fn a_unit_that_helps_reads_the_matter_and_has_no_form() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_matters(folder.path()).await;
    let site = site!(app);
    let (clerk, helper) = (session(&app, "clerk1").await, session(&app, "helper").await);
    let liaison = session(&app, "liaison").await;
    let (_, before) = ask!(site, &liaison, get("/unit?t=all"));
    assert!(!before.contains("窗口排队久"), "what waits is nobody's yet");
    let form = [("pick", "ZG-2026Q3-0007:1"), ("to", "D12"), ("with", "D05")];
    let given = ask!(site, &clerk, post("/office/control").set_form(form));
    assert_eq!(given.0, StatusCode::SEE_OTHER);

    let matter = "/unit/matters/ZG-2026Q3-0007";
    let (_, own) = ask!(site, &liaison, get(matter));
    assert!(own.contains(r#"action="/unit/matters/ZG-2026Q3-0007/sign""#));
    assert!(own.contains("<dt>协办单位</dt>"));
    let (status, helped) = ask!(site, &helper, get(matter));
    assert_eq!(status, StatusCode::OK);
    assert!(helped.contains("<dt>协办单位</dt>") && !helped.contains(r#"class="work""#));
    let (_, list) = ask!(site, &helper, get("/unit?t=helping"));
    assert!(list.contains("协办 <span>1</span>") && list.contains("窗口排队久"));
    let sign = post(&format!("{matter}/sign")).set_form([("seen", "2")]);
    assert_eq!(ask!(site, &helper, sign).0, StatusCode::FORBIDDEN);
    for (who, status) in [(&helper, StatusCode::FORBIDDEN), (&clerk, StatusCode::OK)] {
        assert_eq!(ask!(site, who, get("/office/control")).0, status);
    }
}

/// Six people said something of matter 7, which D12 has not signed for; everything was read and may be passed on.
async fn with_voices(folder: &Path) -> App {
    let app = drawn_city(folder).await;
    let assigned = MatterState::Assigned {
        record: Record::default(),
        sign_by: "2026-09-12".parse().unwrap(),
        return_by: "2026-09-15".parse().unwrap(),
    };
    insert(&app, 7, ("D12", "窗口排队久"), &assigned).await;
    insert(&app, 8, ("D12", "排队"), &MatterState::new()).await;
    let row = |n: usize| Opinion {
        id: format!("O{n}"),
        round_id: "2026Q3".into(),
        channel: "survey".into(),
        unit_id: Some("D12".into()),
        kind: "criticism".into(),
        text_redacted: format!("窗口{n}排队太久"),
        reasons: "[]".into(),
        masked: 0,
        state: "in_matter".into(),
        matter_id: Some(number(7)),
        receipt_hash: None,
        level: None,
        import_batch_id: None,
        words_review: "passed".into(),
        reviewed_by: Some("clerk1".into()),
    };
    let tx = app.store().begin().await.unwrap();
    let event = r#"{"event":"assign","complexity":"ordinary"}"#;
    matters::append_matter_event(&tx, &number(7), now(), "clerk1", "office_clerk", event)
        .await
        .unwrap();
    opinions::insert_opinions(&tx, (1..=6).map(row).collect())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    app
}

#[actix_web::test]
async fn a_split_leaves_no_words_of_few_with_the_unit_and_what_was_typed_stays_when_refused() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_voices(folder.path()).await;
    let site = site!(app);
    let (clerk, leader) = (
        session(&app, "clerk1").await,
        session(&app, "leader1").await,
    );
    let liaison = session(&app, "liaison").await;
    let of_unit = "/unit/matters/ZG-2026Q3-0007";
    let (_, before) = ask!(site, &liaison, get(of_unit));
    assert!(before.contains("<blockquote") && before.contains("6 条同类意见"));
    let (_, matter) = ask!(site, &clerk, get("/office/matters/ZG-2026Q3-0007"));
    let split = "/office/matters/ZG-2026Q3-0007/split";
    assert!(matter.contains(&format!(r#"href="{split}""#)));
    let (status, page) = ask!(site, &clerk, get(split));
    assert_eq!(status, StatusCode::OK);
    let page = checked("office-split", page);
    assert!(page.contains("窗口6排队太久") && !page.contains("还要遮住的字"));

    let form = [
        ("seen", "1"),
        ("w-O1", "out"),
        ("w-O2", "out"),
        ("new-title", "停车难"),
        ("title", "窗口排队久"),
        ("new-problem", "门前停车难"),
        ("problem", "窗口排队久"),
    ];
    let (status, refused) = ask!(site, &clerk, post(split).set_form(form));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.contains("WF-101") && refused.contains(r#"value="停车难""#));
    assert_eq!(refused.matches(r#"value="out" selected"#).count(), 2);
    let done = ask!(site, &leader, post(split).set_form(form));
    assert_eq!(done.0, StatusCode::SEE_OTHER);

    let (_, rest) = ask!(site, &liaison, get(of_unit));
    assert!(!rest.contains("<blockquote") && rest.contains("不足 5 条"));
    assert!(!rest.contains("排队太久"));
    let new = get("/unit/matters/ZG-2026Q3-0003");
    assert_eq!(ask!(site, &liaison, new).0, StatusCode::NOT_FOUND);
    let (status, late) = ask!(site, &leader, post(split).set_form(form));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.contains("办了“拆出意见”"));
}

#[actix_web::test]
async fn what_is_ticked_is_merged_and_says_where_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_voices(folder.path()).await;
    let site = site!(app);
    let (clerk, liaison) = (
        session(&app, "clerk1").await,
        session(&app, "liaison").await,
    );
    let picks = "pick=ZG-2026Q3-0007%3A1&pick=ZG-2026Q3-0008%3A1";
    let address = format!("/office/control/merge?{picks}&to=&complexity=");
    let (status, page) = ask!(site, &clerk, get(&address));
    assert_eq!(status, StatusCode::OK);
    let page = checked("office-merge", page);
    assert!(page.contains("2 件合成一件") && page.contains("ZG-2026Q3-0008 排队（"));

    let form = |into: &'static str, title: &'static str| {
        [
            ("pick", "ZG-2026Q3-0007:1"),
            ("pick", "ZG-2026Q3-0008:1"),
            ("into", into),
            ("title", title),
            ("problem", "窗口排队久"),
        ]
    };
    let merge = || post("/office/control/merge");
    for (into, title, words) in [
        ("", "排队", "没有选并入哪一件"),
        ("ZG-2026Q3-0008", " ", "“标题”"),
    ] {
        let (status, page) = ask!(site, &clerk, merge().set_form(form(into, title)));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.contains(words) && page.contains("窗口排队久</textarea>"),
            "{words}"
        );
    }
    let done = merge().set_form(form("ZG-2026Q3-0008", "排队时间长"));
    assert_eq!(ask!(site, &clerk, done).0, StatusCode::SEE_OTHER);

    for (who, side) in [(&clerk, "office"), (&liaison, "unit")] {
        let gone = format!("/{side}/matters/ZG-2026Q3-0007");
        let (_, gone) = ask!(site, who, get(&gone));
        assert!(gone.contains("已并入 ZG-2026Q3-0008"), "{side}");
        assert!(!gone.contains(r#"class="work""#), "{side}");
    }
    let (_, kept) = ask!(site, &clerk, get("/office/matters/ZG-2026Q3-0008"));
    assert!(kept.contains("排队时间长") && kept.contains("接收意见，来自 ZG-2026Q3-0007"));
    let (status, late) = ask!(
        site,
        &clerk,
        merge().set_form(form("ZG-2026Q3-0007", "排队"))
    );
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.contains("WF-127"));
    let strange = get("/office/control/merge?pick=ZG-2026Q3-0007");
    assert_eq!(ask!(site, &clerk, strange).0, StatusCode::BAD_REQUEST);
    assert_eq!(ask!(site, &liaison, get(&address)).0, StatusCode::FORBIDDEN);
}

/// The words of a workbook.
macro_rules! words_of {
    ($site:expr, $session:expr, $path:expr) => {{
        let request = crate::city::with($session, get($path)).to_request();
        let answer = actix_web::test::call_service(&$site, request).await;
        assert_eq!(answer.status(), StatusCode::OK, "{}", $path);
        let bytes = actix_web::test::read_body(answer).await;
        let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let words = book.by_name("xl/sharedStrings.xml").unwrap();
        std::io::read_to_string(words).unwrap()
    }};
}

#[actix_web::test]
async fn a_list_goes_into_a_workbook_with_the_filter_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_matters(folder.path()).await;
    insert(&app, 203, ("D12", "=1+1"), &signed("2026-09-30")).await;
    let site = site!(app);
    let (clerk, liaison) = (
        session(&app, "clerk1").await,
        session(&app, "liaison").await,
    );

    let (_, page) = ask!(site, &clerk, get("/office/control?light=red"));
    assert!(page.contains(r#"href="/office/control.xlsx?light=red""#));
    let red = words_of!(site, &clerk, "/office/control.xlsx?light=red");
    assert!(red.contains("路灯不亮") && !red.contains("公交"));
    assert!(red.contains("期限：已超期") && red.contains("剩余工作日"));
    let all = words_of!(site, &clerk, "/office/control.xlsx");
    assert!(all.contains("公交 &amp; 地铁") && all.contains("本轮全部事项"));

    let (_, page) = ask!(site, &liaison, get("/unit?t=all"));
    assert!(page.contains(r#"href="/unit/matters.xlsx?t=all""#));
    let own = words_of!(site, &liaison, "/unit/matters.xlsx?t=all");
    assert!(own.contains("=1+1") && !own.contains("路灯不亮"));
    let over = words_of!(site, &liaison, "/unit/matters.xlsx?t=over");
    assert!(!over.contains("=1+1") && over.contains("已办结"));
    for (who, path) in [
        (&liaison, "/office/control.xlsx"),
        (&clerk, "/unit/matters.xlsx"),
    ] {
        assert_eq!(ask!(site, who, get(path)).0, StatusCode::FORBIDDEN);
    }
}
