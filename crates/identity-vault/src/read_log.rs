//! Who read what from the vault, why and when.

use crate::{Vault, VaultError, entity::vault_read};
use chrono::{DateTime, Utc};
use rand::Rng;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryOrder};

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadKind {
    /// Contacts behind pseudonyms.
    Contacts,
    /// The original of an opinion.
    RawText,
}

/// One read of the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultRead {
    /// Random id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Account, or the name of the program.
    pub reader: String,
    /// What for, in words an auditor understands.
    pub purpose: String,
    /// What was read.
    pub kind: ReadKind,
    /// Pseudonyms or ids asked for.
    pub subjects: Vec<String>,
}

impl ReadKind {
    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::RawText => "raw_text",
        }
    }
}

impl Vault {
    /// All reads in order of time.
    ///
    /// # Errors
    /// [`VaultError`] when the database does not answer.
    pub async fn list_reads(&self) -> Result<Vec<VaultRead>, VaultError> {
        let rows = vault_read::Entity::find()
            .order_by_asc(vault_read::Column::At)
            .order_by_asc(vault_read::Column::Id)
            .all(&self.database)
            .await?;
        rows.into_iter().map(read_of).collect()
    }

    /// Number of reads.
    ///
    /// # Errors
    /// [`VaultError`] when the database does not answer.
    pub async fn count_reads(&self) -> Result<u64, VaultError> {
        Ok(vault_read::Entity::find().count(&self.database).await?)
    }
}

fn read_of(row: vault_read::Model) -> Result<VaultRead, VaultError> {
    let kind = [ReadKind::Contacts, ReadKind::RawText]
        .into_iter()
        .find(|kind| kind.code() == row.kind);
    Ok(VaultRead {
        id: row.id,
        at: row.at,
        reader: row.reader,
        purpose: row.purpose,
        kind: kind.ok_or(VaultError::Damaged)?,
        subjects: serde_json::from_str(&row.subjects).map_err(|_| VaultError::Damaged)?,
    })
}

/// 32 random hexadecimal digits.
pub(crate) fn fresh_id(rng: &mut impl Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// Adds a read to the log, in the transaction that reads.
pub(crate) async fn append(
    transaction: &DatabaseTransaction,
    read: &VaultRead,
) -> Result<(), VaultError> {
    let row = vault_read::ActiveModel {
        id: Set(read.id.clone()),
        at: Set(read.at),
        reader: Set(read.reader.clone()),
        purpose: Set(read.purpose.clone()),
        kind: Set(read.kind.code().to_owned()),
        subjects: Set(serde_json::to_string(&read.subjects).expect("a list of texts is JSON")),
    };
    vault_read::Entity::insert(row)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}
