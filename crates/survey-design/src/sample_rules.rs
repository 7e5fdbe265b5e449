//! How the sample of a round is drawn: sizes, allocation over strata, way of drawing, reserves, rest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{Points, RaterGroup, StratumId};

/// Sizes and limits of the draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleRules {
    /// People to draw per group.
    #[schemars(extend("propertyNames" = crate::template::group_names()))]
    pub quota: BTreeMap<RaterGroup, u32>,
    /// How a group is drawn; a group that is not named is drawn at random in proportion to its strata.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("propertyNames" = crate::template::group_names()))]
    pub designs: BTreeMap<RaterGroup, GroupDesign>,
    /// Reserve replicates drawn with the sample, each as large as the sample; 0 to 9.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reserve_replicates: u8,
    /// Most units one person is asked about.
    pub units_per_person: u16,
    /// Most units one enterprise is asked about online (X); each unit takes several questions.
    pub units_per_enterprise: u16,
    /// Quarters a person rests after an invitation.
    pub rest_quarters: u16,
}

impl SampleRules {
    /// The most reserve replicates that may be drawn.
    pub const MOST_RESERVES: u8 = 9;

    /// How a group is drawn.
    #[must_use]
    pub fn design(&self, group: RaterGroup) -> GroupDesign {
        self.designs.get(&group).cloned().unwrap_or_default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(number: &u8) -> bool {
    *number == 0
}

/// How the people of one group are drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GroupDesign {
    /// What a stratum's share of the quota follows.
    pub allocation: AllocationRule,
    /// Least people of a stratum; lowered evenly when the quota does not reach, and a smaller stratum is taken whole.
    pub minimum: u32,
    /// Most people of a stratum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<u32>,
    /// Mean and spread of the score by stratum, from earlier rounds; `neyman` and `power` need them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub spread: BTreeMap<StratumId, Spread>,
    /// How people are drawn inside a stratum.
    pub method: DrawMethod,
}

impl Default for GroupDesign {
    fn default() -> Self {
        Self {
            allocation: AllocationRule::Proportional,
            minimum: 2,
            maximum: None,
            spread: BTreeMap::new(),
            method: DrawMethod::SimpleRandom,
        }
    }
}

/// What a stratum's share of the sample is proportional to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllocationRule {
    /// Its population.
    Proportional,
    /// The same for each.
    Equal,
    /// The square root of its population.
    SquareRoot,
    /// Population times standard deviation: the smallest variance of the overall mean.
    Neyman,
    /// `√N·S∕Ȳ`: half way between equal precision of the strata and Neyman.
    Power,
}

impl AllocationRule {
    /// Whether [`GroupDesign::spread`] must name every stratum.
    #[must_use]
    pub const fn needs_spread(self) -> bool {
        matches!(self, Self::Neyman | Self::Power)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Proportional => "按人数比例",
            Self::Equal => "各层相同",
            Self::SquareRoot => "按人数平方根",
            Self::Neyman => "Neyman 最优分配",
            Self::Power => "幂分配",
        }
    }
}

/// What earlier rounds tell of a stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Standard deviation of the score, in points, above 0.
    pub sd: Points,
    /// Mean score, in points, above 0.
    pub mean: Points,
}

/// How people are drawn inside a stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DrawMethod {
    /// Everybody has the same chance, and so has every group of people of one size.
    SimpleRandom,
    /// Every k-th of the people in the order of communities.
    Systematic,
    /// As `systematic`, with chances in proportion to the size in the pool.
    PpsSystematic,
    /// First communities, in proportion to their people, then so many people at random in each.
    TwoStage {
        /// People of one community, at least 1.
        people_per_community: u32,
    },
}

impl DrawMethod {
    /// The official label in Chinese.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::SimpleRandom => "简单随机".to_owned(),
            Self::Systematic => "等距".to_owned(),
            Self::PpsSystematic => "按规模等距（PPS）".to_owned(),
            Self::TwoStage {
                people_per_community,
            } => {
                format!("两阶段：先按人数抽社区（村），每处再随机抽 {people_per_community} 人")
            }
        }
    }
}
