//! Hotline summary tables: totals by unit and month, for cities whose hotline hands out no single orders (domain F.2).

use super::summary_columns::fields;
use crate::cell::{parse_count, parse_percent, parse_text, plain_text, squeezed};
use crate::collect::{Keyed, Outcome, Resolver, collect};
use crate::header::RowView;
use crate::issue::Problem;
use crate::names::UnitIndex;
use crate::sheet::{Cell, SheetFile};
use crate::{HandOn, ImportIssue, Stopped, Summary};
use serde::{Deserialize, Serialize};
use vocabulary::{UnitId, Weight};

/// What a hotline says of one unit: counts where it gives them, rates where it gives nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HotlineTotals {
    /// `unit#month`.
    pub row_key: String,
    /// The unit.
    pub unit: UnitId,
    /// `2026-07`, or `07` where the table names no year; empty where it names no month.
    pub month: String,
    /// All orders.
    pub orders: u64,
    /// Orders closed in time.
    pub closed_on_time: Option<u64>,
    /// Orders closed too late.
    pub closed_late: Option<u64>,
    /// Orders not closed yet.
    pub not_closed: Option<u64>,
    /// Orders whose callers were not satisfied.
    pub dissatisfied: Option<u64>,
    /// Share of satisfied callers, 0—1; of how many is not said.
    pub satisfaction_rate: Option<Weight>,
}

impl Keyed for HotlineTotals {
    fn key(&self) -> &str {
        &self.row_key
    }
}

/// Reads totals by unit: one sheet or file a month, or a column 月份.
///
/// Parts above their whole and rates that belong to other counts reject their row.
///
/// # Errors
/// [`Stopped::Refused`] when no sheet is a summary table.
pub fn parse_hotline_totals(
    file: &mut SheetFile,
    units: &UnitIndex,
    hand_on: &mut HandOn<'_, HotlineTotals>,
) -> Result<Summary, Stopped> {
    let mut names = Resolver::new(units);
    let mut summary = collect(
        file,
        &fields(),
        |view, issues| {
            let before = issues.len();
            let unit = names.resolve(view, "unit", issues);
            let row = read_row(view, unit, issues);
            Outcome::of(row.filter(|_| issues.len() == before))
        },
        hand_on,
    )?;
    summary.unknown_names = names.into_unknown();
    Ok(summary)
}

fn read_row(
    view: &RowView<'_>,
    unit: Option<UnitId>,
    issues: &mut Vec<ImportIssue>,
) -> Option<HotlineTotals> {
    let orders = view.require("orders", parse_count, issues);
    let month = match view.has("month") {
        true => view.read("month", parse_month, issues).unwrap_or_default(),
        false => month_in(view.sheet()).unwrap_or_default(),
    };
    let mut count = |key| view.read(key, parse_count, issues);
    let [closed_on_time, closed_late, not_closed, dissatisfied] = [
        "closed_on_time",
        "closed_late",
        "not_closed",
        "dissatisfied",
    ]
    .map(&mut count);
    let satisfaction_rate = view.read("satisfaction_rate", parse_percent, issues);
    let (unit, orders) = (unit?, orders?);
    let totals = HotlineTotals {
        row_key: format!("{unit}#{month}"),
        unit,
        month,
        orders,
        closed_on_time,
        closed_late,
        not_closed,
        dissatisfied,
        satisfaction_rate,
    };
    refuse_impossible(view, &totals, issues);
    Some(totals)
}

/// Counts that exceed their whole, and a rate of closing that no reading of the counts gives.
fn refuse_impossible(view: &RowView<'_>, row: &HotlineTotals, issues: &mut Vec<ImportIssue>) {
    let counts = [row.closed_on_time, row.closed_late, row.not_closed];
    let parts: u64 = counts.into_iter().flatten().fold(0, u64::saturating_add);
    if parts > row.orders {
        issues.push(view.issue("orders", &Problem::PartsExceedTotal));
    }
    if row.dissatisfied.is_some_and(|count| count > row.orders) {
        issues.push(view.issue("dissatisfied", &Problem::PartsExceedTotal));
    }
    let [Some(on_time), Some(late), Some(open)] = counts else {
        return;
    };
    if parts != row.orders {
        return;
    }
    let closed = on_time + late;
    let readings = [
        ("closed_rate", vec![(closed, closed + open)]),
        (
            "on_time_rate",
            vec![(on_time, closed + open), (on_time, closed)],
        ),
    ];
    for (key, shares) in readings {
        let Some(stated) = view.read(key, parse_percent, issues) else {
            continue;
        };
        if !shares.iter().any(|share| rounds_to(*share, stated)) {
            issues.push(view.issue(key, &Problem::RateDiffers));
        }
    }
}

/// Whether a share is the stated rate, which may be rounded to a whole per cent.
fn rounds_to((part, whole): (u64, u64), stated: Weight) -> bool {
    let (part, whole) = (i128::from(part), i128::from(whole));
    let stated = i128::from(stated.steps());
    let scale = i128::from(Weight::SCALE);
    whole == 0 || (stated * whole - part * scale).abs() * 200 <= scale * whole
}

/// 2026年7月, 2026-07, 7月, 07, 202607; `None` for a blank.
fn parse_month(cell: &Cell) -> Result<Option<String>, Problem> {
    if let Cell::Fault(_) = cell {
        return Err(Problem::SpreadsheetError);
    }
    let text = squeezed(&plain_text(cell));
    if parse_text(cell).is_none() {
        return Ok(None);
    }
    month_of(&text).map(Some).ok_or(Problem::NotAMonth)
}

/// The month a text is, whole.
fn month_of(text: &str) -> Option<String> {
    let bare = text.trim_end_matches(['月', '份']);
    if let (6, Ok(number)) = (bare.len(), bare.parse::<u32>()) {
        return written(Some(number / 100), number % 100);
    }
    let mut numbers = bare.split(['年', '-', '/', '.']);
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(month), None, _) => written(None, month.parse().ok()?),
        (Some(year), Some(month), None | Some("1" | "01")) => {
            written(Some(year.parse().ok()?), month.parse().ok()?)
        }
        _ => None,
    }
}

/// The month named in a text, such as the title of a sheet.
fn month_in(text: &str) -> Option<String> {
    let text = squeezed(text);
    let (before, _) = text.split_once('月')?;
    let is_part = |letter: &char| letter.is_ascii_digit() || *letter == '年';
    let start = before.chars().rev().take_while(is_part).count();
    let skip = before.chars().count() - start;
    month_of(&before.chars().skip(skip).collect::<String>())
}

fn written(year: Option<u32>, month: u32) -> Option<String> {
    let known = (1..=12).contains(&month) && year.is_none_or(|year| (1990..=2100).contains(&year));
    known.then(|| match year {
        Some(year) => format!("{year}-{month:02}"),
        None => format!("{month:02}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Imported, Limits, gathered};

    fn import(text: &str) -> Imported<HotlineTotals> {
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "汇总.csv", &Limits::default()).unwrap();
        let units = [("市教育局", "D02"), ("市水务局", "D03")];
        let units = units.map(|(name, id)| (name.to_owned(), UnitId::new(id)));
        let units = units.into_iter().collect();
        gathered(|hand_on| parse_hotline_totals(&mut file, &units, hand_on)).unwrap()
    }

    fn codes(imported: &Imported<HotlineTotals>) -> Vec<&str> {
        imported.issues.iter().map(|i| i.code.as_str()).collect()
    }

    const COUNTS: &str =
        "序号,单位,月份,派遣案件总数,按时办结,超时办结,未办结,结案率,按时结案率,不满意数\n";

    #[test]
    fn counts_of_a_unit_and_month_are_read_and_the_total_is_checked() {
        let imported = import(&format!(
            "{COUNTS}1,市教育局,2026年7月,100,90,6,4,96%,90%,3\n\
             2,市水务局,7月,40,38,2,0,100%,95%,/\n\
             合计,,,140,128,8,4,,,3\n"
        ));

        assert_eq!(imported.issues, []);
        let first = &imported.rows[0];
        assert_eq!((first.month.as_str(), first.orders), ("2026-07", 100));
        assert_eq!(
            (first.closed_on_time, first.closed_late, first.not_closed),
            (Some(90), Some(6), Some(4))
        );
        assert_eq!(
            (
                imported.rows[1].row_key.as_str(),
                imported.rows[1].dissatisfied
            ),
            ("D03#07", None)
        );
        assert!(imported.summary.totals_check.iter().all(|it| it.agrees));
    }

    #[test]
    fn a_table_of_rates_alone_keeps_the_rate_and_no_count() {
        let imported = import("受理单位,交办总量,办结率,满意率\n市教育局,31,100%,97.5\n");

        let row = &imported.rows[0];
        assert_eq!(row.satisfaction_rate, Some(Weight::from_steps(975_000)));
        assert_eq!((row.closed_on_time, row.dissatisfied), (None, None));
        assert_eq!(row.month, "");
    }

    #[test]
    fn two_blocks_side_by_side_are_one_table() {
        let imported = import("单位,总工单数,单位,总工单数\n市教育局,31,市水务局,7\n");

        let orders: Vec<u64> = imported.rows.iter().map(|row| row.orders).collect();
        assert_eq!((imported.issues.len(), orders), (0, vec![31, 7]));
    }

    #[test]
    fn counts_and_rates_that_cannot_be_are_refused_with_their_cell() {
        let imported = import(&format!(
            "{COUNTS}1,市教育局,2026-07,100,90,6,5,96%,90%,3\n\
             2,市水务局,2026-08,40,38,2,0,100%,85%,3\n\
             3,市水务局,2026-09,40,38,2,0,100%,95%,41\n\
             4,市水务局,13月,40,38,2,0,100%,95%,1\n"
        ));

        assert_eq!(codes(&imported), ["RI-210", "RI-211", "RI-210", "RI-118"]);
        assert_eq!(imported.rows, []);
        assert_eq!(imported.issues[1].column, "按时结案率");
    }

    #[test]
    fn a_rate_may_be_rounded_and_may_leave_out_what_is_open() {
        let imported = import(&format!(
            "{COUNTS}1,市教育局,2026-07,300,200,1,99,67%,99.5%,0\n"
        ));

        assert_eq!(imported.issues, []);
    }

    #[test]
    fn months_are_known_in_every_spelling() {
        for (text, expected) in [
            ("2026年7月", Some("2026-07")),
            ("2026年07月份", Some("2026-07")),
            ("2026-7", Some("2026-07")),
            ("2026/07/01", Some("2026-07")),
            ("202607", Some("2026-07")),
            ("7月", Some("07")),
            ("12", Some("12")),
            ("0", None),
            ("2026年", None),
            ("第三季度", None),
        ] {
            assert_eq!(month_of(text).as_deref(), expected, "{text}");
        }
        assert_eq!(
            month_in("热线通报（2026年8月）").as_deref(),
            Some("2026-08")
        );
        assert_eq!(month_in("8月份").as_deref(), Some("08"));
        assert_eq!(month_in("Sheet1"), None);
    }
}
