//! The sample library 样本库 by pseudonym; who is behind one is in another database.

use crate::{Link, StorageError, Tx, link::sealed::Connected, rows};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Date,
    sea_query::Expr,
};
use std::collections::BTreeMap;

table! {
    /// A member of the sample library.
    pub PoolMember = "pool_member" in pool_member {
        key {
            /// Pseudonym.
            pseudonym: String,
        }
        /// Code of the rater group.
        rater_group: String,
        /// Stratum.
        stratum: String,
        /// Community or village; empty when none is known.
        community: String,
        /// Size for draws in proportion to size; 1 for people.
        size: i64,
        /// County or district.
        county: String,
        /// JSON list of the codes of units that served this member.
        served_units: String,
        /// Not drawn again before this day.
        rest_until: Option<Date>,
        /// Has agreed to be asked.
        consent: bool,
    }
}

/// Adds members; a pseudonym that is there already is brought up to date.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn insert_pool_members(tx: &Tx, members: Vec<PoolMember>) -> Result<(), StorageError> {
    rows::replace_all(tx, members).await
}

/// All members by pseudonym.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_pool_members(link: &impl Link) -> Result<Vec<PoolMember>, StorageError> {
    let query = pool_member::Entity::find().order_by_asc(pool_member::Column::Pseudonym);
    rows::all(link, query).await
}

/// Members who have agreed and do not rest on `day`, in parts of at most `most`, each by pseudonym after `last`; an empty part
/// ends.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_rested_members(
    link: &impl Link,
    day: Date,
    last: &str,
    most: u64,
) -> Result<Vec<PoolMember>, StorageError> {
    let rested = Condition::any()
        .add(pool_member::Column::RestUntil.is_null())
        .add(pool_member::Column::RestUntil.lt(day));
    let query = pool_member::Entity::find()
        .filter(pool_member::Column::Pseudonym.gt(last))
        .filter(pool_member::Column::Consent.eq(true))
        .filter(rested)
        .order_by_asc(pool_member::Column::Pseudonym)
        .limit(most);
    rows::all(link, query).await
}

/// All members of one group by pseudonym.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_members_of(
    link: &impl Link,
    group: &str,
) -> Result<Vec<PoolMember>, StorageError> {
    let query = pool_member::Entity::find()
        .filter(pool_member::Column::RaterGroup.eq(group))
        .order_by_asc(pool_member::Column::Pseudonym);
    rows::all(link, query).await
}

/// Those of these pseudonyms that are in the library.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_members_named(
    link: &impl Link,
    pseudonyms: &[String],
) -> Result<Vec<PoolMember>, StorageError> {
    let mut found = Vec::new();
    for chunk in pseudonyms.chunks(5_000) {
        let named = pool_member::Column::Pseudonym.is_in(chunk);
        let query = pool_member::Entity::find().filter(named);
        found.extend(rows::all::<PoolMember>(link, query).await?);
    }
    Ok(found)
}

/// One member.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_pool_member(
    link: &impl Link,
    pseudonym: &str,
) -> Result<Option<PoolMember>, StorageError> {
    rows::one(link, pool_member::Entity::find_by_id(pseudonym)).await
}

/// Number of members by code of the rater group.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_pool_by_group(link: &impl Link) -> Result<BTreeMap<String, u64>, StorageError> {
    let counted: Result<Vec<(String, i64)>, _> = pool_member::Entity::find()
        .select_only()
        .column(pool_member::Column::RaterGroup)
        .expr(rows::number_of_rows())
        .group_by(pool_member::Column::RaterGroup)
        .into_tuple()
        .all(link.connection())
        .await;
    let counted = counted.map_err(|error| link.fault(&error))?;
    Ok(counted
        .into_iter()
        .map(|(group, members)| (group, members.cast_unsigned()))
        .collect())
}

/// Sets the day before which these members are not drawn again.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn set_rest(tx: &Tx, pseudonyms: &[String], until: Date) -> Result<(), StorageError> {
    for chunk in pseudonyms.chunks(5_000) {
        let change = pool_member::Entity::update_many()
            .col_expr(pool_member::Column::RestUntil, Expr::value(until))
            .filter(pool_member::Column::Pseudonym.is_in(chunk));
        let done = change.exec(tx.connection()).await;
        done.map_err(|error| tx.fault(&error))?;
    }
    Ok(())
}
