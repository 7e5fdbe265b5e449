//! Accounts of officials and their sessions.

use crate::{
    Backend, Link, StorageError, Tx,
    link::sealed::Connected,
    rows::{self, is},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::DateTimeUtc, sea_query::Expr,
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
        /// Branch of the indicator tree of a method department, by the name of its owner.
        branch: Option<String>,
        /// Argon2id hash of the password.
        password_hash: String,
        /// Whether it may sign in.
        active: bool,
        /// Whether the role was confirmed by somebody else than who made the account.
        confirmed: bool,
        /// Whether the password was given by somebody else and must be changed before anything is done.
        must_change: bool,
        /// Since when the password counts; none where it never grows old.
        password_at: Option<DateTimeUtc>,
        /// Sealed secret of the second factor.
        totp_secret: Option<String>,
        /// Step of the last code taken; none while the second factor is not confirmed.
        totp_step: Option<i64>,
    }
}

table! {
    /// A session, signed in or waiting for the code of the second factor.
    pub Session = "session" in session {
        key {
            /// Hash of the cookie.
            id_hash: String,
        }
        /// Account.
        account_id: String,
        /// When it began.
        created_at: DateTimeUtc,
        /// The minute it was last used in.
        seen_at: DateTimeUtc,
        /// When its holder last showed the password, and the code where there is one.
        proved_at: DateTimeUtc,
        /// First instant at which it does not count any more, however much it is used.
        expires_at: DateTimeUtc,
        /// What kind of browser it is, in words; never an address.
        device: String,
        /// Whether the code of the second factor is still to be shown.
        awaits_code: bool,
    }
}

table! {
    /// A code that replaces the second factor once.
    RecoveryCode = "recovery_code" in recovery_code {
        key {
            /// Account.
            account_id: String,
            /// Keyed hash of the code.
            code_hash: String,
        }
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

/// The account with this sign-in name, kept from others until the transaction ends.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn lock_account(tx: &Tx, id: &str) -> Result<Option<Account>, StorageError> {
    let query = account::Entity::find_by_id(id);
    let query = match tx.backend() {
        Backend::Sqlite => query,
        Backend::Postgres => query.lock_exclusive(),
    };
    rows::one(tx, query).await
}

/// Notes that the code of a step was taken; false when it, or a later one, was taken before.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn take_step(tx: &Tx, account_id: &str, step: i64) -> Result<bool, StorageError> {
    let change = account::Entity::update_many()
        .col_expr(account::Column::TotpStep, Expr::value(step))
        .filter(account::Column::Id.eq(account_id))
        .filter(account::Column::TotpStep.lt(step));
    let done = change.exec(tx.connection()).await;
    Ok(done.map_err(|error| tx.fault(&error))?.rows_affected > 0)
}

/// Makes these the recovery codes of an account; earlier ones count no more.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn replace_recovery_codes(
    tx: &Tx,
    account_id: &str,
    hashes: Vec<String>,
) -> Result<(), StorageError> {
    let all = recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account_id));
    rows::delete(tx, all).await?;
    let codes = hashes.into_iter().map(|code_hash| RecoveryCode {
        account_id: account_id.to_owned(),
        code_hash,
    });
    rows::insert_all(tx, codes.collect()).await
}

/// Uses up a recovery code; false when there is no such code any more.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn take_recovery_code(
    tx: &Tx,
    account_id: &str,
    code_hash: &str,
) -> Result<bool, StorageError> {
    let one = recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account_id))
        .filter(recovery_code::Column::CodeHash.eq(code_hash));
    Ok(rows::delete(tx, one).await? > 0)
}

/// How many recovery codes an account has left.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_recovery_codes(link: &impl Link, account_id: &str) -> Result<u64, StorageError> {
    let query =
        recovery_code::Entity::find().filter(recovery_code::Column::AccountId.eq(account_id));
    rows::count(link, query).await
}

/// Adds a session.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn insert_session(tx: &Tx, session: Session) -> Result<(), StorageError> {
    rows::insert(tx, session).await
}

/// The session with this hash that still counts: not over, and used after `idle_since`.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_session(
    link: &impl Link,
    id_hash: &str,
    now: DateTime<Utc>,
    idle_since: DateTime<Utc>,
) -> Result<Option<Session>, StorageError> {
    let found: Option<Session> = rows::one(link, session::Entity::find_by_id(id_hash)).await?;
    Ok(found.filter(|session| session.expires_at > now && session.seen_at > idle_since))
}

/// The sessions of an account, the last used first, also those that do not count any more.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_sessions(
    link: &impl Link,
    account_id: &str,
) -> Result<Vec<Session>, StorageError> {
    let query = session::Entity::find()
        .filter(session::Column::AccountId.eq(account_id))
        .order_by_desc(session::Column::SeenAt)
        .order_by_asc(session::Column::IdHash);
    rows::all(link, query).await
}

/// Replaces a session; false when it was ended meanwhile.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn update_session(tx: &Tx, session: Session) -> Result<bool, StorageError> {
    let condition = is(session::Column::IdHash, session.id_hash.as_str());
    rows::update_where(tx, session, condition).await
}

/// Notes the minute a session was used in; nothing happens to one that was ended meanwhile.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn touch_session(
    tx: &Tx,
    id_hash: &str,
    seen_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let change = session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(seen_at))
        .filter(session::Column::IdHash.eq(id_hash));
    let done = change.exec(tx.connection()).await;
    done.map(drop).map_err(|error| tx.fault(&error))
}

/// Ends a session; false when there is none.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_session(tx: &Tx, id_hash: &str) -> Result<bool, StorageError> {
    let one = session::Entity::delete_many().filter(session::Column::IdHash.eq(id_hash));
    Ok(rows::delete(tx, one).await? > 0)
}

/// Ends all sessions of an account but one.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_other_sessions(
    tx: &Tx,
    account_id: &str,
    kept: &str,
) -> Result<u64, StorageError> {
    let others = session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account_id))
        .filter(session::Column::IdHash.ne(kept));
    rows::delete(tx, others).await
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

/// Ends the sessions of everybody.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_all_sessions(tx: &Tx) -> Result<u64, StorageError> {
    rows::delete(tx, session::Entity::delete_many()).await
}

/// Forgets the sessions of an account that do not count any more.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_spent_sessions(
    tx: &Tx,
    account_id: &str,
    now: DateTime<Utc>,
    idle_since: DateTime<Utc>,
) -> Result<u64, StorageError> {
    let spent = Condition::any()
        .add(session::Column::ExpiresAt.lte(now))
        .add(session::Column::SeenAt.lte(idle_since));
    let of_account = session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account_id))
        .filter(spent);
    rows::delete(tx, of_account).await
}
