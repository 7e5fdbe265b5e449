//! The workplace of a survey agency.

use crate::{
    city::{BASE, add_account, ask, drawn_city, get, post, session, site},
    page::{checked, h1},
};
use actix_web::http::header;
use chrono::{DateTime, Utc};
use storage::uploads::{Upload, UploadState, insert_upload};
use vocabulary::Role;
use workflows::App;

fn upload(id: &str, by: &str, at: DateTime<Utc>) -> Upload {
    Upload {
        id: id.into(),
        round_id: "2026Q3".into(),
        kind: "survey".into(),
        mapping: "{}".into(),
        file_name: format!("{id}.csv"),
        file_sha256: "0".repeat(64),
        bytes: 1_200,
        state: UploadState::Checked,
        report: None,
        batch_id: None,
        uploaded_by: by.into(),
        uploaded_at: at,
        decided_by: None,
        decided_at: None,
    }
}

async fn with_uploads(app: &App) -> String {
    add_account(app, "agency", Role::SurveyAgency, None).await;
    let tx = app.store().begin().await.unwrap();
    for (id, by) in [("own", "agency"), ("other", "clerk1")] {
        insert_upload(&tx, upload(id, by, crate::city::now()))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    session(app, "agency").await
}

#[actix_web::test]
async fn an_agency_sees_its_own_files_and_how_many_answered_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let cookie = with_uploads(&app).await;
    let site = site!(app);

    let (status, page) = ask!(site, &cookie, get("/agency"));
    let page = checked("agency", page);
    assert_eq!((status.as_u16(), h1(&page)), (200, "调查数据".to_owned()));
    assert!(page.contains("/agency/own") && !page.contains("other.csv"));
    assert!(page.contains("城区") && page.contains("回收率"), "progress");
    let (status, page) = ask!(site, &cookie, get("/agency/own"));
    let page = checked("agency-upload", page);
    assert_eq!(status.as_u16(), 200);
    assert!(
        !page.contains("<form method=\"post\" action=\"/office"),
        "decides nothing"
    );
    for (path, expected) in [
        ("/agency/other", 404),
        ("/agency/none", 404),
        ("/office", 403),
        ("/office/uploads/own", 403),
        ("/office/opinions", 403),
        ("/office/quality", 403),
    ] {
        assert_eq!(
            ask!(site, &cookie, get(path)).0.as_u16(),
            expected,
            "{path}"
        );
    }
}

#[actix_web::test]
async fn what_an_agency_typed_is_there_when_its_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let cookie = with_uploads(&app).await;
    let site = site!(app);
    let body = "--e\r\nContent-Disposition: form-data; name=\"columns\"\r\n\r\n{\"a\": <b>}\r\n\
                --e\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\n1,2\n\r\n--e--\r\n";
    let sent = post("/agency")
        .insert_header((header::ORIGIN, BASE))
        .insert_header((header::CONTENT_TYPE, "multipart/form-data; boundary=e"))
        .set_payload(body);

    let (status, page) = ask!(site, &cookie, sent);

    assert_eq!(status.as_u16(), 422);
    assert!(page.contains("WF-125"), "the columns cannot be read");
    assert!(
        page.contains("&#60;b&#62;") && !page.contains("<b>}"),
        "typed, and escaped"
    );
}
