use super::{
    accounts::{account, session},
    ballots::with_sealed,
};
use crate::stores::{on_both_databases, sqlite, with_round, write};
use std::{
    fs::OpenOptions,
    io::{Seek, SeekFrom, Write},
};
use storage::{StorageError, Store, accounts, ballots};
use tempfile::TempDir;

on_both_databases!(
    all_sessions_end_and_the_accounts_stay,
    sealed_ballots_of_one_batch_are_given_up,
);

async fn all_sessions_end_and_the_accounts_stay(store: Store) {
    write(&store, async |tx| {
        accounts::insert_account(tx, account("clerk")).await?;
        accounts::insert_session(tx, session("one")).await?;
        accounts::insert_session(tx, session("two")).await
    })
    .await
    .unwrap();
    let end = async || write(&store, async |tx| accounts::delete_all_sessions(tx).await).await;

    assert_eq!((end().await, end().await), (Ok(2), Ok(0)));
    let left = accounts::list_sessions(&store, "clerk").await;
    assert_eq!(left, Ok(Vec::new()));
    let stays = accounts::find_account(&store, "clerk").await.unwrap();
    assert_eq!(stays, Some(account("clerk")));
}

async fn sealed_ballots_of_one_batch_are_given_up(store: Store) {
    with_sealed(&store, 3).await;
    let give_up = async |batch: &str| {
        write(&store, async |tx| ballots::discard_sealed(tx, batch).await).await
    };

    assert_eq!(give_up("another").await, Ok(0));
    assert_eq!(ballots::count_sealed(&store, "1").await, Ok(3));
    assert_eq!(give_up("1").await, Ok(3));
    assert_eq!(ballots::count_sealed(&store, "1").await, Ok(0));
}

/// The same file as another program opens it that makes a backup while the site runs.
async fn beside(directory: &TempDir) -> Store {
    let path = directory.path().join("回 音.db");
    Store::open_to_read(&path).await.unwrap()
}

#[tokio::test]
async fn a_copy_holds_what_was_committed_and_replaces_no_file() {
    let (directory, store) = sqlite().await;
    with_round(&store).await;
    let copy = directory.path().join("copy.db");
    let open = store.begin().await.unwrap();
    accounts::insert_account(&open, account("clerk"))
        .await
        .unwrap();

    let source = beside(&directory).await;
    source.copy_into(&copy).await.unwrap();

    open.commit().await.unwrap();
    let copied = Store::open_to_read(&copy).await.unwrap();
    assert_eq!(copied.pages_hold().await, Ok(true));
    assert_eq!(copied.schema_version().await, store.schema_version().await);
    assert_eq!(accounts::find_account(&copied, "clerk").await, Ok(None));
    copied.close().await.unwrap();
    assert!(
        source.copy_into(&copy).await.is_err(),
        "a file is there already"
    );
}

#[tokio::test]
async fn pages_that_were_overwritten_do_not_hold() {
    let (directory, store) = sqlite().await;
    with_round(&store).await;
    let copy = directory.path().join("copy.db");
    let source = beside(&directory).await;
    source.copy_into(&copy).await.unwrap();
    let mut file = OpenOptions::new().write(true).open(&copy).unwrap();
    file.seek(SeekFrom::Start(5 * 4_096)).unwrap();
    file.write_all(&[0xA5; 4_096]).unwrap();
    drop(file);

    let held = match Store::open_to_read(&copy).await {
        Ok(damaged) => damaged.pages_hold().await,
        Err(error) => Err(error),
    };

    assert!(
        matches!(
            held,
            Ok(false) | Err(StorageError::Database(_) | StorageError::Unavailable(_))
        ),
        "{held:?}"
    );
}
