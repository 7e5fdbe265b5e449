//! The open database and its transactions.

use crate::{
    DatabaseFault, Outage, StorageError,
    error::{Meaning, meaning},
    fault_latch::FaultLatch,
    link::sealed::Connected,
    local_disk, postgres,
    reserve::Reserve,
    sqlite,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Which database is behind a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// One file on the local disk.
    Sqlite,
    /// A server.
    Postgres,
}

/// Whether a database that may lose acknowledged answers is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// A server must have `fsync`, `full_page_writes` and `synchronous_commit` on; a file must lie on a local disk.
    #[default]
    Required,
    /// For throw-away test databases only.
    RelaxedForTests,
}

/// How a database is opened.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// What is demanded of the server or the disk.
    pub durability: Durability,
    /// Where a disk fault is noted; by default `<file>.fault` beside a SQLite file, and memory only for a server.
    pub fault_file: Option<PathBuf>,
}

/// The open database; clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    backend: Backend,
    readers: DatabaseConnection,
    line: Line,
    latch: FaultLatch,
    reserve: Reserve,
    /// Set when SQLite may have rolled back on its own, which the driver does not notice.
    suspect: AtomicBool,
    /// Held for as long as the store is open.
    _exclusive: Option<sqlite::Exclusive>,
}

/// Where transactions begin.
#[derive(Debug)]
enum Line {
    /// SQLite: one connection, one writer at a time.
    Single {
        path: PathBuf,
        writer: Arc<Mutex<DatabaseConnection>>,
    },
    /// PostgreSQL: the pool.
    Pool,
}

/// An open transaction; dropped without [`Tx::commit`], it is rolled back.
///
/// After an error inside a transaction drop it: PostgreSQL refuses everything that follows.
#[derive(Debug)]
pub struct Tx {
    // Order matters: the transaction is rolled back before the next writer may begin.
    transaction: DatabaseTransaction,
    inner: Arc<Inner>,
    _turn: Option<OwnedMutexGuard<DatabaseConnection>>,
}

impl Store {
    /// Opens `sqlite://PATH` (made when missing) or `postgres://…` and asserts the settings that keep answers safe.
    ///
    /// # Errors
    /// [`StorageError::AlreadyOpen`] when another program uses the SQLite file; [`StorageError::Unavailable`] for
    /// everything that keeps the database from being opened.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        Self::open_with(url, OpenOptions::default()).await
    }

    /// Opens a database as told; see [`Store::open`].
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(url: &str, options: OpenOptions) -> Result<Self, StorageError> {
        let inner = if let Some(path) = sqlite::path_of(url) {
            open_sqlite(path, options).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Inner {
                backend: Backend::Postgres,
                readers: postgres::connect(url, options.durability).await?,
                line: Line::Pool,
                latch: FaultLatch::new(options.fault_file),
                reserve: Reserve::default(),
                suspect: AtomicBool::new(false),
                _exclusive: None,
            }
        } else {
            return Err(StorageError::Unavailable(Outage::BadAddress));
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Opens a SQLite file only to read it, also while another program writes to it. Whatever would write is refused.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the file is not there or is no database.
    pub async fn open_to_read(path: &Path) -> Result<Self, StorageError> {
        let inner = Inner {
            backend: Backend::Sqlite,
            readers: sqlite::connect_to_read(path).await?,
            line: Line::Pool,
            latch: FaultLatch::new(None),
            reserve: Reserve::default(),
            suspect: AtomicBool::new(false),
            _exclusive: None,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Brings the schema to the newest version; nothing happens when it is there already.
    ///
    /// # Errors
    /// [`Outage::NewerSchema`] when a newer program made the database; it is left untouched.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        self.inner.latch.check()?;
        if let Some(version) = self.schema_version().await?
            && !migrations::step_names().contains(&version)
        {
            return Err(StorageError::Unavailable(Outage::NewerSchema));
        }
        let migrated = match &self.inner.line {
            Line::Single { writer, .. } => {
                let writer = writer.lock().await;
                migrations::apply(&writer).await
            }
            Line::Pool => migrations::apply(&self.inner.readers).await,
        };
        migrated.map_err(|error| self.fault(&error))
    }

    /// Name of the last schema step; none for an empty database.
    ///
    /// # Errors
    /// [`StorageError`] when the database cannot be read.
    pub async fn schema_version(&self) -> Result<Option<String>, StorageError> {
        let exists = match self.inner.backend {
            Backend::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'"
            }
            Backend::Postgres => {
                "SELECT table_name FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_name = 'seaql_migrations'"
            }
        };
        if self.text(exists).await?.is_none() {
            return Ok(None);
        }
        self.text("SELECT version FROM seaql_migrations ORDER BY version DESC LIMIT 1")
            .await
    }

    async fn text(&self, sql: &str) -> Result<Option<String>, StorageError> {
        let readers = &self.inner.readers;
        let statement = Statement::from_string(readers.get_database_backend(), sql);
        let row = readers.query_one_raw(statement).await;
        row.and_then(|found| found.map(|row| row.try_get_by_index(0)).transpose())
            .map_err(|error| self.fault(&error))
    }

    /// Begins a transaction for writing; on SQLite it waits for its turn.
    ///
    /// # Errors
    /// [`Outage::Latched`] after a disk fault.
    pub async fn begin(&self) -> Result<Tx, StorageError> {
        self.inner.latch.check()?;
        let (transaction, turn) = match &self.inner.line {
            Line::Single { path, writer } => {
                let mut turn = Arc::clone(writer).lock_owned().await;
                if self.inner.suspect.swap(false, Ordering::AcqRel) {
                    renew(&mut turn, path).await?;
                }
                (begin_immediate(&turn).await, Some(turn))
            }
            Line::Pool => (self.inner.readers.begin().await, None),
        };
        Ok(Tx {
            transaction: transaction.map_err(|error| self.fault(&error))?,
            inner: Arc::clone(&self.inner),
            _turn: turn,
        })
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.inner.backend
    }

    /// Holds 64 MB back beside a SQLite file for the day the disk is full; a server looks after its own disk.
    pub fn keep_reserve(&self) {
        if let Line::Single { path, .. } = &self.inner.line {
            self.inner.reserve.keep(path);
        }
    }

    /// Whether citizens' answers are refused until there is room on the disk.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.inner.reserve.is_given_up()
    }

    /// Begins a transaction for citizens' answers, which wait while the disk is full; the office's verbs may use the reserve.
    ///
    /// # Errors
    /// [`StorageError::Full`], or as [`Store::begin`].
    pub(crate) async fn begin_intake(&self) -> Result<Tx, StorageError> {
        self.inner.reserve.check()?;
        self.begin().await
    }

    /// Writes SQLite's log back into the file; a server sees to that itself.
    ///
    /// Most of it beside the writing, and the little that is left with nobody writing, so that the log begins anew. A disk
    /// fault or a full disk met on the way counts as one met while writing an answer.
    pub(crate) async fn write_back(&self) {
        let Line::Single { writer, .. } = &self.inner.line else {
            return;
        };
        let written = async {
            self.passive().await?;
            self.passive().await?;
            let _nobody_writes = writer.lock().await;
            self.passive().await
        };
        if let Err(fault) = written.await {
            tracing::warn!(%fault, "the log was not written back");
        }
    }

    /// Writes back what nobody uses just now.
    async fn passive(&self) -> Result<(), StorageError> {
        let passive = "PRAGMA wal_checkpoint(PASSIVE)";
        let written = self.inner.readers.execute_unprepared(passive).await;
        written.map(drop).map_err(|error| self.inner.fault(&error))
    }

    /// Whether a disk fault has stopped all writing.
    #[must_use]
    pub fn is_latched(&self) -> bool {
        self.inner.latch.is_closed()
    }

    /// Allows writing again after a person has checked the disk.
    ///
    /// # Errors
    /// [`StorageError::Database`] when the fault file cannot be removed.
    pub fn clear_fault(&self) -> Result<(), StorageError> {
        self.inner.latch.clear().map_err(|_| {
            StorageError::Database(DatabaseFault::of_rows("fault file cannot be removed"))
        })
    }

    /// Closes all connections; SQLite then writes its log back into the file.
    ///
    /// # Errors
    /// [`StorageError`] when a connection reports a fault while closing.
    pub async fn close(self) -> Result<(), StorageError> {
        let readers = self.inner.readers.close_by_ref().await;
        readers.map_err(|error| self.fault(&error))?;
        if let Line::Single { writer, .. } = &self.inner.line {
            let closed = writer.lock().await.close_by_ref().await;
            closed.map_err(|error| self.fault(&error))?;
        }
        Ok(())
    }
}

async fn open_sqlite(path: PathBuf, options: OpenOptions) -> Result<Inner, StorageError> {
    let exclusive = sqlite::lock(&path)?;
    if options.durability == Durability::Required {
        local_disk::require(&path)?;
    }
    let fault_file = options
        .fault_file
        .unwrap_or_else(|| sqlite::beside(&path, "fault"));
    let writer = sqlite::connect(&path, sqlite::Use::Write).await?;
    Ok(Inner {
        backend: Backend::Sqlite,
        readers: sqlite::connect(&path, sqlite::Use::Read).await?,
        line: Line::Single {
            path,
            writer: Arc::new(Mutex::new(writer)),
        },
        latch: FaultLatch::new(Some(fault_file)),
        reserve: Reserve::default(),
        suspect: AtomicBool::new(false),
        _exclusive: Some(exclusive),
    })
}

/// A deferred transaction that writes later can meet SQLITE_BUSY, which no waiting cures; so the lock is taken at once.
async fn begin_immediate(writer: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    writer.begin_with_options(options).await
}

/// Takes a new connection: after a full disk SQLite rolls back by itself and the old one still counts a transaction.
async fn renew(writer: &mut DatabaseConnection, path: &Path) -> Result<(), StorageError> {
    // The old connection is given up whatever it says while closing.
    drop(writer.close_by_ref().await);
    *writer = sqlite::connect(path, sqlite::Use::Write).await?;
    Ok(())
}

impl Inner {
    fn fault(&self, error: &DbErr) -> StorageError {
        match meaning(error) {
            Meaning::DiskFault => {
                self.latch.close();
                self.suspect.store(true, Ordering::Release);
                StorageError::Unavailable(Outage::Latched)
            }
            Meaning::Said(StorageError::Full) => {
                self.suspect.store(true, Ordering::Release);
                self.reserve.give_up();
                StorageError::Full
            }
            Meaning::Said(other) => other,
        }
    }
}

impl Tx {
    /// Makes everything done in this transaction durable.
    ///
    /// # Errors
    /// [`StorageError`] when the database did not confirm; the caller must not tell anybody that it was stored.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.inner.latch.check()?;
        let Self {
            transaction,
            inner,
            _turn,
        } = self;
        transaction
            .commit()
            .await
            .map_err(|error| inner.fault(&error))
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.inner.backend
    }

    /// Begins a part of the work that can be undone alone; committing it only joins it to the rest.
    pub(crate) async fn savepoint(&self) -> Result<Self, StorageError> {
        let begun = self.transaction.begin().await;
        Ok(Self {
            transaction: begun.map_err(|error| self.fault(&error))?,
            inner: Arc::clone(&self.inner),
            _turn: None,
        })
    }

    /// Undoes everything done in this transaction.
    pub(crate) async fn rollback(self) -> Result<(), StorageError> {
        let Self {
            transaction,
            inner,
            _turn,
        } = self;
        transaction
            .rollback()
            .await
            .map_err(|error| inner.fault(&error))
    }
}

impl Connected for Store {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.inner.readers
    }

    fn fault(&self, error: &DbErr) -> StorageError {
        self.inner.fault(error)
    }

    fn writes(&self) -> Option<&Tx> {
        None
    }
}

impl Connected for Tx {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    fn fault(&self, error: &DbErr) -> StorageError {
        self.inner.fault(error)
    }

    fn writes(&self) -> Option<&Self> {
        Some(self)
    }
}
