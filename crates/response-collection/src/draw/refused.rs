//! Why nothing was drawn.

use crate::AllocationRefused;
use std::fmt;
use vocabulary::{RaterGroup, StratumId};

/// Why nothing was drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum DrawRefused {
    /// A group has fewer people than its quota.
    PoolTooSmall {
        /// The group.
        group: RaterGroup,
        /// People in the frame.
        have: u64,
        /// People the quota asks for.
        need: u64,
    },
    /// The allocation needs the spread of a stratum the rules do not name.
    SpreadMissing {
        /// The group.
        group: RaterGroup,
        /// The stratum.
        stratum: StratumId,
    },
    /// The quota cannot be split over the strata of a group.
    Allocation {
        /// The group.
        group: RaterGroup,
        /// Why.
        refused: AllocationRefused,
    },
    /// People of a stratum that is drawn in proportion to size have no size, and so no chance.
    WithoutSize {
        /// The stratum.
        stratum: StratumId,
        /// How many.
        people: u64,
    },
    /// People of a stratum that is drawn in two stages belong to no community, and so have no chance.
    WithoutCommunity {
        /// The stratum.
        stratum: StratumId,
        /// How many.
        people: u64,
    },
}

impl DrawRefused {
    /// The stable code of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PoolTooSmall { .. } => "RC-301",
            Self::SpreadMissing { .. } => "RC-303",
            Self::Allocation { .. } => "RC-304",
            Self::WithoutSize { .. } => "RC-305",
            Self::WithoutCommunity { .. } => "RC-307",
        }
    }
}

impl fmt::Display for DrawRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PoolTooSmall { group, have, need } => {
                let label = group.label();
                write!(
                    f,
                    "样本库中“{label}”只有 {have} 人，不够抽取 {need} 人；请补充样本库或减少配额 / {}: {have} people, {need} wanted",
                    group.code()
                )
            }
            Self::SpreadMissing { group, stratum } => {
                let label = group.label();
                write!(
                    f,
                    "“{label}”的层 {stratum} 没有均值和标准差；请在规则的 spread 中补上，或改用按人数比例分配 / no spread for stratum {stratum}"
                )
            }
            Self::Allocation { group, refused } => write!(f, "“{}”：{refused}", group.label()),
            Self::WithoutSize { stratum, people } => write!(
                f,
                "层 {stratum} 有 {people} 人没有规模，按规模抽样时不可能抽中；请补上规模 / {people} people of stratum {stratum} have no size"
            ),
            Self::WithoutCommunity { stratum, people } => write!(
                f,
                "层 {stratum} 有 {people} 人没有社区（村），两阶段抽样时不可能抽中；请补上社区（村） / {people} people of stratum {stratum} have no community"
            ),
        }
    }
}

impl std::error::Error for DrawRefused {}
