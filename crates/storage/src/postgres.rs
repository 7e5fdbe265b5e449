//! PostgreSQL: the settings of durability on every connection.

use crate::{
    Durability, Outage, StorageError,
    error::{Meaning, driver_meaning},
    sqlite::Unsafe,
};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection,
    sqlx::{self, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions},
};
use std::time::Duration;

const CONNECTIONS: u32 = 16;
/// How long a request waits for a connection, for example while the server restarts.
const PATIENCE: Duration = Duration::from_secs(5);

/// Settings without which an acknowledged answer may be lost with the power or after a failed flush.
const REQUIRED: [(&str, &str); 4] = [
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("data_sync_retry", "off"),
];

/// Opens connections whose settings are asserted one by one.
pub(crate) async fn connect(
    url: &str,
    durability: Durability,
) -> Result<DatabaseConnection, StorageError> {
    let settings = settings(url)?;
    probe(&settings, durability).await?;
    let mut options = ConnectOptions::new("postgres://server/database");
    options
        .sqlx_logging(false)
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // Looking after idle connections can count them wrongly for a moment and then never end (sqlx 0.9.0).
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_postgres_opts(move |_| settings.clone())
        .map_sqlx_postgres_pool_opts(move |pool| {
            pool.after_connect(move |connection, _| Box::pin(prepare(connection, durability)))
        });
    let connected = Database::connect(options).await;
    connected.map_err(|_| StorageError::Unavailable(Outage::Unreachable))
}

fn settings(url: &str) -> Result<PgConnectOptions, StorageError> {
    let parsed = url.parse::<PgConnectOptions>();
    let parsed = parsed.map_err(|_| StorageError::Unavailable(Outage::BadAddress))?;
    Ok(parsed
        .application_name("huiyin")
        .disable_statement_logging())
}

/// Opens one connection by hand first, because a pool would only say that it waited too long.
async fn probe(settings: &PgConnectOptions, durability: Durability) -> Result<(), StorageError> {
    let mut connection = settings.connect().await.map_err(|error| refusal(&error))?;
    let prepared = prepare(&mut connection, durability).await;
    prepared.map_err(|error| refusal(&error))?;
    connection.close().await.map_err(|error| refusal(&error))
}

/// Sets limits of time, then asserts that the server keeps what it confirms.
async fn prepare(connection: &mut PgConnection, durability: Durability) -> Result<(), sqlx::Error> {
    for setting in [
        "SET statement_timeout = '60s'",
        "SET idle_in_transaction_session_timeout = '120s'",
        "SET synchronous_commit = on",
    ] {
        sqlx::query(setting).execute(&mut *connection).await?;
    }
    if durability == Durability::RelaxedForTests {
        return Ok(());
    }
    for (name, wanted) in REQUIRED {
        let found: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(name)
            .fetch_one(&mut *connection)
            .await?;
        if found != wanted {
            return Err(sqlx::Error::Configuration(Box::new(Unsafe(name))));
        }
    }
    Ok(())
}

/// What a failed opening means; the address with its password is never repeated.
fn refusal(error: &sqlx::Error) -> StorageError {
    if let sqlx::Error::Configuration(source) = error
        && let Some(Unsafe(setting)) = source.downcast_ref::<Unsafe>()
    {
        return StorageError::Unavailable(Outage::UnsafeSetting { setting });
    }
    match driver_meaning(error) {
        Meaning::Said(said) => said,
        Meaning::DiskFault => StorageError::Unavailable(Outage::Unreachable),
    }
}
