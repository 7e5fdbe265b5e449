//! How fast a ballot was filled in, coarsely.

use serde::{Deserialize, Serialize};

/// Seconds per answered question as one of eleven classes: enough to see who cannot have read, too little to find anybody by
/// how long he took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pace(u8);

impl Pace {
    /// Where one class ends and the next begins, in seconds per question.
    const BORDERS: [u16; 10] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

    /// The class of a ballot that took so many seconds for so many answers.
    #[must_use]
    pub fn of(seconds: u32, answers: usize) -> Self {
        let reached = |border: &u16| u64::from(seconds) >= u64::from(*border) * answers as u64;
        let class = Self::BORDERS.iter().take_while(|border| reached(border));
        Self(u8::try_from(class.count()).unwrap_or_default())
    }

    /// The number of the class, 0 for less than a second.
    #[must_use]
    pub const fn class(self) -> u8 {
        self.0
    }

    /// The class with this number; numbers beyond the last class count as the last.
    #[must_use]
    pub fn from_class(class: u8) -> Self {
        Self(class.min(10))
    }

    /// Seconds per question: at least the first, below the second; the slowest class has no end.
    #[must_use]
    pub fn seconds(self) -> (u16, Option<u16>) {
        let border = |class: usize| Self::BORDERS.get(class).copied();
        let class = usize::from(self.0.min(10));
        (
            class.checked_sub(1).and_then(border).unwrap_or(0),
            border(class),
        )
    }

    /// Whether every ballot of the class took less than so many seconds per question.
    #[must_use]
    pub fn is_below(self, seconds: u16) -> bool {
        self.seconds().1.is_some_and(|end| end <= seconds)
    }
}

/// The class in which the median of counted classes lies; none without any. `counts` are ballots by class, fastest first.
#[must_use]
pub fn median_pace(counts: &[(Pace, u64)]) -> Option<Pace> {
    let all: u64 = counts.iter().map(|(_, ballots)| ballots).sum();
    let mut sofar = 0;
    let reaches_half = |(_, ballots): &&(Pace, u64)| {
        sofar += ballots;
        2 * sofar >= all && all > 0
    };
    counts.iter().find(reaches_half).map(|(pace, _)| *pace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_says_how_fast_and_no_more() {
        for (seconds, answers, expected) in [
            (0, 5, (0, Some(1))),
            (9, 5, (1, Some(2))),
            (10, 5, (2, Some(3))),
            (45, 5, (8, Some(12))),
            (u32::MAX, 5, (32, None)),
        ] {
            assert_eq!(Pace::of(seconds, answers).seconds(), expected, "{seconds}");
        }
        assert!(Pace::of(9, 5).is_below(2) && !Pace::of(10, 5).is_below(2));
        assert!(!Pace::of(u32::MAX, 1).is_below(u16::MAX));
        assert_eq!(Pace::from_class(Pace::of(45, 5).class()), Pace::of(45, 5));
    }

    #[test]
    fn half_of_the_people_took_no_longer_than_the_median() {
        let [fast, usual, slow] = [0, 9, 40].map(|seconds| Pace::of(seconds, 1));

        assert_eq!(median_pace(&[]), None);
        assert_eq!(median_pace(&[(fast, 0)]), None);
        assert_eq!(
            median_pace(&[(fast, 1), (usual, 2), (slow, 1)]),
            Some(usual)
        );
        assert_eq!(median_pace(&[(fast, 2), (slow, 2)]), Some(fast));
    }
}
