//! Why an edited branch is not taken.

use crate::TemplateProblem;
use std::fmt;
use vocabulary::{IndicatorId, Points};

/// A rule an edited branch breaks, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchProblem {
    /// Nothing was changed.
    Unchanged,
    /// The indicator belongs to another department.
    NotOwn(IndicatorId),
    /// The code of a new leaf was used before.
    CodeSpent(IndicatorId),
    /// The name is empty or too long.
    Name(IndicatorId),
    /// The points are not above zero.
    Points(IndicatorId),
    /// A heading was changed or taken away, or a leaf does not stand under its heading.
    Moved(IndicatorId),
    /// The leaves under a heading do not add up to what the department has there.
    Share {
        /// The heading.
        heading: IndicatorId,
        /// Its name.
        name: String,
        /// What they add up to.
        is: Points,
        /// What the department has.
        should: Points,
    },
    /// The tree that would come of it breaks a rule of all trees.
    Template(TemplateProblem),
}

impl BranchProblem {
    /// Stable code of the rule.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unchanged => "SD-421",
            Self::NotOwn(_) => "SD-422",
            Self::CodeSpent(_) => "SD-423",
            Self::Name(_) => "SD-424",
            Self::Points(_) => "SD-425",
            Self::Moved(_) => "SD-426",
            Self::Share { .. } => "SD-427",
            Self::Template(problem) => problem.code,
        }
    }
}

/// Place, rule and remedy in Chinese, without the code.
impl fmt::Display for BranchProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => f.write_str("还没有改动任何一项；改好以后再送"),
            Self::NotOwn(id) => write!(f, "{id}：不是本单位牵头的指标；请找它的牵头单位改"),
            Self::CodeSpent(id) => write!(
                f,
                "{id}：这个代码以前用过，停用的代码不再用；请换一个新代码"
            ),
            Self::Name(id) => write!(f, "{id}：名称没有填写，或超过 40 字；请补上或缩短"),
            Self::Points(id) => write!(f, "{id}：分值要大于 0；不要这一项时请选“撤销”"),
            Self::Moved(id) => write!(
                f,
                "{id}：上级指标只能改名称，末级指标不能换到别的上级之下；请改回去，要换的撤销后另立新指标"
            ),
            Self::Share {
                heading,
                name,
                is,
                should,
            } => write!(
                f,
                "{heading} {name}：本单位的指标合计 {is} 分，应为 {should} 分；请调整分值，各单位占几分由总体办法定"
            ),
            Self::Template(problem) => write!(f, "{}；{}", problem.message, problem.remedy),
        }
    }
}
