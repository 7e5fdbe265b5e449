//! Reading and writing whole rows, in chunks below the bind limit of SQLite.

use crate::{Link, StorageError, Tx, link::sealed::Connected};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DeleteMany, EntityTrait, IdenStatic, IntoActiveModel,
    Iterable, PrimaryKeyToColumn, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};

/// Values one statement may bind; SQLite allows 32,766.
const MOST_VALUES: usize = 16_000;

/// A public row and the private entity of its table.
pub(crate) trait Stored:
    Sized + Into<Self::Active> + From<<Self::Entity as EntityTrait>::Model> + Send
{
    type Entity: EntityTrait<Model: IntoActiveModel<Self::Active>>;
    type Active: ActiveModelTrait<Entity = Self::Entity> + Send;
}

/// The one row a query finds.
pub(crate) async fn one<R: Stored>(
    link: &impl Link,
    query: Select<R::Entity>,
) -> Result<Option<R>, StorageError>
where
    <R::Entity as EntityTrait>::Model: Send + Sync,
{
    let found = query.one(link.connection()).await;
    found
        .map(|model| model.map(R::from))
        .map_err(|error| link.fault(&error))
}

/// All rows a query finds, in the order the query asks for.
pub(crate) async fn all<R: Stored>(
    link: &impl Link,
    query: Select<R::Entity>,
) -> Result<Vec<R>, StorageError>
where
    <R::Entity as EntityTrait>::Model: Send + Sync,
{
    let found = query.all(link.connection()).await;
    found
        .map(|models| models.into_iter().map(R::from).collect())
        .map_err(|error| link.fault(&error))
}

/// The number of rows a query finds.
pub(crate) async fn count<E: EntityTrait>(
    link: &impl Link,
    query: Select<E>,
) -> Result<u64, StorageError> {
    let counted: Result<Option<i64>, _> = query
        .select_only()
        .expr(number_of_rows())
        .into_tuple()
        .one(link.connection())
        .await;
    let counted = counted.map_err(|error| link.fault(&error))?;
    Ok(counted.unwrap_or_default().cast_unsigned())
}

/// Writes one new row.
pub(crate) async fn insert<R: Stored>(tx: &Tx, row: R) -> Result<(), StorageError> {
    let statement = R::Entity::insert::<R::Active>(row.into());
    let written = statement.exec_without_returning(tx.connection()).await;
    written.map(drop).map_err(|error| tx.fault(&error))
}

/// Writes many new rows.
pub(crate) async fn insert_all<R: Stored>(tx: &Tx, rows: Vec<R>) -> Result<(), StorageError> {
    write_all(tx, rows, None).await
}

/// Writes many rows; a row whose key exists already replaces the old one.
pub(crate) async fn replace_all<R: Stored>(tx: &Tx, rows: Vec<R>) -> Result<(), StorageError> {
    let keys: Vec<<R::Entity as EntityTrait>::Column> =
        <<R::Entity as EntityTrait>::PrimaryKey as Iterable>::iter()
            .map(PrimaryKeyToColumn::into_column)
            .collect();
    let is_key = |column: &<R::Entity as EntityTrait>::Column| {
        keys.iter().any(|key| key.as_str() == column.as_str())
    };
    let rest: Vec<_> = <R::Entity as EntityTrait>::Column::iter()
        .filter(|column| !is_key(column))
        .collect();
    let on_conflict = OnConflict::columns(keys.clone())
        .update_columns(rest)
        .to_owned();
    write_all(tx, rows, Some(on_conflict)).await
}

async fn write_all<R: Stored>(
    tx: &Tx,
    rows: Vec<R>,
    on_conflict: Option<OnConflict>,
) -> Result<(), StorageError> {
    let columns = <R::Entity as EntityTrait>::Column::iter().count();
    let mut rows = rows.into_iter().map(Into::<R::Active>::into).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(MOST_VALUES / columns).collect();
        let mut statement = R::Entity::insert_many(chunk);
        if let Some(rule) = &on_conflict {
            statement = statement.on_conflict(rule.clone());
        }
        let written = statement.exec_without_returning(tx.connection()).await;
        written.map_err(|error| tx.fault(&error))?;
    }
    Ok(())
}

/// Replaces the row for which the condition holds; false when it holds for none.
pub(crate) async fn update_where<R: Stored>(
    tx: &Tx,
    row: R,
    condition: Condition,
) -> Result<bool, StorageError> {
    let statement = R::Entity::update_many().set(row.into()).filter(condition);
    let written = statement.exec(tx.connection()).await;
    let written = written.map_err(|error| tx.fault(&error))?;
    Ok(written.rows_affected > 0)
}

/// Deletes rows and says how many.
pub(crate) async fn delete<E: EntityTrait>(
    tx: &Tx,
    statement: DeleteMany<E>,
) -> Result<u64, StorageError> {
    let deleted = statement.exec(tx.connection()).await;
    let deleted = deleted.map_err(|error| tx.fault(&error))?;
    Ok(deleted.rows_affected)
}

/// A condition that one column has a value.
pub(crate) fn is<C: ColumnTrait>(column: C, value: impl Into<sea_orm::Value>) -> Condition {
    Condition::all().add(column.eq(value.into()))
}

/// `COUNT(*)` as a 64-bit number on both databases.
pub(crate) fn number_of_rows() -> Expr {
    Expr::cust("COUNT(*)")
}
