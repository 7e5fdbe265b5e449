use crate::stores::{now, on_both_databases, write};
use chrono::TimeDelta;
use storage::{
    StorageError, Store,
    accounts::{self, Account, Session},
};

on_both_databases!(
    an_account_is_changed_but_never_taken_twice,
    a_session_counts_until_it_expires_or_is_ended,
);

fn account(id: &str) -> Account {
    Account {
        id: id.into(),
        name: "经办人甲".into(),
        role: "office_clerk".into(),
        unit_id: None,
        body_id: None,
        password_hash: "hash".into(),
        active: true,
    }
}

async fn an_account_is_changed_but_never_taken_twice(store: Store) {
    let insert = async || {
        write(&store, async |tx| {
            accounts::insert_account(tx, account("clerk")).await
        })
        .await
    };
    insert().await.unwrap();
    let resting = Account {
        active: false,
        ..account("clerk")
    };

    let again = insert().await;
    let changed = write(&store, async |tx| {
        accounts::update_account(tx, resting.clone()).await
    })
    .await;
    let absent = write(&store, async |tx| {
        accounts::update_account(tx, account("no")).await
    })
    .await;

    assert!(matches!(again, Err(StorageError::Conflict(_))));
    assert_eq!((changed, absent), (Ok(true), Ok(false)));
    assert_eq!(
        accounts::find_account(&store, "clerk").await.unwrap(),
        Some(resting.clone())
    );
    assert_eq!(accounts::list_accounts(&store).await.unwrap(), [resting]);
}

async fn a_session_counts_until_it_expires_or_is_ended(store: Store) {
    let session = |hash: &str| Session {
        id_hash: hash.into(),
        account_id: "clerk".into(),
        expires_at: now(),
    };
    write(&store, async |tx| {
        accounts::insert_account(tx, account("clerk")).await?;
        for hash in ["a", "b", "c"] {
            accounts::insert_session(tx, session(hash)).await?;
        }
        accounts::delete_session(tx, "b").await
    })
    .await
    .unwrap();
    let just_before = now() - TimeDelta::microseconds(1);
    let find = async |hash: &str, at| accounts::find_session(&store, hash, at).await.unwrap();

    assert_eq!(find("a", just_before).await, Some(session("a")));
    assert_eq!(find("a", now()).await, None);
    assert_eq!(find("b", just_before).await, None);

    let later = now() + TimeDelta::hours(1);
    let extended = write(&store, async |tx| {
        accounts::extend_session(tx, "a", later).await
    })
    .await;
    assert_eq!(extended, Ok(true));
    assert!(find("a", now()).await.is_some());
    let ended = write(&store, async |tx| {
        accounts::delete_sessions_of(tx, "clerk").await
    })
    .await;
    assert_eq!(ended, Ok(2));
}
