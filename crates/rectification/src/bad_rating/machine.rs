//! What each step of a bad rating needs and what it leads to.

use super::{BadRatingEvent, BadRatingRecord, BadRatingState, ObjectionGround};
use crate::refusal::words;
use crate::{Light, StepRefused, light};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use survey_design::Deadlines;
use vocabulary::{AccountId, Level, UnitId, WorkCalendar};

use BadRatingEvent as E;
use BadRatingState as S;

/// A rating as it arrives from the hall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRating {
    /// Number of the case in the hall.
    pub case: String,
    /// The unit it is about.
    pub unit: UnitId,
    /// The level given.
    pub level: Level,
    /// The day it was given.
    pub on: NaiveDate,
}

/// A bad rating from its arrival to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRating {
    /// Number of the case in the hall.
    pub case: String,
    /// The unit it is about.
    pub unit: UnitId,
    /// The level given.
    pub level: Level,
    /// The day it was given.
    pub received_on: NaiveDate,
    /// What happened so far, as far as it counts.
    pub record: BadRatingRecord,
    /// Where it stands.
    pub state: BadRatingState,
}

/// The rules a step is judged by, on a day.
#[derive(Clone, Copy)]
struct Limits<'r> {
    deadlines: &'r Deadlines,
    calendar: &'r WorkCalendar,
    today: NaiveDate,
}

impl BadRating {
    /// Takes up a rating; the unit has to speak to who gave it within the limit, counted in calendar days.
    ///
    /// # Errors
    /// [`StepRefused::NotBad`] for every level but 不满意 and 非常不满意.
    pub fn receive(rating: ReceivedRating, deadlines: &Deadlines) -> Result<Self, StepRefused> {
        if !rating.level.is_bad() {
            return Err(StepRefused::NotBad);
        }
        let contact_by = deadlines.contact_bad_rating.after(rating.on);
        Ok(Self {
            case: rating.case,
            unit: rating.unit,
            level: rating.level,
            received_on: rating.on,
            record: BadRatingRecord::default(),
            state: S::Received { contact_by },
        })
    }

    /// Takes one step and sets the next limit.
    ///
    /// Contacting, answering and deciding after the limit are taken and counted as late; objecting is refused then. The
    /// limit for the answer runs from the rating on and stands still while reviewers have it, so that an objection
    /// neither costs nor gains time. The rating is repeated once.
    ///
    /// Source: domain C.4; the limits are those of the round's rules.
    ///
    /// # Errors
    /// [`StepRefused`] with the fact that stands against it; the rating stays where it was.
    pub fn step(
        &self,
        event: BadRatingEvent,
        deadlines: &Deadlines,
        calendar: &WorkCalendar,
        today: NaiveDate,
    ) -> Result<Self, StepRefused> {
        let limits = Limits {
            deadlines,
            calendar,
            today,
        };
        let record = self.recorded(&event, today);
        let state = match (&self.state, event) {
            (S::Received { .. }, E::Contact) => self.contacted(limits),
            (S::Contacted { answer_by, .. }, E::Admit) => S::Rectifying {
                answer_by: *answer_by,
            },
            (
                S::Contacted {
                    object_by,
                    answer_by,
                },
                E::Object { ground, text, by },
            ) => {
                words(text)?;
                objected((*object_by, *answer_by), ground, by, limits)?
            }
            (S::Rectifying { .. }, E::FeedBack { result }) => S::FedBack {
                result: words(result)?,
            },
            (S::FedBack { .. }, E::FollowUp { level }) => followed_up(level)?,
            (S::ClosedOk { .. } | S::ClosedBad { .. }, E::FollowUp { .. }) => {
                return Err(StepRefused::RatedBefore);
            }
            (state, event) => reviewed(state, event, today)?,
        };
        Ok(Self {
            record,
            state,
            ..self.clone()
        })
    }

    /// Whether the last day for what somebody must do next is over; a fact of the day, stored nowhere.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state.due().is_some_and(|due| today > due)
    }

    /// Green, yellow before the limit (超期预警), red after it; `None` where no limit runs.
    #[must_use]
    pub fn light(&self, today: NaiveDate, calendar: &WorkCalendar) -> Option<Light> {
        self.state.due().map(|due| light(today, due, calendar))
    }

    fn contacted(&self, limits: Limits) -> BadRatingState {
        let Limits {
            deadlines,
            calendar,
            today,
        } = limits;
        S::Contacted {
            object_by: calendar.add(today, deadlines.objection),
            answer_by: deadlines.rectify_bad_rating.after(self.received_on),
        }
    }

    /// The record as it is once this event is taken.
    fn recorded(&self, event: &BadRatingEvent, today: NaiveDate) -> BadRatingRecord {
        let late = u16::from(self.is_overdue(today));
        let mut record = self.record;
        match event {
            E::Contact => record.late_contacts += late,
            E::Object { .. } => record.objections += 1,
            E::Uphold { .. } | E::Refuse { .. } => record.late_decisions += late,
            E::FeedBack { .. } => record.late_answers += late,
            E::FollowUp { .. } => record.follow_ups += 1,
            E::Admit => {}
        }
        record
    }
}

fn objected(
    (object_by, answer_by): (NaiveDate, NaiveDate),
    ground: ObjectionGround,
    filed_by: AccountId,
    limits: Limits,
) -> Result<BadRatingState, StepRefused> {
    let Limits {
        deadlines,
        calendar,
        today,
    } = limits;
    if today > object_by {
        return Err(StepRefused::AppealTooLate { until: object_by });
    }
    Ok(S::Appealed {
        ground,
        filed_by,
        filed_on: today,
        decide_by: calendar.add(today, deadlines.objection_decision),
        answer_by,
    })
}

/// What two reviewers make of an objection, and a refusal of every other step.
fn reviewed(
    state: &BadRatingState,
    event: BadRatingEvent,
    today: NaiveDate,
) -> Result<BadRatingState, StepRefused> {
    match (state, event) {
        (S::Appealed { filed_by, .. }, E::Uphold { reviewers, reasons }) => {
            impartial(filed_by, &reviewers)?;
            Ok(S::Excluded {
                reasons: words(reasons)?,
            })
        }
        (
            S::Appealed {
                filed_by,
                filed_on,
                answer_by,
                ..
            },
            E::Refuse { reviewers, reasons },
        ) => {
            impartial(filed_by, &reviewers)?;
            words(reasons)?;
            let rested = (today - *filed_on).num_days().max(0).unsigned_abs();
            Ok(S::Rectifying {
                answer_by: *answer_by + Days::new(rested),
            })
        }
        (state, event) => Err(StepRefused::BadRating(state.stage(), event.kind())),
    }
}

fn impartial(filed_by: &AccountId, [first, second]: &[AccountId; 2]) -> Result<(), StepRefused> {
    if first == second {
        Err(StepRefused::SameReviewer)
    } else if filed_by == first || filed_by == second {
        Err(StepRefused::ReviewerInvolved)
    } else {
        Ok(())
    }
}

fn followed_up(level: Level) -> Result<BadRatingState, StepRefused> {
    match level.scored_index() {
        None => Err(StepRefused::NoLevel),
        Some(_) if level.is_bad() => Ok(S::ClosedBad { level }),
        Some(_) => Ok(S::ClosedOk { level }),
    }
}
