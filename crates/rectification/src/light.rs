//! The light of a deadline 红黄绿灯.

use crate::named::named;
use chrono::NaiveDate;
use vocabulary::{WorkCalendar, WorkingDays};

named! {
    /// How a deadline stands.
    Light {
        /// Time enough.
        Green = "green", "正常";
        /// Due soon 超期预警.
        Yellow = "yellow", "临近到期";
        /// Overdue.
        Red = "red", "已超期";
    }
}

/// A limit with this many working days left or fewer is yellow: as many as a unit has to sign for a matter.
const SOON: WorkingDays = WorkingDays(2);

/// Green, yellow from two working days before the due date and on it, red after it.
///
/// Source: "超期预警", domain C.4 and C.6; the two days are ours.
#[must_use]
pub fn light(today: NaiveDate, due: NaiveDate, calendar: &WorkCalendar) -> Light {
    if today > due {
        Light::Red
    } else if calendar.between(today, due) <= i32::from(SOON.0) {
        Light::Yellow
    } else {
        Light::Green
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_light_counts_working_days_not_days() {
        let calendar = WorkCalendar {
            holidays: ["2026-10-01", "2026-10-02"]
                .map(|d| d.parse().unwrap())
                .into(),
            make_up_days: ["2026-10-10".parse().unwrap()].into(),
        };
        let on =
            |today: &str, due: &str| light(today.parse().unwrap(), due.parse().unwrap(), &calendar);

        assert_eq!(on("2026-09-29", "2026-10-06"), Light::Green);
        assert_eq!(on("2026-09-30", "2026-10-06"), Light::Yellow);
        assert_eq!(on("2026-10-06", "2026-10-06"), Light::Yellow);
        assert_eq!(on("2026-10-07", "2026-10-06"), Light::Red);
        assert_eq!(
            on("2026-10-08", "2026-10-12"),
            Light::Green,
            "Saturday 10 October is worked"
        );
        assert_eq!(on("2026-10-09", "2026-10-12"), Light::Yellow);
    }
}
