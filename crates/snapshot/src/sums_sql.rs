//! The sums of a round as standard SQL, for engines that read the ratings themselves.

use crate::psu_table::COLUMNS;
use std::fmt::Write;

/// The engine the SQL is for; they differ in how a file is named and a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB reads the Parquet files and writes a CSV file.
    Duckdb,
    /// Spark reads the Parquet files and writes a directory of CSV files.
    Spark,
    /// PostgreSQL reads a table `ratings` and writes CSV to its client.
    Postgres,
}

/// SQL that sums the ratings in `from` (a Parquet file or pattern) to the rows of T1 in `to`; PostgreSQL
/// names neither.
///
/// All sums are of whole numbers, so that any engine, with any number of workers, gives the same rows.
/// `huiyin round score --moments` finishes from them.
///
/// **Source**: methodology C1 and C5.
#[must_use]
pub fn sums_sql(dialect: Dialect, from: &str, to: &str) -> String {
    let to = quoted(to);
    match dialect {
        Dialect::Duckdb => {
            let sums = select(&format!("read_parquet({})", quoted(from)));
            format!("copy (\n{sums}) to {to} (format csv, header);\n")
        }
        Dialect::Spark => {
            let sums = select(&format!("parquet.`{}`", from.replace('`', "``")));
            format!("insert overwrite directory {to} using csv options (header 'true')\n{sums};\n")
        }
        Dialect::Postgres => {
            let sums = select("ratings");
            format!("{POSTGRES_TABLE}copy (\n{sums}) to stdout (format csv, header);\n")
        }
    }
}

const POSTGRES_TABLE: &str = "\
-- The rows of the ratings file as a table: huiyin snapshot ratings --out ratings.csv, then in psql
--   \\copy ratings from 'ratings.csv' (format csv, header)
create table if not exists ratings (
    unit text, item text, channel text, rater_group text, stratum text,
    psu numeric(20), weight_millionths bigint, level smallint
);
";

fn select(from: &str) -> String {
    let mut sql = String::from("select unit, item, rater_group, stratum, psu");
    let levels = [5, 4, 3, 2, 1, 0];
    let counted = levels.map(|level| format!("weight_millionths > 0 and level = {level}"));
    for (name, counted) in COLUMNS[5..11].iter().zip(&counted) {
        sum(&mut sql, name, counted, "1");
    }
    sum(&mut sql, COLUMNS[11], "weight_millionths <= 0", "1");
    for (name, counted) in COLUMNS[12..].iter().zip(&counted) {
        sum(&mut sql, name, counted, "weight_millionths");
    }
    let _ = write!(
        sql,
        "\nfrom {from}\nwhere channel = 'survey'\ngroup by unit, item, rater_group, stratum, psu\n"
    );
    sql
}

fn sum(sql: &mut String, name: &str, when: &str, value: &str) {
    let _ = write!(
        sql,
        ",\n    cast(sum(case when {when} then {value} else 0 end) as bigint) as {name}"
    );
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_cannot_end_their_quotes() {
        let sql = sums_sql(Dialect::Duckdb, "a'b.parquet", "c'; drop table ratings; --");

        assert!(sql.contains("read_parquet('a''b.parquet')"));
        assert!(sql.contains("to 'c''; drop table ratings; --'"));
    }

    #[test]
    fn every_engine_gets_every_column_of_the_table() {
        for dialect in [Dialect::Duckdb, Dialect::Spark, Dialect::Postgres] {
            let sql = sums_sql(dialect, "ratings.parquet", "sums");

            for name in crate::psu_table::COLUMNS {
                assert!(sql.contains(name), "{dialect:?} lacks {name}");
            }
            assert_eq!(sql.matches('(').count(), sql.matches(')').count());
        }
    }
}
