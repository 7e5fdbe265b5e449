//! `huiyin export`: the published ranking, rows without identity, the year's use, trends, opinions.

use crate::{
    cli::{Common, Export, ExportKind},
    commands::write_out,
    exit::{Failure, Outcome},
    installation::open,
};
use analytics::ItemEstimate;
use serde::Serialize;
use serde_json::{Value, json};
use std::{fs, process::ExitCode};
use storage::{opinions, rounds};
use vocabulary::RoundId;
use workflows::App;

/// Exports to a file or to standard output; `--json` gives JSON, else CSV.
///
/// # Errors
/// When the round does not exist or is not public yet.
pub async fn run(common: &Common, options: &Export) -> Outcome {
    let app = open(common).await?;
    let rows = match options.what {
        ExportKind::Ranking => ranking(&app, &round(options)?).await?,
        ExportKind::Responses => responses(&app, &round(options)?).await?,
        ExportKind::Assessment => assessment(&app, &round(options)?).await?,
        ExportKind::Trend => trend(&app).await?,
        ExportKind::Opinions => written_opinions(&app, &round(options)?).await?,
    };
    let bytes = if common.json {
        (Value::Array(rows).to_string() + "\n").into_bytes()
    } else {
        csv(&rows)?
    };
    match &options.out {
        Some(path) => fs::write(path, bytes).map_err(|error| Failure::file(path, &error))?,
        None => write_out(&bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn round(options: &Export) -> Result<RoundId, Failure> {
    options
        .round
        .as_deref()
        .map(RoundId::new)
        .ok_or_else(|| Failure::new(2, "请用 --round 写明是哪一轮"))
}

fn plain<T: Serialize>(rows: &[T]) -> Vec<Value> {
    rows.iter()
        .map(|row| serde_json::to_value(row).expect("rows are plain data"))
        .collect()
}

/// The published rows; before publication, the rows of the frozen run for those on this machine.
async fn ranking(app: &App, id: &RoundId) -> Result<Vec<Value>, Failure> {
    workflows::find_round(app, id).await?;
    if let Some(body) = workflows::published_bulletin(app, id).await? {
        return Ok(plain(&body.rows().collect::<Vec<_>>()));
    }
    let run = workflows::latest_run(app, id).await?;
    let run = run.ok_or_else(|| {
        Failure::new(
            1,
            format!("{id} 还没有算分，不能导出排名；请先运行 `huiyin round score {id}`"),
        )
    })?;
    Ok(plain(&run.ranking.rows))
}

async fn responses(app: &App, id: &RoundId) -> Result<Vec<Value>, Failure> {
    workflows::find_round(app, id).await?;
    Ok(plain(&workflows::rating_rows(app, id).await?))
}

async fn assessment(app: &App, id: &RoundId) -> Result<Vec<Value>, Failure> {
    Ok(plain(&workflows::annual_of_year(app, id).await?))
}

async fn trend(app: &App) -> Result<Vec<Value>, Failure> {
    let mut rows = Vec::new();
    for record in rounds::list_rounds(app.store()).await? {
        let id = &record.round.id;
        if let Some(run) = workflows::latest_run(app, id).await? {
            rows.extend(run.items.iter().map(|item| item_row(id, item)));
        }
    }
    Ok(rows)
}

fn item_row(id: &RoundId, item: &ItemEstimate) -> Value {
    let mut row = json!({"round": id});
    if let (Some(row), Ok(Value::Object(fields))) =
        (row.as_object_mut(), serde_json::to_value(item))
    {
        row.extend(fields);
    }
    row
}

async fn written_opinions(app: &App, id: &RoundId) -> Result<Vec<Value>, Failure> {
    workflows::find_round(app, id).await?;
    let rows = opinions::list_opinions(app.store(), id).await?;
    Ok(rows
        .iter()
        .map(|row| json!({"channel": row.channel, "unit": row.unit_id, "kind": row.kind, "text": row.text_redacted, "masked": row.masked, "state": row.state}))
        .collect())
}

/// UTF-8 with BOM, formula-safe; the columns are the keys of the first row.
fn csv(rows: &[Value]) -> Result<Vec<u8>, Failure> {
    let broken = |error: csv::Error| Failure::new(11, format!("不能写成 CSV：{error}"));
    let columns: Vec<String> = rows
        .first()
        .and_then(Value::as_object)
        .map(|row| row.keys().cloned().collect())
        .unwrap_or_default();
    let mut writer = csv::Writer::from_writer(Vec::from("\u{feff}"));
    writer.write_record(&columns).map_err(broken)?;
    for row in rows {
        writer
            .write_record(columns.iter().map(|column| cell(&row[column.as_str()])))
            .map_err(broken)?;
    }
    writer
        .into_inner()
        .map_err(|error| Failure::new(11, error.to_string()))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => publication::safe_cell(text),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("；"),
        other => other.to_string(),
    }
}
