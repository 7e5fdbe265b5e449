//! A copy of a SQLite file as it was at one moment, and the check of its pages.

use crate::{Outage, StorageError, Store, link::sealed::Connected};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::path::Path;

impl Store {
    /// Writes everything as it is at this moment into a new SQLite file; nobody who writes meanwhile has to wait.
    ///
    /// # Errors
    /// [`StorageError::Full`] when the disk of the copy is full; [`StorageError`] when the file is there already.
    pub async fn copy_into(&self, to: &Path) -> Result<(), StorageError> {
        let cannot = || {
            StorageError::Unavailable(Outage::CannotOpen {
                path: to.display().to_string(),
            })
        };
        let name = to.to_str().ok_or_else(cannot)?;
        let copied = self
            .connection()
            .execute_raw(Statement::from_sql_and_values(
                self.connection().get_database_backend(),
                "VACUUM INTO ?",
                [name.into()],
            ));
        copied.await.map(drop).map_err(|error| self.fault(&error))
    }

    /// Whether every page, index and row of a SQLite file holds against the others.
    ///
    /// # Errors
    /// [`StorageError`] when the file cannot be read.
    pub async fn pages_hold(&self) -> Result<bool, StorageError> {
        let connection: &DatabaseConnection = self.connection();
        let check = Statement::from_string(
            connection.get_database_backend(),
            "PRAGMA integrity_check(1)",
        );
        let row = connection.query_one_raw(check).await;
        let said: Result<Option<String>, _> =
            row.and_then(|found| found.map(|row| row.try_get_by_index(0)).transpose());
        let said = said.map_err(|error| self.fault(&error))?;
        Ok(said.as_deref() == Some("ok"))
    }
}

/// Whether this program knows a step of the schema; one it does not know was made by a newer program.
#[must_use]
pub fn knows_schema(step: &str) -> bool {
    migrations::step_names().iter().any(|known| known == step)
}
