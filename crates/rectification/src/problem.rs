//! The problem account: register 挂号, call 叫号, re-register 复号, close 销号.

use crate::named::named;
use crate::refusal::words;
use crate::{CheckResult, Light, MatterState, StepRefused};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{MatterId, WorkCalendar, WorkingDays};

named! {
    /// Where a problem stands.
    ProblemStage {
        /// 挂号.
        Registered = "registered", "已挂号";
        /// 叫号.
        Called = "called", "已叫号";
        /// 复号.
        ReRegistered = "re_registered", "已复号";
        /// Cannot be solved now; a date is promised.
        PlannedClose = "planned_close", "承诺限期解决";
        /// With the stationed discipline group.
        Escalated = "escalated", "已提级督办";
        /// 销号.
        Closed = "closed", "已销号";
    }
}

named! {
    /// What can be done with a problem.
    ProblemStep {
        /// A call finds progress.
        Call = "call", "叫号";
        /// A call finds it late, refused or handled against the rules.
        ReRegister = "re_register", "复号";
        /// A date is promised.
        Promise = "promise", "承诺限期解决";
        /// It is closed.
        Close = "close", "销号";
    }
}

/// Every step a problem can take: from, step, to.
///
/// Source: domain C.6 (Xixia, Liucheng); a first call always only calls, an escalated problem can only be promised or closed.
/// A problem whose matter is reopened is registered again, under its number, until it is settled.
pub const PROBLEM_TRANSITIONS: &[(ProblemStage, ProblemStep, ProblemStage)] = {
    use ProblemStage as At;
    use ProblemStep as By;
    &[
        (At::Registered, By::Call, At::Called),
        (At::Registered, By::Promise, At::PlannedClose),
        (At::Called, By::Call, At::Called),
        (At::Called, By::ReRegister, At::ReRegistered),
        (At::Called, By::ReRegister, At::Escalated),
        (At::Called, By::Promise, At::PlannedClose),
        (At::Called, By::Close, At::Closed),
        (At::ReRegistered, By::Call, At::Called),
        (At::ReRegistered, By::ReRegister, At::ReRegistered),
        (At::ReRegistered, By::ReRegister, At::Escalated),
        (At::ReRegistered, By::Promise, At::PlannedClose),
        (At::ReRegistered, By::Close, At::Closed),
        (At::PlannedClose, By::ReRegister, At::ReRegistered),
        (At::PlannedClose, By::ReRegister, At::Escalated),
        (At::PlannedClose, By::Close, At::Closed),
        (At::Escalated, By::Promise, At::PlannedClose),
        (At::Escalated, By::Close, At::Closed),
        (At::Closed, By::ReRegister, At::ReRegistered),
        (At::Closed, By::ReRegister, At::Escalated),
    ]
};

/// Where a problem stands, with what the next step needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ProblemState {
    /// Waits for the first call.
    Registered {
        /// Day of the next call.
        next_call: NaiveDate,
    },
    /// Called; progress is good.
    Called {
        /// Day of the next call.
        next_call: NaiveDate,
    },
    /// Registered again.
    ReRegistered {
        /// Day of the next call.
        next_call: NaiveDate,
    },
    /// A date is promised.
    PlannedClose {
        /// The promised day.
        until: NaiveDate,
        /// What will be done when.
        timetable: String,
    },
    /// With the stationed discipline group.
    Escalated {
        /// Since when.
        since: NaiveDate,
    },
    /// Closed.
    Closed {
        /// When.
        on: NaiveDate,
        /// What shows it.
        evidence: String,
    },
}

impl MatterState {
    /// Whether the registered problem of a matter may be closed: it was checked and solved, or is over in one of the three classes.
    #[must_use]
    pub const fn lets_problem_close(&self) -> bool {
        match self {
            Self::Verified { finding, .. } => matches!(finding.check, CheckResult::Solved),
            Self::Closed { .. } | Self::InPlan { .. } | Self::Deferred { .. } => true,
            _ => false,
        }
    }
}

/// What a call found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Progress is as promised.
    OnTrack,
    /// Late, refused, or handled against the rules.
    LateOrRefused,
}

/// What the people concerned say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeopleSay {
    /// They are satisfied.
    Satisfied,
    /// They are not.
    NotSatisfied,
}

/// What happens to a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ProblemEvent {
    /// It is called.
    Call {
        /// What the call found.
        progress: Progress,
        /// In words.
        note: String,
    },
    /// It cannot be solved now; a date is promised.
    Promise {
        /// The promised day.
        until: NaiveDate,
        /// What will be done when.
        timetable: String,
    },
    /// It is closed.
    Close {
        /// What shows that it is solved.
        evidence: String,
        /// What the people concerned say.
        people: PeopleSay,
    },
}

impl ProblemEvent {
    /// The step this event is.
    #[must_use]
    pub const fn kind(&self) -> ProblemStep {
        match self {
            Self::Call {
                progress: Progress::OnTrack,
                ..
            } => ProblemStep::Call,
            Self::Call {
                progress: Progress::LateOrRefused,
                ..
            } => ProblemStep::ReRegister,
            Self::Promise { .. } => ProblemStep::Promise,
            Self::Close { .. } => ProblemStep::Close,
        }
    }
}

impl ProblemState {
    /// Where it stands.
    #[must_use]
    pub const fn stage(&self) -> ProblemStage {
        match self {
            Self::Registered { .. } => ProblemStage::Registered,
            Self::Called { .. } => ProblemStage::Called,
            Self::ReRegistered { .. } => ProblemStage::ReRegistered,
            Self::PlannedClose { .. } => ProblemStage::PlannedClose,
            Self::Escalated { .. } => ProblemStage::Escalated,
            Self::Closed { .. } => ProblemStage::Closed,
        }
    }

    /// The day something is due; `None` when closed or escalated.
    #[must_use]
    pub const fn due(&self) -> Option<NaiveDate> {
        match self {
            Self::Registered { next_call }
            | Self::Called { next_call }
            | Self::ReRegistered { next_call } => Some(*next_call),
            Self::PlannedClose { until, .. } => Some(*until),
            Self::Escalated { .. } | Self::Closed { .. } => None,
        }
    }
}

/// How often problems are called, and when the stationed group is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallRules {
    /// Working days between two calls.
    pub interval: WorkingDays,
    /// Re-registrations at which the stationed group is told.
    pub escalate_after: u16,
}

/// One call and the light it showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// When.
    pub on: NaiveDate,
    /// Green or yellow while on track (yellow when called late), red otherwise.
    pub light: Light,
    /// In words.
    pub note: String,
}

/// A problem under one number until it is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Its number; it never changes.
    pub reg_no: String,
    /// The matter it comes from.
    pub matter: MatterId,
    /// When it was registered.
    pub registered_on: NaiveDate,
    /// Every call so far, in order.
    pub calls: Vec<Call>,
    /// Times registered again.
    pub re_registrations: u16,
    /// Where it stands.
    pub state: ProblemState,
}

impl Problem {
    /// Registers a problem; the first call is one interval away.
    #[must_use]
    pub fn register(
        reg_no: String,
        matter: MatterId,
        rules: CallRules,
        calendar: &WorkCalendar,
        today: NaiveDate,
    ) -> Self {
        let next_call = calendar.add(today, rules.interval);
        Self {
            reg_no,
            matter,
            registered_on: today,
            calls: Vec::new(),
            re_registrations: 0,
            state: ProblemState::Registered { next_call },
        }
    }

    /// Takes one step.
    ///
    /// # Errors
    /// [`StepRefused`]; the problem stays where it was.
    pub fn step(
        &self,
        event: ProblemEvent,
        rules: CallRules,
        calendar: &WorkCalendar,
        today: NaiveDate,
    ) -> Result<Self, StepRefused> {
        let (from, by) = (self.state.stage(), event.kind());
        if !PROBLEM_TRANSITIONS
            .iter()
            .any(|(a, step, _)| *a == from && *step == by)
        {
            return Err(StepRefused::Problem(from, by));
        }
        match event {
            ProblemEvent::Call { progress, note } => {
                let next_call = calendar.add(today, rules.interval);
                Ok(self.called(progress, note, next_call, rules, today))
            }
            ProblemEvent::Promise { until, .. } if until <= today => {
                Err(StepRefused::DateNotAfter { day: today })
            }
            ProblemEvent::Promise { until, timetable } => {
                let timetable = words(timetable)?;
                Ok(self.at(ProblemState::PlannedClose { until, timetable }))
            }
            ProblemEvent::Close {
                people: PeopleSay::NotSatisfied,
                ..
            } => Err(StepRefused::PeopleNotSatisfied),
            ProblemEvent::Close { evidence, .. } => {
                let evidence = words(evidence)?;
                Ok(self.at(ProblemState::Closed {
                    on: today,
                    evidence,
                }))
            }
        }
    }

    fn at(&self, state: ProblemState) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    fn called(
        &self,
        progress: Progress,
        note: String,
        next_call: NaiveDate,
        rules: CallRules,
        today: NaiveDate,
    ) -> Self {
        let late = self.state.due().is_some_and(|due| today > due);
        let again = self.re_registrations.saturating_add(1);
        let (light, re_registrations, state) = match progress {
            Progress::OnTrack if late => (
                Light::Yellow,
                self.re_registrations,
                ProblemState::Called { next_call },
            ),
            Progress::OnTrack => (
                Light::Green,
                self.re_registrations,
                ProblemState::Called { next_call },
            ),
            Progress::LateOrRefused if again >= rules.escalate_after => {
                (Light::Red, again, ProblemState::Escalated { since: today })
            }
            Progress::LateOrRefused => {
                (Light::Red, again, ProblemState::ReRegistered { next_call })
            }
        };
        let mut calls = self.calls.clone();
        calls.push(Call {
            on: today,
            light,
            note,
        });
        Self {
            calls,
            re_registrations,
            ..self.at(state)
        }
    }
}

#[cfg(test)]
mod tests;
