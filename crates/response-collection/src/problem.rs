//! What can be wrong with something posted.

use std::fmt;
use vocabulary::{ItemId, UnitId};

/// One thing wrong with an answer; a ballot reports all of them at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerProblem {
    /// The chosen level or option was not offered.
    NotOffered {
        /// The question.
        item: ItemId,
    },
    /// A ticked reason is not in the list.
    UnknownReason {
        /// The question.
        item: ItemId,
    },
    /// The text is longer than the question takes.
    TextTooLong {
        /// The question.
        item: ItemId,
        /// Characters written.
        have: usize,
        /// Characters taken.
        most: u16,
    },
    /// A kind of answer came that the question does not take, for example a text where a level is asked.
    OtherKind {
        /// The question.
        item: ItemId,
    },
    /// The exclusive option was ticked together with others.
    NoneAndOthers {
        /// The question.
        item: ItemId,
    },
    /// Not a whole number, or outside the limits.
    NotInRange {
        /// The question.
        item: ItemId,
        /// Smallest number taken.
        min: i32,
        /// Largest number taken.
        max: i32,
    },
    /// The questionnaire has no such question, or the person was not asked about that unit.
    NotAsked {
        /// The question.
        item: ItemId,
        /// The unit it was said to be about.
        unit: Option<UnitId>,
    },
    /// The answers belong to another version of the questionnaire.
    OtherQuestionnaire,
    /// The answers belong to somebody who was asked about other units.
    OtherUnits,
}

impl AnswerProblem {
    /// The stable code of the problem.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOffered { .. } => "RC-101",
            Self::UnknownReason { .. } => "RC-102",
            Self::TextTooLong { .. } => "RC-103",
            Self::OtherKind { .. } => "RC-104",
            Self::NotAsked { .. } => "RC-105",
            Self::OtherQuestionnaire => "RC-106",
            Self::OtherUnits => "RC-107",
            Self::NoneAndOthers { .. } => "RC-108",
            Self::NotInRange { .. } => "RC-109",
        }
    }
}

impl fmt::Display for AnswerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOffered { .. } => f.write_str("请从列出的选项中选一个"),
            Self::UnknownReason { .. } => f.write_str("所选原因不在列表中，请重新勾选"),
            Self::TextTooLong { have, most, .. } => {
                write!(f, "最多写 {most} 个字，现在是 {have} 个字，请删短一些")
            }
            Self::OtherKind { .. } => f.write_str("这道题不收这种答案，请返回重新填写"),
            Self::NoneAndOthers { .. } => f.write_str("选了“都没有”就不能再选别的，请留下一样"),
            Self::NotInRange { min, max, .. } => write!(f, "请填 {min} 到 {max} 之间的整数"),
            Self::NotAsked { .. } => f.write_str("问卷里没有这道题"),
            Self::OtherQuestionnaire => f.write_str("问卷已更新，请重新打开邀请链接"),
            Self::OtherUnits => f.write_str("答案与本次请您评价的单位不一致，请重新打开邀请链接"),
        }
    }
}

impl std::error::Error for AnswerProblem {}
