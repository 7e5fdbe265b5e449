//! Every attempt to reach a person, to the day; and how an address stands, under a keyed hash.

use crate::{Link, StorageError, Tx, link::sealed::Connected, rows};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Date,
    sea_query::OnConflict,
};
use vocabulary::RoundId;

table! {
    /// One attempt.
    pub Contact = "contact" in contact {
        key {
            /// Handle of the job and number of the attempt, or what happened later.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Invitation.
        invitation_id: String,
        /// Code of the way it went.
        kind: String,
        /// Code of what it ended with.
        outcome: String,
        /// Day.
        on_day: Date,
    }
}

table! {
    /// How an address stands.
    pub AddressStanding = "address_standing" in address_standing {
        key {
            /// Keyed hash of the address.
            address_hash: String,
        }
        /// How often mail to it came back for good.
        hard_bounces: i32,
        /// Whether nobody writes to it any more.
        stopped: bool,
        /// Whether its owner asked for that.
        opted_out: bool,
    }
}

/// Notes an attempt; false when it was noted before.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn insert_contact(tx: &Tx, row: Contact) -> Result<bool, StorageError> {
    let statement = contact::Entity::insert::<contact::ActiveModel>(row.into()).on_conflict(
        OnConflict::column(contact::Column::Id)
            .do_nothing()
            .to_owned(),
    );
    let written = statement.exec_without_returning(tx.connection()).await;
    Ok(written.map_err(|error| tx.fault(&error))? > 0)
}

/// Number of attempts of a round by way and outcome.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_contacts(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<(String, String, i64)>, StorageError> {
    let keys = [contact::Column::Kind, contact::Column::Outcome];
    let mut query = contact::Entity::find()
        .select_only()
        .filter(contact::Column::RoundId.eq(round.as_str()));
    for key in keys {
        query = query.column(key).group_by(key).order_by_asc(key);
    }
    let counted = query
        .expr(rows::number_of_rows())
        .into_tuple()
        .all(link.connection())
        .await;
    counted.map_err(|error| link.fault(&error))
}

/// How an address stands; none while nothing happened to it.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_standing(
    link: &impl Link,
    address_hash: &str,
) -> Result<Option<AddressStanding>, StorageError> {
    rows::one(link, address_standing::Entity::find_by_id(address_hash)).await
}

/// Notes how an address stands.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn put_standing(tx: &Tx, standing: AddressStanding) -> Result<(), StorageError> {
    rows::replace_all(tx, vec![standing]).await
}
