//! When signs are enough to ask a person for a decision.

/// A sign on one rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// The rater says that somebody told him what to answer.
    Coached,
}

/// What a sign is taken from: two signs of one source are one observation seen twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Source {
    Answers,
    Time,
    Device,
    Interviewer,
    Rater,
}

impl Signal {
    /// All signs.
    pub const ALL: [Self; 9] = [
        Self::StraightLine,
        Self::ExtremeStraightLine,
        Self::LowVariability,
        Self::NearDuplicate,
        Self::Speeding,
        Self::ExactDuplicate,
        Self::Burst,
        Self::Interviewer,
        Self::Coached,
    ];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::StraightLine => "straight_line",
            Self::ExtremeStraightLine => "extreme_straight_line",
            Self::LowVariability => "low_variability",
            Self::NearDuplicate => "near_duplicate",
            Self::Speeding => "speeding",
            Self::ExactDuplicate => "exact_duplicate",
            Self::Burst => "burst",
            Self::Interviewer => "interviewer",
            Self::Coached => "coached",
        }
    }

    /// The sign with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.code() == code)
    }

    /// What a reviewer reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::StraightLine => "全选同一档（不在两端）",
            Self::ExtremeStraightLine => "全选最好或最差一档",
            Self::LowVariability => "几乎没有差别",
            Self::NearDuplicate => "和另一份异常相似",
            Self::Speeding => "远比别人快",
            Self::ExactDuplicate => "同一设备、同样回答",
            Self::Burst => "同一网络短时间集中提交",
            Self::Interviewer => "访问员与别人差得远",
            Self::Coached => "填写人说有人教怎么填",
        }
    }

    /// Whether somebody beside the person could have noticed it when the ballot was sent in.
    #[must_use]
    pub const fn is_seen_from_outside(self) -> bool {
        matches!(self.source(), Source::Time | Source::Device)
    }

    const fn source(self) -> Source {
        match self {
            Self::StraightLine
            | Self::ExtremeStraightLine
            | Self::LowVariability
            | Self::NearDuplicate => Source::Answers,
            Self::Speeding => Source::Time,
            Self::ExactDuplicate | Self::Burst => Source::Device,
            Self::Interviewer => Source::Interviewer,
            Self::Coached => Source::Rater,
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
    let sources = [
        Source::Answers,
        Source::Time,
        Source::Device,
        Source::Interviewer,
        Source::Rater,
    ];
    match sources.map(of).iter().sum() {
        0_u8 => Review::Clean,
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
