//! `huiyin snapshot`: ratings without identity as files, their sums, and the same sums as SQL.

use crate::{
    cli::{Common, SnapshotCommand, SqlDialect},
    commands::{print, write_out},
    exit::Outcome,
    installation::open,
};
use serde_json::json;
use snapshot::{
    Dialect, sums_sql, tally_ratings, write_psu_table, write_ratings, write_ratings_csv,
};
use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
};
use vocabulary::RoundId;

/// Runs a command on ratings without identity.
///
/// # Errors
/// When a file cannot be read or written, or the round does not exist.
pub async fn run(common: &Common, command: &SnapshotCommand) -> Outcome {
    match command {
        SnapshotCommand::Ratings { round, out } => ratings(common, &RoundId::new(round), out).await,
        SnapshotCommand::Moments {
            files,
            out,
            threads,
        } => {
            let all = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
            moments(common, files, out, threads.unwrap_or(all))
        }
        SnapshotCommand::Sql { dialect, from, to } => {
            let dialect = match dialect {
                SqlDialect::Duckdb => Dialect::Duckdb,
                SqlDialect::Spark => Dialect::Spark,
                SqlDialect::Postgres => Dialect::Postgres,
            };
            write_out(sums_sql(dialect, from, to).as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn ratings(common: &Common, round: &RoundId, out: &Path) -> Outcome {
    let app = open(common).await?;
    workflows::find_round(&app, round).await?;
    let rows = workflows::rating_rows(&app, round).await?;
    let csv = out.extension().is_some_and(|extension| extension == "csv");
    let written = if csv {
        write_ratings_csv(out, &rows)?
    } else {
        write_ratings(out, &rows)?
    };
    print(
        common,
        &json!({"round": round, "file": out, "ratings": written}),
        || format!("已写出 {written} 条评价：{}", out.display()),
    )
}

fn moments(common: &Common, files: &[PathBuf], out: &Path, threads: NonZeroUsize) -> Outcome {
    let tally = tally_ratings(files, threads)?;
    let rows = write_psu_table(out, tally)?;
    print(common, &json!({"file": out, "rows": rows}), || {
        format!("已写出 {rows} 行汇总：{}", out.display())
    })
}
