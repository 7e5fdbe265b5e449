//! How long replies took.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whole days from a message to its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyLag {
    /// Messages with both times.
    pub replies: u64,
    /// The lower median.
    pub median_days: i64,
    /// The longest.
    pub longest_days: i64,
}

/// How many replies took how many days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyDays(BTreeMap<i64, u64>);

impl ReplyDays {
    /// Counts replies by their days; messages without a reply are left out.
    pub fn add(&mut self, days: impl IntoIterator<Item = Option<i64>>) {
        for days in days.into_iter().flatten() {
            *self.0.entry(days).or_default() += 1;
        }
    }

    /// What they come to; none when nothing was replied to.
    #[must_use]
    pub fn lag(&self) -> Option<ReplyLag> {
        let replies: u64 = self.0.values().sum();
        let middle = replies.checked_sub(1)? / 2;
        let mut before = 0;
        let median = self.0.iter().find(|(_, count)| {
            before += **count;
            before > middle
        });
        Some(ReplyLag {
            replies,
            median_days: *median?.0,
            longest_days: *self.0.keys().next_back()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_the_lower_one() {
        let mut days = ReplyDays::default();
        assert_eq!(days.lag(), None);
        days.add([Some(9), None, Some(1), Some(2), Some(3)]);

        let lag = days.lag().unwrap();

        assert_eq!((lag.replies, lag.median_days, lag.longest_days), (4, 2, 9));
    }
}
