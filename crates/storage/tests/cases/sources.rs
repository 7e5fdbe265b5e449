use crate::stores::{now, on_both_databases, write};
use chrono::TimeDelta;
use storage::{
    StorageError, Store,
    sources::{self, Source, SourceRequest},
};
use vocabulary::civil_date;

on_both_databases!(
    a_key_is_found_by_its_digest_and_counts_until_it_is_ended,
    the_name_of_a_request_is_taken_once_and_forgotten_in_time,
);

fn source(id: &str) -> Source {
    Source {
        id: id.to_owned(),
        label: "云溪市热线平台".into(),
        kind: "hotline".into(),
        level_codes: "standard".into(),
        key_sha256: format!("digest of {id}"),
        callback_url: None,
        callback_secret: None,
        made_by: "leader".into(),
        made_at: now(),
        ended_by: None,
        ended_at: None,
        last_used_on: None,
    }
}

fn request(name: &str) -> SourceRequest {
    SourceRequest {
        source_id: "s1".into(),
        idempotency_key: name.into(),
        body_sha256: "00".into(),
        answer: String::new(),
        asked_at: now(),
    }
}

async fn insert(store: &Store, id: &str) -> Result<(), StorageError> {
    write(store, async |tx| {
        sources::insert_source(tx, source(id)).await
    })
    .await
}

async fn a_key_is_found_by_its_digest_and_counts_until_it_is_ended(store: Store) {
    insert(&store, "s1").await.unwrap();
    insert(&store, "s2").await.unwrap();
    assert!(matches!(
        insert(&store, "s1").await,
        Err(StorageError::Conflict(_))
    ));
    let found = sources::find_source_by_key(&store, "digest of s2").await;
    assert_eq!(found.unwrap(), Some(source("s2")));

    let today = civil_date(now());
    let used = async || {
        write(&store, async |tx| {
            sources::use_source(tx, "s1", today).await
        })
        .await
    };
    let ended = Source {
        ended_by: Some("leader".into()),
        ended_at: Some(now()),
        ..source("s1")
    };
    let end = async || {
        write(&store, async |tx| {
            sources::update_source(tx, ended.clone()).await
        })
        .await
    };

    assert!(used().await.unwrap());
    let noted = sources::find_source(&store, "s1").await.unwrap();
    assert_eq!(noted.unwrap().last_used_on, Some(today));
    assert!(end().await.unwrap());
    assert!(!used().await.unwrap() && !end().await.unwrap());
    let all = sources::list_sources(&store).await.unwrap();
    assert_eq!(all, [ended.clone(), source("s2")]);
}

async fn the_name_of_a_request_is_taken_once_and_forgotten_in_time(store: Store) {
    insert(&store, "s1").await.unwrap();
    let ask = async |name: &str| {
        write(&store, async |tx| {
            sources::insert_request(tx, request(name)).await
        })
        .await
    };
    ask("a").await.unwrap();
    ask("b").await.unwrap();
    assert!(matches!(ask("a").await, Err(StorageError::Conflict(_))));
    let answered = SourceRequest {
        answer: "{}".into(),
        ..request("a")
    };

    let kept = write(&store, async |tx| {
        sources::answer_request(tx, answered.clone()).await
    });
    assert!(kept.await.unwrap());
    let found = sources::find_request(&store, "s1", "a").await.unwrap();
    assert_eq!(found, Some(answered));
    for (since, forgotten) in [(now(), 0), (now() + TimeDelta::seconds(1), 2)] {
        let gone = write(&store, async |tx| {
            sources::delete_requests_before(tx, since).await
        });
        assert_eq!(gone.await.unwrap(), forgotten);
    }
}
