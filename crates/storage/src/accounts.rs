//! Accounts of officials and their sessions.

use crate::{
    Link, StorageError, Tx,
    link::sealed::Connected,
    rows::{self, is},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::DateTimeUtc, sea_query::Expr,
};

table! {
    /// An account.
    pub Account = "account" in account {
        key {
            /// Sign-in name.
            id: String,
        }
        /// Name shown.
        name: String,
        /// Code of the role.
        role: String,
        /// Unit of a liaison or a stationed group.
        unit_id: Option<String>,
        /// Community or village of a pairing rater.
        body_id: Option<String>,
        /// Argon2id hash of the password.
        password_hash: String,
        /// Whether it may sign in.
        active: bool,
    }
}

table! {
    /// A signed-in session.
    pub Session = "session" in session {
        key {
            /// Hash of the cookie.
            id_hash: String,
        }
        /// Account.
        account_id: String,
        /// First instant at which it does not count any more.
        expires_at: DateTimeUtc,
    }
}

/// Adds an account.
///
/// # Errors
/// [`StorageError::Conflict`] when the name is taken.
pub async fn insert_account(tx: &Tx, account: Account) -> Result<(), StorageError> {
    rows::insert(tx, account).await
}

/// The account with this sign-in name.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_account(link: &impl Link, id: &str) -> Result<Option<Account>, StorageError> {
    rows::one(link, account::Entity::find_by_id(id)).await
}

/// All accounts by role and name.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_accounts(link: &impl Link) -> Result<Vec<Account>, StorageError> {
    let query = account::Entity::find()
        .order_by_asc(account::Column::Role)
        .order_by_asc(account::Column::Id);
    rows::all(link, query).await
}

/// Replaces an account; false when there is none with this name.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn update_account(tx: &Tx, account: Account) -> Result<bool, StorageError> {
    let condition = is(account::Column::Id, account.id.as_str());
    rows::update_where(tx, account, condition).await
}

/// Adds a session.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn insert_session(tx: &Tx, session: Session) -> Result<(), StorageError> {
    rows::insert(tx, session).await
}

/// The session with this hash that still counts.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_session(
    link: &impl Link,
    id_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<Session>, StorageError> {
    let found: Option<Session> = rows::one(link, session::Entity::find_by_id(id_hash)).await?;
    Ok(found.filter(|session| session.expires_at > now))
}

/// Lets a session count until another instant; false when there is none.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn extend_session(
    tx: &Tx,
    id_hash: &str,
    until: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let change = session::Entity::update_many()
        .col_expr(session::Column::ExpiresAt, Expr::value(until))
        .filter(session::Column::IdHash.eq(id_hash));
    let done = change.exec(tx.connection()).await;
    Ok(done.map_err(|error| tx.fault(&error))?.rows_affected > 0)
}

/// Ends a session.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_session(tx: &Tx, id_hash: &str) -> Result<(), StorageError> {
    let one = session::Entity::delete_many().filter(session::Column::IdHash.eq(id_hash));
    rows::delete(tx, one).await.map(drop)
}

/// Ends all sessions of an account.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_sessions_of(tx: &Tx, account_id: &str) -> Result<u64, StorageError> {
    let of_account =
        session::Entity::delete_many().filter(session::Column::AccountId.eq(account_id));
    rows::delete(tx, of_account).await
}
