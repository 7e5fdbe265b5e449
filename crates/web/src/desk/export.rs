//! A list of matters as a workbook, with what its reader sees of each.

use super::{Entry, Side, list::deadline};
use crate::{Page, PageError, wording};
use actix_web::{HttpResponse, http::header};
use chrono::NaiveDate;
use publication::{MatterLine, matters_xlsx};
use std::collections::BTreeMap;
use survey_design::Rules;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Sends a list down; `filter` says in words which matters it holds.
///
/// # Errors
/// When the workbook cannot be written.
pub fn workbook(
    listed: &[&Entry],
    names: &BTreeMap<String, String>,
    (rules, today): (&Rules, NaiveDate),
    side: Side,
    filter: String,
) -> Page {
    let lines: Vec<MatterLine> = listed
        .iter()
        .map(|entry| line(entry, names, (rules, today), side))
        .collect();
    let facts = [
        ("清单内容", filter),
        ("事项数", listed.len().to_string()),
        ("导出日期", wording::full_day(today)),
    ];
    let bytes = matters_xlsx(&lines, &facts, today).map_err(|error| {
        tracing::error!(%error, "a list of matters cannot be written");
        PageError::Failed
    })?;
    let name = format!("attachment; filename=\"matters-{today}.xlsx\"");
    Ok(HttpResponse::Ok()
        .content_type(XLSX)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(bytes))
}

fn line(
    entry: &Entry,
    names: &BTreeMap<String, String>,
    (rules, today): (&Rules, NaiveDate),
    side: Side,
) -> MatterLine {
    let name = |unit: &String| names.get(unit).unwrap_or(unit).clone();
    let said: Vec<String> = serde_json::from_str(&entry.matter.requirement).unwrap_or_default();
    let voices = u32::try_from(said.len()).unwrap_or(u32::MAX);
    let shown = side == Side::Office || voices >= rules.minimum_n.opinions;
    let helping: Vec<String> = entry.co_units.iter().map(name).collect();
    let record = entry.state.record();
    MatterLine {
        number: entry.matter.id.clone(),
        title: entry.matter.title.clone(),
        problem: entry.matter.problem.clone(),
        unit: name(&entry.matter.unit_id),
        helping: helping.join("、"),
        kind: record.complexity.label().to_owned(),
        state: entry.state.stage().label().to_owned(),
        due: entry.state.due(),
        days_left: deadline(entry, rules, today).map(|deadline| deadline.days_left),
        voices: shown.then_some(voices),
        reopenings: record.reopenings,
    }
}
