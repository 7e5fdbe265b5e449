//! How many ratings arrived in a channel, how many counted, and why the others did not.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use vocabulary::Channel;

/// The books of one channel; they always balance: received = counted + excluded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct ChannelCounts {
    channel: Channel,
    received: u64,
    counted: u64,
    excluded: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    channel: Channel,
    received: u64,
    counted: u64,
    excluded: BTreeMap<String, u64>,
}

impl TryFrom<Unchecked> for ChannelCounts {
    type Error = CountsDoNotBalance;

    fn try_from(raw: Unchecked) -> Result<Self, Self::Error> {
        Self::new(raw.channel, raw.received, raw.counted, raw.excluded)
    }
}

/// PU-201: received is not counted plus excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountsDoNotBalance {
    /// The channel.
    pub channel: Channel,
    /// Ratings received.
    pub received: u64,
    /// Ratings counted.
    pub counted: u64,
    /// Ratings excluded for any reason; `u64::MAX` when the sum is too large to write.
    pub excluded: u64,
}

impl CountsDoNotBalance {
    /// The stable code.
    pub const CODE: &'static str = "PU-201";
}

impl fmt::Display for CountsDoNotBalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}：收到 {} 条，计入 {} 条，剔除 {} 条，收到数不等于计入数与剔除数之和",
            self.channel.label(),
            self.received,
            self.counted,
            self.excluded
        )
    }
}

impl std::error::Error for CountsDoNotBalance {}

impl ChannelCounts {
    /// Balances the books of a channel; reasons with zero ratings are dropped.
    ///
    /// # Errors
    /// [`CountsDoNotBalance`] when received differs from counted plus excluded.
    pub fn new(
        channel: Channel,
        received: u64,
        counted: u64,
        mut excluded: BTreeMap<String, u64>,
    ) -> Result<Self, CountsDoNotBalance> {
        excluded.retain(|_, number| *number > 0);
        let out = excluded
            .values()
            .try_fold(0_u64, |sum, number| sum.checked_add(*number));
        if out.and_then(|out| out.checked_add(counted)) == Some(received) {
            Ok(Self {
                channel,
                received,
                counted,
                excluded,
            })
        } else {
            let excluded = out.unwrap_or(u64::MAX);
            Err(CountsDoNotBalance {
                channel,
                received,
                counted,
                excluded,
            })
        }
    }

    /// The channel.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// Ratings received.
    #[must_use]
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// Ratings that entered a score.
    #[must_use]
    pub const fn counted(&self) -> u64 {
        self.counted
    }

    /// Ratings left out, by reason code.
    #[must_use]
    pub const fn excluded(&self) -> &BTreeMap<String, u64> {
        &self.excluded
    }

    /// Ratings left out for any reason.
    #[must_use]
    pub fn excluded_total(&self) -> u64 {
        self.received - self.counted
    }
}

#[cfg(test)]
mod tests {
    use super::ChannelCounts;
    use vocabulary::Channel;

    #[test]
    fn books_that_do_not_balance_are_refused() {
        let excluded = [
            ("default_rating".to_owned(), 3),
            ("duplicate".to_owned(), 2),
        ];

        let refused = ChannelCounts::new(Channel::Hall, 106, 100, excluded.into()).unwrap_err();

        assert_eq!(
            refused.to_string(),
            "办事大厅好差评：收到 106 条，计入 100 条，剔除 5 条，收到数不等于计入数与剔除数之和"
        );
    }

    #[test]
    fn stored_books_are_balanced_again_when_read() {
        let good = r#"{"channel":"hall","received":3,"counted":2,"excluded":{"duplicate":1}}"#;
        let bad = r#"{"channel":"hall","received":4,"counted":2,"excluded":{"duplicate":1}}"#;

        assert_eq!(
            serde_json::from_str::<ChannelCounts>(good)
                .unwrap()
                .excluded_total(),
            1
        );
        assert!(serde_json::from_str::<ChannelCounts>(bad).is_err());
    }

    #[test]
    fn numbers_too_large_to_add_are_refused_without_a_panic() {
        let excluded = [("a".to_owned(), u64::MAX), ("b".to_owned(), 1)];

        assert!(ChannelCounts::new(Channel::Hall, 0, 0, excluded.into()).is_err());
    }
}
