//! Service-centre ratings 好差评 (domain F.1).

pub(crate) mod columns;
pub(crate) mod volume;

pub use volume::{HallVolume, parse_volumes};

use crate::cell::{DigitsSeen, LevelCell, LevelCodes, Moment, folded, plain_text, squeezed};
use crate::cell::{parse_flag, parse_id, parse_level, parse_moment, parse_text};
use crate::collect::{Keyed, Outcome, Resolver, collect};
use crate::header::RowView;
use crate::issue::Problem;
use crate::names::UnitIndex;
use crate::sheet::{Cell, SheetFile};
use crate::{HandOn, ImportIssue, Stopped, Summary};
use chrono::NaiveDate;
use columns::fields;
use serde::{Deserialize, Serialize};
use survey_design::Deadlines;
use vocabulary::{CalendarDays, Level, UnitId};

/// The channel code of ratings the system filled in.
const DEFAULT_CHANNEL: u8 = 7;

/// How ratings are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallReading {
    /// What the digits of levels mean.
    pub codes: LevelCodes,
    /// Within how many days of a bad rating its rater is contacted.
    pub contact: CalendarDays,
    /// Within how many days of a bad rating it is rectified.
    pub rectify: CalendarDays,
}

impl HallReading {
    /// With the deadlines of the round's rules.
    #[must_use]
    pub const fn new(codes: LevelCodes, deadlines: &Deadlines) -> Self {
        Self {
            codes,
            contact: deadlines.contact_bad_rating,
            rectify: deadlines.rectify_bad_rating,
        }
    }
}

/// One rating of one case; first and follow-up rating are two rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HallRow {
    /// `case number#rating number`.
    pub row_key: String,
    /// The unit rated.
    pub unit: UnitId,
    /// The level; none for a default rating without one.
    pub level: Option<Level>,
    /// Chosen by a person or filled in by the system.
    pub origin: RatingOrigin,
    /// 1 for the first rating, 2 for the follow-up.
    pub rating_no: u8,
    /// Day of acceptance 受理.
    pub accepted_on: Option<NaiveDate>,
    /// Day of completion 办结; blank when rated at acceptance.
    pub done_on: Option<NaiveDate>,
    /// Day of the rating.
    pub rated_on: Option<NaiveDate>,
    /// 1 PC, 2 mobile, 3 QR code, 4 tablet, 5 other terminal, 6 SMS, 7 system default.
    pub channel_code: Option<u8>,
    /// For a bad first rating: contacted in time. None where the file does not say.
    pub contacted_in_time: Option<bool>,
    /// For a bad first rating: rectified in time. None where the file does not say.
    pub rectified_in_time: Option<bool>,
    /// Free text, unredacted: may hold personal data.
    pub text: Option<String>,
}

/// Who chose a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingOrigin {
    /// The person served.
    Active,
    /// The system, because nobody rated; counted and never scored.
    SystemDefault,
}

impl Keyed for HallRow {
    fn key(&self) -> &str {
        &self.row_key
    }
}

/// Reads the ratings of a file.
///
/// Rows of unknown units, unknown levels, without case number, or done before they were accepted are
/// rejected with an issue. Case handlers, identity numbers and phones are never read.
///
/// # Errors
/// [`Stopped::Refused`] when no sheet is a rating table, or its digits are a window terminal's and not declared so.
pub fn parse_hall(
    file: &mut SheetFile,
    units: &UnitIndex,
    reading: HallReading,
    hand_on: &mut HandOn<'_, HallRow>,
) -> Result<Summary, Stopped> {
    let (mut names, mut digits) = (Resolver::new(units), DigitsSeen::default());
    let mut summary = collect(
        file,
        &fields(),
        |view, issues| {
            digits.look_at(view.cell("level"));
            let before = issues.len();
            match read_row(view, &mut names, reading, issues) {
                Some(rows) if issues.len() == before => Outcome::Taken(rows),
                _ => Outcome::Rejected,
            }
        },
        hand_on,
    )?;
    digits.refuse_foreign(reading.codes, &summary, "level")?;
    summary.unknown_names = names.into_unknown();
    Ok(summary)
}

fn read_row(
    view: &RowView<'_>,
    names: &mut Resolver<'_, UnitId>,
    reading: HallReading,
    issues: &mut Vec<ImportIssue>,
) -> Option<Vec<HallRow>> {
    let case_no = view.require("case_no", parse_id, issues);
    let unit = names.resolve(view, "unit", issues);
    let channel_code = view.read("channel", |cell| Ok(channel_code(cell)), issues);
    let rating_no = view.read("rating_no", parse_rating_no, issues).unwrap_or(1);
    let (level, origin) = level_and_origin(view, channel_code, reading.codes, issues)?;
    let times = Times::read(view, issues);
    times.check(view, issues);
    let (case_no, unit) = (case_no?, unit?);
    let bad_first =
        rating_no == 1 && origin == RatingOrigin::Active && level.is_some_and(Level::is_bad);
    let first = HallRow {
        row_key: format!("{case_no}#{rating_no}"),
        unit,
        level,
        origin,
        rating_no,
        accepted_on: times.accepted.map(|moment| moment.date),
        done_on: times.done.map(|moment| moment.date),
        rated_on: times.rated.map(|moment| moment.date),
        channel_code,
        contacted_in_time: bad_first
            .then(|| in_time(view, &CONTACT, reading.contact, times.rated, issues))
            .flatten(),
        rectified_in_time: bad_first
            .then(|| in_time(view, &RECTIFY, reading.rectify, times.rated, issues))
            .flatten(),
        text: free_text(view, "text"),
    };
    let follow_up = follow_up(view, &first, &case_no, reading.codes, issues);
    Some(std::iter::once(first).chain(follow_up).collect())
}

fn level_and_origin(
    view: &RowView<'_>,
    channel_code: Option<u8>,
    codes: LevelCodes,
    issues: &mut Vec<ImportIssue>,
) -> Option<(Option<Level>, RatingOrigin)> {
    let by_default = channel_code == Some(DEFAULT_CHANNEL);
    match parse_level(view.cell("level"), codes) {
        Ok(LevelCell::Default) => Some((None, RatingOrigin::SystemDefault)),
        Ok(LevelCell::Given(level)) if by_default => {
            Some((Some(level), RatingOrigin::SystemDefault))
        }
        Ok(LevelCell::Given(level)) => Some((Some(level), RatingOrigin::Active)),
        _ if by_default => Some((None, RatingOrigin::SystemDefault)),
        Ok(LevelCell::Blank) => {
            issues.push(view.issue("level", &Problem::Missing));
            None
        }
        Err(problem) => {
            issues.push(view.issue("level", &problem));
            None
        }
    }
}

/// The channel by code or word; anything else is not known and does not matter for the score.
fn channel_code(cell: &Cell) -> Option<u8> {
    let text = squeezed(&plain_text(cell)).to_lowercase();
    if text.contains("默认") {
        return Some(DEFAULT_CHANNEL);
    }
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if let Ok(code @ 1..=7) = digits.parse() {
        return Some(code);
    }
    const WORDS: [(&str, u8); 9] = [
        ("短信", 6),
        ("二维码", 3),
        ("扫码", 3),
        ("平板", 4),
        ("移动", 2),
        ("手机", 2),
        ("app", 2),
        ("pc", 1),
        ("网", 1),
    ];
    WORDS
        .iter()
        .find(|(word, _)| text.contains(word))
        .map(|(_, code)| *code)
}

fn parse_rating_no(cell: &Cell) -> Result<Option<u8>, Problem> {
    let text = squeezed(&plain_text(cell));
    match text.trim_start_matches('第').trim_end_matches('次') {
        "" => Ok(None),
        "1" | "1.0" | "首" | "一" | "首评" | "初" | "初评" => Ok(Some(1)),
        "2" | "2.0" | "二" | "追评" | "追加" | "追加评价" => Ok(Some(2)),
        _ => Err(Problem::NotACount),
    }
}

/// The times of a case.
struct Times {
    accepted: Option<Moment>,
    done: Option<Moment>,
    rated: Option<Moment>,
}

impl Times {
    fn read(view: &RowView<'_>, issues: &mut Vec<ImportIssue>) -> Self {
        Self {
            accepted: view.read("accepted_at", parse_moment, issues),
            done: view.read("done_at", parse_moment, issues),
            rated: view.read("rated_at", parse_moment, issues),
        }
    }

    fn check(&self, view: &RowView<'_>, issues: &mut Vec<ImportIssue>) {
        if let (Some(accepted), Some(done)) = (self.accepted, self.done)
            && done.is_before(accepted)
        {
            issues.push(view.issue("done_at", &Problem::DoneBeforeAccepted));
        }
        if let (Some(accepted), Some(rated)) = (self.accepted, self.rated)
            && rated.date < accepted.date
        {
            issues.push(view.issue("rated_at", &Problem::OutOfOrder));
        }
    }
}

/// A step of the loop 闭环: the column of its time, and the column of a ready answer.
struct Step {
    at: &'static str,
    flag: &'static str,
}

const CONTACT: Step = Step {
    at: "contacted_at",
    flag: "contacted_flag",
};
const RECTIFY: Step = Step {
    at: "rectified_at",
    flag: "rectified_flag",
};

/// Whether a step was taken within its calendar days; a blank time in a file that has the column means it was not taken.
fn in_time(
    view: &RowView<'_>,
    step: &Step,
    limit: CalendarDays,
    rated: Option<Moment>,
    issues: &mut Vec<ImportIssue>,
) -> Option<bool> {
    if view.has(step.flag) {
        return view.read(step.flag, parse_flag, issues);
    }
    if !view.has(step.at) {
        return None;
    }
    let Some(taken) = view.read(step.at, parse_moment, issues) else {
        return Some(false);
    };
    let rated = rated?.date;
    if taken.date < rated {
        issues.push(view.issue(step.at, &Problem::OutOfOrder));
    }
    Some(taken.date <= limit.after(rated))
}

/// A follow-up rating in columns of its own becomes a row of its own.
fn follow_up(
    view: &RowView<'_>,
    first: &HallRow,
    case_no: &str,
    codes: LevelCodes,
    issues: &mut Vec<ImportIssue>,
) -> Option<HallRow> {
    if first.rating_no != 1 {
        return None;
    }
    let level = match parse_level(view.cell("follow_up_level"), codes) {
        Ok(LevelCell::Given(level)) => level,
        Ok(LevelCell::Blank | LevelCell::Default) => return None,
        Err(problem) => {
            issues.push(view.issue("follow_up_level", &problem));
            return None;
        }
    };
    let rated = view.read("follow_up_at", parse_moment, issues);
    Some(HallRow {
        row_key: format!("{case_no}#2"),
        level: Some(level),
        origin: RatingOrigin::Active,
        rating_no: 2,
        rated_on: rated.map(|moment| moment.date),
        contacted_in_time: None,
        rectified_in_time: None,
        text: free_text(view, "follow_up_text"),
        ..first.clone()
    })
}

/// Free text; a list of tag codes such as `510,517` is none.
fn free_text(view: &RowView<'_>, key: &str) -> Option<String> {
    let text = parse_text(view.cell(key))?;
    let folded = folded(&text);
    let is_codes = folded
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ',' | ';' | '|' | ' ' | '/' | '、' | '-'));
    (!is_codes).then_some(text)
}

#[cfg(test)]
mod tests;
