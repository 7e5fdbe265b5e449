//! The JSON files of a bundle that hold numbers and names.

use crate::BundleInput;
use analytics::{Moments, ScoreInput, StratumDesign, UnitInput};
use publication::ChannelCounts;
use serde::{Deserialize, Serialize};
use survey_design::{Unit, UnitClass};
use vocabulary::RoundId;

/// `moments.json`: integer sums of the survey.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MomentsFile {
    pub(crate) round: RoundId,
    pub(crate) design: Vec<StratumDesign>,
    pub(crate) moments: Moments,
}

/// `channels.json`: counts of the other channels and the facts about each unit a score depends on.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelsFile {
    pub(crate) round: RoundId,
    pub(crate) units: Vec<UnitInput>,
}

/// `units.json`: classes and units in official order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitsFile {
    pub(crate) classes: Vec<UnitClass>,
    pub(crate) units: Vec<Unit>,
}

/// `counts.json`: the books of the channels; reading them balances them again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CountsFile {
    pub(crate) round: RoundId,
    pub(crate) channels: Vec<ChannelCounts>,
}

impl MomentsFile {
    pub(crate) fn of(input: &ScoreInput) -> Self {
        Self {
            round: input.round.clone(),
            design: input.design.clone(),
            moments: input.moments.clone(),
        }
    }

    /// Puts the two files of sums together again.
    pub(crate) fn with(self, channels: ChannelsFile) -> ScoreInput {
        ScoreInput {
            round: self.round,
            units: channels.units,
            design: self.design,
            moments: self.moments,
        }
    }
}

impl ChannelsFile {
    pub(crate) fn of(input: &ScoreInput) -> Self {
        Self {
            round: input.round.clone(),
            units: input.units.clone(),
        }
    }
}

impl UnitsFile {
    pub(crate) fn of(input: &BundleInput<'_>) -> Self {
        Self {
            classes: input.classes.to_vec(),
            units: input.units.to_vec(),
        }
    }
}

impl CountsFile {
    pub(crate) fn of(input: &BundleInput<'_>) -> Self {
        Self {
            round: input.score_input.round.clone(),
            channels: input.counts.to_vec(),
        }
    }
}
