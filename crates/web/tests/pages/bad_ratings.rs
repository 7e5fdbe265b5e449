//! Bad ratings: what the unit, the reviewers, the office and the stationed group see and do.

use crate::city::{actor, add_account, ask, drawn_city, get, now, post, rng, session, site};
use actix_web::http::StatusCode;
use rating_import::{HallRow, Incoming, RatingOrigin};
use storage::bad_ratings::{self, BadRating};
use vocabulary::{Level, Role, RoundId, UnitId};
use workflows::{App, Import, ImportMode, ImportedRows, SourceFile, import_ratings};

const CASE: &str = "11330799MB0012";

fn rated(unit: &str, number: u8, level: Level) -> HallRow {
    HallRow {
        row_key: format!("{CASE}{number}#1"),
        unit: UnitId::new(unit),
        level: Some(level),
        origin: RatingOrigin::Active,
        rating_no: 1,
        accepted_on: None,
        done_on: None,
        rated_on: "2026-09-09".parse().ok(),
        channel_code: Some(4),
        contacted_in_time: None,
        rectified_in_time: None,
        text: None,
    }
}

/// A city with one bad rating each of D12 and D20, and people who decide and watch.
async fn with_bad_ratings(folder: &std::path::Path) -> App {
    let app = drawn_city(folder).await;
    let rows = vec![
        rated("D12", 1, Level::VeryDissatisfied),
        rated("D20", 2, Level::Dissatisfied),
        rated("D20", 3, Level::Satisfied),
    ];
    let import = Import {
        file: SourceFile::of("a.csv", &b"a"[..], "").unwrap(),
        rows: ImportedRows::Hall(Incoming::of_rows(rows)),
        mode: ImportMode::Apply,
        progress: None,
    };
    let (clerk, round) = (actor(Role::OfficeClerk), RoundId::new("2026Q3"));
    import_ratings(&app, &clerk, &round, import, now(), &mut rng())
        .await
        .unwrap();
    let unit = Some(UnitId::new("D12"));
    add_account(&app, "commission", Role::DisciplineCommission, None).await;
    add_account(&app, "stationed", Role::StationedGroup, unit).await;
    app
}

async fn of_unit(app: &App, unit: &str) -> BadRating {
    let round = RoundId::new("2026Q3");
    let found = bad_ratings::list_bad_ratings(app.store(), &round, Some(unit)).await;
    found.unwrap().remove(0)
}

#[actix_web::test]
async fn a_unit_answers_its_own_bad_rating_and_nothing_typed_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_bad_ratings(folder.path()).await;
    let site = site!(app);
    let (own, other) = (of_unit(&app, "D12").await.id, of_unit(&app, "D20").await.id);
    let liaison = session(&app, "liaison").await;

    let (status, list) = ask!(site, &liaison, get("/unit/bad-ratings"));
    assert_eq!(status, StatusCode::OK);
    assert!(list.contains(&own) && !list.contains(&other));
    assert!(list.contains("今天到期") && list.contains("非常不满意"));
    let case = format!("/unit/bad-ratings/{own}");
    let (_, page) = ask!(site, &liaison, get(&case));
    assert!(page.contains(&format!("{CASE}1")) && page.contains("9 月 10 日前联系评价人"));

    let contact = format!("{case}/contact");
    let (first, again) = ([("version", "1")], [("version", "1")]);
    assert_eq!(
        ask!(site, &liaison, post(&contact).set_form(first)).0,
        StatusCode::SEE_OTHER
    );
    let (status, page) = ask!(site, &liaison, post(&contact).set_form(again));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("没有重复办理：liaison（") && page.contains("WF-127"),
        "{page}"
    );

    let object = [("version", "2"), ("text", "取号记录不是本单位")];
    let (status, page) = ask!(
        site,
        &liaison,
        post(&format!("{case}/object")).set_form(object)
    );
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("“申诉理由”没有选") && page.contains(">取号记录不是本单位</textarea>"));

    let stale = [("version", "1"), ("result", "已当面说明")];
    let (_, page) = ask!(
        site,
        &liaison,
        post(&format!("{case}/feed-back")).set_form(stale)
    );
    assert!(page.contains("留在这里，可以复制") && page.contains("<p>已当面说明</p>"));

    let others = format!("/unit/bad-ratings/{other}");
    assert_eq!(ask!(site, &liaison, get(&others)).0, StatusCode::NOT_FOUND);
    let forged = post(&format!("{others}/contact")).set_form([("version", "1")]);
    assert_eq!(ask!(site, &liaison, forged).0, StatusCode::FORBIDDEN);
    assert_eq!(of_unit(&app, "D20").await.version, 1);
}

#[actix_web::test]
async fn two_officials_decide_an_objection_and_filters_stand_in_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_bad_ratings(folder.path()).await;
    let site = site!(app);
    let id = of_unit(&app, "D12").await.id;
    let (liaison, clerk) = (
        session(&app, "liaison").await,
        session(&app, "clerk1").await,
    );
    let (leader, commission) = (
        session(&app, "leader1").await,
        session(&app, "commission").await,
    );
    let unit = format!("/unit/bad-ratings/{id}");
    let contact = post(&format!("{unit}/contact")).set_form([("version", "1")]);
    assert_eq!(ask!(site, &liaison, contact).0, StatusCode::SEE_OTHER);
    let object = [
        ("version", "2"),
        ("ground", "mistaken"),
        ("text", "评价人说点错了"),
    ];
    let object = post(&format!("{unit}/object")).set_form(object);
    assert_eq!(ask!(site, &liaison, object).0, StatusCode::SEE_OTHER);

    let review = format!("/office/bad-ratings/{id}/review");
    let say = |version| {
        [
            ("version", version),
            ("ruling", "uphold"),
            ("reasons", "已核实"),
        ]
    };
    let by_clerk = post(&review).set_form(say("3"));
    assert_eq!(ask!(site, &clerk, by_clerk).0, StatusCode::FORBIDDEN);
    let first = post(&review).set_form(say("3"));
    assert_eq!(ask!(site, &leader, first).0, StatusCode::SEE_OTHER);
    let (_, page) = ask!(site, &commission, get(&format!("/office/bad-ratings/{id}")));
    assert!(page.contains("一位复核人已有意见") && page.contains("误评：评价人说点错了"));
    assert!(!page.contains("已核实"), "each reviewer decides alone");
    let second = post(&review).set_form(say("4"));
    assert_eq!(ask!(site, &commission, second).0, StatusCode::SEE_OTHER);

    for (query, d12, d20) in [
        ("", true, true),
        ("?unit=D20", false, true),
        ("?stage=excluded", true, false),
        ("?light=yellow", false, true),
        ("?stage=withdrawn", false, false),
    ] {
        let (status, board) = ask!(site, &clerk, get(&format!("/office/bad-ratings{query}")));
        assert_eq!(status, StatusCode::OK);
        assert_eq!(board.contains(&id), d12, "{query}");
        assert_eq!(
            board.contains(&of_unit(&app, "D20").await.id),
            d20,
            "{query}"
        );
    }
}

#[actix_web::test]
async fn those_who_watch_see_their_part_without_the_case_and_without_a_form() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_bad_ratings(folder.path()).await;
    let site = site!(app);
    let (own, other) = (of_unit(&app, "D12").await.id, of_unit(&app, "D20").await.id);
    let stationed = session(&app, "stationed").await;
    let head = session(&app, "head").await;

    let (_, list) = ask!(site, &stationed, get("/stationed/bad-ratings"));
    assert!(list.contains(&own) && !list.contains(&other));
    let (_, case) = ask!(
        site,
        &stationed,
        get(&format!("/stationed/bad-ratings/{own}"))
    );
    assert!(!case.contains(CASE) && !case.contains(r#"class="work""#));
    let others = get(&format!("/stationed/bad-ratings/{other}"));
    assert_eq!(ask!(site, &stationed, others).0, StatusCode::NOT_FOUND);
    let (_, case) = ask!(site, &head, get(&format!("/unit/bad-ratings/{own}")));
    assert!(case.contains(CASE) && !case.contains(r#"class="work""#));
    for watcher in [&stationed, &head] {
        for base in ["unit", "office"] {
            let contact = post(&format!("/{base}/bad-ratings/{own}/contact"));
            let contact = contact.set_form([("version", "1")]);
            assert_eq!(ask!(site, watcher, contact).0, StatusCode::FORBIDDEN);
        }
    }
}
