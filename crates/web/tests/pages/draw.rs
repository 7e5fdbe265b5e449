//! The draw over HTTP: what the office sees and releases, who is kept out, and when the public gets the certificate.

use crate::{
    city::{ask, drawn_city, get, now, post, session, site},
    examples::bulletin,
};
use actix_web::{http::StatusCode, test::TestRequest};
use response_collection::{DrawCertificate, FrameBuilder, FrameMember, verify_draw};
use storage::{draws, scores};
use vocabulary::{RaterGroup, RoundId};
use workflows::App;

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
