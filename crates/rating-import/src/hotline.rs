//! Hotline orders and mailbox messages (domain F.2).

pub(crate) mod columns;
mod summary;
pub(crate) mod summary_columns;

pub use summary::{HotlineTotals, parse_hotline_totals};

use crate::cell::{DigitsSeen, LevelCell, LevelCodes, Moment, plain_text, squeezed};
use crate::cell::{parse_flag, parse_id, parse_level, parse_moment, parse_text};
use crate::collect::{Keyed, Outcome, Resolver, collect};
use crate::header::RowView;
use crate::issue::Problem;
use crate::names::UnitIndex;
use crate::sheet::{Cell, SheetFile};
use crate::{HandOn, ImportIssue, Stopped, Summary};
use chrono::NaiveDate;
use columns::{fields, mapped_fields};
use serde::{Deserialize, Serialize};
use survey_design::HotlineMapping;
use vocabulary::{Level, UnitId};

/// One order or message. Callers, phones and addresses are never read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HotlineRow {
    /// Order number.
    pub row_key: String,
    /// The unit in charge.
    pub unit: UnitId,
    /// Day of registration.
    pub registered_on: Option<NaiveDate>,
    /// Day of completion or reply.
    pub closed_on: Option<NaiveDate>,
    /// Last day to complete.
    pub due_on: Option<NaiveDate>,
    /// As the file says, or else closed no later than due. None where neither is known.
    pub on_time: Option<bool>,
    /// What the caller said about the result.
    pub resolved: Option<Resolved>,
    /// Satisfaction with the result, or else with the unit; never with the operator.
    pub level: Option<Level>,
    /// Whether the order enters the index.
    pub counted: bool,
    /// Why not: 未纳入考核, 不合理诉求 or 重复工单.
    pub excluded_reason: Option<String>,
    /// Title, unredacted: may hold personal data. None for confidential orders.
    pub title: Option<String>,
    /// Text, unredacted: may hold personal data. None for confidential orders.
    pub content: Option<String>,
    /// Reply, unredacted: may hold personal data. None for confidential orders.
    pub reply: Option<String>,
    /// Whole days from registration to completion: full 24 hours where both times are known, else dates.
    pub reply_days: Option<i64>,
}

/// What the caller said when asked whether the matter was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolved {
    /// Code 0.
    No,
    /// Code 1.
    Yes,
    /// Code 2, 未表态: leaves the denominator.
    NoStatement,
}

impl Keyed for HotlineRow {
    fn key(&self) -> &str {
        &self.row_key
    }
}

/// Reads the orders of a file by their usual headers, or only by those of the mapping.
///
/// # Errors
/// [`Stopped::Refused`] when no sheet is an order table or the mapping does not fit the file.
pub fn parse_hotline(
    file: &mut SheetFile,
    units: &UnitIndex,
    mapping: Option<&HotlineMapping>,
    hand_on: &mut HandOn<'_, HotlineRow>,
) -> Result<Summary, Stopped> {
    let fields = mapping.map_or_else(|| Ok(fields()), mapped_fields)?;
    let fixed = mapping.and_then(|mapping| mapping.unit.clone());
    if let Some(unit) = &fixed {
        units.refuse_unknown(unit)?;
    }
    let (mut names, mut digits) = (Resolver::new(units), DigitsSeen::default());
    let mut summary = collect(
        file,
        &fields,
        |view, issues| {
            digits.look_at(view.cell("sat_result"));
            let before = issues.len();
            let unit = match &fixed {
                Some(unit) => Some(unit.clone()),
                None => names.resolve(view, "unit", issues),
            };
            let row = read_row(view, unit, issues);
            Outcome::of(row.filter(|_| issues.len() == before))
        },
        hand_on,
    )?;
    digits.refuse_foreign(LevelCodes::Standard, &summary, "sat_result")?;
    summary.unknown_names = names.into_unknown();
    Ok(summary)
}

fn read_row(
    view: &RowView<'_>,
    unit: Option<UnitId>,
    issues: &mut Vec<ImportIssue>,
) -> Option<HotlineRow> {
    let order_no = view.require("order_no", parse_id, issues);
    let registered = view.read("registered_at", parse_moment, issues);
    let closed = view.read("closed_at", parse_moment, issues);
    let due = view.read("due_at", parse_moment, issues);
    if let (Some(registered), Some(closed)) = (registered, closed)
        && closed.is_before(registered)
    {
        issues.push(view.issue("closed_at", &Problem::OutOfOrder));
    }
    let on_time = on_time(view, closed, due, issues);
    let resolved = view.read("resolved", parse_resolved, issues);
    let level = level(view, issues);
    let excluded_reason = excluded_reason(view, issues);
    let open = view.read("confidential", parse_flag, issues) != Some(true);
    let text = |key: &str| parse_text(view.cell(key)).filter(|_| open);
    Some(HotlineRow {
        row_key: order_no?,
        unit: unit?,
        registered_on: registered.map(|moment| moment.date),
        closed_on: closed.map(|moment| moment.date),
        due_on: due.map(|moment| moment.date),
        on_time,
        resolved,
        level,
        counted: excluded_reason.is_none(),
        excluded_reason,
        title: text("title"),
        content: text("content"),
        reply: text("reply"),
        reply_days: registered
            .zip(closed)
            .map(|(registered, closed)| registered.whole_days_until(closed)),
    })
}

/// The file's own answer first; 是否超期 says the opposite.
fn on_time(
    view: &RowView<'_>,
    closed: Option<Moment>,
    due: Option<Moment>,
    issues: &mut Vec<ImportIssue>,
) -> Option<bool> {
    let stated = view.read("on_time", parse_flag, issues);
    let overdue = view.read("overdue", parse_flag, issues);
    stated
        .or_else(|| overdue.map(|overdue| !overdue))
        .or_else(|| closed.zip(due).map(|(closed, due)| !due.is_before(closed)))
}

/// Code 0, 1, 2 or words; blank where nobody asked.
fn parse_resolved(cell: &Cell) -> Result<Option<Resolved>, Problem> {
    let text = squeezed(&plain_text(cell));
    Ok(Some(match text.as_str() {
        "2" | "2.0" | "未表态" | "无表态" | "不表态" | "未评价" | "无法联系" | "未接通" => {
            Resolved::NoStatement
        }
        "已解决" | "解决" | "基本解决" => Resolved::Yes,
        "未解决" | "部分解决" | "没有解决" => Resolved::No,
        _ => {
            return parse_flag(cell)
                .map(|flag| flag.map(|yes| if yes { Resolved::Yes } else { Resolved::No }));
        }
    }))
}

fn level(view: &RowView<'_>, issues: &mut Vec<ImportIssue>) -> Option<Level> {
    ["sat_result", "sat_unit"].into_iter().find_map(|key| {
        let parse = |cell: &Cell| match parse_level(cell, LevelCodes::Standard) {
            Ok(LevelCell::Given(level)) => Ok(Some(level)),
            Ok(LevelCell::Blank | LevelCell::Default) => Ok(None),
            Err(problem) => Err(problem),
        };
        view.read(key, parse, issues)
    })
}

/// 是否纳入考核 is written 1 or left blank; the other columns exclude where they say yes.
fn excluded_reason(view: &RowView<'_>, issues: &mut Vec<ImportIssue>) -> Option<String> {
    let mut reason = None;
    if view.has("counted") && view.read("counted", parse_flag, issues) != Some(true) {
        reason = Some("未纳入考核");
    }
    for (key, words) in [("unreasonable", "不合理诉求"), ("repeated", "重复工单")] {
        if view.read(key, parse_flag, issues) == Some(true) {
            reason = reason.or(Some(words));
        }
    }
    reason.map(str::to_owned)
}

#[cfg(test)]
mod tests;
