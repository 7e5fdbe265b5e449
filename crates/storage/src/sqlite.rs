//! SQLite: one program per file, and the pragmas of durability on every connection.

use crate::{
    DatabaseFault, Outage, StorageError,
    error::{Meaning, driver_meaning},
};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection,
    sqlx::{
        self, ConnectOptions as _, Connection as _, Row as _, SqliteConnection,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

const READERS: u32 = 6;
/// Pages kept in memory by the connection that writes; a negative number counts KiB.
const CACHE_KB: &str = "-65536";
/// Pages of 4 KiB in the log at which the writer itself writes back what is left; until then it is done beside it.
const LOG_PAGES: &str = "32000";

/// What every connection must answer to `PRAGMA name`.
const REQUIRED: [(&str, &str); 7] = [
    ("journal_mode", "wal"),
    ("synchronous", "2"),
    ("foreign_keys", "1"),
    ("busy_timeout", "5000"),
    ("secure_delete", "1"),
    ("trusted_schema", "0"),
    ("cell_size_check", "1"),
];

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Several connections that cannot write.
    Read,
    /// The one connection that writes.
    Write,
}

/// The file of an address such as `sqlite://PATH`; none for other addresses.
pub(crate) fn path_of(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split_once('?').map_or(path, |(before, _)| before);
    (!path.is_empty()).then(|| PathBuf::from(path))
}

/// A path beside the database file.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Keeps a second program away from a database file; free again when dropped or when this program ends in any way.
#[derive(Debug)]
pub(crate) struct Exclusive(File);

impl Drop for Exclusive {
    fn drop(&mut self) {
        // Closing is not enough: a child process that is just being started still holds the file for a moment.
        if let Err(error) = self.0.unlock() {
            tracing::warn!(kind = ?error.kind(), "lock file could not be unlocked");
        }
    }
}

/// Takes the lock of a database file.
pub(crate) fn lock(path: &Path) -> Result<Exclusive, StorageError> {
    let cannot_open = || outage(Outage::CannotOpen { path: shown(path) });
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(beside(path, "lock"))
        .map_err(|_| cannot_open())?;
    match file.try_lock() {
        Ok(()) => Ok(Exclusive(file)),
        Err(TryLockError::WouldBlock) => Err(StorageError::AlreadyOpen { path: shown(path) }),
        Err(TryLockError::Error(_)) => Err(cannot_open()),
    }
}

/// Opens connections whose pragmas are asserted one by one.
pub(crate) async fn connect(path: &Path, purpose: Use) -> Result<DatabaseConnection, StorageError> {
    probe(path, purpose).await?;
    let settings = settings(path, purpose);
    // The address is a placeholder: a path need not be a legal URL.
    let mut options = ConnectOptions::new("sqlite://database");
    options
        .sqlx_logging(false)
        .max_connections(match purpose {
            Use::Read => READERS,
            Use::Write => 1,
        })
        .min_connections(1)
        // A connection to a file cannot break while it waits; asking it first would double the work of every read.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |_| settings.clone())
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_connect(|connection, _| Box::pin(assert_pragmas(connection)))
        });
    let connected = Database::connect(options).await;
    connected.map_err(|_| outage(Outage::CannotOpen { path: shown(path) }))
}

/// Opens one connection that cannot write and takes no lock another program would notice.
pub(crate) async fn connect_to_read(path: &Path) -> Result<DatabaseConnection, StorageError> {
    let settings = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .disable_statement_logging();
    let probe = settings.connect().await;
    let closed = match probe {
        Ok(connection) => connection.close().await,
        Err(error) => Err(error),
    };
    closed.map_err(|error| refusal(path, &error))?;
    let mut options = ConnectOptions::new("sqlite://database");
    options
        .sqlx_logging(false)
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |_| settings.clone());
    let connected = Database::connect(options).await;
    connected.map_err(|_| outage(Outage::CannotOpen { path: shown(path) }))
}

fn settings(path: &Path, purpose: Use) -> SqliteConnectOptions {
    let (query_only, cache) = match purpose {
        Use::Read => ("ON", "-4096"),
        Use::Write => ("OFF", CACHE_KB),
    };
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("secure_delete", "ON")
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        // Random keys touch many pages: 64 MB of them stay in memory, and the log is at most 128 MB long.
        .pragma("cache_size", cache)
        .pragma("wal_autocheckpoint", LOG_PAGES)
        // What a savepoint may have to undo stays in memory too, instead of going through a file page by page.
        .pragma("temp_store", "MEMORY")
        .pragma("query_only", query_only)
        .disable_statement_logging()
}

/// Opens one connection by hand first, because a pool would only say that it waited too long.
async fn probe(path: &Path, purpose: Use) -> Result<(), StorageError> {
    let opened = settings(path, purpose).connect().await;
    let mut connection = opened.map_err(|error| refusal(path, &error))?;
    let asserted = assert_pragmas(&mut connection).await;
    asserted.map_err(|error| refusal(path, &error))?;
    connection
        .close()
        .await
        .map_err(|error| refusal(path, &error))
}

/// Reads every pragma back; a connection on which one is not in force is not used.
async fn assert_pragmas(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for (name, wanted) in REQUIRED {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA {name}")))
            .fetch_one(&mut *connection)
            .await?;
        // Some pragmas answer with a number; SQLite writes it as text.
        let found: String = row.try_get_unchecked(0)?;
        if found != wanted {
            return Err(sqlx::Error::Configuration(Box::new(Unsafe(name))));
        }
    }
    Ok(())
}

/// A pragma or server setting that is not in force.
#[derive(Debug, thiserror::Error)]
#[error("setting {0} is not in force")]
pub(crate) struct Unsafe(pub(crate) &'static str);

/// What a failed opening means.
fn refusal(path: &Path, error: &sqlx::Error) -> StorageError {
    const CANNOT_OPEN: i32 = 14;
    const NOT_A_DATABASE: i32 = 26;
    if let sqlx::Error::Configuration(source) = error
        && let Some(Unsafe(setting)) = source.downcast_ref::<Unsafe>()
    {
        return outage(Outage::UnsafeSetting { setting });
    }
    let code = match error {
        sqlx::Error::Database(reported) => reported.code().and_then(|code| code.parse().ok()),
        _ => None,
    };
    match code.map(|code: i32| code & 0xff) {
        Some(NOT_A_DATABASE) => outage(Outage::NotADatabase { path: shown(path) }),
        Some(CANNOT_OPEN) | None => outage(Outage::CannotOpen { path: shown(path) }),
        Some(_) => match driver_meaning(error) {
            Meaning::Said(said) => said,
            Meaning::DiskFault => {
                StorageError::Database(DatabaseFault::of_rows("disk fault while opening"))
            }
        },
    }
}

const fn outage(outage: Outage) -> StorageError {
    StorageError::Unavailable(outage)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_plain_path_even_with_spaces_and_chinese_letters() {
        assert_eq!(
            path_of("sqlite:///数据/云 溪.db"),
            Some(PathBuf::from("/数据/云 溪.db"))
        );
        assert_eq!(
            path_of("sqlite://a.db?mode=rwc"),
            Some(PathBuf::from("a.db"))
        );
        assert_eq!(path_of("postgres://host/db"), None);
        assert_eq!(path_of("sqlite://"), None);
    }

    #[tokio::test]
    async fn a_connection_with_a_weaker_pragma_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.db");
        let weak = settings(&path, Use::Write).synchronous(SqliteSynchronous::Normal);

        let mut connection = weak.connect().await.unwrap();
        let error = assert_pragmas(&mut connection).await.unwrap_err();

        assert_eq!(
            refusal(&path, &error),
            outage(Outage::UnsafeSetting {
                setting: "synchronous"
            })
        );
    }
}
