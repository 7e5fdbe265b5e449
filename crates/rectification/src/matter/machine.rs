//! One step of a matter: who may go where, by when, and on what condition.

use super::{CheckResult, Closing, Finding, MatterEvent, MatterState, Record};
use crate::refusal::words;
use crate::{Goal, GoalDraft, StepRefused};
use chrono::NaiveDate;
use survey_design::Deadlines;
use vocabulary::{WorkCalendar, WorkingDays};

use MatterEvent as E;
use MatterState as S;

/// The limits of the rules, counted from today in working days.
#[derive(Clone, Copy)]
struct Limits<'r> {
    deadlines: &'r Deadlines,
    calendar: &'r WorkCalendar,
    today: NaiveDate,
}

impl Limits<'_> {
    fn limit(&self, days: WorkingDays) -> NaiveDate {
        self.calendar.add(self.today, days)
    }
}

/// Takes one step and sets the next limit.
///
/// Signing, planning and reporting after the limit are taken and counted as late; returning and asking for more time are
/// refused then. A matter is returned once and extended once. No state is skipped.
///
/// Source: domain C.5 with the limits of the round's rules; the office decides on a return within the limit for signing.
///
/// # Errors
/// [`StepRefused`] with the fact that stands against it; the matter stays where it was.
pub fn step(
    state: MatterState,
    event: MatterEvent,
    deadlines: &Deadlines,
    calendar: &WorkCalendar,
    today: NaiveDate,
) -> Result<MatterState, StepRefused> {
    let limits = Limits {
        deadlines,
        calendar,
        today,
    };
    match (state, event) {
        (S::Sorted { record }, E::Assign { complexity }) => Ok(assigned(
            Record {
                complexity,
                ..record
            },
            limits,
        )),
        (
            S::Assigned {
                record, sign_by, ..
            },
            E::Sign,
        ) => Ok(S::Signed {
            record: late(record, today > sign_by),
            plan_by: limits.limit(deadlines.plan),
        }),
        (
            S::Assigned {
                record, return_by, ..
            },
            E::Return { reason },
        ) => give_back(record, return_by, reason, limits),
        (S::Returned { record, .. }, E::AcceptReturn) => Ok(S::Sorted { record }),
        (S::Returned { record, .. }, E::RefuseReturn) => Ok(assigned(record, limits)),
        (
            S::Signed { record, plan_by }
            | S::Reopened {
                record, plan_by, ..
            },
            E::Plan { goal },
        ) => plan(late(record, today > plan_by), goal, limits),
        (S::Planned { record, goal }, E::Approve) => Ok(S::Rectifying {
            record,
            due: goal.due(),
            goal,
        }),
        (S::Planned { record, .. }, E::SendBack { reason }) => send_back(record, reason, limits),
        (state @ (S::Sorted { .. } | S::Assigned { .. }), event) => rearrange(state, event),
        (state, event) => work(state, event, limits),
    }
}

/// What may be done with the opinions of a matter nobody has signed for.
fn rearrange(state: S, event: E) -> Result<S, StepRefused> {
    match event {
        E::TakeIn { .. } | E::Split { .. } => Ok(state),
        E::Merge { into } => Ok(S::Merged {
            record: *state.record(),
            into,
        }),
        event => Err(StepRefused::Matter(state.stage(), event.kind())),
    }
}

/// From the approved plan to the report.
fn work(state: S, event: E, limits: Limits) -> Result<S, StepRefused> {
    match (state, event) {
        (S::Rectifying { record, goal, due }, E::AskExtension { until, reason }) => {
            Ok(S::ExtensionReview {
                record: may_extend(record, due, until, limits)?,
                goal,
                due,
                asked: until,
                reason: words(reason)?,
            })
        }
        (
            S::ExtensionReview {
                record,
                goal,
                asked: due,
                ..
            },
            E::GrantExtension,
        )
        | (
            S::ExtensionReview {
                record, goal, due, ..
            },
            E::RefuseExtension,
        ) => Ok(S::Rectifying { record, goal, due }),
        (S::Rectifying { record, goal, due }, E::Report { result }) => Ok(S::Reported {
            record: reported(record, limits.today > due),
            goal,
            result: words(result)?,
            verify_by: limits.limit(limits.deadlines.verify),
        }),
        (
            S::InPlan {
                record,
                goal,
                until,
            },
            E::Carry,
        ) => Ok(S::Rectifying {
            record,
            goal,
            due: until.max(limits.today),
        }),
        (state, event) => finish(state, event, limits),
    }
}

/// From the report to the end.
fn finish(state: S, event: E, limits: Limits) -> Result<S, StepRefused> {
    match (state, event) {
        (
            S::Reported {
                record,
                goal,
                result,
                ..
            },
            E::Verify { finding },
        ) => Ok(S::Verified {
            record: checked(record, &finding)?,
            goal,
            result,
            finding,
        }),
        (
            S::Verified {
                record,
                goal,
                result,
                finding,
            },
            E::Close { closing },
        ) => close((record, goal, result), &finding, closing, limits.today),
        (S::Verified { record, .. }, E::Fail { reason })
        | (S::Closed { record, .. }, E::Reopen { reason }) => reopen(record, reason, limits),
        (state, event) => Err(StepRefused::Matter(state.stage(), event.kind())),
    }
}

fn assigned(record: Record, limits: Limits) -> S {
    S::Assigned {
        record,
        sign_by: limits.limit(limits.deadlines.sign),
        return_by: limits.limit(limits.deadlines.return_matter),
    }
}

fn late(record: Record, is_late: bool) -> Record {
    Record {
        late_steps: record.late_steps.saturating_add(u16::from(is_late)),
        ..record
    }
}

fn reported(record: Record, is_late: bool) -> Record {
    Record {
        reports: record.reports.saturating_add(1),
        late_reports: record.late_reports.saturating_add(u16::from(is_late)),
        ..late(record, is_late)
    }
}

fn give_back(
    record: Record,
    until: NaiveDate,
    reason: String,
    limits: Limits,
) -> Result<S, StepRefused> {
    if record.returns > 0 {
        return Err(StepRefused::ReturnedBefore);
    }
    if limits.today > until {
        return Err(StepRefused::ReturnTooLate { until });
    }
    Ok(S::Returned {
        record: Record {
            returns: 1,
            ..record
        },
        reason: words(reason)?,
        decide_by: limits.limit(limits.deadlines.sign),
    })
}

fn plan(record: Record, draft: GoalDraft, limits: Limits) -> Result<S, StepRefused> {
    let goal = Goal::parse(draft, limits.today).map_err(StepRefused::VagueGoal)?;
    let latest = limits.limit(record.complexity.limit(limits.deadlines));
    if goal.due() > latest {
        return Err(StepRefused::GoalTooLate { latest });
    }
    Ok(S::Planned { record, goal })
}

fn send_back(record: Record, reason: String, limits: Limits) -> Result<S, StepRefused> {
    words(reason)?;
    Ok(S::Signed {
        record: Record {
            plans_sent_back: record.plans_sent_back.saturating_add(1),
            ..record
        },
        plan_by: limits.limit(limits.deadlines.plan),
    })
}

fn may_extend(
    record: Record,
    due: NaiveDate,
    until: NaiveDate,
    limits: Limits,
) -> Result<Record, StepRefused> {
    let latest = limits.calendar.add(due, limits.deadlines.extension);
    if record.extensions > 0 {
        Err(StepRefused::ExtendedBefore)
    } else if limits.today > due {
        Err(StepRefused::ExtensionTooLate { due })
    } else if until <= due {
        Err(StepRefused::DateNotAfter { day: due })
    } else if until > latest {
        Err(StepRefused::ExtensionTooLong { latest })
    } else {
        Ok(Record {
            extensions: 1,
            ..record
        })
    }
}

fn checked(record: Record, finding: &Finding) -> Result<Record, StepRefused> {
    if finding.satisfied > finding.called {
        return Err(StepRefused::MoreSatisfiedThanAsked);
    }
    Ok(Record {
        called: record.called.saturating_add(finding.called),
        satisfied: record.satisfied.saturating_add(finding.satisfied),
        ..record
    })
}

fn close(
    (record, goal, result): (Record, Goal, String),
    finding: &Finding,
    closing: Closing,
    today: NaiveDate,
) -> Result<S, StepRefused> {
    match closing {
        Closing::Solved if finding.check == CheckResult::NotSolved => Err(StepRefused::NotSolved),
        Closing::Solved => Ok(S::Closed {
            record,
            goal,
            result,
        }),
        Closing::Planned { until } if until <= today => {
            Err(StepRefused::DateNotAfter { day: today })
        }
        Closing::Planned { until } => Ok(S::InPlan {
            record,
            goal,
            until,
        }),
        Closing::Deferred { reason } => Ok(S::Deferred {
            record,
            goal,
            reason: words(reason)?,
        }),
    }
}

fn reopen(record: Record, reason: String, limits: Limits) -> Result<S, StepRefused> {
    Ok(S::Reopened {
        record: Record {
            reopenings: record.reopenings.saturating_add(1),
            ..record
        },
        reason: words(reason)?,
        plan_by: limits.limit(limits.deadlines.plan),
    })
}
