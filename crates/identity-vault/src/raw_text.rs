//! Opinions as they were written, before masking.

use crate::{ReadKind, Vault, VaultError, VaultRead, entity::raw_text, read_log};
use chrono::{DateTime, Utc};
use rand::Rng;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

impl Vault {
    /// Keeps the original of an opinion under the id of its masked twin.
    ///
    /// # Errors
    /// [`VaultError`] when the database does not confirm.
    pub async fn insert_raw_text(
        &self,
        id: &str,
        text: &str,
        rng: &mut impl Rng,
    ) -> Result<(), VaultError> {
        self.insert_raw_texts(&[(id.to_owned(), text.to_owned())], rng)
            .await
    }

    /// Keeps many originals, each as id and text, in one transaction.
    ///
    /// # Errors
    /// [`VaultError`] when the database does not confirm; then none of them is kept.
    pub async fn insert_raw_texts(
        &self,
        texts: &[(String, String)],
        rng: &mut impl Rng,
    ) -> Result<(), VaultError> {
        let key = self.key()?;
        let transaction = self.begin().await?;
        for (id, text) in texts {
            let row = raw_text::ActiveModel {
                id: Set(id.clone()),
                sealed: Set(key.seal(id, text.as_bytes(), rng)),
            };
            let newest = OnConflict::column(raw_text::Column::Id)
                .update_column(raw_text::Column::Sealed)
                .to_owned();
            raw_text::Entity::insert(row)
                .on_conflict(newest)
                .exec_without_returning(&transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The original of an opinion; the read is in the log before anything is handed out, even when there is none.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the row was changed or moved.
    pub async fn read_raw_text(
        &self,
        id: &str,
        reader: &str,
        reason: &str,
        now: DateTime<Utc>,
        rng: &mut impl Rng,
    ) -> Result<Option<String>, VaultError> {
        let read = VaultRead {
            id: read_log::fresh_id(rng),
            at: now,
            reader: reader.to_owned(),
            purpose: reason.to_owned(),
            kind: ReadKind::RawText,
            subjects: vec![id.to_owned()],
        };
        let transaction = self.begin().await?;
        read_log::append(&transaction, &read).await?;
        let found = raw_text::Entity::find_by_id(id).one(&transaction).await?;
        transaction.commit().await?;
        let Some(row) = found else {
            return Ok(None);
        };
        let text = self.key()?.open(&row.id, &row.sealed)?;
        String::from_utf8(text)
            .map(Some)
            .map_err(|_| VaultError::Damaged)
    }

    /// Erases the original of an opinion at the end of its retention.
    ///
    /// # Errors
    /// [`VaultError`] when the database does not confirm.
    pub async fn erase_raw_text(&self, id: &str) -> Result<(), VaultError> {
        raw_text::Entity::delete_by_id(id)
            .exec(&self.database)
            .await?;
        Ok(())
    }
}
