//! Settings of one installation.

use crate::{Link, StorageError, Tx, rows};
use sea_orm::EntityTrait;

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
