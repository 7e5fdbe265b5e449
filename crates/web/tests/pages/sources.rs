//! `/office/sources`: keys for systems that send rows.

use crate::city::{ask, drawn_city, get, post, session, site};
use storage::sources::list_sources;

#[actix_web::test]
async fn the_leader_gives_a_key_that_is_shown_once_and_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let (leader, site) = (session(&app, "leader1").await, site!(app));
    let form = [
        ("label", "云溪市热线平台"),
        ("kind", "hotline"),
        ("codes", "standard"),
        ("callback", "https://hotline.yunxi.example/told"),
    ];

    let (status, made) = ask!(site, &leader, post("/office/sources").set_form(form));

    assert_eq!(status.as_u16(), 200);
    assert!(made.contains("：hy_") && made.contains("：hys_"), "{made}");
    let stored = list_sources(app.store()).await.unwrap().remove(0);
    let own = format!("/office/sources/{}", stored.id);
    for page in ["/office/sources", &own] {
        let (_, shown) = ask!(site, &leader, get(page));
        assert!(shown.contains("云溪市热线平台") && !shown.contains("hy_"));
        assert!(!shown.contains(&stored.key_sha256));
    }
    let end = || post(&own).set_form([("decision", "end"), ("callback", "")]);
    assert_eq!(ask!(site, &leader, end()).0.as_u16(), 303);
    let (_, shown) = ask!(site, &leader, get(&own));
    assert!(shown.contains("停用") && !shown.contains("<form class=\"work\""));
    assert_eq!(ask!(site, &leader, end()).0.as_u16(), 422);
}

#[actix_web::test]
async fn a_clerk_sees_sources_and_makes_none_and_nobody_else_sees_them() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let clerk = session(&app, "clerk1").await;
    let form = [
        ("label", "热线"),
        ("kind", "hotline"),
        ("codes", "standard"),
    ];

    let (status, shown) = ask!(site, &clerk, get("/office/sources"));
    assert_eq!(status.as_u16(), 200);
    assert!(!shown.contains("<form class=\"work\""));
    let (status, refused) = ask!(site, &clerk, post("/office/sources").set_form(form));
    assert_eq!(status.as_u16(), 422);
    assert!(!refused.contains("hy_"));
    let liaison = session(&app, "liaison").await;
    assert_eq!(ask!(site, &liaison, get("/office/sources")).0.as_u16(), 403);
    assert!(list_sources(app.store()).await.unwrap().is_empty());
}
