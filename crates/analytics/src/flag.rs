//! What a reader of a score must know besides the score.

use crate::PartName;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use vocabulary::{Channel, RaterGroup};

/// A remark on a score; written as a text code such as `weight_reallocated(hall)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// The channel gave no score; its weight went to the others.
    WeightReallocated(Channel),
    /// The group gave no mean; its weight in the survey went to the others.
    GroupReallocated(RaterGroup),
    /// The part of an index did not arise; its weight went to the others.
    PartReallocated(Channel, PartName),
    /// The channel does not exist for this unit: no window, no orders, no pairing.
    NotApplicable(Channel),
    /// The channel brought fewer ratings than may be scored.
    TooFew(Channel),
    /// Nothing came in through a channel the unit should have.
    NoRatings(Channel),
    /// So many of the group answered 不了解 that its mean does not count.
    DontKnowOverLimit(RaterGroup),
    /// The score rests on one channel.
    SingleChannel,
    /// Fewer live channels than a score needs.
    TooFewChannels,
    /// Fewer valid ratings than may be shown 样本不足.
    TooFewRatings,
    /// Ranked on the rolling quarters, not on this quarter alone.
    RollingQuarters,
    /// Too little of the nominal channel weight is covered for a place.
    WeightCoveredLow,
    /// A unit asked for opinions only 征求意见单位.
    OpinionOnly,
}

impl Flag {
    /// The flag with this text code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let Some((name, inner)) = code.strip_suffix(')').and_then(|c| c.split_once('(')) else {
            return Self::plain(code);
        };
        let channel = Channel::from_code(inner);
        let group = inner.strip_prefix("group:").and_then(RaterGroup::from_code);
        let part = inner
            .split_once(':')
            .and_then(|(c, p)| Some((Channel::from_code(c)?, PartName::from_code(p)?)));
        match name {
            "weight_reallocated" => channel
                .map(Self::WeightReallocated)
                .or(group.map(Self::GroupReallocated))
                .or(part.map(|(channel, part)| Self::PartReallocated(channel, part))),
            "not_applicable" => channel.map(Self::NotApplicable),
            "too_few" => channel.map(Self::TooFew),
            "no_ratings" => channel.map(Self::NoRatings),
            "dont_know_over_limit" => group.map(Self::DontKnowOverLimit),
            _ => None,
        }
    }

    fn plain(code: &str) -> Option<Self> {
        [
            Self::SingleChannel,
            Self::TooFewChannels,
            Self::TooFewRatings,
            Self::RollingQuarters,
            Self::WeightCoveredLow,
            Self::OpinionOnly,
        ]
        .into_iter()
        .find(|flag| flag.to_string() == code)
    }

    /// What the flag says, in Chinese, without a full stop.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::WeightReallocated(channel) => {
                format!("“{}”未计分，其权重按比例分配给其他渠道", channel.label())
            }
            Self::GroupReallocated(group) => {
                format!("“{}”未计分，其权重按比例分配给其他层面", group.label())
            }
            Self::PartReallocated(channel, part) => format!(
                "“{}”中的“{}”{}，其权重按比例分配给其他部分",
                channel.label(),
                part.label(),
                part.without_value()
            ),
            Self::NotApplicable(channel) => format!("“{}”不适用于本单位", channel.label()),
            Self::TooFew(channel) => format!("“{}”样本不足", channel.label()),
            Self::NoRatings(channel) => format!("“{}”没有评价", channel.label()),
            Self::DontKnowOverLimit(group) => {
                format!("“{}”中“不了解”超过上限", group.label())
            }
            Self::SingleChannel => "得分只来自一个渠道".to_owned(),
            Self::TooFewChannels => "有评价的渠道太少，不计总分".to_owned(),
            Self::TooFewRatings => "样本不足".to_owned(),
            Self::RollingQuarters => "按滚动季度样本量参加排名".to_owned(),
            Self::WeightCoveredLow => "渠道权重覆盖不足，不参加排名".to_owned(),
            Self::OpinionOnly => "只征求意见，不参加排名".to_owned(),
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WeightReallocated(channel) => write!(f, "weight_reallocated({})", channel.code()),
            Self::GroupReallocated(group) => {
                write!(f, "weight_reallocated(group:{})", group.code())
            }
            Self::PartReallocated(channel, part) => {
                write!(f, "weight_reallocated({}:{})", channel.code(), part.code())
            }
            Self::NotApplicable(channel) => write!(f, "not_applicable({})", channel.code()),
            Self::TooFew(channel) => write!(f, "too_few({})", channel.code()),
            Self::NoRatings(channel) => write!(f, "no_ratings({})", channel.code()),
            Self::DontKnowOverLimit(group) => {
                write!(f, "dont_know_over_limit(group:{})", group.code())
            }
            Self::SingleChannel => f.write_str("single_channel"),
            Self::TooFewChannels => f.write_str("too_few_channels"),
            Self::TooFewRatings => f.write_str("too_few_ratings"),
            Self::RollingQuarters => f.write_str("rolling_quarters"),
            Self::WeightCoveredLow => f.write_str("weight_covered_low"),
            Self::OpinionOnly => f.write_str("opinion_only"),
        }
    }
}

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| de::Error::custom("not the code of a flag"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_is_read_back_from_its_code() {
        let channels = Channel::ALL.into_iter().flat_map(|channel| {
            [
                Flag::WeightReallocated(channel),
                Flag::NotApplicable(channel),
                Flag::TooFew(channel),
                Flag::NoRatings(channel),
            ]
            .into_iter()
            .chain(PartName::ALL.map(|part| Flag::PartReallocated(channel, part)))
        });
        let groups = RaterGroup::ALL.into_iter().flat_map(|group| {
            [
                Flag::GroupReallocated(group),
                Flag::DontKnowOverLimit(group),
            ]
        });
        let plain = [
            Flag::SingleChannel,
            Flag::TooFewChannels,
            Flag::TooFewRatings,
            Flag::RollingQuarters,
            Flag::WeightCoveredLow,
            Flag::OpinionOnly,
        ];
        for flag in channels.chain(groups).chain(plain) {
            assert_eq!(Flag::from_code(&flag.to_string()), Some(flag));
        }
        assert_eq!(Flag::from_code("too_few(group:citizens)"), None);
        assert_eq!(Flag::from_code("weight_reallocated(moon)"), None);
    }
}
