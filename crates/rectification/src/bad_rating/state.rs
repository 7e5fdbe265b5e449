//! The states of a bad rating with what each knows, and the events that move it.

use super::{BadRatingStage, BadRatingStep, ObjectionGround};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, Level};

/// What happened to a bad rating so far, as far as it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRatingRecord {
    /// Contacts made after their limit.
    pub late_contacts: u16,
    /// Answers given after their limit.
    pub late_answers: u16,
    /// Objections; at most one.
    pub objections: u16,
    /// Objections decided after their limit.
    pub late_decisions: u16,
    /// Times rated once more; at most one.
    pub follow_ups: u16,
}

/// Where a bad rating stands, with everything the next step needs. Dates named `…_by` are last days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BadRatingState {
    /// It came in.
    Received {
        /// For the unit to speak to who rated.
        contact_by: NaiveDate,
    },
    /// The unit has spoken to who rated.
    Contacted {
        /// For an objection.
        object_by: NaiveDate,
        /// For the answer, if there is none.
        answer_by: NaiveDate,
    },
    /// The unit objects; reviewers decide.
    Appealed {
        /// Why it does.
        ground: ObjectionGround,
        /// Who objected.
        filed_by: AccountId,
        /// When.
        filed_on: NaiveDate,
        /// For the reviewers.
        decide_by: NaiveDate,
        /// For the answer, had nobody objected.
        answer_by: NaiveDate,
    },
    /// The objection is upheld.
    Excluded {
        /// Why, in the reviewers' words.
        reasons: String,
    },
    /// The unit works on it.
    Rectifying {
        /// For the answer to who rated.
        answer_by: NaiveDate,
    },
    /// Who rated was told.
    FedBack {
        /// What was done.
        result: String,
    },
    /// Rated once more, and no longer as bad.
    ClosedOk {
        /// How.
        level: Level,
    },
    /// Rated once more, and as bad again.
    ClosedBad {
        /// How.
        level: Level,
    },
}

/// What happens to a bad rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadRatingEvent {
    /// The unit has spoken to who rated.
    Contact,
    /// The unit admits it.
    Admit,
    /// The unit objects.
    Object {
        /// Why.
        ground: ObjectionGround,
        /// The facts in words.
        text: String,
        /// Who objects.
        by: AccountId,
    },
    /// Both reviewers uphold the objection.
    Uphold {
        /// The two.
        reviewers: [AccountId; 2],
        /// Why.
        reasons: String,
    },
    /// Both reviewers refuse the objection.
    Refuse {
        /// The two.
        reviewers: [AccountId; 2],
        /// Why.
        reasons: String,
    },
    /// The unit tells who rated what was done.
    FeedBack {
        /// What was done.
        result: String,
    },
    /// Who rated rates once more.
    FollowUp {
        /// How.
        level: Level,
    },
}

impl BadRatingEvent {
    /// The step this event is.
    #[must_use]
    pub const fn kind(&self) -> BadRatingStep {
        match self {
            Self::Contact => BadRatingStep::Contact,
            Self::Admit => BadRatingStep::Admit,
            Self::Object { .. } => BadRatingStep::Object,
            Self::Uphold { .. } => BadRatingStep::Uphold,
            Self::Refuse { .. } => BadRatingStep::Refuse,
            Self::FeedBack { .. } => BadRatingStep::FeedBack,
            Self::FollowUp { .. } => BadRatingStep::FollowUp,
        }
    }
}

impl BadRatingState {
    /// Where it stands.
    #[must_use]
    pub const fn stage(&self) -> BadRatingStage {
        match self {
            Self::Received { .. } => BadRatingStage::Received,
            Self::Contacted { .. } => BadRatingStage::Contacted,
            Self::Appealed { .. } => BadRatingStage::Appealed,
            Self::Excluded { .. } => BadRatingStage::Excluded,
            Self::Rectifying { .. } => BadRatingStage::Rectifying,
            Self::FedBack { .. } => BadRatingStage::FedBack,
            Self::ClosedOk { .. } => BadRatingStage::ClosedOk,
            Self::ClosedBad { .. } => BadRatingStage::ClosedBad,
        }
    }

    /// The last day for what somebody must do next; `None` where nobody must do anything.
    ///
    /// That for objecting is none of them: it ends a right and is no duty.
    #[must_use]
    pub const fn due(&self) -> Option<NaiveDate> {
        match self {
            Self::Received { contact_by: due }
            | Self::Contacted { answer_by: due, .. }
            | Self::Appealed { decide_by: due, .. }
            | Self::Rectifying { answer_by: due } => Some(*due),
            Self::Excluded { .. }
            | Self::FedBack { .. }
            | Self::ClosedOk { .. }
            | Self::ClosedBad { .. } => None,
        }
    }
}
