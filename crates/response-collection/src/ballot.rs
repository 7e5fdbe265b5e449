//! A ballot on its way: posted, then checked. Each can be made only by the step before.

use crate::{Answers, Given, Pace};
use serde::{Deserialize, Serialize};
use vocabulary::{ItemId, Level, UnitId};

/// What one person sent in, unchecked; the form that is sealed until the round closes.
///
/// It holds no name, no token and no clock time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawBallot {
    #[serde(rename = "q")]
    questionnaire_digest: String,
    #[serde(rename = "u")]
    units: Vec<UnitId>,
    #[serde(rename = "a")]
    answers: Answers,
    #[serde(rename = "p")]
    pace: Pace,
    #[serde(rename = "f", default, skip_serializing_if = "Filling::is_alone")]
    filling: Filling,
}

/// Who held the phone or the pen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filling {
    /// The person answered alone.
    #[default]
    Alone,
    /// An interviewer at the door or on the phone read aloud and ticked.
    Assisted,
}

impl Filling {
    /// Whether nobody helped.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        *self == Self::Alone
    }
}

impl RawBallot {
    /// A ballot as sent in: digest of the questionnaire shown, units asked about, answers; of the seconds from first page
    /// to last only the class is kept.
    #[must_use]
    pub fn new(
        questionnaire_digest: String,
        units: Vec<UnitId>,
        answers: Answers,
        seconds: u32,
    ) -> Self {
        Self {
            questionnaire_digest,
            units,
            pace: Pace::of(seconds, answers.0.len()),
            answers,
            filling: Filling::Alone,
        }
    }

    /// The same ballot, filled in this way.
    #[must_use]
    pub fn filled(self, filling: Filling) -> Self {
        Self { filling, ..self }
    }

    /// Who held the phone or the pen.
    #[must_use]
    pub const fn filling(&self) -> Filling {
        self.filling
    }

    /// Digest of the questionnaire version the person was shown.
    #[must_use]
    pub fn questionnaire_digest(&self) -> &str {
        &self.questionnaire_digest
    }

    /// The units the person was asked about, in the order asked.
    #[must_use]
    pub fn units(&self) -> &[UnitId] {
        &self.units
    }

    /// The answers as sent in.
    #[must_use]
    pub const fn answers(&self) -> &Answers {
        &self.answers
    }

    /// How fast it was filled in.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }
}

/// A ballot whose every answer is one its questionnaire takes; made by [`crate::parse()`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    units: Vec<UnitId>,
    answers: Answers,
    pace: Pace,
}

impl Ballot {
    pub(crate) fn of(raw: &RawBallot, checked: Answers) -> Self {
        Self {
            units: raw.units.clone(),
            answers: checked,
            pace: raw.pace,
        }
    }

    /// The units the person was asked about.
    #[must_use]
    pub fn units(&self) -> &[UnitId] {
        &self.units
    }

    /// The answers on the pages shown.
    #[must_use]
    pub const fn answers(&self) -> &Answers {
        &self.answers
    }

    /// How fast it was filled in.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// The levels given, 不了解 included, in the order of unit and item.
    pub fn levels(&self) -> impl Iterator<Item = (Option<&UnitId>, &ItemId, Level)> {
        self.answers
            .0
            .iter()
            .filter_map(|((unit, item), given)| Some((unit.as_ref(), item, given.level()?)))
    }

    /// What the person wrote, with the question it was written to and the answer it stood beside.
    pub fn words(&self) -> impl Iterator<Item = (Option<&UnitId>, &ItemId, &Given, &str)> {
        self.answers
            .0
            .iter()
            .filter_map(|((unit, item), given)| Some((unit.as_ref(), item, given, given.words()?)))
    }
}
