//! The office and many matters at once: what it finds, what it gives, and what it is told of the rest.

use crate::{
    city::{add_account, ask, drawn_city, get, post, session, site},
    page::checked,
};
use actix_web::http::StatusCode;
use rectification::{MatterState, Record};
use std::path::Path;
use storage::matters::{self, Matter};
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
