//! Opening a vault: connections, tables, and the check of the key.

use crate::{VaultError, VaultKey, entity::key_check};
use sea_orm::{
    ActiveValue::Set,
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::{
        ConnectOptions as _,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use std::time::Duration;

/// The open vault; clones share it.
#[derive(Clone, Debug)]
pub struct Vault {
    pub(crate) database: DatabaseConnection,
    pub(crate) key: Option<VaultKey>,
}

impl Vault {
    /// Opens the vault at `sqlite://PATH` (made when missing) or `postgres://…` with its key.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] when the vault was made with another key; nothing is read or written then.
    pub async fn open(url: &str, key: impl Into<VaultKey>) -> Result<Self, VaultError> {
        let vault = Self {
            database: connect(url).await?,
            key: Some(key.into()),
        };
        if migrations::is_vault(&vault.database).await? {
            vault.check_key().await?;
        }
        Ok(vault)
    }

    /// Opens the vault of an installation whose key was not restored: whatever needs the key is refused.
    ///
    /// # Errors
    /// [`VaultError`] when the database cannot be opened.
    pub async fn open_locked(url: &str) -> Result<Self, VaultError> {
        Ok(Self {
            database: connect(url).await?,
            key: None,
        })
    }

    pub(crate) fn key(&self) -> Result<&VaultKey, VaultError> {
        self.key.as_ref().ok_or(VaultError::Locked)
    }

    /// Brings the vault to its newest schema and binds a new one to its key; nothing happens when that is done already.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] as for [`Vault::open`].
    pub async fn migrate(&self) -> Result<(), VaultError> {
        migrations::apply_to_vault(&self.database).await?;
        self.check_key().await
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// [`VaultError`] when a connection reports a fault while closing.
    pub async fn close(self) -> Result<(), VaultError> {
        Ok(self.database.close().await?)
    }

    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, VaultError> {
        let options = match self.database.get_database_backend() {
            DbBackend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..Default::default()
            },
            _ => TransactionOptions::default(),
        };
        Ok(self.database.begin_with_options(options).await?)
    }

    async fn check_key(&self) -> Result<(), VaultError> {
        let Some(key) = &self.key else {
            return Ok(());
        };
        let transaction = self.begin().await?;
        let sealed = key.check_value();
        if let Some(made) = key_check::Entity::find_by_id(1).one(&transaction).await? {
            return if made.sealed == sealed {
                Ok(())
            } else {
                Err(VaultError::OtherKey)
            };
        }
        let row = key_check::ActiveModel {
            id: Set(1),
            sealed: Set(sealed),
        };
        key_check::Entity::insert(row)
            .exec_without_returning(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}

async fn connect(url: &str) -> Result<DatabaseConnection, VaultError> {
    let mut options = if let Some(path) = sqlite_path(url) {
        let settings = settings(path);
        // The address is a placeholder: a path need not be a legal URL.
        let mut options = ConnectOptions::new("sqlite://vault");
        options.map_sqlx_sqlite_opts(move |_| settings.clone());
        options
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        ConnectOptions::new(url)
    } else {
        return Err(VaultError::BadAddress);
    };
    options
        .sqlx_logging(false)
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        // Looking after idle connections can count them wrongly for a moment and then never end (sqlx 0.9.0).
        .idle_timeout(None)
        .max_lifetime(None);
    let connected = Database::connect(options).await;
    connected.map_err(|_| VaultError::Unavailable)
}

fn sqlite_path(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split_once('?').map_or(path, |(before, _)| before);
    (!path.is_empty()).then_some(path)
}

/// The settings of durability; deleted content is overwritten.
fn settings(path: &str) -> SqliteConnectOptions {
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
        .disable_statement_logging()
}
