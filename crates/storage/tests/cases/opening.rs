//! What happens when a database is opened, closed, damaged or full.

use crate::{
    postgres::{self, PrivatePostgres},
    stores::{self, on_both_databases, raw_sqlite, round_id, with_open_round, write},
};
use storage::{
    Durability, OpenOptions, Outage, StorageError, Store, rounds, settings,
    submission::{Submission, SubmissionWriter, SubmitFailed},
};
use survey_design::Resubmission;

on_both_databases!(
    migrating_twice_changes_nothing,
    a_transaction_that_is_dropped_leaves_nothing,
);

async fn migrating_twice_changes_nothing(store: Store) {
    let before = store.schema_version().await.unwrap();

    store.migrate().await.unwrap();

    assert_eq!(store.schema_version().await.unwrap(), before);
    assert_eq!(
        before.as_deref(),
        migrations::step_names().last().map(String::as_str)
    );
}

async fn a_transaction_that_is_dropped_leaves_nothing(store: Store) {
    let tx = store.begin().await.unwrap();
    settings::put_setting(&tx, "a", "1").await.unwrap();
    drop(tx);

    assert_eq!(settings::find_setting(&store, "a").await.unwrap(), None);
    write(&store, async |tx| settings::put_setting(tx, "a", "2").await)
        .await
        .unwrap();
    let found = settings::find_setting(&store, "a").await.unwrap();
    assert_eq!(found.as_deref(), Some("2"));
}

#[tokio::test]
async fn a_second_program_on_the_same_file_is_refused_until_the_first_ends() {
    let (directory, store) = stores::sqlite().await;
    let url = stores::sqlite_url(&directory);

    let second = Store::open(&url).await.unwrap_err();

    assert!(matches!(&second, StorageError::AlreadyOpen { path } if path.ends_with("回 音.db")));
    assert!(!second.to_string().contains('\n'));
    store.close().await.unwrap();
    Store::open(&url).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_opened_is_refused_with_its_reason() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite://{}/{name}", directory.path().display());
    std::fs::write(directory.path().join("photo.db"), [0x89; 4096]).unwrap();
    let refused = async |url: &str| match Store::open(url).await.unwrap_err() {
        StorageError::Unavailable(outage) => outage,
        other => panic!("{other}"),
    };

    assert!(matches!(
        refused(&at("missing/a.db")).await,
        Outage::CannotOpen { .. }
    ));
    assert!(matches!(
        refused(&at("photo.db")).await,
        Outage::NotADatabase { .. }
    ));
    assert_eq!(refused("mysql://host/db").await, Outage::BadAddress);
    assert_eq!(refused("sqlite://").await, Outage::BadAddress);
    let nobody_there = "postgres://user:秘密@localhost/db?host=/nowhere";
    let outage = refused(nobody_there).await;
    assert!(!outage.to_string().contains("秘密"));
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() {
    let (directory, store) = stores::sqlite().await;
    store.close().await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    raw_sqlite(&directory, newer).await.unwrap();

    let store = Store::open(&stores::sqlite_url(&directory)).await.unwrap();

    let refused = store.migrate().await;
    assert_eq!(refused, Err(StorageError::Unavailable(Outage::NewerSchema)));
}

#[tokio::test]
async fn tables_of_anonymous_people_have_no_row_id_and_no_time() {
    let (directory, store) = stores::sqlite().await;
    store.close().await.unwrap();
    for table in [
        "token",
        "draft",
        "submission",
        "sealed_ballot",
        "ballot_sign",
        "receipt",
        "ballot",
        "answer",
        "opinion",
        "log_hash",
    ] {
        let error = raw_sqlite(&directory, &format!("SELECT rowid FROM {table}")).await;
        assert!(error.unwrap_err().contains("no such column"), "{table}");
        let times = format!(
            "SELECT name FROM pragma_table_info('{table}') \
             WHERE type LIKE '%time%' OR type LIKE '%date%'"
        );
        assert_eq!(raw_sqlite(&directory, &times).await, Ok(0), "{table}");
    }
}

#[tokio::test]
async fn after_a_disk_fault_nothing_is_written_until_a_person_clears_it() {
    let directory = tempfile::tempdir().unwrap();
    let url = stores::sqlite_url(&directory);
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    with_open_round(&store).await;
    store.close().await.unwrap();
    let fault = directory.path().join("回 音.db.fault");
    std::fs::write(&fault, "").unwrap();

    let store = Store::open(&url).await.unwrap();
    let writer = SubmissionWriter::start(store.clone());
    let latched = StorageError::Unavailable(Outage::Latched);

    assert!(store.is_latched());
    assert_eq!(store.begin().await.unwrap_err(), latched);
    let refused = writer.submit(submission(1)).await;
    assert_eq!(refused, Err(SubmitFailed::Storage(latched)));
    assert!(
        rounds::find_round(&store, &round_id())
            .await
            .unwrap()
            .is_some()
    );

    store.clear_fault().unwrap();
    assert!(!fault.exists());
    writer.submit(submission(1)).await.unwrap();
}

#[tokio::test]
async fn a_damaged_file_closes_the_latch() {
    let (directory, store) = stores::sqlite().await;
    write(&store, async |tx| {
        for number in 0..2_000 {
            settings::put_setting(tx, &format!("key-{number}"), &"x".repeat(200)).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
    store.close().await.unwrap();
    let path = directory.path().join("回 音.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    for page in bytes.chunks_mut(4096).skip(pages * 3 / 4) {
        page.fill(0xA5);
    }
    std::fs::write(&path, bytes).unwrap();

    let store = Store::open(&stores::sqlite_url(&directory)).await.unwrap();
    let mut seen = false;
    for number in 0..2_000 {
        if settings::find_setting(&store, &format!("key-{number}"))
            .await
            .is_err()
        {
            seen = true;
            break;
        }
    }

    assert!(seen);
    assert!(store.is_latched());
    assert!(directory.path().join("回 音.db.fault").exists());
    let refused = store.begin().await.unwrap_err();
    assert_eq!(refused, StorageError::Unavailable(Outage::Latched));
}

#[tokio::test]
async fn a_full_disk_loses_nothing_acknowledged_and_heals_by_itself() {
    let Some(disk) = stores::SmallDisk::mount() else {
        return;
    };
    let store = Store::open(&disk.url()).await.unwrap();
    store.migrate().await.unwrap();
    with_open_round(&store).await;
    let writer = SubmissionWriter::start(store.clone());
    let ballast = disk.fill_leaving_kilobytes(400);

    let mut acknowledged = 0;
    let mut refusal = None;
    for number in 0..5_000 {
        match writer.submit(submission(number)).await {
            Ok(_) => acknowledged += 1,
            Err(error) => {
                refusal = Some(error);
                break;
            }
        }
    }

    assert_eq!(refusal, Some(SubmitFailed::Storage(StorageError::Full)));
    assert!(!store.is_latched());
    let kept = storage::submission::count_submissions(&store, &round_id())
        .await
        .unwrap();
    assert_eq!(kept, acknowledged);
    std::fs::remove_file(ballast).unwrap();
    for number in 10_000..10_100 {
        writer.submit(submission(number)).await.unwrap();
    }
    let kept = storage::submission::count_submissions(&store, &round_id())
        .await
        .unwrap();
    assert_eq!(kept, acknowledged + 100);
    writer.finish().await;
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_server_that_may_lose_answers_is_refused_unless_a_test_says_otherwise() {
    let Some(server) = PrivatePostgres::start("-cfsync=off") else {
        return;
    };
    let url = server.fresh_database();

    let refused = Store::open(&url).await.unwrap_err();

    let setting = "fsync";
    assert_eq!(
        refused,
        StorageError::Unavailable(Outage::UnsafeSetting { setting })
    );
    let relaxed = OpenOptions {
        durability: Durability::RelaxedForTests,
        ..Default::default()
    };
    Store::open_with(&url, relaxed).await.unwrap();
}

#[tokio::test]
async fn two_programs_on_one_server_store_a_submission_once() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let url = server.fresh_database();
    let (one, two) = (
        Store::open(&url).await.unwrap(),
        Store::open(&url).await.unwrap(),
    );
    one.migrate().await.unwrap();
    with_open_round(&one).await;
    let writers = [
        SubmissionWriter::start(one.clone()),
        SubmissionWriter::start(two),
    ];

    let sending: Vec<_> = (0..400)
        .map(|copy| {
            let writer = writers[copy % 2].clone();
            let number = u32::try_from(copy / 4).unwrap();
            let sent = Submission {
                sealed_id: format!("sealed-{copy}"),
                ..submission(number)
            };
            tokio::spawn(async move { writer.submit(sent).await })
        })
        .collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }

    let kept = storage::ballots::list_sealed(&one, "1").await.unwrap();
    assert_eq!(kept.len(), 100);
}

fn submission(number: u32) -> Submission {
    Submission {
        round_id: round_id(),
        submission_hmac: format!("id-{number}"),
        digest: "d".into(),
        token_hash: None,
        sealed: vec![7; 800],
        sealed_id: format!("sealed-{number}"),
        batch: "1".into(),
        draft_hash: None,
        receipt_hash: format!("receipt-{number}"),
        ballot_digest: "b".into(),
        leaf: format!("leaf-{number}"),
        resubmission: Resubmission::Once,
    }
}
