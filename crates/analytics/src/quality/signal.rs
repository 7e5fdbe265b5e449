//! When signs are enough to ask a person for a decision.

/// A sign on one rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// All scored answers are one level in the middle of the scale.
    StraightLine,
    /// All scored answers are the best or the worst level: common among honest raters, so it counts half.
    ExtremeStraightLine,
    /// Among the least varied 5 %.
    LowVariability,
    /// Nearer to another rating than shuffled ones are.
    NearDuplicate,
    /// Far faster than others on the channel.
    Speeding,
    /// The same answers from the same device.
    ExactDuplicate,
    /// Part of a burst.
    Burst,
    /// By an interviewer far from the others.
    Interviewer,
}

/// What a sign is taken from: two signs of one source are one observation seen twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Source {
    Answers,
    Time,
    Device,
    Interviewer,
}

impl Signal {
    const fn source(self) -> Source {
        match self {
            Self::StraightLine
            | Self::ExtremeStraightLine
            | Self::LowVariability
            | Self::NearDuplicate => Source::Answers,
            Self::Speeding => Source::Time,
            Self::ExactDuplicate | Self::Burst => Source::Device,
            Self::Interviewer => Source::Interviewer,
        }
    }

    /// In halves.
    const fn strength(self) -> u8 {
        match self {
            Self::ExtremeStraightLine => 1,
            _ => 2,
        }
    }
}

/// What is to be done with a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// Nothing.
    Clean,
    /// A person looks at it; it counts.
    Look,
    /// Two independent signs: a person may exclude it; until then it counts.
    MayExclude,
}

/// Reviews the signs on one rating: only two independent ones, of different sources, allow a person to exclude it.
///
/// Source: methodology E.
#[must_use]
pub fn review(signals: &[Signal]) -> Review {
    let of = |source: Source| {
        let own = signals.iter().filter(|signal| signal.source() == source);
        own.map(|signal| signal.strength()).max().unwrap_or(0)
    };
    let strength =
        of(Source::Answers) + of(Source::Time) + of(Source::Device) + of(Source::Interviewer);
    match strength {
        0 => Review::Clean,
        1..4 => Review::Look,
        _ => Review::MayExclude,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_independent_signs_allow_exclusion() {
        use Signal::{
            Burst, ExactDuplicate, ExtremeStraightLine, LowVariability, Speeding, StraightLine,
        };
        for (signals, expected) in [
            (vec![], Review::Clean),
            (vec![StraightLine], Review::Look),
            (vec![StraightLine, LowVariability], Review::Look),
            (vec![ExactDuplicate, Burst], Review::Look),
            (vec![StraightLine, Speeding], Review::MayExclude),
            (vec![ExtremeStraightLine, Speeding], Review::Look),
            (
                vec![ExtremeStraightLine, Speeding, Burst],
                Review::MayExclude,
            ),
        ] {
            assert_eq!(review(&signals), expected, "{signals:?}");
        }
    }
}
