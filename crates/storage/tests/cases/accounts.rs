use crate::stores::{now, on_both_databases, write};
use chrono::TimeDelta;
use storage::{
    StorageError, Store,
    accounts::{self, Account, Session},
};

on_both_databases!(
    an_account_is_changed_but_never_taken_twice,
    a_session_counts_until_it_expires_or_is_ended,
    spent_and_other_sessions_are_forgotten,
    a_code_is_taken_once,
);

pub(super) fn account(id: &str) -> Account {
    Account {
        id: id.into(),
        name: "经办人甲".into(),
        role: "office_clerk".into(),
        unit_id: None,
        body_id: None,
        branch: None,
        password_hash: "hash".into(),
        active: true,
        confirmed: true,
        must_change: false,
        password_at: Some(now()),
        totp_secret: None,
        totp_step: None,
    }
}

pub(super) fn session(hash: &str) -> Session {
    Session {
        id_hash: hash.into(),
        account_id: "clerk".into(),
        created_at: now() - TimeDelta::hours(1),
        seen_at: now() - TimeDelta::minutes(30),
        proved_at: now() - TimeDelta::hours(1),
        expires_at: now(),
        device: "电脑上的 Firefox".into(),
        awaits_code: false,
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
    write(&store, async |tx| {
        accounts::insert_account(tx, account("clerk")).await?;
        for hash in ["a", "b", "c", "d"] {
            accounts::insert_session(tx, session(hash)).await?;
        }
        accounts::delete_session(tx, "b").await
    })
    .await
    .unwrap();
    let (idle, moment) = (TimeDelta::minutes(30), TimeDelta::microseconds(1));
    let find = async |hash: &str, at| {
        let found = accounts::find_session(&store, hash, at, at - idle);
        found.await.unwrap()
    };

    assert_eq!(find("a", now() - moment).await, Some(session("a")));
    assert_eq!(find("a", now()).await, None);
    assert_eq!(find("b", now() - moment).await, None);
    let longer = Session {
        expires_at: now() + TimeDelta::hours(1),
        ..session("a")
    };
    write(&store, async |tx| {
        accounts::update_session(tx, longer).await
    })
    .await
    .unwrap();
    assert_eq!(find("a", now()).await, None, "not used for half an hour");
    write(&store, async |tx| {
        accounts::touch_session(tx, "a", now()).await
    })
    .await
    .unwrap();
    assert!(find("a", now() + idle - moment).await.is_some());
}

async fn spent_and_other_sessions_are_forgotten(store: Store) {
    write(&store, async |tx| {
        accounts::insert_account(tx, account("clerk")).await?;
        for hash in ["a", "c", "d"] {
            accounts::insert_session(tx, session(hash)).await?;
        }
        accounts::touch_session(tx, "a", now()).await
    })
    .await
    .unwrap();
    let hashes = async || -> Vec<String> {
        let all = accounts::list_sessions(&store, "clerk").await.unwrap();
        all.into_iter().map(|session| session.id_hash).collect()
    };
    assert_eq!(hashes().await, ["a", "c", "d"]);

    let (just_before, idle) = (
        now() - TimeDelta::microseconds(1),
        now() - TimeDelta::minutes(30),
    );
    let spent = write(&store, async |tx| {
        accounts::delete_spent_sessions(tx, "clerk", just_before, idle).await
    })
    .await;
    assert_eq!(spent, Ok(2));
    write(&store, async |tx| {
        accounts::insert_session(tx, session("e")).await?;
        accounts::delete_other_sessions(tx, "clerk", "a").await
    })
    .await
    .unwrap();
    assert_eq!(hashes().await, ["a"]);
    let ended = write(&store, async |tx| {
        accounts::delete_sessions_of(tx, "clerk").await
    })
    .await;
    assert_eq!(ended, Ok(1));
}

async fn a_code_is_taken_once(store: Store) {
    let with_factor = Account {
        totp_secret: Some("sealed".into()),
        totp_step: Some(7),
        ..account("clerk")
    };
    write(&store, async |tx| {
        accounts::insert_account(tx, account("other")).await?;
        accounts::insert_account(tx, with_factor).await?;
        let hashes = vec!["one".into(), "two".into()];
        accounts::replace_recovery_codes(tx, "clerk", hashes).await
    })
    .await
    .unwrap();
    let step = async |id: &str, step| {
        write(&store, async |tx| accounts::take_step(tx, id, step).await).await
    };
    let code = async |code: &str| {
        write(&store, async |tx| {
            accounts::take_recovery_code(tx, "clerk", code).await
        })
        .await
    };

    let held = write(&store, async |tx| accounts::lock_account(tx, "clerk").await).await;
    assert_eq!(held.unwrap().unwrap().totp_step, Some(7));
    assert_eq!(step("clerk", 7).await, Ok(false));
    assert_eq!(step("clerk", 8).await, Ok(true));
    assert_eq!(step("clerk", 8).await, Ok(false));
    assert_eq!(step("other", 8).await, Ok(false), "has no second factor");
    assert_eq!(
        (code("one").await, code("one").await),
        (Ok(true), Ok(false))
    );
    let left = accounts::count_recovery_codes(&store, "clerk").await;
    assert_eq!(left, Ok(1));
}
