//! Working days with make-up days 调休. Every deadline of the product is computed here.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, Utc, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A number of working days 工作日.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct WorkingDays(pub u16);

/// A number of calendar days 自然日: rest days and holidays count like all others.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct CalendarDays(pub u16);

impl CalendarDays {
    /// The last day of a limit that starts to run the day after `from`; zero days end on `from` itself.
    #[must_use]
    pub fn after(self, from: NaiveDate) -> NaiveDate {
        from + Days::new(self.0.into())
    }
}

/// The days that differ from "Monday to Friday work, weekends rest".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkCalendar {
    /// Weekdays on which nobody works 放假.
    pub holidays: BTreeSet<NaiveDate>,
    /// Weekend days on which everybody works 调休上班.
    pub make_up_days: BTreeSet<NaiveDate>,
}

impl WorkCalendar {
    /// Whether offices work on this date.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        match date.weekday() {
            Weekday::Sat | Weekday::Sun => self.make_up_days.contains(&date),
            _ => !self.holidays.contains(&date),
        }
    }

    /// The last day of a limit of `days` working days that starts to run the day after `from`.
    ///
    /// Zero days end on `from` itself.
    #[must_use]
    pub fn add(&self, from: NaiveDate, days: WorkingDays) -> NaiveDate {
        let mut date = from;
        let mut left = days.0;
        while left > 0 {
            date = date + Days::new(1);
            left -= u16::from(self.is_working_day(date));
        }
        date
    }

    /// Working days after `from` up to and including `to`; negative when `to` lies before `from`.
    #[must_use]
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> i32 {
        if to < from {
            return -self.between(to, from);
        }
        from.iter_days()
            .skip(1)
            .take_while(|date| *date <= to)
            .map(|date| i32::from(self.is_working_day(date)))
            .sum()
    }
}

/// The civil time in Asia/Shanghai (UTC+8, no daylight saving) of an instant.
#[must_use]
pub fn civil_time(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    let shanghai = FixedOffset::east_opt(8 * 3600).expect("eight hours are a valid offset");
    instant.with_timezone(&shanghai)
}

/// The civil date in Asia/Shanghai of an instant.
#[must_use]
pub fn civil_date(instant: DateTime<Utc>) -> NaiveDate {
    civil_time(instant).date_naive()
}

/// The first instant of a civil date in Asia/Shanghai.
#[must_use]
pub fn instant_of_day(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc();
    midnight - chrono::TimeDelta::hours(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar() -> WorkCalendar {
        WorkCalendar {
            holidays: [day("2026-10-01"), day("2026-10-02"), day("2026-10-05")].into(),
            make_up_days: [day("2026-10-10")].into(),
        }
    }

    #[test]
    fn holidays_stop_the_clock_and_make_up_days_run_it() {
        let calendar = calendar();

        assert_eq!(
            calendar.add(day("2026-09-30"), WorkingDays(1)),
            day("2026-10-06")
        );
        assert_eq!(
            calendar.add(day("2026-10-09"), WorkingDays(1)),
            day("2026-10-10")
        );
        assert_eq!(
            calendar.add(day("2026-10-09"), WorkingDays(0)),
            day("2026-10-09")
        );
    }

    #[test]
    fn between_counts_back_what_add_counted_forward() {
        let calendar = calendar();
        for days in 0..30 {
            let due = calendar.add(day("2026-09-25"), WorkingDays(days));
            assert_eq!(calendar.between(day("2026-09-25"), due), i32::from(days));
        }
        assert_eq!(calendar.between(day("2026-10-12"), day("2026-10-09")), -2);
    }

    #[test]
    fn an_instant_late_in_the_utc_day_is_already_tomorrow_in_shanghai() {
        let instant = "2026-09-30T16:30:00Z".parse().unwrap();

        assert_eq!(civil_date(instant), day("2026-10-01"));
    }
    #[test]
    fn a_day_begins_with_its_first_instant_in_shanghai() {
        let first = instant_of_day(day("2026-10-01"));

        assert_eq!(civil_date(first), day("2026-10-01"));
        let before = first - chrono::TimeDelta::microseconds(1);
        assert_eq!(civil_date(before), day("2026-09-30"));
    }
}
