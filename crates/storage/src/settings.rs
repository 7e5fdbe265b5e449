//! Settings of one installation.

use crate::{Backend, Link, StorageError, Tx, rows};
use sea_orm::{EntityTrait, QuerySelect};

table! {
    /// One setting.
    pub Setting = "setting" in setting {
        key {
            /// Name.
            key: String,
        }
        /// Value.
        value: String,
    }
}

/// The value of a setting.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_setting(link: &impl Link, key: &str) -> Result<Option<String>, StorageError> {
    let found: Option<Setting> = rows::one(link, setting::Entity::find_by_id(key)).await?;
    Ok(found.map(|row| row.value))
}

/// As [`find_setting`]; nobody else changes it before the transaction ends.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn lock_setting(tx: &Tx, key: &str) -> Result<Option<String>, StorageError> {
    let query = setting::Entity::find_by_id(key);
    let query = match tx.backend() {
        // The transaction holds the only write lock already.
        Backend::Sqlite => query,
        Backend::Postgres => query.lock_exclusive(),
    };
    let found: Option<Setting> = rows::one(tx, query).await?;
    Ok(found.map(|row| row.value))
}

/// Sets a setting, new or changed.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn put_setting(tx: &Tx, key: &str, value: &str) -> Result<(), StorageError> {
    let row = Setting {
        key: key.to_owned(),
        value: value.to_owned(),
    };
    rows::replace_all(tx, vec![row]).await
}
