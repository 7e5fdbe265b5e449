//! The working-day calendar lists only days that differ from an ordinary week.

use super::rule::Rule;
use crate::check::Findings;
use chrono::{Datelike, NaiveDate, Weekday};
use vocabulary::WorkCalendar;

/// Notes holidays on weekends and make-up days on weekdays; the message names the day, the pointer its list.
pub(super) fn check(calendar: &WorkCalendar, pointer: &str, findings: &mut Findings) {
    for day in &calendar.holidays {
        if is_weekend(*day) {
            let message = format!("{day} 是周末，不必列为放假日");
            findings.add(
                format!("{pointer}/holidays"),
                Rule::HolidayOnWeekend,
                message,
            );
        }
    }
    for day in &calendar.make_up_days {
        if !is_weekend(*day) {
            let message = format!("{day} 不是周末，不能列为调休上班日");
            findings.add(
                format!("{pointer}/make_up_days"),
                Rule::MakeUpOnWeekday,
                message,
            );
        }
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
