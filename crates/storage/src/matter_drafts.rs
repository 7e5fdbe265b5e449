//! Words an official has typed for a matter and not sent yet.

use crate::{Link, StorageError, Tx, rows};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::DateTimeUtc};

table! {
    /// What is typed for one act.
    pub MatterDraft = "matter_draft" in matter_draft {
        key {
            /// Matter.
            matter_id: String,
            /// Account that typed; nobody else sees it.
            account_id: String,
            /// Code of the act.
            act: String,
        }
        /// The fields, as JSON.
        fields: String,
        /// When they were saved.
        saved_at: DateTimeUtc,
    }
}

/// Keeps what is typed, in place of what was typed before.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn save_draft(tx: &Tx, draft: MatterDraft) -> Result<(), StorageError> {
    rows::replace_all(tx, vec![draft]).await
}

/// What this account typed for an act.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_draft(
    link: &impl Link,
    matter_id: &str,
    account_id: &str,
    act: &str,
) -> Result<Option<MatterDraft>, StorageError> {
    let key = (matter_id.to_owned(), account_id.to_owned(), act.to_owned());
    rows::one(link, matter_draft::Entity::find_by_id(key)).await
}

/// Forgets what this account typed for a matter.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_drafts(tx: &Tx, matter_id: &str, account_id: &str) -> Result<(), StorageError> {
    let own = matter_draft::Entity::delete_many()
        .filter(matter_draft::Column::MatterId.eq(matter_id))
        .filter(matter_draft::Column::AccountId.eq(account_id));
    rows::delete(tx, own).await.map(drop)
}
