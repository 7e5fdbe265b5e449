use crate::stores::{now, on_both_databases, round, round_id, with_round, write};
use storage::{StorageError, Store, rounds};
use survey_design::RoundState;

on_both_databases!(
    a_round_comes_back_as_it_was_given,
    a_second_round_of_the_same_code_is_refused,
    a_state_changes_once_however_many_ask_at_the_same_time,
    the_times_of_opening_and_closing_are_kept,
    what_a_round_is_made_with_is_kept,
    rounds_are_listed_in_order_of_time,
);

async fn a_round_comes_back_as_it_was_given(store: Store) {
    with_round(&store).await;

    let found = rounds::find_round(&store, &round_id())
        .await
        .unwrap()
        .unwrap();

    assert_eq!(found.round, round("2026Q3", 3));
    assert_eq!((found.overall, found.opened_at), (None, None));
    assert_eq!(
        rounds::find_round(&store, &"2030Q1".into()).await.unwrap(),
        None
    );
}

async fn a_second_round_of_the_same_code_is_refused(store: Store) {
    with_round(&store).await;

    let again = write(&store, async |tx| {
        rounds::insert_round(tx, &round("2026Q3", 4)).await
    })
    .await;

    assert!(matches!(again, Err(StorageError::Conflict(_))));
}

async fn a_state_changes_once_however_many_ask_at_the_same_time(store: Store) {
    with_round(&store).await;

    let asking: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                write(&store, async |tx| {
                    let (from, to) = (RoundState::Draft, RoundState::Collecting);
                    rounds::set_round_state(tx, &round_id(), from, to, now()).await
                })
                .await
            })
        })
        .collect();
    let mut done = 0;
    for asked in asking {
        match asked.await.unwrap() {
            Ok(()) => done += 1,
            Err(error) => assert!(matches!(error, StorageError::Conflict(_)), "{error}"),
        }
    }

    assert_eq!(done, 1);
}

async fn the_times_of_opening_and_closing_are_kept(store: Store) {
    with_round(&store).await;
    let steps = [
        RoundState::Draft,
        RoundState::Collecting,
        RoundState::Closed,
        RoundState::Scored,
    ];
    for pair in steps.windows(2) {
        write(&store, async |tx| {
            rounds::set_round_state(tx, &round_id(), pair[0], pair[1], now()).await
        })
        .await
        .unwrap();
    }

    let found = rounds::find_round(&store, &round_id())
        .await
        .unwrap()
        .unwrap();

    assert_eq!(found.round.state, RoundState::Scored);
    assert_eq!(found.opened_at, Some(now()));
    assert_eq!(found.closed_at, Some(now()));
    assert_eq!((found.frozen_at, found.published_at), (None, None));
}

async fn what_a_round_is_made_with_is_kept(store: Store) {
    with_round(&store).await;
    write(&store, async |tx| {
        let id = round_id();
        assert!(rounds::lock_round(tx, &id).await?.is_some());
        rounds::set_round_rules(tx, &id, "规则").await?;
        rounds::set_round_questionnaires(tx, &id, "overall", None).await?;
        rounds::set_round_seed(tx, &id, u64::MAX).await?;
        rounds::set_round_version(tx, &id, 2).await
    })
    .await
    .unwrap();

    let found = rounds::find_round(&store, &round_id())
        .await
        .unwrap()
        .unwrap();

    assert_eq!(found.round.rules_digest, "规则");
    assert_eq!((found.round.seed, found.round.version), (u64::MAX, 2));
    assert_eq!(found.overall.as_deref(), Some("overall"));
    assert_eq!(found.enterprise, None);
    let absent = write(&store, async |tx| {
        rounds::set_round_seed(tx, &"2030Q1".into(), 1).await
    })
    .await;
    assert!(matches!(absent, Err(StorageError::Conflict(_))));
}

async fn rounds_are_listed_in_order_of_time(store: Store) {
    for (id, quarter) in [("2026Q2", 2), ("2026Q1", 1)] {
        write(&store, async |tx| {
            rounds::insert_round(tx, &round(id, quarter)).await
        })
        .await
        .unwrap();
    }

    let listed = rounds::list_rounds(&store).await.unwrap();

    let ids: Vec<_> = listed
        .iter()
        .map(|record| record.round.id.as_str())
        .collect();
    assert_eq!(ids, ["2026Q1", "2026Q2"]);
}
