//! Identities at a provider, the accounts they belong to, and who has left for the provider and is expected back.

use crate::{Link, StorageError, Tx, link::sealed::Connected, rows};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::DateTimeUtc, sea_query::Expr};

table! {
    /// An identity that an account belongs to.
    pub LinkedIdentity = "linked_identity" in linked_identity {
        key {
            /// Address of the provider.
            issuer: String,
            /// What the provider calls the person.
            subject: String,
        }
        /// Account; it has one identity at most.
        account_id: String,
        /// Account of whoever linked it.
        linked_by: String,
        /// Whether somebody else confirmed it; it opens nothing before.
        confirmed: bool,
    }
}

table! {
    /// A browser that was sent to the provider.
    pub Departure = "departure" in departure {
        key {
            /// Hash of the state the provider hands back.
            state_hash: String,
        }
        /// Hash of the cookie the browser was given.
        browser_hash: String,
        /// What the answer of the provider must repeat.
        nonce: String,
        /// What proves that whoever fetches the answer asked for it.
        verifier: String,
        /// Hash of the session the browser had before.
        earlier_hash: Option<String>,
        /// First instant at which it is not expected any more.
        expires_at: DateTimeUtc,
    }
}

/// Links an identity to an account.
///
/// # Errors
/// [`StorageError::Conflict`] when either is linked already.
pub async fn insert_identity(tx: &Tx, identity: LinkedIdentity) -> Result<(), StorageError> {
    rows::insert(tx, identity).await
}

/// The link of an identity.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_identity(
    link: &impl Link,
    issuer: &str,
    subject: &str,
) -> Result<Option<LinkedIdentity>, StorageError> {
    let key = (issuer.to_owned(), subject.to_owned());
    rows::one(link, linked_identity::Entity::find_by_id(key)).await
}

/// The link of an account.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_identity_of(
    link: &impl Link,
    account_id: &str,
) -> Result<Option<LinkedIdentity>, StorageError> {
    let of_account = linked_identity::Column::AccountId.eq(account_id);
    rows::one(link, linked_identity::Entity::find().filter(of_account)).await
}

/// Confirms the link of an account; false when there is none to confirm.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn confirm_identity_of(tx: &Tx, account_id: &str) -> Result<bool, StorageError> {
    let change = linked_identity::Entity::update_many()
        .col_expr(linked_identity::Column::Confirmed, Expr::value(true))
        .filter(linked_identity::Column::AccountId.eq(account_id))
        .filter(linked_identity::Column::Confirmed.eq(false));
    let done = change.exec(tx.connection()).await;
    Ok(done.map_err(|error| tx.fault(&error))?.rows_affected > 0)
}

/// Ends the link of an account; false when there is none.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_identity_of(tx: &Tx, account_id: &str) -> Result<bool, StorageError> {
    let of_account = linked_identity::Entity::delete_many()
        .filter(linked_identity::Column::AccountId.eq(account_id));
    Ok(rows::delete(tx, of_account).await? > 0)
}

/// Notes that a browser was sent to the provider.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn insert_departure(tx: &Tx, departure: Departure) -> Result<(), StorageError> {
    rows::insert(tx, departure).await
}

/// How many browsers are at the provider, once those not expected any more are forgotten.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_departures(tx: &Tx, now: DateTime<Utc>) -> Result<u64, StorageError> {
    let spent = departure::Entity::delete_many().filter(departure::Column::ExpiresAt.lte(now));
    rows::delete(tx, spent).await?;
    rows::count(tx, departure::Entity::find()).await
}

/// Takes a departure out, for this browser and once only; none when it is not expected any more.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn take_departure(
    tx: &Tx,
    state_hash: &str,
    browser_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<Departure>, StorageError> {
    let query = departure::Entity::find_by_id(state_hash)
        .filter(departure::Column::BrowserHash.eq(browser_hash))
        .filter(departure::Column::ExpiresAt.gt(now));
    let found: Option<Departure> = rows::one(tx, query).await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let one = departure::Entity::delete_many().filter(departure::Column::StateHash.eq(state_hash));
    Ok((rows::delete(tx, one).await? > 0).then_some(found))
}
