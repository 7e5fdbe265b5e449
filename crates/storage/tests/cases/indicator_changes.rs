use crate::{
    postgres,
    stores::{self, on_both_databases, write},
};
use serde_json::json;
use storage::{
    Store,
    documents::{self, DocumentKind},
    indicator_changes::{
        IndicatorChange, IndicatorChangeState, decide_change, find_change, insert_change,
        list_changes,
    },
};

on_both_databases!(a_change_is_decided_once,);

fn change(number: i32) -> IndicatorChange {
    IndicatorChange {
        number,
        owner: "市民政局".to_owned(),
        base: "0".repeat(64),
        branch: "[]".to_owned(),
        note: "按新规定".to_owned(),
        state: IndicatorChangeState::Waiting,
        proposed_by: "method".to_owned(),
        proposed_at: "2026-10-08T01:00:00Z".parse().unwrap(),
        decided_by: None,
        decided_at: None,
        answer: None,
        result: None,
    }
}

async fn a_change_is_decided_once(store: Store) {
    let decided = |state| IndicatorChange {
        state,
        decided_by: Some("leader".to_owned()),
        ..change(2)
    };
    for number in [1, 2] {
        write(&store, async |tx| insert_change(tx, change(number)).await)
            .await
            .unwrap();
    }

    let mut counted = Vec::new();
    for state in [
        IndicatorChangeState::Approved,
        IndicatorChangeState::SentBack,
    ] {
        let done = write(&store, async |tx| decide_change(tx, decided(state)).await);
        counted.push(done.await.unwrap());
    }

    assert_eq!(counted, [true, false]);
    let found = find_change(&store, 2).await.unwrap();
    assert_eq!(found, Some(decided(IndicatorChangeState::Approved)));
    let all = list_changes(&store).await.unwrap();
    assert_eq!(all.iter().map(|c| c.number).collect::<Vec<_>>(), [2, 1]);
}

/// What nobody may do to the history, whatever the program.
const FORGED: [&str; 6] = [
    "UPDATE document SET body = '{}' WHERE kind = 'indicators'",
    "DELETE FROM document",
    "DELETE FROM indicator_change",
    "UPDATE indicator_change SET note = 'x' WHERE number = 2",
    "UPDATE indicator_change SET branch = '[1]' WHERE number = 1",
    "UPDATE indicator_change SET proposed_by = 'x' WHERE number = 1",
];

async fn with_history(store: &Store) {
    let decided = IndicatorChange {
        state: IndicatorChangeState::Withdrawn,
        ..change(2)
    };
    let kept = write(store, async |tx| {
        documents::put_document(tx, DocumentKind::Indicators, "tree", 1, &json!({})).await?;
        insert_change(tx, change(1)).await?;
        insert_change(tx, change(2)).await?;
        decide_change(tx, decided).await
    });
    assert!(kept.await.unwrap());
}

#[tokio::test]
async fn postgres_itself_refuses_to_rewrite_versions_and_decisions() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let url = server.fresh_database();
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    with_history(&store).await;
    let (address, _) = url.split_once('?').unwrap();
    let (_, name) = address.rsplit_once('/').unwrap();

    for sql in FORGED {
        let error = server.sql(name, sql).unwrap_err();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
}

#[tokio::test]
async fn sqlite_itself_refuses_to_rewrite_versions_and_decisions() {
    let (directory, store) = stores::sqlite().await;
    with_history(&store).await;
    store.close().await.unwrap();

    for sql in FORGED {
        let error = stores::raw_sqlite(&directory, sql).await.unwrap_err();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
}
