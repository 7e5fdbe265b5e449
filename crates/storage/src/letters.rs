//! Feedback letters 反馈函 from issue to signature, and where each unit wants to be reminded of its own.

use crate::{
    Link, StorageError, Tx,
    link::sealed::Connected,
    rows::{self, is},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, UpdateMany,
    prelude::{Date, DateTimeUtc},
    sea_query::Expr,
};
use vocabulary::RoundId;

table! {
    /// A feedback letter 反馈函 to one unit.
    pub Letter = "letter" in letter {
        key {
            /// Code.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Unit.
        unit_id: String,
        /// JSON content.
        body: String,
        /// Day of issue.
        issued_on: Date,
        /// Last day to sign for it.
        due_on: Date,
        /// Account of the unit that opened it first.
        read_by: Option<String>,
        /// When it was first opened.
        read_at: Option<DateTimeUtc>,
        /// Account that signed for it.
        signed_by: Option<String>,
        /// When it was signed for.
        signed_at: Option<DateTimeUtc>,
        /// What was written beside the signature.
        remark: Option<String>,
    }
}

table! {
    /// Where a unit wants to be reminded.
    pub Mailbox = "unit_mailbox" in unit_mailbox {
        key {
            /// Unit.
            unit_id: String,
        }
        /// The address, sealed.
        address: String,
        /// Account that wrote it down.
        changed_by: String,
        /// When.
        changed_at: DateTimeUtc,
    }
}

/// Adds a letter.
///
/// # Errors
/// [`StorageError::Conflict`] when the unit has a letter of this round already.
pub async fn insert_letter(tx: &Tx, letter: Letter) -> Result<(), StorageError> {
    rows::insert(tx, letter).await
}

/// The letter with this code.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_letter(link: &impl Link, id: &str) -> Result<Option<Letter>, StorageError> {
    rows::one(link, letter::Entity::find_by_id(id)).await
}

/// Letters of a round by unit.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_letters(link: &impl Link, round: &RoundId) -> Result<Vec<Letter>, StorageError> {
    let query = letter::Entity::find()
        .filter(letter::Column::RoundId.eq(round.as_str()))
        .order_by_asc(letter::Column::UnitId);
    rows::all(link, query).await
}

/// Letters of a unit, the newest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_letters_of_unit(
    link: &impl Link,
    unit_id: &str,
) -> Result<Vec<Letter>, StorageError> {
    let query = letter::Entity::find()
        .filter(letter::Column::UnitId.eq(unit_id))
        .order_by_desc(letter::Column::IssuedOn)
        .order_by_desc(letter::Column::RoundId);
    rows::all(link, query).await
}

/// Letters nobody has signed for although their last day lies before this one, by code.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_overdue_letters(
    link: &impl Link,
    today: NaiveDate,
) -> Result<Vec<Letter>, StorageError> {
    let query = letter::Entity::find()
        .filter(letter::Column::SignedAt.is_null())
        .filter(letter::Column::DueOn.lt(today))
        .order_by_asc(letter::Column::Id);
    rows::all(link, query).await
}

/// Notes who of the unit opened a letter first; false when somebody had opened it.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn open_letter(
    tx: &Tx,
    id: &str,
    read_by: &str,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let unread = is(letter::Column::Id, id).add(letter::Column::ReadAt.is_null());
    let change = letter::Entity::update_many()
        .col_expr(letter::Column::ReadBy, Expr::value(read_by))
        .col_expr(letter::Column::ReadAt, Expr::value(now));
    changed_one(tx, change, unread).await
}

/// Signs for a letter; false when somebody signed before.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn sign_letter(
    tx: &Tx,
    id: &str,
    signed_by: &str,
    remark: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let unsigned = is(letter::Column::Id, id).add(letter::Column::SignedAt.is_null());
    let change = letter::Entity::update_many()
        .col_expr(letter::Column::SignedBy, Expr::value(signed_by))
        .col_expr(letter::Column::SignedAt, Expr::value(now))
        .col_expr(letter::Column::Remark, Expr::value(remark));
    changed_one(tx, change, unsigned).await
}

async fn changed_one(
    tx: &Tx,
    change: UpdateMany<letter::Entity>,
    condition: Condition,
) -> Result<bool, StorageError> {
    let done = change.filter(condition).exec(tx.connection()).await;
    let done = done.map_err(|error| tx.fault(&error))?;
    Ok(done.rows_affected > 0)
}

/// Where a unit wants to be reminded.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_mailbox(
    link: &impl Link,
    unit_id: &str,
) -> Result<Option<Mailbox>, StorageError> {
    rows::one(link, unit_mailbox::Entity::find_by_id(unit_id)).await
}

/// All mailboxes, by unit.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_mailboxes(link: &impl Link) -> Result<Vec<Mailbox>, StorageError> {
    let query = unit_mailbox::Entity::find().order_by_asc(unit_mailbox::Column::UnitId);
    rows::all(link, query).await
}

/// Writes down where a unit wants to be reminded, in place of what stood there.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn put_mailbox(tx: &Tx, mailbox: Mailbox) -> Result<(), StorageError> {
    rows::replace_all(tx, vec![mailbox]).await
}

/// Forgets where a unit wants to be reminded.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn delete_mailbox(tx: &Tx, unit_id: &str) -> Result<(), StorageError> {
    let statement =
        unit_mailbox::Entity::delete_many().filter(is(unit_mailbox::Column::UnitId, unit_id));
    rows::delete(tx, statement).await.map(drop)
}
