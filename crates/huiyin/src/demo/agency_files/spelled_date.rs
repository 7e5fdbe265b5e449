//! Instants in the four spellings agencies use, and the working hours they fall into.

use crate::demo::dice::Dice;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};

/// How one source spells its dates; one row keeps to one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `2026-07-05 09:30:00`.
    Dashes,
    /// `2026/7/5`.
    Slashes,
    /// `20260705093000`.
    Digits,
    /// `2026年7月5日`.
    Chinese,
}

impl Spelling {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Dashes, Self::Slashes, Self::Digits, Self::Chinese];

    /// The instant as text; the two spellings for people leave the time of day out.
    #[must_use]
    pub fn write(self, instant: NaiveDateTime) -> String {
        let (year, month, day) = (instant.year(), instant.month(), instant.day());
        match self {
            Self::Dashes => instant.format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Slashes => format!("{year}/{month}/{day}"),
            Self::Digits => instant.format("%Y%m%d%H%M%S").to_string(),
            Self::Chinese => format!("{year}年{month}月{day}日"),
        }
    }
}

/// Some instant between the two days, both included, between half past eight and half past five.
pub fn office_hour(dice: &mut Dice, from: NaiveDate, to: NaiveDate) -> NaiveDateTime {
    let span = u32::try_from((to - from).num_days()).unwrap_or(0);
    let day = from + Days::new(dice.below(span + 1).into());
    moment(day, 30_600 + dice.below(32_400))
}

/// The instant so many seconds into the day.
fn moment(day: NaiveDate, seconds: u32) -> NaiveDateTime {
    let start = day.and_hms_opt(0, 0, 0).expect("every day has a midnight");
    start + chrono::TimeDelta::seconds(seconds.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_has_four_spellings() {
        let instant = "2026-07-05T09:30:00".parse().unwrap();

        assert_eq!(
            Spelling::ALL.map(|spelling| spelling.write(instant)),
            [
                "2026-07-05 09:30:00",
                "2026/7/5",
                "20260705093000",
                "2026年7月5日"
            ]
        );
    }

    #[test]
    fn office_hours_stay_inside_the_days_given() {
        let (from, to) = ("2026-07-01".parse().unwrap(), "2026-07-03".parse().unwrap());
        let mut dice = Dice::new(1, "hours", 0);
        for _ in 0..300 {
            let hour = office_hour(&mut dice, from, to);
            assert!((from..=to).contains(&hour.date()));
        }
    }
}
