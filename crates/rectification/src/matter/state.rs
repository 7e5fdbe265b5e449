//! The states of a matter with what each knows, and the events that move it.

use super::{MatterStage, MatterStep};
use crate::named::named;
use crate::{Goal, GoalDraft};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{MatterId, WorkingDays};

named! {
    /// How much time a matter needs.
    Complexity {
        /// 立行立改.
        Simple = "simple", "立行立改";
        /// 限期整改.
        Ordinary = "ordinary", "限期整改";
        /// 长期整改.
        Complex = "complex", "长期整改";
    }
}

impl Complexity {
    /// The limit for rectifying, in working days.
    #[must_use]
    pub const fn limit(self, deadlines: &survey_design::Deadlines) -> WorkingDays {
        match self {
            Self::Simple => deadlines.rectify_simple,
            Self::Ordinary => deadlines.rectify_ordinary,
            Self::Complex => deadlines.rectify_complex,
        }
    }
}

/// What happened to a matter so far, as far as it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// How much time it needs.
    pub complexity: Complexity,
    /// Times returned as not one's own; at most one.
    pub returns: u16,
    /// Extensions asked for; at most one.
    pub extensions: u16,
    /// Plans the office sent back.
    pub plans_sent_back: u16,
    /// Times the check found it unsolved.
    pub reopenings: u16,
    /// Steps (signing, plan, report) taken after their limit.
    pub late_steps: u16,
    /// Reports made after their limit.
    pub late_reports: u16,
    /// Results reported.
    pub reports: u16,
    /// People called back.
    pub called: u32,
    /// Of these, satisfied.
    pub satisfied: u32,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            complexity: Complexity::Ordinary,
            returns: 0,
            extensions: 0,
            plans_sent_back: 0,
            reopenings: 0,
            late_steps: 0,
            late_reports: 0,
            reports: 0,
            called: 0,
            satisfied: 0,
        }
    }
}

/// Where a matter stands, with everything the next step needs. Dates are last days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields are explained once, at `Record` and here: `*_by` is the last day for the next step"
)]
pub enum MatterState {
    /// Waits for a unit.
    Sorted { record: Record },
    /// With a unit, to be signed for or returned.
    Assigned {
        record: Record,
        sign_by: NaiveDate,
        return_by: NaiveDate,
    },
    /// The unit says it is not its own, and why.
    Returned {
        record: Record,
        reason: String,
        decide_by: NaiveDate,
    },
    /// Signed for; a plan is awaited.
    Signed { record: Record, plan_by: NaiveDate },
    /// A plan with a goal that can be checked.
    Planned { record: Record, goal: Goal },
    /// Work until `due`.
    Rectifying {
        record: Record,
        goal: Goal,
        due: NaiveDate,
    },
    /// More time is asked for, until `asked`.
    ExtensionReview {
        record: Record,
        goal: Goal,
        due: NaiveDate,
        asked: NaiveDate,
        reason: String,
    },
    /// The unit says it is done.
    Reported {
        record: Record,
        goal: Goal,
        result: String,
        verify_by: NaiveDate,
    },
    /// The office has checked.
    Verified {
        record: Record,
        goal: Goal,
        result: String,
        finding: Finding,
    },
    /// Solved, class A.
    Closed {
        record: Record,
        goal: Goal,
        result: String,
    },
    /// In a dated plan, class B.
    InPlan {
        record: Record,
        goal: Goal,
        until: NaiveDate,
    },
    /// Not possible for now, class C, and why.
    Deferred {
        record: Record,
        goal: Goal,
        reason: String,
    },
    /// Not solved, and why; a new plan is awaited.
    Reopened {
        record: Record,
        reason: String,
        plan_by: NaiveDate,
    },
    /// Part of another matter, which goes on for both.
    Merged { record: Record, into: MatterId },
}

named! {
    /// What the check at the desk or on the spot found.
    CheckResult {
        /// The goal is reached.
        Solved = "solved", "已解决";
        /// It is not.
        NotSolved = "not_solved", "未解决";
    }
}

/// What verifying found: a look at the result and calls to the people concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What the look found.
    pub check: CheckResult,
    /// People called back.
    pub called: u32,
    /// Of these, satisfied.
    pub satisfied: u32,
    /// In words.
    pub note: String,
}

/// How a verified matter ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// Class A: solved.
    Solved,
    /// Class B: in a plan with a date.
    Planned {
        /// When it will be taken up.
        until: NaiveDate,
    },
    /// Class C: not possible for now.
    Deferred {
        /// Why.
        reason: String,
    },
}

/// What happens to a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields repeat the words of the event: a reason, a date, a draft, a result"
)]
pub enum MatterEvent {
    /// The office gives it to a unit.
    Assign { complexity: Complexity },
    /// The unit signs for it.
    Sign,
    /// The unit returns it as not its own.
    Return { reason: String },
    /// The office takes it back.
    AcceptReturn,
    /// The office insists.
    RefuseReturn,
    /// The unit hands in a plan.
    Plan { goal: GoalDraft },
    /// The office agrees with the plan.
    Approve,
    /// The office wants a better plan.
    SendBack { reason: String },
    /// The unit asks for more time.
    AskExtension { until: NaiveDate, reason: String },
    /// The office gives it.
    GrantExtension,
    /// The office does not.
    RefuseExtension,
    /// The unit reports the result.
    Report { result: String },
    /// The office checks.
    Verify { finding: Finding },
    /// The office closes as A, B or C.
    Close { closing: Closing },
    /// The office finds it unsolved.
    Fail { reason: String },
    /// A planned matter is taken up again.
    Carry,
    /// A solved matter is taken up again: those concerned say it is not solved.
    Reopen { reason: String },
    /// It takes in opinions of another matter.
    TakeIn { from: MatterId },
    /// Some of its opinions become another matter.
    Split { into: MatterId },
    /// It becomes part of another matter.
    Merge { into: MatterId },
}

impl MatterEvent {
    /// The step this event is.
    #[must_use]
    pub const fn kind(&self) -> MatterStep {
        match self {
            Self::Assign { .. } => MatterStep::Assign,
            Self::Sign => MatterStep::Sign,
            Self::Return { .. } => MatterStep::Return,
            Self::AcceptReturn => MatterStep::AcceptReturn,
            Self::RefuseReturn => MatterStep::RefuseReturn,
            Self::Plan { .. } => MatterStep::Plan,
            Self::Approve => MatterStep::Approve,
            Self::SendBack { .. } => MatterStep::SendBack,
            Self::AskExtension { .. } => MatterStep::AskExtension,
            Self::GrantExtension => MatterStep::GrantExtension,
            Self::RefuseExtension => MatterStep::RefuseExtension,
            Self::Report { .. } => MatterStep::Report,
            Self::Verify { .. } => MatterStep::Verify,
            Self::Close { .. } => MatterStep::Close,
            Self::Fail { .. } => MatterStep::Fail,
            Self::Carry => MatterStep::Carry,
            Self::Reopen { .. } => MatterStep::Reopen,
            Self::TakeIn { .. } => MatterStep::TakeIn,
            Self::Split { .. } => MatterStep::Split,
            Self::Merge { .. } => MatterStep::Merge,
        }
    }
}

impl MatterState {
    /// A matter that waits for a unit.
    #[must_use]
    pub fn new() -> Self {
        Self::Sorted {
            record: Record::default(),
        }
    }

    /// Where it stands.
    #[must_use]
    pub const fn stage(&self) -> MatterStage {
        match self {
            Self::Sorted { .. } => MatterStage::Sorted,
            Self::Assigned { .. } => MatterStage::Assigned,
            Self::Returned { .. } => MatterStage::Returned,
            Self::Signed { .. } => MatterStage::Signed,
            Self::Planned { .. } => MatterStage::Planned,
            Self::Rectifying { .. } => MatterStage::Rectifying,
            Self::ExtensionReview { .. } => MatterStage::ExtensionReview,
            Self::Reported { .. } => MatterStage::Reported,
            Self::Verified { .. } => MatterStage::Verified,
            Self::Closed { .. } => MatterStage::Closed,
            Self::InPlan { .. } => MatterStage::InPlan,
            Self::Deferred { .. } => MatterStage::Deferred,
            Self::Reopened { .. } => MatterStage::Reopened,
            Self::Merged { .. } => MatterStage::Merged,
        }
    }

    /// What happened so far, as far as it counts.
    #[must_use]
    pub const fn record(&self) -> &Record {
        match self {
            Self::Sorted { record }
            | Self::Assigned { record, .. }
            | Self::Returned { record, .. }
            | Self::Signed { record, .. }
            | Self::Planned { record, .. }
            | Self::Rectifying { record, .. }
            | Self::ExtensionReview { record, .. }
            | Self::Reported { record, .. }
            | Self::Verified { record, .. }
            | Self::Closed { record, .. }
            | Self::InPlan { record, .. }
            | Self::Deferred { record, .. }
            | Self::Reopened { record, .. }
            | Self::Merged { record, .. } => record,
        }
    }

    /// The last day for the next step; `None` where no limit runs.
    #[must_use]
    pub const fn due(&self) -> Option<NaiveDate> {
        match self {
            Self::Assigned { sign_by: due, .. }
            | Self::Returned { decide_by: due, .. }
            | Self::Signed { plan_by: due, .. }
            | Self::Reopened { plan_by: due, .. }
            | Self::Rectifying { due, .. }
            | Self::ExtensionReview { due, .. }
            | Self::Reported { verify_by: due, .. }
            | Self::InPlan { until: due, .. } => Some(*due),
            Self::Sorted { .. }
            | Self::Planned { .. }
            | Self::Verified { .. }
            | Self::Closed { .. }
            | Self::Deferred { .. }
            | Self::Merged { .. } => None,
        }
    }

    /// The goal, once there is one.
    #[must_use]
    pub const fn goal(&self) -> Option<&Goal> {
        match self {
            Self::Planned { goal, .. }
            | Self::Rectifying { goal, .. }
            | Self::ExtensionReview { goal, .. }
            | Self::Reported { goal, .. }
            | Self::Verified { goal, .. }
            | Self::Closed { goal, .. }
            | Self::InPlan { goal, .. }
            | Self::Deferred { goal, .. } => Some(goal),
            Self::Sorted { .. }
            | Self::Assigned { .. }
            | Self::Returned { .. }
            | Self::Signed { .. }
            | Self::Reopened { .. }
            | Self::Merged { .. } => None,
        }
    }
}

impl Default for MatterState {
    fn default() -> Self {
        Self::new()
    }
}
