//! What one channel says about a unit.

use crate::{GroupScore, Index, IndexPart};
use serde::{Deserialize, Serialize};
use vocabulary::{Channel, Weight};

/// Why a channel or a group has no score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MissingReason {
    /// The channel does not exist for this unit.
    NotApplicable,
    /// Nothing that could be scored came in.
    NoRatings,
    /// Fewer than may be scored.
    TooFew {
        /// What came in.
        n: u64,
        /// What the rules ask for.
        minimum: u64,
    },
    /// Too many answered 不了解.
    DontKnowOverLimit {
        /// Their share, 0 to 1.
        share: f64,
    },
}

impl MissingReason {
    /// Refuses a number below the minimum.
    pub(crate) fn below(n: u64, minimum: u32) -> Result<(), Self> {
        let minimum = u64::from(minimum);
        if n < minimum {
            Err(Self::TooFew { n, minimum })
        } else {
            Ok(())
        }
    }
}

/// Score of one channel with all its parts, so that the unit can recompute it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelScore {
    /// The channel.
    pub channel: Channel,
    /// Score, 0-100; none when missing.
    pub score: Option<f64>,
    /// Standard error, overdispersion of streams included.
    pub se: Option<f64>,
    /// Degrees of freedom; for streams n − 1.
    pub df: Option<f64>,
    /// Ratings, orders or matters behind it.
    pub n: u64,
    /// Answers 不了解.
    pub dont_know: u64,
    /// Weight by the rules.
    pub nominal_weight: Weight,
    /// Weight used in the total, 0-100.
    pub used_weight: f64,
    /// Why there is no score.
    pub missing: Option<MissingReason>,
    /// Parts of a stream's index.
    pub parts: Vec<IndexPart>,
    /// Group means of the survey.
    pub groups: Vec<GroupScore>,
}

impl ChannelScore {
    /// A channel without a score, for a reason.
    #[must_use]
    pub const fn missing(channel: Channel, nominal_weight: Weight, reason: MissingReason) -> Self {
        Self {
            channel,
            score: None,
            se: None,
            df: None,
            n: match reason {
                MissingReason::TooFew { n, .. } => n,
                _ => 0,
            },
            dont_know: 0,
            nominal_weight,
            used_weight: 0.0,
            missing: Some(reason),
            parts: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// The score of a stream, or the reason it has none. The weight used is set by the channel total.
    #[must_use]
    pub fn of_stream(
        channel: Channel,
        nominal_weight: Weight,
        index: Result<Index, MissingReason>,
    ) -> Self {
        match index {
            Err(reason) => Self::missing(channel, nominal_weight, reason),
            Ok(index) => Self {
                score: Some(index.value),
                se: Some(index.variance.sqrt()),
                df: Some(index.n.saturating_sub(1) as f64),
                n: index.n,
                dont_know: index.dont_know,
                missing: None,
                parts: index.parts,
                ..Self::missing(channel, nominal_weight, MissingReason::NoRatings)
            },
        }
    }
}
