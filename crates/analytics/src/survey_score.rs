//! The sample survey of a unit: group means under published group weights.

use crate::{
    ChannelScore, LevelScale, MissingReason, Moments, StratumPart, Term, combine,
    design::DesignIndex, domain_mean,
};
use serde::{Deserialize, Serialize};
use survey_design::Rules;
use vocabulary::{Channel, RaterGroup, StratumId, UnitId, Weight};

/// What one group says about a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupScore {
    /// The group.
    pub group: RaterGroup,
    /// Valid ratings: valid answers to the item most people answered.
    pub n: u64,
    /// Valid answers to all items by level, best first, not weighted.
    pub distribution: [u64; 5],
    /// Answers 不了解 to all items.
    pub dont_know: u64,
    /// Weighted mean of the points of all valid answers; none when the group does not count.
    pub mean: Option<f64>,
    /// Standard error of the mean between PSUs.
    pub se: Option<f64>,
    /// PSUs less strata with valid answers.
    pub df: Option<f64>,
    /// Weight by the rules.
    pub nominal_weight: Weight,
    /// Weight used in the survey score, 0-100.
    pub used_weight: f64,
    /// Why the group does not count.
    pub missing: Option<MissingReason>,
    /// Weighted sums by stratum, from which the mean is recomputed.
    pub strata: Vec<StratumTrace>,
    /// Strata with one single PSU; their variance is a cautious guess.
    pub lone_strata: Vec<StratumId>,
}

/// Sums of a stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumTrace {
    /// The stratum.
    pub stratum: StratumId,
    /// PSUs of the stratum in the whole sample.
    pub psus: u64,
    /// PSUs with a valid answer about the unit.
    pub psus_answering: u64,
    /// Weight of the valid answers by level, best first, in people.
    pub weight: [Weight; 5],
}

/// The survey of one unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SurveyScore {
    /// The channel, its groups included.
    pub(crate) channel: ChannelScore,
    /// Valid answers of the weighted groups by level, best first, not weighted.
    pub(crate) distribution: [u64; 5],
}

/// `S = Σ w_g·mean_g / Σ w_g` over the groups that count.
///
/// A group counts with at least the least number of valid ratings and no more 不了解 than the limit. Groups are
/// disjoint strata, so that variances add: `V = Σ (w_g/Σw)²·V_g`; degrees of freedom add too. Groups without
/// weight take no part.
///
/// Source: domain D.2 and E.3, V2; methodology B3.
#[must_use]
pub(crate) fn survey_score(
    unit: &UnitId,
    nominal_weight: Weight,
    moments: &Moments,
    design: &DesignIndex<'_>,
    rules: &Rules,
) -> SurveyScore {
    let mut groups: Vec<_> = rules
        .group_weights
        .0
        .iter()
        .filter(|(_, weight)| weight.steps() > 0)
        .map(|(group, weight)| group_score(unit, *group, *weight, moments, design, rules))
        .collect();
    let total = combine(&groups.iter().map(term).collect::<Vec<_>>());
    for (place, group) in groups.iter_mut().enumerate() {
        group.used_weight = total.as_ref().map_or(0.0, |total| total.used[place]);
    }
    let mut distribution = [0; 5];
    for group in &groups {
        for (sum, more) in distribution.iter_mut().zip(group.distribution) {
            *sum += more;
        }
    }
    let reason = no_group_counts(&groups);
    let channel = ChannelScore {
        score: total.as_ref().map(|total| total.value),
        se: total.as_ref().map(|total| total.variance.sqrt()),
        df: total
            .as_ref()
            .map(|_| groups.iter().filter_map(|group| group.df).sum()),
        n: groups.iter().map(|group| group.n).sum(),
        dont_know: groups.iter().map(|group| group.dont_know).sum(),
        missing: total.is_none().then_some(reason),
        groups,
        ..ChannelScore::missing(Channel::Survey, nominal_weight, reason)
    };
    SurveyScore {
        channel,
        distribution,
    }
}

fn term(group: &GroupScore) -> Term {
    Term {
        weight: group.nominal_weight,
        value: group
            .mean
            .map(|mean| (mean, group.se.map_or(0.0, |se| se * se))),
    }
}

fn no_group_counts(groups: &[GroupScore]) -> MissingReason {
    groups
        .iter()
        .filter_map(|group| group.missing)
        .find(|reason| *reason != MissingReason::NoRatings)
        .unwrap_or(MissingReason::NoRatings)
}

fn group_score(
    unit: &UnitId,
    group: RaterGroup,
    weight: Weight,
    moments: &Moments,
    design: &DesignIndex<'_>,
    rules: &Rules,
) -> GroupScore {
    let parts: Vec<_> = moments
        .group_cells(unit, group)
        .map(|(stratum, sums)| StratumPart {
            stratum,
            psus: design.psus(group, stratum, sums.psus),
            sums,
        })
        .collect();
    let mut score = group_counts(group, weight, &parts);
    score.n = moments.valid_ratings(unit, group);
    score.missing = missing(&score, rules);
    let mean = domain_mean(&parts, &LevelScale::ruler(&rules.ruler));
    if let (None, Some(mean)) = (score.missing, mean) {
        score.mean = Some(mean.mean);
        score.se = Some(mean.variance.sqrt());
        score.df = Some(mean.df);
        score.lone_strata = mean.lone_strata;
    }
    score
}

fn group_counts(group: RaterGroup, weight: Weight, parts: &[StratumPart<'_>]) -> GroupScore {
    let mut distribution = [0; 5];
    for part in parts {
        for (sum, more) in distribution.iter_mut().zip(part.sums.answers) {
            *sum += more;
        }
    }
    GroupScore {
        group,
        n: 0,
        distribution,
        dont_know: parts.iter().map(|part| part.sums.dont_know).sum(),
        mean: None,
        se: None,
        df: None,
        nominal_weight: weight,
        used_weight: 0.0,
        missing: None,
        strata: parts.iter().map(trace).collect(),
        lone_strata: Vec::new(),
    }
}

fn trace(part: &StratumPart<'_>) -> StratumTrace {
    StratumTrace {
        stratum: part.stratum.clone(),
        psus: part.psus,
        psus_answering: part.sums.psus,
        weight: part
            .sums
            .weight
            .map(|steps| Weight::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))),
    }
}

fn missing(score: &GroupScore, rules: &Rules) -> Option<MissingReason> {
    let answers: u64 = score.distribution.iter().sum();
    let asked = answers + score.dont_know;
    let share = score.dont_know as f64 / asked.max(1) as f64;
    if asked == 0 {
        Some(MissingReason::NoRatings)
    } else if share > rules.dont_know_limit.as_f64() {
        Some(MissingReason::DontKnowOverLimit { share })
    } else if answers == 0 {
        Some(MissingReason::NoRatings)
    } else {
        MissingReason::below(score.n, rules.minimum_n.group).err()
    }
}
