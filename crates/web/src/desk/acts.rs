//! What each side may do in each state; the rules decide again when it is done.

use rectification::MatterStage;

/// Who looks at a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The unit that works on it.
    Unit,
    /// The office that verifies.
    Office,
    /// Those who only watch.
    Watcher,
}

/// Something that can be done with a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 签收.
    Sign,
    /// 退回.
    Return,
    /// 报方案.
    Plan,
    /// 报结果.
    Report,
    /// 申请延期.
    Extend,
    /// 同意退回.
    AcceptReturn,
    /// 不同意退回.
    RefuseReturn,
    /// 批准方案.
    Approve,
    /// 退改方案.
    SendBack,
    /// 同意延期.
    Grant,
    /// 不同意延期.
    RefuseExtension,
    /// 核查.
    Verify,
    /// 办结.
    Close,
    /// 重办.
    Fail,
    /// 转入办理.
    Carry,
    /// 重新办理.
    Reopen,
}

impl Act {
    const ALL: [Self; 16] = [
        Self::Sign,
        Self::Return,
        Self::Plan,
        Self::Report,
        Self::Extend,
        Self::AcceptReturn,
        Self::RefuseReturn,
        Self::Approve,
        Self::SendBack,
        Self::Grant,
        Self::RefuseExtension,
        Self::Verify,
        Self::Close,
        Self::Fail,
        Self::Carry,
        Self::Reopen,
    ];

    /// The word in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Return => "return",
            Self::Plan => "plan",
            Self::Report => "report",
            Self::Extend => "extend",
            Self::AcceptReturn => "accept-return",
            Self::RefuseReturn => "refuse-return",
            Self::Approve => "approve",
            Self::SendBack => "send-back",
            Self::Grant => "grant",
            Self::RefuseExtension => "refuse-extension",
            Self::Verify => "verify",
            Self::Close => "close",
            Self::Fail => "fail",
            Self::Carry => "carry",
            Self::Reopen => "reopen",
        }
    }

    /// The act with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// Words on its tab and button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sign => "签收",
            Self::Return => "不属于本单位，退回",
            Self::Plan => "报整改方案",
            Self::Report => "报整改结果",
            Self::Extend => "申请延期",
            Self::AcceptReturn => "同意退回",
            Self::RefuseReturn => "不同意退回",
            Self::Approve => "批准方案",
            Self::SendBack => "退改方案",
            Self::Grant => "同意延期",
            Self::RefuseExtension => "不同意延期",
            Self::Verify => "登记核查情况",
            Self::Close => "办结",
            Self::Fail => "没有解决，退回重办",
            Self::Carry => "转入办理",
            Self::Reopen => "没有解决，重新办理",
        }
    }

    /// What is said when it was done.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Sign => "已签收，请在期限内报方案。",
            Self::Return => "已退回，等评价办决定。",
            Self::Plan => "方案已上报，等评价办批准。",
            Self::Report => "结果已上报，等评价办核查。",
            Self::Extend => "延期申请已提交，原期限在批准前不变。",
            Self::AcceptReturn => "已同意退回。",
            Self::RefuseReturn => "已通知单位继续办理。",
            Self::Approve => "方案已批准，开始整改。",
            Self::SendBack => "方案已退改。",
            Self::Grant => "已同意延期。",
            Self::RefuseExtension => "已通知单位按原期限办理。",
            Self::Verify => "核查情况已登记。",
            Self::Close => "已办结。",
            Self::Fail => "已退回重办，计入整改账。",
            Self::Carry => "已转入办理。",
            Self::Reopen => "已重新办理，挂号恢复，计入整改账。",
        }
    }
}

/// What a side may do with a matter in this state.
pub const fn acts(stage: MatterStage, side: Side) -> &'static [Act] {
    match (side, stage) {
        (Side::Unit, MatterStage::Assigned) => &[Act::Sign, Act::Return],
        (Side::Unit, MatterStage::Signed | MatterStage::Reopened) => &[Act::Plan],
        (Side::Unit, MatterStage::Rectifying) => &[Act::Report, Act::Extend],
        (Side::Office, MatterStage::Returned) => &[Act::AcceptReturn, Act::RefuseReturn],
        (Side::Office, MatterStage::Planned) => &[Act::Approve, Act::SendBack],
        (Side::Office, MatterStage::ExtensionReview) => &[Act::Grant, Act::RefuseExtension],
        (Side::Office, MatterStage::Reported) => &[Act::Verify],
        (Side::Office, MatterStage::Verified) => &[Act::Close, Act::Fail],
        (Side::Office, MatterStage::InPlan) => &[Act::Carry],
        (Side::Office, MatterStage::Closed) => &[Act::Reopen],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rectification::{Holder, MATTER_TRANSITIONS, MatterStep};

    #[test]
    fn words_in_addresses_lead_back() {
        for act in Act::ALL {
            assert_eq!(Act::from_code(act.code()), Some(act));
        }
    }

    #[test]
    fn who_has_the_turn_has_something_to_do_and_nobody_else() {
        for stage in MatterStage::ALL {
            let can = |side| !acts(*stage, side).is_empty();
            assert!(!can(Side::Watcher));
            match stage.holder() {
                Holder::Unit => assert!(can(Side::Unit) && !can(Side::Office), "{stage:?}"),
                Holder::Office => assert!(!can(Side::Unit), "{stage:?}"),
                Holder::Nobody => {
                    let office = acts(*stage, Side::Office);
                    assert!(!can(Side::Unit) && office.iter().all(|act| *act == Act::Reopen));
                }
            }
        }
    }

    /// Done with several matters, on pages of their own.
    const REARRANGING: [MatterStep; 3] = [MatterStep::TakeIn, MatterStep::Split, MatterStep::Merge];

    #[test]
    fn each_state_offers_as_many_ways_as_the_rules_know() {
        for stage in MatterStage::ALL
            .iter()
            .filter(|stage| !matches!(stage, MatterStage::Sorted | MatterStage::Verified))
        {
            let mut steps: Vec<_> = MATTER_TRANSITIONS
                .iter()
                .filter(|(from, step, _)| from == stage && !REARRANGING.contains(step))
                .map(|(_, step, _)| step)
                .collect();
            steps.dedup();
            let offered = acts(*stage, Side::Unit).len() + acts(*stage, Side::Office).len();
            assert_eq!(offered, steps.len(), "{stage:?}");
        }
    }
}
