use crate::stores::{on_both_databases, write};
use serde_json::json;
use storage::{
    Store,
    documents::{self, DocumentKind},
    settings,
};

on_both_databases!(
    the_same_template_is_kept_once_under_one_digest,
    the_latest_version_of_a_template_is_found_by_its_code,
    a_setting_is_replaced_by_the_next_one,
);

async fn the_same_template_is_kept_once_under_one_digest(store: Store) {
    let template = json!({"code": "整改", "points": 0.1});

    let put = async || {
        write(&store, async |tx| {
            documents::put_document(tx, DocumentKind::Rules, "annual", 2, &template).await
        })
        .await
        .unwrap()
    };
    let (first, second) = (put().await, put().await);

    assert_eq!(first, second);
    assert_eq!(first, survey_design::canonical_digest(&template));
    let found = documents::find_document(&store, &first)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.kind, found.version), (DocumentKind::Rules, 2));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&found.body).unwrap(),
        template
    );
    let listed = documents::list_documents(&store, DocumentKind::Rules)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(documents::find_document(&store, "no").await.unwrap(), None);
}

async fn the_latest_version_of_a_template_is_found_by_its_code(store: Store) {
    for version in [1, 10, 9] {
        write(&store, async |tx| {
            documents::put_document(tx, DocumentKind::Rules, "a", version, &version).await
        })
        .await
        .unwrap();
    }

    let latest = async |kind, code| {
        documents::latest_document(&store, kind, code)
            .await
            .unwrap()
    };

    assert_eq!(latest(DocumentKind::Rules, "a").await.unwrap().version, 10);
    assert_eq!(latest(DocumentKind::World, "a").await, None);
    assert_eq!(latest(DocumentKind::Rules, "b").await, None);
}

async fn a_setting_is_replaced_by_the_next_one(store: Store) {
    for value in ["一", "二"] {
        write(&store, async |tx| {
            settings::put_setting(tx, "name", value).await
        })
        .await
        .unwrap();
    }

    let found = settings::find_setting(&store, "name").await.unwrap();
    assert_eq!(found.as_deref(), Some("二"));
    assert_eq!(settings::find_setting(&store, "other").await.unwrap(), None);
}
