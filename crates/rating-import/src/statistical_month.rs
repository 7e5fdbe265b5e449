//! The month of a hotline's statistics, which need not be the month of the calendar (domain F.5).

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A month of statistics, named after the calendar month it ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StatisticalMonth {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl StatisticalMonth {
    /// The month a day belongs to, where months end on `last_day` of the calendar month, or on its last day where it
    /// has fewer: 25 makes 26 June to 25 July the month of July, 31 the months of the calendar.
    ///
    /// None for a `last_day` of 0, and at the ends of the calendar's range.
    #[must_use]
    pub fn of(day: NaiveDate, last_day: u32) -> Option<Self> {
        let this = end_in(day, last_day)?;
        if day <= this {
            let before = end_in(first_of(day)?.pred_opt()?, last_day)?;
            return Some(Self {
                from: before.succ_opt()?,
                to: this,
            });
        }
        let next = first_of(day)?.checked_add_months(Months::new(1))?;
        Some(Self {
            from: this.succ_opt()?,
            to: end_in(next, last_day)?,
        })
    }

    /// Whether a day lies in the month; an order received in one month and closed in the next lies in both by a date
    /// of its own each.
    #[must_use]
    pub fn holds(self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

fn first_of(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)
}

/// The last day of statistics in the calendar month of a day.
fn end_in(day: NaiveDate, last_day: u32) -> Option<NaiveDate> {
    let first = first_of(day)?;
    let length = first
        .checked_add_months(Months::new(1))?
        .signed_duration_since(first)
        .num_days();
    let days = u64::from(last_day.checked_sub(1)?).min(u64::try_from(length).ok()? - 1);
    first.checked_add_days(Days::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(day: &str, last_day: u32) -> (String, String) {
        let found = StatisticalMonth::of(day.parse().unwrap(), last_day).unwrap();
        (found.from.to_string(), found.to.to_string())
    }

    fn is(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn a_month_runs_from_the_26th_to_the_25th() {
        assert_eq!(month("2026-07-25", 25), is("2026-06-26", "2026-07-25"));
        assert_eq!(month("2026-07-26", 25), is("2026-07-26", "2026-08-25"));
        assert_eq!(month("2026-12-31", 25), is("2026-12-26", "2027-01-25"));
        assert_eq!(month("2026-01-01", 25), is("2025-12-26", "2026-01-25"));
    }

    #[test]
    fn a_month_may_be_that_of_the_calendar_and_end_in_february() {
        assert_eq!(month("2024-02-29", 31), is("2024-02-01", "2024-02-29"));
        assert_eq!(month("2024-03-01", 31), is("2024-03-01", "2024-03-31"));
        assert_eq!(month("2026-02-28", 30), is("2026-01-31", "2026-02-28"));
        assert_eq!(StatisticalMonth::of("2026-02-28".parse().unwrap(), 0), None);
    }

    #[test]
    fn every_day_belongs_to_exactly_one_month() {
        for last_day in [1, 5, 20, 25, 28, 30, 31] {
            let mut day: NaiveDate = "2023-12-01".parse().unwrap();
            let mut before: Option<StatisticalMonth> = None;
            while day < "2025-02-01".parse().unwrap() {
                let month = StatisticalMonth::of(day, last_day).unwrap();
                assert!(month.holds(day));
                if let Some(before) = before.filter(|before| *before != month) {
                    assert_eq!(before.to.succ_opt(), Some(month.from), "{last_day} {day}");
                }
                before = Some(month);
                day = day.succ_opt().unwrap();
            }
        }
    }

    #[test]
    fn an_order_is_received_in_one_month_and_closed_in_the_next() {
        let received: NaiveDate = "2026-07-24".parse().unwrap();
        let closed: NaiveDate = "2026-07-27".parse().unwrap();

        let month = StatisticalMonth::of(received, 25).unwrap();

        assert!(month.holds(received) && !month.holds(closed));
    }
}
