//! Why a step was not taken: facts with stable codes.

use crate::{
    AppealStage, AppealStep, BadRatingStage, BadRatingStep, GoalProblem, MatterStage, MatterStep,
    OpinionStage,
};
use crate::{OpinionStep, ProblemStage, ProblemStep};
use chrono::NaiveDate;
use std::fmt;

/// Why a step was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepRefused {
    /// A matter in this state takes no such step.
    Matter(MatterStage, MatterStep),
    /// A problem in this state takes no such step.
    Problem(ProblemStage, ProblemStep),
    /// An appeal in this state takes no such step.
    Appeal(AppealStage, AppealStep),
    /// An opinion in this state takes no such step.
    Opinion(OpinionStage, OpinionStep),
    /// A bad rating in this state takes no such step.
    BadRating(BadRatingStage, BadRatingStep),
    /// The goal is vague; everything that is missing.
    VagueGoal(Vec<GoalProblem>),
    /// The goal's date lies after the limit.
    GoalTooLate {
        /// Last day allowed.
        latest: NaiveDate,
    },
    /// The matter was returned once before.
    ReturnedBefore,
    /// The limit for returning has passed.
    ReturnTooLate {
        /// Last day it could be returned.
        until: NaiveDate,
    },
    /// An extension was asked for before.
    ExtendedBefore,
    /// An extension must be asked for before the due date.
    ExtensionTooLate {
        /// The due date.
        due: NaiveDate,
    },
    /// More time was asked for than may be given.
    ExtensionTooLong {
        /// Last day that may be given.
        latest: NaiveDate,
    },
    /// The date must lie after this day.
    DateNotAfter {
        /// The day.
        day: NaiveDate,
    },
    /// A reason, result or piece of evidence in words is missing.
    WordsMissing,
    /// The check found the matter unsolved, so it cannot be closed as solved.
    NotSolved,
    /// More people were said to be satisfied than were asked.
    MoreSatisfiedThanAsked,
    /// The people concerned are not satisfied, so the problem cannot be closed.
    PeopleNotSatisfied,
    /// The limit for an appeal has passed.
    AppealTooLate {
        /// Last day it could be filed.
        until: NaiveDate,
    },
    /// Both reviewers are the same person.
    SameReviewer,
    /// A reviewer filed the appeal or was involved before.
    ReviewerInvolved,
    /// A decision needs both reviewers of the appeal.
    NotTheReviewers,
    /// Only 不满意 and 非常不满意 are bad ratings.
    NotBad,
    /// Who rated has rated once more before.
    RatedBefore,
    /// 不了解 and a blank are no follow-up rating.
    NoLevel,
}

impl StepRefused {
    /// The stable code of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Matter(..) => "RE-101",
            Self::Problem(..) => "RE-102",
            Self::Appeal(..) => "RE-103",
            Self::Opinion(..) => "RE-104",
            Self::BadRating(..) => "RE-105",
            Self::VagueGoal(_) => "RE-111",
            Self::GoalTooLate { .. } => "RE-112",
            Self::ReturnedBefore => "RE-121",
            Self::ReturnTooLate { .. } => "RE-122",
            Self::ExtendedBefore => "RE-131",
            Self::ExtensionTooLate { .. } => "RE-132",
            Self::ExtensionTooLong { .. } => "RE-133",
            Self::DateNotAfter { .. } => "RE-141",
            Self::WordsMissing => "RE-142",
            Self::NotSolved => "RE-151",
            Self::MoreSatisfiedThanAsked => "RE-152",
            Self::PeopleNotSatisfied => "RE-161",
            Self::AppealTooLate { .. } => "RE-171",
            Self::SameReviewer => "RE-172",
            Self::ReviewerInvolved => "RE-173",
            Self::NotTheReviewers => "RE-174",
            Self::NotBad => "RE-181",
            Self::RatedBefore => "RE-182",
            Self::NoLevel => "RE-183",
        }
    }
}

impl fmt::Display for StepRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matter(from, to) => not_now(f, "事项", from.label(), to.label()),
            Self::Problem(from, to) => not_now(f, "挂号问题", from.label(), to.label()),
            Self::Appeal(from, to) => not_now(f, "申诉", from.label(), to.label()),
            Self::Opinion(from, to) => not_now(f, "意见", from.label(), to.label()),
            Self::BadRating(from, to) => not_now(f, "差评", from.label(), to.label()),
            Self::VagueGoal(missing) => {
                let missing: Vec<_> = missing.iter().map(|problem| problem.label()).collect();
                write!(f, "整改目标不具体，还缺：{}", missing.join("、"))
            }
            Self::GoalTooLate { latest } => write!(f, "完成日期最晚可定为{}", day(*latest)),
            Self::ReturnedBefore => f.write_str("这件事项已退回过一次，不能再次退回"),
            Self::ReturnTooLate { until } => write!(f, "退回期限已过，最晚应在{}退回", day(*until)),
            Self::ExtendedBefore => f.write_str("已申请过一次延期，不能再次申请"),
            Self::ExtensionTooLate { due } => {
                write!(f, "已超过办理期限{}，不能再申请延期", day(*due))
            }
            Self::ExtensionTooLong { latest } => write!(f, "最晚可延期到{}", day(*latest)),
            Self::DateNotAfter { day: after } => write!(f, "日期应晚于{}", day(*after)),
            Self::WordsMissing => f.write_str("请写明理由或结果"),
            Self::NotSolved => f.write_str("核查认定尚未解决，不能按已解决销号"),
            Self::MoreSatisfiedThanAsked => f.write_str("满意人数多于回访人数，请核对"),
            Self::PeopleNotSatisfied => f.write_str("当事群众尚不满意，不能销号"),
            Self::AppealTooLate { until } => write!(f, "申诉期限已过，最晚应在{}提出", day(*until)),
            Self::SameReviewer => f.write_str("两名复核人不能是同一人"),
            Self::ReviewerInvolved => f.write_str("复核人不能是申诉人或此前参与过的人"),
            Self::NotTheReviewers => f.write_str("须由本申诉的两名复核人共同作出决定"),
            Self::NotBad => f.write_str("只有“不满意”和“非常不满意”按差评办理"),
            Self::RatedBefore => f.write_str("已经追评过一次，不能再次追评"),
            Self::NoLevel => f.write_str("追评请在五个满意等次里选一个"),
        }
    }
}

impl std::error::Error for StepRefused {}

fn not_now(f: &mut fmt::Formatter<'_>, what: &str, stage: &str, step: &str) -> fmt::Result {
    write!(f, "{what}现在是“{stage}”，不能“{step}”")
}

/// A date as an official writes it: 2026 年 9 月 30 日.
pub(crate) fn day(date: NaiveDate) -> String {
    date.format("%Y 年 %-m 月 %-d 日").to_string()
}

/// Text with something in it.
///
/// # Errors
/// [`StepRefused::WordsMissing`] when nothing but space is there.
pub(crate) fn words(text: String) -> Result<String, StepRefused> {
    if text.trim().is_empty() {
        Err(StepRefused::WordsMissing)
    } else {
        Ok(text)
    }
}
