//! How good a file is that another system sent 来源数据质量, with every deduction and what caused it.

use crate::{HeaderFound, ImportIssue, Summary};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use survey_design::ImportQualityRules;
use vocabulary::Points;

/// Rows that are named per deduction; more are only counted.
const NAMED_ROWS: usize = 1000;

/// What is known of a file besides its rows.
#[derive(Clone, Copy, Debug)]
pub struct FileFacts<'a> {
    /// How everything in it was accounted for.
    pub summary: &'a Summary,
    /// Everything wrong, in any order.
    pub issues: &'a [ImportIssue],
    /// Day it came.
    pub uploaded_on: NaiveDate,
    /// Last day of the period it is about; `None` where nobody said.
    pub period_ends: Option<NaiveDate>,
    /// The headers of the file the same source sent before; `None` for its first.
    pub headers_before: Option<&'a [HeaderFound]>,
}

/// The score of a file: four parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityScore {
    /// 完整性, 内容, 及时性, 稳定性, in this order.
    pub parts: [PartScore; 4],
}

/// One part of the score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartScore {
    /// Which.
    pub part: QualityPart,
    /// Full points.
    pub full: Points,
    /// What is left after the deductions, 0 to full, four decimals; `None` where it cannot be known: a file without rows, a
    /// period without end, the first file of a source.
    pub score: Option<Points>,
    /// Why it is less than full, each reason once.
    pub deductions: Vec<Deduction>,
}

/// The parts of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityPart {
    /// 完整性.
    Completeness,
    /// 内容.
    Content,
    /// 及时性.
    Timeliness,
    /// 稳定性.
    Stability,
}

impl QualityPart {
    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Completeness => "完整性",
            Self::Content => "内容",
            Self::Timeliness => "及时性",
            Self::Stability => "稳定性",
        }
    }
}

/// Points lost for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// Why.
    pub reason: DeductionReason,
    /// Points lost; what a part does not have is not taken from it.
    pub points: Points,
    /// How often, in units of the reason.
    pub count: u64,
    /// The rows, as sheet and row number, in order: the first thousand. Repeated rows are not kept by number.
    pub rows: Vec<(String, u32)>,
    /// The headers of the columns.
    pub columns: Vec<String>,
}

/// Why points are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeductionReason {
    /// A required cell is blank.
    Blank,
    /// The file's own total differs from its rows.
    WrongTotal,
    /// No unit, community or village has the name, or several have.
    UnknownName,
    /// A level or code nobody knows.
    UnknownLevel,
    /// Any other value that cannot be read.
    Unreadable,
    /// Values of a row that exclude one another, or another row with the same key.
    Contradiction,
    /// A row that was there before.
    Duplicate,
    /// Days after the limit.
    Late,
    /// A column that came, went or was renamed since the file before.
    ChangedColumn,
}

impl DeductionReason {
    /// As the source reads it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Blank => "必填项为空",
            Self::WrongTotal => "合计与明细不符",
            Self::UnknownName => "单位名称无法对应",
            Self::UnknownLevel => "评价等级无法识别",
            Self::Unreadable => "内容无法识别",
            Self::Contradiction => "前后矛盾",
            Self::Duplicate => "重复上报",
            Self::Late => "报送超期",
            Self::ChangedColumn => "列有变动",
        }
    }

    /// What is counted: rows, totals, days or columns.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::WrongTotal => "处",
            Self::Late => "天",
            Self::ChangedColumn => "列",
            _ => "行",
        }
    }

    /// The reason behind an issue.
    fn of(issue: &ImportIssue) -> Self {
        match issue.code.as_str() {
            "RI-111" | "RI-208" | "RI-209" => Self::Blank,
            "RI-109" | "RI-110" => Self::UnknownLevel,
            "RI-201" | "RI-202" => Self::UnknownName,
            code if code.starts_with("RI-2") => Self::Contradiction,
            code if code.starts_with("RI-3") => Self::WrongTotal,
            _ => Self::Unreadable,
        }
    }
}

impl QualityScore {
    /// The sum of the parts; `None` where one is not known.
    #[must_use]
    pub fn total(&self) -> Option<Points> {
        let scores: Option<Vec<i64>> = self
            .parts
            .iter()
            .map(|part| Some(part.score?.steps()))
            .collect();
        scores.map(|scores| Points::from_steps(scores.into_iter().sum()))
    }
}

/// Scores a file and lists what it lost.
///
/// Completeness and content lose the share of rows with that reason, half away from zero to four decimals; a row loses once in
/// each of the two, for the first of its reasons in the order of [`DeductionReason`]. A wrong total costs completeness, each
/// late day timeliness and each changed column stability, a fixed number of points. No part falls below 0.
///
/// Source: the parts and their full points as Lianyungang grades what comes from upstream (10 + 10 + 5 + 5; bulletins of
/// 2020 to 2023, domain F.5). How points are lost inside a part is not published there; that is ours.
#[must_use]
pub fn quality_score(facts: &FileFacts<'_>, rules: &ImportQualityRules) -> QualityScore {
    use QualityPart::{Completeness, Content, Stability, Timeliness};
    let [completeness, content] = row_deductions(facts, rules);
    let has_rows = facts.summary.rows_total > 0;
    let late = facts.period_ends.map(|end| {
        let days = (facts.uploaded_on - end).num_days();
        let late = days - i64::from(rules.upload_within_days);
        fixed(DeductionReason::Late, late, rules.each_day_late)
    });
    let changed = facts.headers_before.map(|before| {
        let columns = changed_columns(before, &facts.summary.headers);
        let count = i64::try_from(columns.len()).unwrap_or(i64::MAX);
        let deduction = fixed(
            DeductionReason::ChangedColumn,
            count,
            rules.each_changed_column,
        );
        deduction.map(|deduction| Deduction {
            columns,
            ..deduction
        })
    });
    QualityScore {
        parts: [
            part(
                Completeness,
                rules.completeness,
                has_rows.then_some(completeness),
            ),
            part(Content, rules.content, has_rows.then_some(content)),
            part(Timeliness, rules.timeliness, late.map(Vec::from_iter)),
            part(Stability, rules.stability, changed.map(Vec::from_iter)),
        ],
    }
}

/// Takes the deductions from the full points as far as there are points left.
fn part(part: QualityPart, full: Points, deductions: Option<Vec<Deduction>>) -> PartScore {
    let mut left = full.steps();
    let known = deductions.is_some();
    let mut deductions = deductions.unwrap_or_default();
    for deduction in &mut deductions {
        let lost = deduction.points.steps().min(left);
        deduction.points = Points::from_steps(lost);
        left -= lost;
    }
    PartScore {
        part,
        full,
        score: known.then_some(Points::from_steps(left)),
        deductions,
    }
}

/// So many times a fixed cost; nothing for none.
fn fixed(reason: DeductionReason, count: i64, each: Points) -> Option<Deduction> {
    let times = u64::try_from(count).ok().filter(|count| *count > 0)?;
    Some(Deduction {
        reason,
        points: Points::from_steps(each.steps().saturating_mul(count)),
        count: times,
        rows: Vec::new(),
        columns: Vec::new(),
    })
}

type Rows<'a> = BTreeSet<(&'a str, u32)>;

/// What completeness and content lose.
fn row_deductions(facts: &FileFacts<'_>, rules: &ImportQualityRules) -> [Vec<Deduction>; 2] {
    use DeductionReason::{
        Blank, Contradiction, Duplicate, UnknownLevel, UnknownName, Unreadable, WrongTotal,
    };
    let mut rows = BTreeMap::<DeductionReason, Rows<'_>>::new();
    for issue in facts.issues {
        let row = (issue.sheet.as_str(), issue.row);
        rows.entry(DeductionReason::of(issue))
            .or_default()
            .insert(row);
    }
    let all = facts.summary.rows_total;
    let blank = rows.remove(&Blank).unwrap_or_default();
    let mut completeness = Vec::from_iter(by_share(Blank, &blank, rules.completeness, all));
    let checks = facts
        .summary
        .totals_check
        .iter()
        .filter(|check| !check.agrees);
    let wrong: Vec<String> = checks.map(|check| check.column.clone()).collect();
    let count = i64::try_from(wrong.len()).unwrap_or(i64::MAX);
    let totals = rows.remove(&WrongTotal).unwrap_or_default();
    completeness.extend(
        fixed(WrongTotal, count, rules.each_wrong_total).map(|deduction| Deduction {
            rows: named(&totals),
            columns: wrong,
            ..deduction
        }),
    );

    let contradicting = rows.get(&Contradiction).map_or(0, BTreeSet::len);
    let mut seen = Rows::new();
    let mut content = Vec::new();
    for reason in [UnknownName, UnknownLevel, Unreadable, Contradiction] {
        let mut fresh = rows.remove(&reason).unwrap_or_default();
        fresh.retain(|row| seen.insert(*row));
        content.extend(by_share(reason, &fresh, rules.content, all));
    }
    // A row that contradicts one before it is counted among the duplicates, too.
    let again = facts
        .summary
        .duplicates
        .saturating_sub(u64::try_from(contradicting).unwrap_or(u64::MAX));
    let duplicates = share(rules.content, again, all);
    content.extend(
        fixed(Duplicate, 1, duplicates)
            .filter(|_| again > 0)
            .map(|deduction| Deduction {
                count: again,
                ..deduction
            }),
    );
    [completeness, content]
}

/// The share of a part's points that rows with a reason cost; nothing for none.
fn by_share(reason: DeductionReason, rows: &Rows<'_>, full: Points, all: u64) -> Option<Deduction> {
    let count = u64::try_from(rows.len()).ok().filter(|count| *count > 0)?;
    Some(Deduction {
        reason,
        points: share(full, count, all),
        count,
        rows: named(rows),
        columns: Vec::new(),
    })
}

/// Half away from zero to four decimals; nothing of nothing.
fn share(full: Points, count: u64, all: u64) -> Points {
    let (full, count, all) = (
        i128::from(full.steps()),
        i128::from(count),
        i128::from(all.max(1)),
    );
    let steps = (2 * full * count + all) / (2 * all);
    Points::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
}

fn named(rows: &Rows<'_>) -> Vec<(String, u32)> {
    let rows = rows.iter().take(NAMED_ROWS);
    rows.map(|(sheet, row)| ((*sheet).to_owned(), *row))
        .collect()
}

/// Headers that came or went, sorted; a renamed column counts once, under its new header. Columns that are not taken do not
/// count, sheets do not matter.
fn changed_columns(before: &[HeaderFound], now: &[HeaderFound]) -> Vec<String> {
    let [before, now] = [before, now].map(|headers| {
        let columns = headers.iter().flat_map(|header| &header.columns);
        columns.collect::<BTreeMap<&String, &String>>()
    });
    let fields: BTreeSet<&String> = before.keys().chain(now.keys()).copied().collect();
    let changed = fields
        .into_iter()
        .filter(|field| before.get(field) != now.get(field));
    let mut headers: Vec<String> = changed
        .filter_map(|field| now.get(field).or_else(|| before.get(field)))
        .map(|header| (*header).clone())
        .collect();
    headers.sort();
    headers
}

#[cfg(test)]
mod tests;
