//! Dates and times in the spellings in which agencies send them.

use super::text::{folded, is_none_mark, plain_text};
use crate::issue::Problem;
use crate::sheet::Cell;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// A civil date, with the time of day where the sender gives one. Asia/Shanghai.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The date.
    pub date: NaiveDate,
    /// The time of day.
    pub time: Option<NaiveTime>,
}

impl Moment {
    /// Whether this lies before the other, by the clock where both have a time and by date otherwise.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        match (self.time, other.time) {
            (Some(time), Some(other_time)) => (self.date, time) < (other.date, other_time),
            _ => self.date < other.date,
        }
    }

    /// Whole days elapsed until the other: full 24 hours where both have a time, dates otherwise.
    ///
    /// Negative when the other lies before.
    #[must_use]
    pub fn whole_days_until(self, other: Self) -> i64 {
        match (self.time, other.time) {
            (Some(time), Some(other_time)) => {
                let elapsed = other.date.and_time(other_time) - self.date.and_time(time);
                elapsed.num_seconds().div_euclid(24 * 3600)
            }
            _ => (other.date - self.date).num_days(),
        }
    }
}

/// Reads a date: `2024-03-05 09:30:00`, `2024/3/5`, `2024.3.5`, `20240305093000`, `2024年3月5日`,
/// ISO 8601 with or without offset, spreadsheet serials. `None` for a blank and `/`.
///
/// # Errors
/// [`Problem`] when the text is no date, can be read in two ways, or lies outside 1990—2100.
pub fn parse_moment(cell: &Cell) -> Result<Option<Moment>, Problem> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Fault(_) => Err(Problem::SpreadsheetError),
        Cell::Truth(_) => Err(Problem::NotADate),
        Cell::Serial(days) => serial(*days).map(Some),
        Cell::Number(_) | Cell::Text(_) => {
            let text = folded(&plain_text(cell));
            if is_none_mark(&text) || text.starts_with("0000-00-00") {
                return Ok(None);
            }
            parse(&text).and_then(in_range).map(Some)
        }
    }
}

fn in_range(moment: Moment) -> Result<Moment, Problem> {
    if (1990..=2100).contains(&moment.date.year()) {
        Ok(moment)
    } else {
        Err(Problem::DateOutOfRange)
    }
}

/// Days since 1899-12-30, the fraction being the time of day.
fn serial(days: f64) -> Result<Moment, Problem> {
    if !(1.0..100_000.0).contains(&days) {
        return Err(Problem::DateOutOfRange);
    }
    let seconds = (days * 86_400.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "below 100,000 days, so below 2^34 seconds"
    )]
    let elapsed = TimeDelta::seconds(seconds as i64);
    let base = NaiveDate::from_ymd_opt(1899, 12, 30).expect("a date of the calendar");
    let found = base.and_time(NaiveTime::MIN) + elapsed;
    let time = (days.fract() != 0.0).then(|| found.time());
    in_range(Moment {
        date: found.date(),
        time,
    })
}

fn parse(text: &str) -> Result<Moment, Problem> {
    let spelled = spelled_with_signs(text);
    let spelled = spelled.trim();
    if spelled.bytes().all(|b| b.is_ascii_digit()) {
        return run_of_digits(spelled);
    }
    if let Some(moment) = decimal_serial(spelled) {
        return moment;
    }
    let (date, time) = spelled.split_once(' ').unwrap_or((spelled, ""));
    let date = date_of(date)?;
    match time.trim() {
        "" => Ok(Moment { date, time: None }),
        time => time_of(date, time),
    }
}

/// 年 月 日 时 分 秒 and the T of ISO become signs; weekdays go.
fn spelled_with_signs(text: &str) -> String {
    let mut spelled: String = text
        .chars()
        .map(|c| match c {
            '年' | '月' => '-',
            '日' | '号' | 'T' => ' ',
            '时' | '点' | '分' => ':',
            c => c,
        })
        .filter(|c| *c != '秒')
        .collect();
    for weekday in ["一", "二", "三", "四", "五", "六", "天", " "] {
        for name in ["星期", "周"] {
            spelled = spelled.replace(&format!("{name}{weekday}"), " ");
        }
    }
    spelled
}

fn run_of_digits(text: &str) -> Result<Moment, Problem> {
    let part = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(u32::MAX);
    let date = |text: &str| {
        let year: i32 = text[..4].parse().unwrap_or(i32::MAX);
        NaiveDate::from_ymd_opt(year, part(4..6), part(6..8)).ok_or(Problem::NotADate)
    };
    let clock = |seconds: u32| {
        NaiveTime::from_hms_opt(part(8..10), part(10..12), seconds).ok_or(Problem::NotADate)
    };
    let time = match text.len() {
        5 => return serial(f64::from(part(0..5))),
        8 => None,
        12 => Some(clock(0)?),
        14 | 17 => Some(clock(part(12..14))?),
        6 => return Err(Problem::DateAmbiguous),
        _ => return Err(Problem::NotADate),
    };
    Ok(Moment {
        date: date(text)?,
        time,
    })
}

/// `45356.39`: a serial that went through CSV.
fn decimal_serial(text: &str) -> Option<Result<Moment, Problem>> {
    let (days, fraction) = text.split_once('.')?;
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let is_serial = days.len() == 5 && digits(days) && digits(fraction);
    is_serial.then(|| text.parse().map_err(|_| Problem::NotADate).and_then(serial))
}

fn date_of(text: &str) -> Result<NaiveDate, Problem> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return run_of_digits(text).map(|moment| moment.date);
    }
    let parts: Vec<&str> = text.trim_end_matches('-').split(['-', '/', '.']).collect();
    let numbers: Option<Vec<u32>> = parts
        .iter()
        .map(|part| Some(*part).filter(|part| part.len() <= 4)?.parse().ok())
        .collect();
    let Some([first, second, third]) = numbers.as_deref() else {
        return Err(Problem::NotADate);
    };
    if parts[0].len() != 4 {
        return Err(Problem::DateAmbiguous);
    }
    let year = i32::try_from(*first).map_err(|_| Problem::NotADate)?;
    NaiveDate::from_ymd_opt(year, *second, *third).ok_or(Problem::NotADate)
}

fn time_of(date: NaiveDate, text: &str) -> Result<Moment, Problem> {
    let (clock, offset) = split_offset(text)?;
    let (clock, half_day) = split_half_day(clock);
    let time = clock_of(clock.trim().trim_end_matches(':'), half_day)?;
    let local: NaiveDateTime = date.and_time(time);
    let moved = local
        .checked_add_signed(TimeDelta::minutes(8 * 60 - offset))
        .ok_or(Problem::DateOutOfRange)?;
    Ok(Moment {
        date: moved.date(),
        time: Some(moved.time()),
    })
}

/// The clock and the minutes east of Greenwich; Shanghai where none are given.
fn split_offset(text: &str) -> Result<(&str, i64), Problem> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Ok((clock, 0));
    }
    let Some(at) = text.find(['+', '-']) else {
        return Ok((text, 8 * 60));
    };
    let digits = text[at + 1..].replace(':', "");
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::NotADate);
    }
    let number: i64 = digits.parse().map_err(|_| Problem::NotADate)?;
    let minutes = number / 100 * 60 + number % 100;
    let signed = if text[at..].starts_with('-') {
        -minutes
    } else {
        minutes
    };
    Ok((&text[..at], signed))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum HalfDay {
    Morning,
    Afternoon,
}

fn split_half_day(text: &str) -> (&str, Option<HalfDay>) {
    for (name, half) in [
        ("上午", HalfDay::Morning),
        ("下午", HalfDay::Afternoon),
        ("AM", HalfDay::Morning),
        ("PM", HalfDay::Afternoon),
    ] {
        let rest = text.strip_prefix(name).or_else(|| text.strip_suffix(name));
        if let Some(rest) = rest {
            return (rest, Some(half));
        }
    }
    (text, None)
}

fn clock_of(text: &str, half: Option<HalfDay>) -> Result<NaiveTime, Problem> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let parts: Option<Vec<u32>> = whole.split(':').map(|part| part.parse().ok()).collect();
    let (hour, minute, second) = match parts.as_deref() {
        Some([hour]) => (*hour, 0, 0),
        Some([hour, minute]) => (*hour, *minute, 0),
        Some([hour, minute, second]) => (*hour, *minute, *second),
        _ => return Err(Problem::NotADate),
    };
    let hour = match (half, hour) {
        (Some(HalfDay::Morning), 12) => 0,
        (Some(HalfDay::Afternoon), 1..=11) => hour + 12,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, second).ok_or(Problem::NotADate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<Option<&str>, Problem>) {
        let found = parse_moment(&Cell::Text(text.to_owned())).map(|moment| {
            moment.map(|m| match m.time {
                Some(time) => format!("{} {time}", m.date),
                None => m.date.to_string(),
            })
        });
        assert_eq!(
            found,
            expected.map(|text| text.map(str::to_owned)),
            "{text}"
        );
    }

    #[test]
    fn every_spelling_of_the_same_instant_reads_the_same() {
        for text in [
            "2024-03-05 14:30:20",
            "2024/3/5 14:30:20",
            "2024.3.5 14:30:20",
            "20240305143020",
            "20240305143020123",
            "20240305 14:30:20",
            "2024年3月5日 14时30分20秒",
            "2024年3月5日14时30分20秒",
            "2024年3月5日 星期二 14:30:20",
            "2024-03-05T14:30:20.000",
            "2024-03-05T06:30:20Z",
            "2024-03-05T14:30:20+08:00",
            "2024-03-05 下午2:30:20",
            "2024-03-05 2:30:20 PM",
            "２０２４－０３－０５　１４：３０：２０",
            "\u{a0}'2024-3-5 14:30:20\u{a0}",
            "45356.6044",
        ] {
            check(text, Ok(Some("2024-03-05 14:30:20")));
        }
    }

    #[test]
    fn dates_without_a_time_have_none() {
        for text in [
            "2024-03-05",
            "2024/3/5",
            "2024年3月5日",
            "2024年3月5号",
            "20240305",
            "45356",
        ] {
            check(text, Ok(Some("2024-03-05")));
        }
    }

    #[test]
    fn blanks_are_no_dates_and_no_errors() {
        for text in ["", " ", "/", "-", "——", "无", "null", "0000-00-00 00:00:00"] {
            check(text, Ok(None));
        }
        assert_eq!(parse_moment(&Cell::Blank), Ok(None));
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for text in ["3/5/2024", "24-3-5", "05.03.2024", "240305"] {
            check(text, Err(Problem::DateAmbiguous));
        }
        for text in [
            "2024-02-30",
            "2024-13-01",
            "昨天",
            "2024-03",
            "2024-03-05 25:00",
            "1234567",
        ] {
            check(text, Err(Problem::NotADate));
        }
        check("1900-01-01", Err(Problem::DateOutOfRange));
    }

    #[test]
    fn workbook_serials_count_from_the_base_of_1900() {
        let moment = |days| parse_moment(&Cell::Serial(days)).unwrap().unwrap();

        assert_eq!(moment(45356.0).date.to_string(), "2024-03-05");
        assert_eq!(moment(45356.0).time, None);
        assert_eq!(moment(45356.5).time, NaiveTime::from_hms_opt(12, 0, 0));
        assert_eq!(
            parse_moment(&Cell::Serial(2.0)),
            Err(Problem::DateOutOfRange)
        );
        assert_eq!(
            parse_moment(&Cell::Number(f64::NAN)),
            Err(Problem::NotADate)
        );
    }

    #[test]
    fn whole_days_are_full_days_where_times_are_known() {
        let at = |text: &str| parse_moment(&Cell::Text(text.to_owned())).unwrap().unwrap();
        let start = at("2024-03-05 14:00:00");

        assert_eq!(start.whole_days_until(at("2024-03-06 13:59:59")), 0);
        assert_eq!(start.whole_days_until(at("2024-03-06 14:00:00")), 1);
        assert_eq!(start.whole_days_until(at("2024-03-06")), 1);
        assert_eq!(start.whole_days_until(at("2024-03-05 13:00:00")), -1);
        assert!(!at("2024-03-05").is_before(start));
        assert!(at("2024-03-05 13:59:59").is_before(start));
    }
}
