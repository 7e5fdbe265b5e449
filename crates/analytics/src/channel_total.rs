//! The total of a unit over its channels.

use crate::{ChannelScore, Estimate, Flag, MissingReason, Term, combine};
use survey_design::Rules;
use vocabulary::Channel;

/// A total, the channels with the weights they were given, and what to know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelTotal {
    /// The total; none with fewer live channels than the rules ask for.
    pub total: Option<Estimate>,
    /// Share of the nominal channel weight that has a score, 0-100.
    pub weight_covered: f64,
    /// Channels as given, `used_weight` set.
    pub channels: Vec<ChannelScore>,
    /// Remarks, sorted.
    pub flags: Vec<Flag>,
}

/// `Σ α_c·S_c` over the live channels, weights of missing channels re-allocated in proportion with a flag.
///
/// Channels are independent: `V = Σ α_c²·V_c`. The interval is a t interval with the degrees of freedom of the survey,
/// or, without a survey, with the smallest of the live streams.
///
/// Source: domain D.9 (V3) and E.1; methodology B5.
#[must_use]
pub fn channel_total(mut channels: Vec<ChannelScore>, rules: &Rules) -> ChannelTotal {
    channels.sort_by_key(|channel| channel.channel);
    let terms: Vec<_> = channels.iter().map(term).collect();
    let combined = combine(&terms);
    for (place, channel) in channels.iter_mut().enumerate() {
        channel.used_weight = combined.as_ref().map_or(0.0, |total| total.used[place]);
    }
    let live = channels.iter().filter(|c| c.used_weight > 0.0).count() as u64;
    let enough = live >= u64::from(rules.minimum_n.channels);
    let df = degrees_of_freedom(&channels);
    ChannelTotal {
        weight_covered: combined.as_ref().map_or(0.0, |total| total.covered),
        total: combined
            .filter(|_| enough)
            .map(|total| Estimate::with_t(total.value, total.variance, df, rules.bands.confidence)),
        flags: flags(&channels, live, enough),
        channels,
    }
}

fn term(channel: &ChannelScore) -> Term {
    Term {
        weight: channel.nominal_weight,
        value: channel
            .score
            .map(|score| (score, channel.se.map_or(0.0, |se| se * se))),
    }
}

fn degrees_of_freedom(channels: &[ChannelScore]) -> f64 {
    let live = channels.iter().filter(|c| c.used_weight > 0.0);
    let survey = live.clone().find(|c| c.channel == Channel::Survey);
    survey
        .map_or_else(
            || live.filter_map(|c| c.df).min_by(f64::total_cmp),
            |survey| survey.df,
        )
        .unwrap_or(0.0)
}

fn flags(channels: &[ChannelScore], live: u64, enough: bool) -> Vec<Flag> {
    let mut flags: Vec<_> = channels
        .iter()
        .filter(|channel| channel.nominal_weight.steps() > 0)
        .flat_map(channel_flags)
        .collect();
    flags.extend((live == 1).then_some(Flag::SingleChannel));
    flags.extend((!enough).then_some(Flag::TooFewChannels));
    flags.sort_unstable();
    flags
}

fn channel_flags(channel: &ChannelScore) -> Vec<Flag> {
    let name = channel.channel;
    if let Some(reason) = channel.missing {
        let why = match reason {
            MissingReason::NotApplicable => Flag::NotApplicable(name),
            MissingReason::TooFew { .. } => Flag::TooFew(name),
            MissingReason::NoRatings | MissingReason::DontKnowOverLimit { .. } => {
                Flag::NoRatings(name)
            }
        };
        return vec![Flag::WeightReallocated(name), why];
    }
    let groups = channel.groups.iter().flat_map(|group| {
        let over = matches!(group.missing, Some(MissingReason::DontKnowOverLimit { .. }));
        let gone = group.missing.is_some();
        [
            gone.then_some(Flag::GroupReallocated(group.group)),
            over.then_some(Flag::DontKnowOverLimit(group.group)),
        ]
    });
    let parts = channel
        .parts
        .iter()
        .filter(|part| part.value.is_none() && part.nominal_weight.steps() > 0)
        .map(|part| Flag::PartReallocated(name, part.part));
    groups.flatten().chain(parts).collect()
}
