//! What the rectification account 整改账 of a unit is scored on.

use crate::{MatterStage, MatterState};
use serde::{Deserialize, Serialize};

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many of them.
    pub part: u64,
    /// How many there are; 0 when there is nothing to count.
    pub whole: u64,
}

impl Share {
    fn count<'m>(
        matters: impl Iterator<Item = &'m MatterState>,
        is_part: impl Fn(&MatterState) -> bool,
    ) -> Self {
        let mut share = Self::default();
        for matter in matters {
            share.whole += 1;
            share.part += u64::from(is_part(matter));
        }
        share
    }
}

/// The four counts the rectification score is made of.
///
/// Source: domain D.10; the weights are rules and the score is computed in `analytics`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCounts {
    /// Matters with a report, none of them late; a matter overdue without a report is not on time.
    pub on_time: Share,
    /// Matters with an end or reopened, closed as solved without ever being reopened.
    pub closed_first_time: Share,
    /// People called back who are satisfied.
    pub verified_satisfied: Share,
    /// Matters with a plan, none sent back.
    pub list_quality: Share,
}

/// Counts the matters of one unit as they stand on a day.
#[must_use]
pub fn account_counts(matters: &[MatterState], today: chrono::NaiveDate) -> AccountCounts {
    let overdue = |matter: &&MatterState| {
        matter.stage() == MatterStage::Rectifying && matter.due().is_some_and(|due| today > due)
    };
    let to_judge = matters
        .iter()
        .filter(|matter| matter.record().reports > 0 || overdue(matter));
    let ended = matters.iter().filter(|matter| {
        matter.record().reopenings > 0
            || matches!(
                matter.stage(),
                MatterStage::Closed | MatterStage::InPlan | MatterStage::Deferred
            )
    });
    let planned = matters.iter().filter(|matter| {
        matter.goal().is_some()
            || matter.record().plans_sent_back > 0
            || matter.record().reopenings > 0
    });
    AccountCounts {
        on_time: Share::count(to_judge, |matter| {
            matter.record().late_reports == 0 && !overdue(&matter)
        }),
        closed_first_time: Share::count(ended, |matter| {
            matter.stage() == MatterStage::Closed && matter.record().reopenings == 0
        }),
        verified_satisfied: satisfied(matters),
        list_quality: Share::count(planned, |matter| matter.record().plans_sent_back == 0),
    }
}

fn satisfied(matters: &[MatterState]) -> Share {
    let sum = |of: fn(&MatterState) -> u32| matters.iter().map(|m| u64::from(of(m))).sum();
    Share {
        part: sum(|matter| matter.record().satisfied),
        whole: sum(|matter| matter.record().called),
    }
}

/// How many of `people` have to be called back: all below `all_below`, else at least `percent` of a hundred, rounded up.
///
/// Source: domain C.5, "callback sample ≥30% or all if <20 items"; the numbers are rules.
#[must_use]
pub const fn callbacks_needed(people: u64, percent: u64, all_below: u64) -> u64 {
    if people < all_below {
        people
    } else {
        people.saturating_mul(percent).div_ceil(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goal::tests::draft;
    use crate::{Goal, Record};
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn goal() -> Goal {
        Goal::parse(draft(day("2026-08-03")), day("2026-07-01")).unwrap()
    }

    fn closed(record: Record) -> MatterState {
        MatterState::Closed {
            record,
            goal: goal(),
            result: "已办".into(),
        }
    }

    fn rectifying(record: Record) -> MatterState {
        MatterState::Rectifying {
            record,
            goal: goal(),
            due: goal().due(),
        }
    }

    fn reported() -> Record {
        Record {
            reports: 1,
            called: 10,
            satisfied: 8,
            ..Record::default()
        }
    }

    #[test]
    fn each_part_counts_what_it_says() {
        let matters = [
            closed(reported()),
            closed(Record {
                late_reports: 1,
                plans_sent_back: 1,
                ..reported()
            }),
            closed(Record {
                reopenings: 1,
                reports: 2,
                ..reported()
            }),
            MatterState::Deferred {
                record: reported(),
                goal: goal(),
                reason: "无资金".into(),
            },
            rectifying(Record::default()),
            MatterState::new(),
        ];

        let counts = account_counts(&matters, day("2026-08-03"));

        let share = |part, whole| Share { part, whole };
        assert_eq!(counts.on_time, share(3, 4));
        assert_eq!(counts.closed_first_time, share(2, 4));
        assert_eq!(counts.verified_satisfied, share(32, 40));
        assert_eq!(counts.list_quality, share(4, 5));
    }

    #[test]
    fn a_matter_left_lying_is_late_the_day_after() {
        let matters = [rectifying(Record::default())];

        assert_eq!(
            account_counts(&matters, day("2026-08-03")).on_time,
            Share::default()
        );
        assert_eq!(
            account_counts(&matters, day("2026-08-04")).on_time,
            Share { part: 0, whole: 1 }
        );
    }

    #[test]
    fn few_people_are_all_called_many_in_part() {
        assert_eq!(callbacks_needed(19, 30, 20), 19);
        assert_eq!(callbacks_needed(20, 30, 20), 6);
        assert_eq!(callbacks_needed(21, 30, 20), 7);
        assert_eq!(callbacks_needed(0, 30, 20), 0);
    }
}
