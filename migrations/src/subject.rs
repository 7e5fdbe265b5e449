//! One step of the schema history, and short words for tables and columns.

pub(crate) use sea_orm_migration::schema::{
    big_integer, blob, boolean, boolean_null, date, date_null, integer, integer_null,
    small_integer, small_integer_null, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager, async_trait,
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
    sea_query::{
        ColumnDef, ForeignKey, ForeignKeyCreateStatement, Index, IndexCreateStatement, Table,
        TableCreateStatement,
    },
};

/// A subject of the schema: what is created together, in one transaction.
pub(crate) struct Subject {
    /// Name kept in the database; never changed after a release.
    pub(crate) name: &'static str,
    /// What is created, in order.
    pub(crate) parts: fn() -> Vec<Part>,
}

/// One thing a subject creates.
pub(crate) enum Part {
    /// An ordinary table.
    Table(TableCreateStatement),
    /// A table whose rows must not show the order they came in: no row id on SQLite.
    Anonymous(TableCreateStatement),
    /// An index.
    Index(IndexCreateStatement),
    /// What no builder can say, once for each database.
    Sql {
        sqlite: &'static str,
        postgres: &'static str,
    },
}

impl MigrationName for Subject {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Subject {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for part in (self.parts)() {
            create(manager, part).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn create(manager: &SchemaManager<'_>, part: Part) -> Result<(), DbErr> {
    let on_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    match part {
        Part::Table(table) => manager.create_table(table).await,
        Part::Anonymous(mut table) => {
            if on_sqlite {
                table.extra("WITHOUT ROWID");
            }
            manager.create_table(table).await
        }
        Part::Index(index) => manager.create_index(index).await,
        Part::Sql { sqlite, postgres } => {
            let sql = if on_sqlite { sqlite } else { postgres };
            manager.get_connection().execute_unprepared(sql).await?;
            Ok(())
        }
    }
}

/// A table with its primary key.
pub(crate) fn table<const N: usize>(
    name: &'static str,
    key: &[&'static str],
    columns: [ColumnDef; N],
) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary);
    table
}

/// A statement both databases understand.
pub(crate) const fn sql(both: &'static str) -> Part {
    Part::Sql {
        sqlite: both,
        postgres: both,
    }
}

/// A reference from one column to the key of another table.
pub(crate) fn references(
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("{}_{}_fk", from.0, from.1))
        .from(from.0, from.1)
        .to(to.0, to.1);
    key
}

/// An index that keeps rows apart.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> Part {
    let mut index = index_on(table, columns);
    index.unique();
    Part::Index(index)
}

/// An index that finds rows.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> Part {
    Part::Index(index_on(table, columns))
}

fn index_on(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("{table}_{}", columns.join("_")))
        .table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
