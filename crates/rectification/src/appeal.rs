//! An appeal 申诉 of a unit against a figure, decided by two people who had nothing to do with it.

use crate::StepRefused;
use crate::named::named;
use crate::refusal::words;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use survey_design::Deadlines;
use vocabulary::{AccountId, UnitId, WorkCalendar};

named! {
    /// What an appeal is against.
    Against {
        /// A score.
        Score = "score", "得分";
        /// A single rating.
        Rating = "rating", "单条评价";
        /// An assignment.
        Assignment = "assignment", "交办";
        /// An order to be excluded.
        OrderExclusion = "order_exclusion", "工单剔除";
    }
}

named! {
    /// Why a unit appeals (domain C.9).
    Ground {
        /// The rating belongs to another unit.
        WrongUnit = "wrong_unit", "评价对象有误";
        /// It was counted twice.
        Duplicate = "duplicate", "重复计入";
        /// It lies outside the period.
        OutsidePeriod = "outside_period", "不在评价周期内";
        /// The matter is no duty of the unit.
        NoLegalDuty = "no_legal_duty", "不属于法定职责";
        /// It is before a court or in another legal procedure.
        InLitigation = "in_litigation", "已进入诉讼等法定程序";
        /// The demand is against the law or without reason.
        UnreasonableDemand = "unreasonable_demand", "诉求不合理";
        /// Somebody typed it wrong.
        EntryError = "entry_error", "录入错误";
    }
}

named! {
    /// What the reviewers decide.
    Decision {
        /// The figure is corrected.
        Correct = "correct", "予以更正";
        /// The figure stands.
        Uphold = "uphold", "维持原结果";
    }
}

named! {
    /// Where an appeal stands.
    AppealStage {
        /// Filed.
        Filed = "filed", "已提出";
        /// Not taken up.
        Refused = "refused", "不予受理";
        /// Taken up.
        Accepted = "accepted", "已受理";
        /// With two reviewers.
        Reviewing = "reviewing", "复核中";
        /// Decided.
        Decided = "decided", "已决定";
        /// The decision is carried out; nothing follows.
        Final = "final", "已办结";
    }
}

named! {
    /// What can be done with an appeal.
    AppealStep {
        /// Take it up.
        Accept = "accept", "受理";
        /// Do not take it up.
        Refuse = "refuse", "不予受理";
        /// Name two reviewers.
        AssignReviewers = "assign_reviewers", "指定复核人";
        /// Decide.
        Decide = "decide", "作出决定";
        /// Carry the decision out.
        CarryOut = "carry_out", "执行决定";
    }
}

/// Every step an appeal can take: from, step, to.
pub const APPEAL_TRANSITIONS: &[(AppealStage, AppealStep, AppealStage)] = {
    use AppealStage as At;
    use AppealStep as By;
    &[
        (At::Filed, By::Accept, At::Accepted),
        (At::Filed, By::Refuse, At::Refused),
        (At::Accepted, By::AssignReviewers, At::Reviewing),
        (At::Reviewing, By::Decide, At::Decided),
        (At::Decided, By::CarryOut, At::Final),
    ]
};

/// Where an appeal stands, with what the next step needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AppealState {
    /// Filed.
    Filed,
    /// Not taken up, and why.
    Refused {
        /// Why.
        reason: String,
    },
    /// Taken up.
    Accepted,
    /// With two reviewers.
    Reviewing {
        /// Two different people.
        reviewers: [AccountId; 2],
    },
    /// Decided, not yet carried out.
    Decided {
        /// The reviewers.
        reviewers: [AccountId; 2],
        /// What they decided.
        decision: Decision,
        /// Why.
        reasons: String,
    },
    /// Over.
    Final {
        /// The reviewers.
        reviewers: [AccountId; 2],
        /// What they decided.
        decision: Decision,
        /// Why.
        reasons: String,
    },
}

/// What happens to an appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppealEvent {
    /// It is taken up.
    Accept,
    /// It is not taken up.
    Refuse {
        /// Why.
        reason: String,
    },
    /// Two reviewers are named.
    AssignReviewers {
        /// The two.
        reviewers: [AccountId; 2],
        /// Everybody who had to do with the figure before.
        involved: BTreeSet<AccountId>,
    },
    /// Both reviewers decide.
    Decide {
        /// Who decides, in any order.
        deciders: [AccountId; 2],
        /// What.
        decision: Decision,
        /// Why.
        reasons: String,
    },
    /// The decision is carried out.
    CarryOut,
}

impl AppealEvent {
    /// The step this event is.
    #[must_use]
    pub const fn kind(&self) -> AppealStep {
        match self {
            Self::Accept => AppealStep::Accept,
            Self::Refuse { .. } => AppealStep::Refuse,
            Self::AssignReviewers { .. } => AppealStep::AssignReviewers,
            Self::Decide { .. } => AppealStep::Decide,
            Self::CarryOut => AppealStep::CarryOut,
        }
    }
}

impl AppealState {
    /// Where it stands.
    #[must_use]
    pub const fn stage(&self) -> AppealStage {
        match self {
            Self::Filed => AppealStage::Filed,
            Self::Refused { .. } => AppealStage::Refused,
            Self::Accepted => AppealStage::Accepted,
            Self::Reviewing { .. } => AppealStage::Reviewing,
            Self::Decided { .. } => AppealStage::Decided,
            Self::Final { .. } => AppealStage::Final,
        }
    }
}

/// What a unit hands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The unit.
    pub unit: UnitId,
    /// What it is against.
    pub against: Against,
    /// The ground.
    pub ground: Ground,
    /// The facts in words.
    pub text: String,
    /// Who files.
    pub filed_by: AccountId,
    /// When the unit was told of the figure.
    pub notified_on: NaiveDate,
}

/// An appeal from filing to decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// The unit.
    pub unit: UnitId,
    /// What it is against.
    pub against: Against,
    /// The ground.
    pub ground: Ground,
    /// The facts in words.
    pub text: String,
    /// Who filed it.
    pub filed_by: AccountId,
    /// When.
    pub filed_on: NaiveDate,
    /// Last day for the decision.
    pub decide_by: NaiveDate,
    /// Where it stands.
    pub state: AppealState,
}

impl Appeal {
    /// Files an appeal within the limit after the notice.
    ///
    /// # Errors
    /// [`StepRefused::AppealTooLate`] after the limit, [`StepRefused::WordsMissing`] without facts.
    pub fn file(
        filing: Filing,
        deadlines: &Deadlines,
        calendar: &WorkCalendar,
        today: NaiveDate,
    ) -> Result<Self, StepRefused> {
        let until = calendar.add(filing.notified_on, deadlines.objection);
        if today > until {
            return Err(StepRefused::AppealTooLate { until });
        }
        Ok(Self {
            unit: filing.unit,
            against: filing.against,
            ground: filing.ground,
            text: words(filing.text)?,
            filed_by: filing.filed_by,
            filed_on: today,
            decide_by: calendar.add(today, deadlines.objection_decision),
            state: AppealState::Filed,
        })
    }

    /// Takes one step.
    ///
    /// Two different reviewers decide together; neither filed the appeal nor had to do with the figure before.
    ///
    /// # Errors
    /// [`StepRefused`]; the appeal stays where it was.
    pub fn step(&self, event: AppealEvent) -> Result<Self, StepRefused> {
        let state = match (&self.state, event) {
            (AppealState::Filed, AppealEvent::Accept) => AppealState::Accepted,
            (AppealState::Filed, AppealEvent::Refuse { reason }) => AppealState::Refused {
                reason: words(reason)?,
            },
            (
                AppealState::Accepted,
                AppealEvent::AssignReviewers {
                    reviewers,
                    involved,
                },
            ) => {
                self.refuse_partial(&reviewers, &involved)?;
                AppealState::Reviewing { reviewers }
            }
            (
                AppealState::Reviewing { reviewers },
                AppealEvent::Decide {
                    deciders,
                    decision,
                    reasons,
                },
            ) => decided(reviewers, &deciders, decision, reasons)?,
            (
                AppealState::Decided {
                    reviewers,
                    decision,
                    reasons,
                },
                AppealEvent::CarryOut,
            ) => AppealState::Final {
                reviewers: reviewers.clone(),
                decision: *decision,
                reasons: reasons.clone(),
            },
            (state, event) => return Err(StepRefused::Appeal(state.stage(), event.kind())),
        };
        Ok(Self {
            state,
            ..self.clone()
        })
    }

    fn refuse_partial(
        &self,
        [first, second]: &[AccountId; 2],
        involved: &BTreeSet<AccountId>,
    ) -> Result<(), StepRefused> {
        if first == second {
            return Err(StepRefused::SameReviewer);
        }
        let partial =
            |reviewer: &AccountId| *reviewer == self.filed_by || involved.contains(reviewer);
        if partial(first) || partial(second) {
            return Err(StepRefused::ReviewerInvolved);
        }
        Ok(())
    }
}

fn decided(
    reviewers: &[AccountId; 2],
    deciders: &[AccountId; 2],
    decision: Decision,
    reasons: String,
) -> Result<AppealState, StepRefused> {
    let people = |pair: &[AccountId; 2]| pair.iter().cloned().collect::<BTreeSet<_>>();
    if people(reviewers) != people(deciders) {
        return Err(StepRefused::NotTheReviewers);
    }
    Ok(AppealState::Decided {
        reviewers: reviewers.clone(),
        decision,
        reasons: words(reasons)?,
    })
}

#[cfg(test)]
mod tests;
