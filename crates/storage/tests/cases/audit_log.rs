use crate::{
    postgres,
    stores::{self, now, on_both_databases, write},
};
use storage::{
    Store,
    audit_log::{self, AuditEntry, ChainCheck, EventFilter},
};

on_both_databases!(
    every_event_follows_from_the_one_before,
    many_at_once_make_one_chain_without_gaps,
    an_event_of_a_transaction_that_fails_is_not_in_the_log,
    events_are_found_by_who_what_whom_and_when,
);

fn entry(action: &str) -> AuditEntry {
    AuditEntry {
        actor: "clerk".into(),
        role: "office_clerk".into(),
        action: action.into(),
        object: "round/2026Q3".into(),
        outcome: "done".into(),
        before_digest: None,
        after_digest: Some("x".into()),
    }
}

async fn log(store: &Store, action: &str) {
    write(store, async |tx| {
        audit_log::append(tx, entry(action), now()).await
    })
    .await
    .unwrap();
}

async fn every_event_follows_from_the_one_before(store: Store) {
    let empty = audit_log::head(&store).await.unwrap();
    for action in ["open", "close"] {
        log(&store, action).await;
    }

    let head = audit_log::head(&store).await.unwrap();

    assert_eq!((empty.seq, head.seq), (0, 2));
    assert_eq!(
        audit_log::verify_chain(&store).await.unwrap(),
        ChainCheck::Intact(head.clone())
    );
    let latest = audit_log::list_latest(&store, 2).await.unwrap();
    assert_eq!(latest[0].hash, head.hash);
    assert_eq!(latest[0].prev_hash, latest[1].hash);
    assert_eq!(latest[1].prev_hash, empty.hash);
}

fn minute(n: i64) -> chrono::DateTime<chrono::Utc> {
    now() + chrono::TimeDelta::minutes(n)
}

async fn three_events(store: &Store) {
    for (n, actor, action, object) in [
        (0, "clerk", "open", "2026Q3"),
        (1, "leader", "open", "2026Q4"),
        (2, "leader", "close", "2026Q4 D12"),
    ] {
        let event = AuditEntry {
            actor: actor.into(),
            object: object.into(),
            ..entry(action)
        };
        let written = write(store, async |tx| {
            audit_log::append(tx, event, minute(n)).await
        });
        written.await.unwrap();
    }
}

async fn events_are_found_by_who_what_whom_and_when(store: Store) {
    three_events(&store).await;
    let text = |text: &str| Some(text.to_owned());
    let found = async |change: &dyn Fn(&mut EventFilter)| -> Vec<i64> {
        let mut filter = EventFilter::default();
        change(&mut filter);
        let events = audit_log::list_events(&store, &filter, 10).await.unwrap();
        assert!(events.iter().all(audit_log::holds));
        events.iter().map(|event| event.seq).collect()
    };

    assert_eq!(found(&|_| ()).await, [3, 2, 1]);
    assert_eq!(found(&|it| it.actor = text("leader")).await, [3, 2]);
    assert_eq!(found(&|it| it.actor = text("lead")).await, [] as [i64; 0]);
    assert_eq!(found(&|it| it.action = text("open")).await, [2, 1]);
    assert_eq!(found(&|it| it.object = text("Q4")).await, [3, 2]);
    assert_eq!(found(&|it| it.from = Some(minute(1))).await, [3, 2]);
    assert_eq!(found(&|it| it.until = Some(minute(1))).await, [1]);
    assert_eq!(found(&|it| it.before = Some(3)).await, [2, 1]);
    let most = audit_log::list_events(&store, &EventFilter::default(), 1).await;
    assert_eq!(most.unwrap().len(), 1);
}

async fn many_at_once_make_one_chain_without_gaps(store: Store) {
    let logging: Vec<_> = (0..40)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { log(&store, "sign").await })
        })
        .collect();
    for logged in logging {
        logged.await.unwrap();
    }

    let check = audit_log::verify_chain(&store).await.unwrap();

    assert!(matches!(check, ChainCheck::Intact(head) if head.seq == 40));
}

async fn an_event_of_a_transaction_that_fails_is_not_in_the_log(store: Store) {
    let tx = store.begin().await.unwrap();
    audit_log::append(&tx, entry("freeze"), now())
        .await
        .unwrap();
    drop(tx);

    log(&store, "open").await;

    let latest = audit_log::list_latest(&store, 10).await.unwrap();
    assert_eq!(latest.len(), 1);
    assert_eq!(latest[0].action, "open");
}

#[tokio::test]
async fn postgres_itself_refuses_to_change_the_log_and_a_forged_event_is_found() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let url = server.fresh_database();
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    log(&store, "open").await;
    log(&store, "close").await;
    let (address, _) = url.split_once('?').unwrap();
    let (_, name) = address.rsplit_once('/').unwrap();

    for sql in [
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
    ] {
        let error = server.sql(name, sql).unwrap_err();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    let forge = "ALTER TABLE audit_event DISABLE TRIGGER ALL; \
                 UPDATE audit_event SET actor = 'x' WHERE seq = 1";
    server.sql(name, forge).unwrap();

    let check = audit_log::verify_chain(&store).await.unwrap();
    assert_eq!(check, ChainCheck::Broken { seq: 1 });
}

#[tokio::test]
async fn sqlite_itself_refuses_to_change_the_log() {
    let (directory, store) = stores::sqlite().await;
    log(&store, "open").await;
    store.close().await.unwrap();

    for sql in [
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
    ] {
        let error = stores::raw_sqlite(&directory, sql).await.unwrap_err();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
}
