use crate::stores::{now, on_both_databases, round_id, with_round, write};
use storage::{
    StorageError, Store,
    appeals::{self, Appeal},
    pushes::{self, ResultPush},
    scores::{self, Bulletin, ScoreRun},
};

on_both_databases!(
    the_newest_score_run_is_found,
    a_bulletin_is_approved_once,
    an_appeal_is_decided_once,
    a_push_is_delivered_once,
);

async fn the_newest_score_run_is_found(store: Store) {
    with_round(&store).await;
    let run = |version| ScoreRun {
        id: format!("run-{version}"),
        round_id: "2026Q3".into(),
        version,
        rules_digest: "r".into(),
        input_digest: "i".into(),
        body: "{}".into(),
        created_at: now(),
    };
    for version in [1, 2] {
        write(&store, async |tx| {
            scores::insert_score_run(tx, run(version)).await
        })
        .await
        .unwrap();
    }
    let same_version = ScoreRun {
        id: "other".into(),
        ..run(2)
    };

    let refused = write(&store, async |tx| {
        scores::insert_score_run(tx, same_version).await
    })
    .await;

    assert!(matches!(refused, Err(StorageError::Conflict(_))));
    let latest = scores::latest_score_run(&store, &round_id()).await.unwrap();
    assert_eq!(latest, Some(run(2)));
}

fn bulletin(state: &str) -> Bulletin {
    Bulletin {
        round_id: "2026Q3".into(),
        version: 1,
        state: state.into(),
        body: "{}".into(),
        table_digest: Some("d".into()),
        bundle_path: None,
        proposed_by: Some("a".into()),
        proposed_at: Some(now()),
        approved_by: None,
        published_at: None,
    }
}

async fn a_bulletin_is_approved_once(store: Store) {
    with_round(&store).await;
    write(&store, async |tx| {
        scores::insert_bulletin(tx, bulletin("proposed")).await
    })
    .await
    .unwrap();

    let approve = async || {
        write(&store, async |tx| {
            scores::update_bulletin(tx, bulletin("published"), "proposed").await
        })
        .await
    };
    let (first, second) = (approve().await, approve().await);

    assert_eq!(first, Ok(()));
    assert!(matches!(second, Err(StorageError::Conflict(_))));
    let published = Some(bulletin("published"));
    let round = round_id();
    assert_eq!(
        scores::find_bulletin(&store, &round, 1).await.unwrap(),
        published
    );
    assert_eq!(
        scores::latest_bulletin(&store, &round).await.unwrap(),
        published
    );
    assert_eq!(
        scores::find_bulletin(&store, &round, 2).await.unwrap(),
        None
    );
    assert_eq!(scores::list_bulletins(&store).await.unwrap().len(), 1);
}

async fn an_appeal_is_decided_once(store: Store) {
    with_round(&store).await;
    let appeal = |state: &str| Appeal {
        id: "a1".into(),
        round_id: "2026Q3".into(),
        unit_id: "D01".into(),
        ground: "wrong_unit".into(),
        text: "有三件工单不属于本单位".into(),
        state: state.into(),
        decision: None,
        reasons: None,
        filed_by: "liaison".into(),
        reviewer1: None,
        reviewer2: None,
        filed_at: now(),
        decided_at: None,
    };
    write(&store, async |tx| {
        appeals::insert_appeal(tx, appeal("filed")).await
    })
    .await
    .unwrap();

    let decide = async || {
        write(&store, async |tx| {
            appeals::update_appeal(tx, appeal("decided"), "filed").await
        })
        .await
    };
    let (first, second) = (decide().await, decide().await);

    assert_eq!(first, Ok(()));
    assert!(matches!(second, Err(StorageError::Conflict(_))));
    assert_eq!(
        appeals::find_appeal(&store, "a1").await.unwrap(),
        Some(appeal("decided"))
    );
    let listed = appeals::list_appeals(&store, &round_id()).await.unwrap();
    assert_eq!(listed, [appeal("decided")]);
}

async fn a_push_is_delivered_once(store: Store) {
    with_round(&store).await;
    let push = |state: &str| ResultPush {
        id: "p1".into(),
        round_id: "2026Q3".into(),
        consumer: "organisation_department".into(),
        scope: String::new(),
        payload: "{}".into(),
        state: state.into(),
        delivered_at: Some(now()),
        receipt: None,
    };
    write(&store, async |tx| {
        pushes::insert_push(tx, push("waiting")).await
    })
    .await
    .unwrap();

    let deliver = async || {
        write(&store, async |tx| {
            pushes::update_push(tx, push("delivered"), "waiting").await
        })
        .await
    };
    let (first, second) = (deliver().await, deliver().await);

    assert_eq!(first, Ok(()));
    assert!(matches!(second, Err(StorageError::Conflict(_))));
    assert_eq!(
        pushes::list_pushes(&store, &round_id()).await.unwrap(),
        [push("delivered")]
    );
}
