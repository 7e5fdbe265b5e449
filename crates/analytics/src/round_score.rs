//! The scores of a round, with everything needed to recompute them.

use crate::{
    ChannelScore, EnterpriseCounts, Estimate, Flag, HallCounts, HotlineCounts, Index,
    MissingReason, Moments, PairingCounts, Rates, RectificationCounts, StratumDesign,
    channel_total, design::DesignIndex, enterprise_score, hall_index, hotline_index, pairing_score,
    rates, rectification_score, survey_score::survey_score,
};
use serde::{Deserialize, Serialize};
use survey_design::{Rules, UnitMode, canonical_digest};
use vocabulary::{Channel, ClassId, RoundId, UnitId, Weight};

/// What is known about a unit besides its survey ratings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitInput {
    /// The unit.
    pub id: UnitId,
    /// Its class.
    pub class: ClassId,
    /// Ranked, or asked for opinions only.
    pub ranked_mode: UnitMode,
    /// Decides which channel weights hold.
    pub enterprise_facing: bool,
    /// Without a window the hall channel is not applicable.
    pub has_hall_window: bool,
    /// Without orders the hotline channel is not applicable.
    pub has_hotline_orders: bool,
    /// Service-centre ratings; none when nothing was imported.
    pub hall: Option<HallCounts>,
    /// Hotline orders; none when nothing was imported.
    pub hotline: Option<HotlineCounts>,
    /// Ratings by paired communities; none when none is paired.
    pub community: Option<PairingCounts>,
    /// Ratings by paired villages; none when none is paired.
    pub village: Option<PairingCounts>,
    /// Ratings by enterprises.
    pub enterprise: Option<EnterpriseCounts>,
    /// Rectification account; none when there was no matter.
    pub rectification: Option<RectificationCounts>,
    /// Valid survey ratings in the earlier rolling quarters.
    pub earlier_n: u64,
}

/// Everything a round is scored from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreInput {
    /// The round.
    pub round: RoundId,
    /// Units in official order.
    pub units: Vec<UnitInput>,
    /// The sample, one entry per stratum.
    pub design: Vec<StratumDesign>,
    /// Survey sums.
    pub moments: Moments,
}

/// Scores of all units of a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundScores {
    /// The round.
    pub round: RoundId,
    /// Digest of the rules the scores were made with.
    pub rules_digest: String,
    /// One entry per unit, in the order given.
    pub units: Vec<UnitScore>,
}

/// Score of a unit with its full trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitScore {
    /// The unit.
    pub unit: UnitId,
    /// Its class.
    pub class: ClassId,
    /// Ranked, or asked for opinions only.
    pub mode: UnitMode,
    /// Valid survey ratings of the groups that have weight: one rater on one unit is one rating.
    pub n: u64,
    /// Survey answers 不了解, over all items.
    pub n_dk: u64,
    /// Valid survey ratings in the earlier rolling quarters.
    pub earlier_n: u64,
    /// Valid survey answers over all items by level, best first, not weighted.
    pub distribution: [u64; 5],
    /// 满意率: levels 3 to 5 of the distribution, per hundred.
    pub satisfaction_rate: Option<f64>,
    /// Levels 4 and 5 of the distribution, per hundred.
    pub top2: Option<f64>,
    /// Channels with weight, in the fixed official order.
    pub channels: Vec<ChannelScore>,
    /// The total with its interval.
    pub total: Option<Estimate>,
    /// Share of the nominal channel weight that has a score, 0-100.
    pub weight_covered: f64,
    /// Remarks, sorted.
    pub flags: Vec<Flag>,
}

impl UnitScore {
    /// The score of one channel, where it has weight.
    #[must_use]
    pub fn channel(&self, channel: Channel) -> Option<&ChannelScore> {
        self.channels.iter().find(|score| score.channel == channel)
    }
}

/// Scores every unit of a round.
///
/// The same input gives the same bits: sums are integers, and estimates are computed in the fixed order of
/// groups and channels.
///
/// Source: domain E.1 to E.8; methodology B3 to B5.
#[must_use]
pub fn score_round(input: &ScoreInput, rules: &Rules) -> RoundScores {
    let design = DesignIndex::new(&input.design);
    RoundScores {
        round: input.round.clone(),
        rules_digest: canonical_digest(rules),
        units: input
            .units
            .iter()
            .map(|unit| unit_score(unit, &input.moments, &design, rules))
            .collect(),
    }
}

fn unit_score(
    unit: &UnitInput,
    moments: &Moments,
    design: &DesignIndex<'_>,
    rules: &Rules,
) -> UnitScore {
    let weights = if unit.enterprise_facing {
        &rules.channel_weights.enterprise_facing
    } else {
        &rules.channel_weights.general
    };
    let weight = |channel| weights.get(&channel).copied().unwrap_or_default();
    let survey = survey_score(&unit.id, weight(Channel::Survey), moments, design, rules);
    let shares: Option<Rates> = rates(&survey.distribution, survey.channel.dont_know);
    let (n, n_dk) = (survey.channel.n, survey.channel.dont_know);
    let streams = weights
        .iter()
        .filter(|(channel, _)| **channel != Channel::Survey)
        .map(|(channel, weight)| stream_score(*channel, *weight, unit, rules));
    let channels = std::iter::once(survey.channel)
        .chain(streams)
        .filter(|channel| channel.nominal_weight.steps() > 0)
        .collect();
    let total = channel_total(channels, rules);
    UnitScore {
        unit: unit.id.clone(),
        class: unit.class.clone(),
        mode: unit.ranked_mode,
        n,
        n_dk,
        earlier_n: unit.earlier_n,
        distribution: survey.distribution,
        satisfaction_rate: shares.map(|shares| shares.satisfaction),
        top2: shares.map(|shares| shares.top_two),
        channels: total.channels,
        total: total.total,
        weight_covered: total.weight_covered,
        flags: total.flags,
    }
}

fn stream_score(channel: Channel, weight: Weight, unit: &UnitInput, rules: &Rules) -> ChannelScore {
    ChannelScore::of_stream(channel, weight, stream_index(channel, unit, rules))
}

fn stream_index(channel: Channel, unit: &UnitInput, rules: &Rules) -> Result<Index, MissingReason> {
    use MissingReason::{NoRatings, NotApplicable};
    match channel {
        Channel::Hall if !unit.has_hall_window => Err(NotApplicable),
        Channel::Hall => hall_index(unit.hall.as_ref().ok_or(NoRatings)?, rules),
        Channel::Hotline if !unit.has_hotline_orders => Err(NotApplicable),
        Channel::Hotline => hotline_index(unit.hotline.as_ref().ok_or(NoRatings)?, rules),
        Channel::Community => pairing_score(unit.community.as_ref().ok_or(NotApplicable)?, rules),
        Channel::Village => pairing_score(unit.village.as_ref().ok_or(NotApplicable)?, rules),
        Channel::Enterprise => enterprise_score(unit.enterprise.as_ref().ok_or(NoRatings)?, rules),
        Channel::Rectification => {
            rectification_score(unit.rectification.as_ref().ok_or(NotApplicable)?, rules)
        }
        Channel::Survey => Err(NotApplicable),
    }
}
