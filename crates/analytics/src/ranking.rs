//! The published ranking: small numbers hidden, bands first, rank interval second, place last.

use crate::{
    Band, Estimate, Flag, RankInterval, RoundScores, Status, UnitScore, bands, competition_places,
    disclose, rank_intervals,
};
use serde::{Deserialize, Serialize};
use survey_design::{Rules, UnitMode};
use vocabulary::{ClassId, RoundId, UnitId, round_half_away};

/// The ranking of a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// The round.
    pub round: RoundId,
    /// Digest of the rules.
    pub rules_digest: String,
    /// Rows by class; inside a class ranked units by place, then shown, bracketed and hidden ones in official order.
    pub rows: Vec<RankingRow>,
    /// One entry per class, in the order of the rows.
    pub class_means: Vec<ClassMean>,
}

/// What the units of a class are compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassMean {
    /// The class.
    pub class: ClassId,
    /// Units in the mean: those ranked or shown.
    pub units: u32,
    /// Unweighted mean of their scores, two decimals; none when there is no such unit.
    pub mean: Option<f64>,
}

/// One published row; every number is rounded once, to two decimals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingRow {
    /// The unit.
    pub unit: UnitId,
    /// Its class.
    pub class: ClassId,
    /// Valid survey ratings; none when hidden.
    pub n: Option<u64>,
    /// Score; none when hidden.
    pub score: Option<f64>,
    /// Lower end of the interval, clipped to 0-100.
    pub ci_low: Option<f64>,
    /// Upper end of the interval, clipped to 0-100.
    pub ci_high: Option<f64>,
    /// Against the mean of the class.
    pub band: Option<Band>,
    /// Best rank the data leave open, among the ranked units of the class.
    pub rank_low: Option<u32>,
    /// Worst rank the data leave open.
    pub rank_high: Option<u32>,
    /// Place among the ranked units of the class; equal scores share a place.
    pub place: Option<u32>,
    /// Publication class.
    pub status: Status,
    /// Share of the nominal channel weight that has a score, 0-100.
    pub weight_covered: f64,
    /// Remarks, sorted.
    pub flags: Vec<Flag>,
}

/// Hides what is too small and orders the rest, class by class.
///
/// Classes come in the order given; a class nobody listed comes last, by its code. The result depends on names only
/// through the official order of units with equal scores.
///
/// Source: methodology B6 to B9.
#[must_use]
pub fn rank(scores: &RoundScores, rules: &Rules, classes: &[ClassId]) -> Ranking {
    let mut order: Vec<&ClassId> = Vec::new();
    let mut unlisted: Vec<_> = scores.units.iter().map(|unit| &unit.class).collect();
    unlisted.sort_unstable();
    for class in classes.iter().chain(unlisted) {
        if !order.contains(&class) {
            order.push(class);
        }
    }
    let (mut rows, mut class_means) = (Vec::new(), Vec::new());
    for class in order {
        let units: Vec<_> = scores.units.iter().filter(|u| u.class == *class).collect();
        let (class_rows, mean) = rank_class(class, &units, rules);
        rows.extend(class_rows);
        class_means.push(mean);
    }
    Ranking {
        round: scores.round.clone(),
        rules_digest: scores.rules_digest.clone(),
        rows,
        class_means,
    }
}

fn rank_class(
    class: &ClassId,
    units: &[&UnitScore],
    rules: &Rules,
) -> (Vec<RankingRow>, ClassMean) {
    let mut rows: Vec<_> = units.iter().map(|unit| row(unit, rules)).collect();
    let mean = set_bands(class, units, &mut rows, rules);
    set_places(units, &mut rows, rules);
    rows.sort_by_key(|row| (row.status, row.place));
    (rows, mean)
}

/// The row without band and rank.
fn row(unit: &UnitScore, rules: &Rules) -> RankingRow {
    let status = disclose(unit, &rules.minimum_n);
    let total = unit.total.filter(|_| status != Status::Hidden);
    let interval = total.filter(|_| status != Status::Bracketed);
    RankingRow {
        unit: unit.unit.clone(),
        class: unit.class.clone(),
        n: total.map(|_| unit.n),
        score: total.map(|total| published(total.value)),
        ci_low: interval.map(|total| published(total.ci_low)),
        ci_high: interval.map(|total| published(total.ci_high)),
        band: None,
        rank_low: None,
        rank_high: None,
        place: None,
        status,
        weight_covered: published(unit.weight_covered),
        flags: flags(unit, status, rules),
    }
}

/// Two decimals, inside the ruler.
fn published(value: f64) -> f64 {
    round_half_away(value.clamp(0.0, 100.0), 2)
}

fn flags(unit: &UnitScore, status: Status, rules: &Rules) -> Vec<Flag> {
    let minimum = &rules.minimum_n;
    let few = unit.n < u64::from(minimum.bracketed);
    let rolling = status == Status::Ranked && unit.n < u64::from(minimum.ranked);
    let low = unit.weight_covered + 1e-9 < minimum.weight_covered.as_f64();
    let mut flags = unit.flags.clone();
    flags.extend(few.then_some(Flag::TooFewRatings));
    flags.extend(rolling.then_some(Flag::RollingQuarters));
    flags.extend(low.then_some(Flag::WeightCoveredLow));
    flags.extend((unit.mode == UnitMode::OpinionOnly).then_some(Flag::OpinionOnly));
    flags.sort_unstable();
    flags
}

/// Bands of ranked and shown units against their common mean.
fn set_bands(
    class: &ClassId,
    units: &[&UnitScore],
    rows: &mut [RankingRow],
    rules: &Rules,
) -> ClassMean {
    let (places, totals) = select(units, rows, |status| {
        matches!(status, Status::Ranked | Status::Shown)
    });
    for (place, test) in places.iter().zip(bands(&totals, &rules.bands)) {
        rows[*place].band = Some(test.band);
    }
    let mean = totals.iter().map(|total| total.value).sum::<f64>() / totals.len() as f64;
    ClassMean {
        class: class.clone(),
        units: u32::try_from(totals.len()).unwrap_or(u32::MAX),
        mean: (!totals.is_empty()).then(|| published(mean)),
    }
}

/// Places and rank intervals of ranked units.
fn set_places(units: &[&UnitScore], rows: &mut [RankingRow], rules: &Rules) {
    let (places, totals) = select(units, rows, |status| status == Status::Ranked);
    let values: Vec<_> = totals.iter().map(|total| total.value).collect();
    let intervals = rank_intervals(&totals, rules.bands.confidence);
    let ranks = competition_places(&values);
    for ((place, rank), RankInterval { low, high }) in places.iter().zip(ranks).zip(intervals) {
        let row = &mut rows[*place];
        (row.place, row.rank_low, row.rank_high) = (Some(rank), Some(low), Some(high));
    }
}

/// Positions and totals of the units whose status is wanted.
fn select(
    units: &[&UnitScore],
    rows: &[RankingRow],
    wanted: impl Fn(Status) -> bool,
) -> (Vec<usize>, Vec<Estimate>) {
    units
        .iter()
        .zip(rows)
        .enumerate()
        .filter(|(_, (_, row))| wanted(row.status))
        .filter_map(|(place, (unit, _))| Some((place, unit.total?)))
        .unzip()
}
