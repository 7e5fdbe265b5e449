//! Contacts behind pseudonyms.

use crate::{ReadKind, Vault, VaultError, VaultKey, VaultRead, entity::person, read_log};
use chrono::{DateTime, Utc};
use rand::Rng;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Rows in one statement.
const CHUNK: usize = 5_000;

/// Who is behind a pseudonym. Printed without the person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Pseudonym.
    pub pseudonym: String,
    /// Name.
    pub name: String,
    /// Phone number; empty for none.
    pub phone: String,
    /// E-mail address; empty for none.
    pub email: String,
    /// Organisation or enterprise; empty for none.
    pub organisation: String,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("pseudonym", &self.pseudonym)
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// Keeps people; a pseudonym that is there already is brought up to date.
    ///
    /// # Errors
    /// [`VaultError`] when the database does not confirm; then none of them is kept.
    pub async fn insert_people(
        &self,
        people: Vec<Person>,
        rng: &mut impl Rng,
    ) -> Result<(), VaultError> {
        let key = self.key()?;
        let rows: BTreeMap<String, person::ActiveModel> = people
            .into_iter()
            .map(|person| (person.pseudonym.clone(), sealed(key, &person, rng)))
            .collect();
        let mut rows = rows.into_values().peekable();
        let transaction = self.begin().await?;
        while rows.peek().is_some() {
            let newest = OnConflict::column(person::Column::Pseudonym)
                .update_column(person::Column::Sealed)
                .to_owned();
            person::Entity::insert_many(rows.by_ref().take(CHUNK))
                .on_conflict(newest)
                .exec_without_returning(&transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Which of these people the vault does not hold, or holds otherwise. Nothing about anybody is handed out, so no read is noted.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when a row was changed or moved.
    pub async fn differing(&self, people: &[Person]) -> Result<BTreeSet<String>, VaultError> {
        self.key()?;
        let mut differing: BTreeMap<&str, &Person> = people
            .iter()
            .map(|person| (person.pseudonym.as_str(), person))
            .collect();
        for chunk in people.chunks(CHUNK) {
            let pseudonyms = chunk.iter().map(|person| person.pseudonym.as_str());
            let rows = person::Entity::find()
                .filter(person::Column::Pseudonym.is_in(pseudonyms))
                .all(&self.database)
                .await?;
            for row in rows {
                let kept = self.opened(&row)?;
                if differing.get(row.pseudonym.as_str()) == Some(&&kept) {
                    differing.remove(row.pseudonym.as_str());
                }
            }
        }
        Ok(differing.into_keys().map(str::to_owned).collect())
    }

    /// The people behind these pseudonyms, in the order of the pseudonyms; unknown ones are left out.
    ///
    /// The read is in the log before anything is handed out.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when a row was changed or moved.
    pub async fn contacts(
        &self,
        pseudonyms: &[String],
        reader: &str,
        purpose: &str,
        now: DateTime<Utc>,
        rng: &mut impl Rng,
    ) -> Result<Vec<Person>, VaultError> {
        let read = VaultRead {
            id: read_log::fresh_id(rng),
            at: now,
            reader: reader.to_owned(),
            purpose: purpose.to_owned(),
            kind: ReadKind::Contacts,
            subjects: pseudonyms.to_vec(),
        };
        let transaction = self.begin().await?;
        read_log::append(&transaction, &read).await?;
        let mut found = BTreeMap::new();
        for chunk in pseudonyms.chunks(CHUNK) {
            let rows = person::Entity::find()
                .filter(person::Column::Pseudonym.is_in(chunk))
                .all(&transaction)
                .await?;
            for row in rows {
                found.insert(row.pseudonym.clone(), self.opened(&row)?);
            }
        }
        transaction.commit().await?;
        Ok(found.into_values().collect())
    }

    fn opened(&self, row: &person::Model) -> Result<Person, VaultError> {
        let text = self.key()?.open(&row.pseudonym, &row.sealed)?;
        serde_json::from_slice(&text).map_err(|_| VaultError::Damaged)
    }
}

fn sealed(key: &VaultKey, person: &Person, rng: &mut impl Rng) -> person::ActiveModel {
    let text = serde_json::to_vec(person).expect("a person is plain text fields");
    person::ActiveModel {
        pseudonym: Set(person.pseudonym.clone()),
        sealed: Set(key.seal(&person.pseudonym, &text, rng)),
    }
}
