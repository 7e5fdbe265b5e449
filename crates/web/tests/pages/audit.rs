//! The audit log as the auditor reads it.

use crate::{
    city::{ask, drawn_city, get, session, site},
    page::checked,
};
use chrono::Utc;
use std::collections::BTreeMap;
use storage::{
    Store,
    audit_log::{AuditEntry, append},
};

/// A day long after the city was made.
fn later() -> chrono::DateTime<Utc> {
    "2026-10-01T01:00:00Z".parse().unwrap()
}

async fn with_events(store: &Store, n: usize, object: &str) {
    let tx = store.begin().await.unwrap();
    for _ in 0..n {
        let entry = AuditEntry {
            actor: "clerk1".to_owned(),
            role: "office_clerk".to_owned(),
            action: "remind".to_owned(),
            object: object.to_owned(),
            outcome: "done".to_owned(),
            before_digest: None,
            after_digest: None,
        };
        append(&tx, entry, later()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[actix_web::test]
async fn the_auditor_reads_the_log_a_hundred_at_a_time_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    with_events(app.store(), 130, "2026Q3").await;
    let (site, auditor) = (site!(app), session(&app, "auditor").await);
    let rows = |page: &str| page.matches("<tr><td").count();

    let (status, page) = ask!(site, &auditor, get("/audit?who=clerk1&what=remind"));
    assert_eq!(status.as_u16(), 200);
    let page = checked("audit", page);
    assert_eq!(rows(&page), 100);
    assert!(page.contains("2026-10-01 09:00:00") && page.contains("催办"));
    let older = page.split(r#"<p><a href=""#).nth(1).unwrap();
    let older = older
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&")
        .replace("&#38;", "&");
    assert!(
        older.contains("who=clerk1") && older.contains("before="),
        "{older}"
    );
    let (_, page) = ask!(site, &auditor, get(&older));
    assert_eq!(rows(&page), 30);
    for (asked, expected) in [
        ("what=remind&on=Q3&from=2026-10-01&to=2026-10-01", 100),
        ("what=remind&to=2026-09-30", 0),
        ("what=remind&on=Q4", 0),
        ("who=auditor&what=sign_in", 1),
    ] {
        let (_, page) = ask!(site, &auditor, get(&format!("/audit?{asked}")));
        assert_eq!(rows(&page), expected, "{asked}");
    }
    let (status, page) = ask!(site, &auditor, get("/audit?from=2026-02-30"));
    assert_eq!(status.as_u16(), 422);
    assert!(page.contains("日期要写成"));
    for other in [
        "/office",
        "/accounts",
        "/account-rules",
        "/unit",
        "/office/publish",
    ] {
        assert_eq!(ask!(site, &auditor, get(other)).0.as_u16(), 403, "{other}");
    }
    for other in ["admin", "security", "leader1", "clerk1"] {
        let cookie = session(&app, other).await;
        for page in ["/audit", "/audit.csv"] {
            assert_eq!(
                ask!(site, &cookie, get(page)).0.as_u16(),
                403,
                "{other} {page}"
            );
        }
    }
}

#[actix_web::test]
async fn the_auditor_sees_whether_the_chain_holds() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let (site, auditor) = (site!(app), session(&app, "auditor").await);

    let (_, page) = ask!(site, &auditor, get("/audit?check=1"));
    assert!(
        page.contains("逐条相连") && !page.contains("被改过"),
        "{page}"
    );
    let tx = app.store().begin().await.unwrap();
    let forged = storage::audit_log::head(&tx).await.unwrap().seq;
    drop(tx);
    bend(folder.path(), forged).await;
    let (_, page) = ask!(site, &auditor, get("/audit?check=1"));
    assert!(page.contains(&format!("第 {forged} 条起对不上")), "{page}");
    assert!(page.contains("这一条被改过"));
}

/// What somebody with the file in hand may do.
async fn bend(folder: &std::path::Path, seq: i64) {
    use sea_orm::{ConnectionTrait, Database};

    let file = format!("sqlite://{}/huiyin.db", folder.display());
    let direct = Database::connect(file).await.unwrap();
    for sql in [
        "DROP TRIGGER audit_event_no_update".to_owned(),
        format!("UPDATE audit_event SET object = 'nobody' WHERE seq = {seq}"),
    ] {
        direct.execute_unprepared(&sql).await.unwrap();
    }
}

#[actix_web::test]
async fn an_export_is_safe_in_a_spreadsheet_and_leaves_an_event() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    with_events(app.store(), 1, "=HYPERLINK(\"http://x\",\"y\"),\n再一行").await;
    let (site, auditor) = (site!(app), session(&app, "auditor").await);

    let (status, csv) = ask!(site, &auditor, get("/audit.csv?who=clerk1&what=remind"));
    assert_eq!(status.as_u16(), 200);
    assert!(csv.starts_with('\u{feff}'));
    assert!(csv.contains("\"'=HYPERLINK"), "{csv}");
    let (_, page) = ask!(site, &auditor, get("/audit?what=export_audit"));
    assert!(page.contains("导出审计记录"), "{page}");
    let (status, _) = ask!(site, &auditor, get("/audit.csv?from=yesterday"));
    assert_eq!(status.as_u16(), 422);
}

/// Every action a verb writes has words of its own.
#[test]
fn no_action_is_shown_as_a_code() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let words = std::fs::read_to_string(folder.join("web/src/staff/audit_words.rs")).unwrap();
    let mut missing = BTreeMap::new();
    let mut folders = vec![folder.join("workflows/src")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in text.split("audited(").skip(1) {
                let inside = call.split(")").next().unwrap_or_default();
                let Some(action) = inside.split('"').nth(1) else {
                    continue;
                };
                if !words.contains(&format!("\"{action}\"")) {
                    missing.insert(action.to_owned(), path.clone());
                }
            }
        }
    }

    assert!(missing.is_empty(), "{missing:?}");
}
