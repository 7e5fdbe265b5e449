//! The names of the states and steps of a matter, and the table of all steps.

use crate::named::named;

named! {
    /// Where a matter stands.
    MatterStage {
        /// Waits for a unit.
        Sorted = "sorted", "待交办";
        /// With a unit, not signed for.
        Assigned = "assigned", "已交办";
        /// The unit says it is not its own.
        Returned = "returned", "已退回";
        /// Signed for, plan awaited.
        Signed = "signed", "已签收";
        /// Plan handed in.
        Planned = "planned", "已报方案";
        /// The unit works on it.
        Rectifying = "rectifying", "整改中";
        /// More time is asked for.
        ExtensionReview = "extension_review", "延期审核";
        /// The unit says it is done.
        Reported = "reported", "已报结果";
        /// The office has checked.
        Verified = "verified", "已核查";
        /// Solved, class A.
        Closed = "closed", "已销号（A 类）";
        /// In a dated plan, class B.
        InPlan = "in_plan", "列入计划（B 类）";
        /// Cannot be solved for now, class C.
        Deferred = "deferred", "暂不具备条件（C 类）";
        /// Not solved; all over again.
        Reopened = "reopened", "重新整改";
        /// Part of another matter.
        Merged = "merged", "已并入别的事项";
    }
}

named! {
    /// What can be done with a matter.
    MatterStep {
        /// The office gives it to a unit.
        Assign = "assign", "交办";
        /// The unit signs for it.
        Sign = "sign", "签收";
        /// The unit returns it as not its own.
        Return = "return", "退回";
        /// The office takes it back.
        AcceptReturn = "accept_return", "同意退回";
        /// The office insists.
        RefuseReturn = "refuse_return", "不同意退回";
        /// The unit hands in a plan.
        Plan = "plan", "上报方案";
        /// The office agrees with the plan.
        Approve = "approve", "批准方案";
        /// The office wants a better plan.
        SendBack = "send_back", "退改方案";
        /// The unit asks for more time.
        AskExtension = "ask_extension", "申请延期";
        /// The office gives it.
        GrantExtension = "grant_extension", "同意延期";
        /// The office does not.
        RefuseExtension = "refuse_extension", "不同意延期";
        /// The unit reports the result.
        Report = "report", "上报结果";
        /// The office checks.
        Verify = "verify", "核查";
        /// The office closes as A, B or C.
        Close = "close", "办结";
        /// The office finds it unsolved.
        Fail = "fail", "核查不通过";
        /// A planned matter is taken up again.
        Carry = "carry", "转入办理";
        /// The office takes a solved matter up again.
        Reopen = "reopen", "重新办理";
        /// It takes in opinions of another matter.
        TakeIn = "take_in", "接收意见";
        /// Some of its opinions become another matter.
        Split = "split", "拆出意见";
        /// It becomes part of another matter.
        Merge = "merge", "并入";
    }
}

named! {
    /// Whose turn it is.
    Holder {
        /// The evaluation office.
        Office = "office", "评价办";
        /// The unit.
        Unit = "unit", "责任单位";
        /// Nobody; it is over.
        Nobody = "nobody", "已办结";
    }
}

impl MatterStage {
    /// Whose turn it is in this state.
    #[must_use]
    pub const fn holder(self) -> Holder {
        match self {
            Self::Sorted
            | Self::Returned
            | Self::Planned
            | Self::ExtensionReview
            | Self::Reported
            | Self::Verified
            | Self::InPlan => Holder::Office,
            Self::Assigned | Self::Signed | Self::Rectifying | Self::Reopened => Holder::Unit,
            Self::Closed | Self::Deferred | Self::Merged => Holder::Nobody,
        }
    }

    /// Whether there is an answer that the people who wrote can rate.
    #[must_use]
    pub const fn takes_follow_up(self) -> bool {
        matches!(self, Self::Reported | Self::Verified | Self::Closed)
    }

    /// What the citizen who wrote reads about it.
    #[must_use]
    pub const fn citizen_words(self) -> &'static str {
        match self {
            Self::Sorted | Self::Returned => "已收到，正在确定由哪个部门办理",
            Self::Assigned => "已转给责任部门",
            Self::Signed | Self::Planned | Self::Rectifying | Self::ExtensionReview => "正在办",
            Self::Reported => "部门已答复，正在核实",
            Self::Verified => "已核实",
            Self::Closed => "已核实，已解决",
            Self::InPlan => "已列入计划，将继续办理",
            Self::Deferred => "暂时不具备解决条件，已说明原因",
            Self::Reopened => "核实后认为没有解决，继续督办",
            Self::Merged => "已和相同的问题合并办理",
        }
    }
}

/// Every step a matter can take: from, step, to.
///
/// Source: domain C.5 from `sorted` on; `send_back` is the office's answer to a plan it cannot approve, and a reopened
/// matter goes on with a new plan. `reopen` follows C.4, where the office takes up again what a follow-up rating calls
/// unsolved. Matters are merged and split until a unit has signed; limits that run go on.
pub const MATTER_TRANSITIONS: &[(MatterStage, MatterStep, MatterStage)] = {
    use MatterStage as At;
    use MatterStep as By;
    &[
        (At::Sorted, By::Assign, At::Assigned),
        (At::Assigned, By::Sign, At::Signed),
        (At::Assigned, By::Return, At::Returned),
        (At::Returned, By::AcceptReturn, At::Sorted),
        (At::Returned, By::RefuseReturn, At::Assigned),
        (At::Signed, By::Plan, At::Planned),
        (At::Planned, By::Approve, At::Rectifying),
        (At::Planned, By::SendBack, At::Signed),
        (At::Rectifying, By::AskExtension, At::ExtensionReview),
        (At::ExtensionReview, By::GrantExtension, At::Rectifying),
        (At::ExtensionReview, By::RefuseExtension, At::Rectifying),
        (At::Rectifying, By::Report, At::Reported),
        (At::Reported, By::Verify, At::Verified),
        (At::Verified, By::Close, At::Closed),
        (At::Verified, By::Close, At::InPlan),
        (At::Verified, By::Close, At::Deferred),
        (At::Verified, By::Fail, At::Reopened),
        (At::Reopened, By::Plan, At::Planned),
        (At::InPlan, By::Carry, At::Rectifying),
        (At::Closed, By::Reopen, At::Reopened),
        (At::Sorted, By::TakeIn, At::Sorted),
        (At::Sorted, By::Split, At::Sorted),
        (At::Sorted, By::Merge, At::Merged),
        (At::Assigned, By::TakeIn, At::Assigned),
        (At::Assigned, By::Split, At::Assigned),
        (At::Assigned, By::Merge, At::Merged),
    ]
};
