use super::accounts::account;
use crate::stores::{now, on_both_databases, write};
use chrono::{DateTime, TimeDelta, Utc};
use storage::{
    StorageError, Store, accounts,
    identities::{self, Departure, LinkedIdentity},
};

on_both_databases!(
    an_identity_belongs_to_one_account_and_an_account_to_one_identity,
    a_link_is_confirmed_once_found_by_its_provider_and_ended_once,
    a_departure_is_taken_once_by_its_browser_and_in_time,
    of_two_who_take_a_departure_at_once_one_has_it,
);

fn identity(subject: &str, account: &str) -> LinkedIdentity {
    LinkedIdentity {
        issuer: "https://id.yunxi.example".into(),
        subject: subject.into(),
        account_id: account.into(),
        linked_by: "admin".into(),
        confirmed: false,
    }
}

fn departure(state: &str, expires_at: DateTime<Utc>) -> Departure {
    Departure {
        state_hash: state.into(),
        browser_hash: "browser".into(),
        nonce: "nonce".into(),
        verifier: "verifier".into(),
        earlier_hash: None,
        expires_at,
    }
}

async fn two_accounts(store: &Store) {
    write(store, async |tx| {
        accounts::insert_account(tx, account("fang")).await?;
        accounts::insert_account(tx, account("ning")).await
    })
    .await
    .unwrap();
}

async fn link(store: &Store, subject: &str, account: &str) -> Result<(), StorageError> {
    let identity = identity(subject, account);
    write(store, async |tx| {
        identities::insert_identity(tx, identity).await
    })
    .await
}

async fn an_identity_belongs_to_one_account_and_an_account_to_one_identity(store: Store) {
    two_accounts(&store).await;
    link(&store, "7f31", "fang").await.unwrap();
    for (subject, account) in [("7f31", "ning"), ("8a02", "fang")] {
        let refused = link(&store, subject, account).await;
        assert!(matches!(refused, Err(StorageError::Conflict(_))));
    }
}

async fn a_link_is_confirmed_once_found_by_its_provider_and_ended_once(store: Store) {
    two_accounts(&store).await;
    let confirm = async || {
        write(&store, async |tx| {
            identities::confirm_identity_of(tx, "fang").await
        })
        .await
    };
    assert_eq!(confirm().await, Ok(false), "nothing to confirm");
    link(&store, "7f31", "fang").await.unwrap();
    assert_eq!((confirm().await, confirm().await), (Ok(true), Ok(false)));
    let found = identities::find_identity_of(&store, "fang").await;
    let found = found.unwrap().unwrap();
    assert!(found.confirmed);
    let by_name = identities::find_identity(&store, &found.issuer, "7f31").await;
    assert_eq!(by_name, Ok(Some(found)));
    let elsewhere = identities::find_identity(&store, "https://other.example", "7f31").await;
    assert_eq!(elsewhere, Ok(None), "the same name at another provider");
    let end = async || {
        write(&store, async |tx| {
            identities::delete_identity_of(tx, "fang").await
        })
        .await
    };
    assert_eq!((end().await, end().await), (Ok(true), Ok(false)));
    link(&store, "7f31", "ning").await.unwrap();
}

async fn a_departure_is_taken_once_by_its_browser_and_in_time(store: Store) {
    let until = now() + TimeDelta::minutes(10);
    write(&store, async |tx| {
        identities::insert_departure(tx, departure("one", until)).await?;
        identities::insert_departure(tx, departure("late", now())).await
    })
    .await
    .unwrap();
    let take = async |state: &str, browser: &str| {
        write(&store, async |tx| {
            identities::take_departure(tx, state, browser, now()).await
        })
        .await
        .unwrap()
    };

    assert_eq!(take("one", "another").await, None);
    assert_eq!(take("late", "browser").await, None);
    assert_eq!(take("one", "browser").await, Some(departure("one", until)));
    assert_eq!(take("one", "browser").await, None);
    let left = async |at| {
        write(&store, async |tx| {
            identities::count_departures(tx, at).await
        })
        .await
    };
    assert_eq!(left(now() - TimeDelta::seconds(1)).await, Ok(1));
    assert_eq!(left(now()).await, Ok(0), "forgotten when not expected");
}

async fn of_two_who_take_a_departure_at_once_one_has_it(store: Store) {
    for turn in 0..20 {
        let state = turn.to_string();
        let until = now() + TimeDelta::minutes(10);
        write(&store, async |tx| {
            identities::insert_departure(tx, departure(&state, until)).await
        })
        .await
        .unwrap();
        let take = async || {
            write(&store, async |tx| {
                identities::take_departure(tx, &state, "browser", now()).await
            })
            .await
        };

        let (one, other) = tokio::join!(take(), take());

        let had = [one, other].into_iter().flatten().flatten().count();
        assert_eq!(had, 1, "turn {turn}");
    }
}
