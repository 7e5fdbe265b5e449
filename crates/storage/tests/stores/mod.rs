//! Fresh, migrated stores, and a round to hang rows on.

use crate::postgres;
use chrono::{DateTime, NaiveDate, Utc};
use std::{io::Write, path::PathBuf, process::Command};
use storage::{StorageError, Store, Tx, batches, rounds};
use survey_design::{Anonymity, Resubmission, Round, RoundState};
use tempfile::TempDir;
use vocabulary::RoundId;

/// Runs each case on both databases.
macro_rules! on_both_databases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let (_directory, store) = crate::stores::sqlite().await;
                    super::$case(store).await;
                }
            )+
        }
        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if let Some(store) = crate::stores::postgres().await {
                        super::$case(store).await;
                    }
                }
            )+
        }
    };
}
pub(crate) use on_both_databases;

/// A store in a directory of its own.
pub async fn sqlite() -> (TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(&directory)).await.unwrap();
    store.migrate().await.unwrap();
    (directory, store)
}

pub fn sqlite_url(directory: &TempDir) -> String {
    format!("sqlite://{}/回 音.db", directory.path().display())
}

/// A store in a database of its own on the shared private server.
pub async fn postgres() -> Option<Store> {
    let store = Store::open(&postgres::shared()?.fresh_database())
        .await
        .unwrap();
    store.migrate().await.unwrap();
    Some(store)
}

pub fn round_id() -> RoundId {
    RoundId::new("2026Q3")
}

pub fn round(id: &str, quarter: i32) -> Round {
    Round {
        id: RoundId::new(id),
        title: "2026 年第三季度".into(),
        year: 2026,
        quarter,
        period_start: day("2026-07-01"),
        period_end: day("2026-09-30"),
        state: RoundState::Draft,
        anonymity: Anonymity::Decoupled,
        resubmission: Resubmission::Once,
        rules_digest: String::new(),
        seed: u64::MAX - 5,
        version: 1,
    }
}

/// The round `2026Q3`, being prepared.
pub async fn with_round(store: &Store) {
    write(store, async |tx| {
        rounds::insert_round(tx, &round("2026Q3", 3)).await
    })
    .await
    .unwrap();
}

/// The round `2026Q3`, collecting into the batch `1`.
pub async fn with_open_round(store: &Store) {
    with_round(store).await;
    let (from, to) = (RoundState::Draft, RoundState::Collecting);
    write(store, async |tx| {
        rounds::set_round_state(tx, &round_id(), from, to, now()).await?;
        batches::insert_batch(tx, &round_id(), "1", now()).await
    })
    .await
    .unwrap();
}

/// One transaction.
pub async fn write<T>(
    store: &Store,
    work: impl AsyncFnOnce(&Tx) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    let tx = store.begin().await?;
    let done = work(&tx).await?;
    tx.commit().await?;
    Ok(done)
}

pub fn now() -> DateTime<Utc> {
    "2026-10-09T08:00:00.123456Z".parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Runs one statement on a closed database with SQLite's own defaults; returns the number of rows or what SQLite said.
pub async fn raw_sqlite(directory: &TempDir, sql: &str) -> Result<usize, String> {
    use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
    let path = directory.path().join("回 音.db");
    let url = format!("sqlite://{}", path.display());
    let database = Database::connect(url).await.unwrap();
    let rows = database
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await;
    database.close().await.unwrap();
    rows.map(|rows| rows.len())
        .map_err(|error| error.to_string())
}

/// A disk of four megabytes; only root can make one.
pub struct SmallDisk {
    directory: TempDir,
}

impl SmallDisk {
    pub fn mount() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=80m", "tmpfs"])
            .arg(directory.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            Some(Self { directory })
        } else {
            eprintln!("skipped: a small disk can only be mounted by root");
            None
        }
    }

    pub fn url(&self) -> String {
        sqlite_url(&self.directory)
    }

    /// Writes a file that leaves only so much space, and returns it.
    pub fn fill_leaving_kilobytes(&self, left: usize) -> PathBuf {
        let path = self.directory.path().join("ballast");
        let mut file = std::fs::File::create(&path).unwrap();
        let block = [0_u8; 1024];
        let mut written = 0_u64;
        while file.write_all(&block).is_ok() {
            written += 1024;
        }
        file.set_len(written - (left as u64) * 1024).unwrap();
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount")
            .arg("-l")
            .arg(self.directory.path())
            .status();
        assert!(unmounted.is_ok_and(|status| status.success()));
    }
}
