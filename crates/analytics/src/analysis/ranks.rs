//! Places of the domains by one measure, with the places the data leave open.

use super::{AnalysisRefused, RankSet, ResultRow, Status, estimate::Estimated, sample::Units};
use crate::{
    RankInterval,
    comparison::{Draws, SimultaneousIntervals, rank_sets},
    competition_places,
    rank::interval_ranks,
    t_quantile,
};

/// One row per domain; the highest estimate has place 1. Domains whose estimate has no error or does not vary get none.
pub(super) fn ranks(
    estimated: &[Estimated],
    units: &Units,
    set: RankSet,
    confidence: f64,
) -> Result<Vec<ResultRow>, AnalysisRefused> {
    let ranked: Vec<Ranked<'_>> = estimated.iter().filter_map(Ranked::of).collect();
    let estimates: Vec<f64> = ranked.iter().map(|unit| unit.estimate).collect();
    let places = competition_places(&estimates);
    let sets = match set {
        RankSet::Joint => joint(&ranked, confidence),
        RankSet::Simultaneous | RankSet::Marginal => {
            simulated(&ranked, &estimates, units, set, confidence)?
        }
    };
    let mut found = places.into_iter().zip(sets);
    Ok(estimated
        .iter()
        .map(|unit| rank_row(unit, Ranked::of(unit).and_then(|_| found.next())))
        .collect())
}

/// A domain that takes part.
struct Ranked<'a> {
    estimate: f64,
    se: f64,
    df: f64,
    totals: &'a Vec<f64>,
}

impl<'a> Ranked<'a> {
    fn of(unit: &'a Estimated) -> Option<Self> {
        Some(Self {
            estimate: unit.row.estimate?,
            se: unit.row.se.filter(|se| *se > 0.0)?,
            df: unit.row.df?.max(1.0),
            totals: unit.totals.as_ref()?,
        })
    }
}

fn joint(ranked: &[Ranked<'_>], confidence: f64) -> Vec<RankInterval> {
    let each = SimultaneousIntervals::Sidak.each(confidence, ranked.len());
    let ends: Vec<(f64, f64)> = ranked
        .iter()
        .map(|unit| {
            let half = t_quantile(unit.df, each) * unit.se;
            (unit.estimate - half, unit.estimate + half)
        })
        .collect();
    interval_ranks(&ends)
}

fn simulated(
    ranked: &[Ranked<'_>],
    estimates: &[f64],
    units: &Units,
    set: RankSet,
    confidence: f64,
) -> Result<Vec<RankInterval>, AnalysisRefused> {
    if ranked.is_empty() {
        return Ok(Vec::new());
    }
    let totals: Vec<Vec<f64>> = ranked.iter().map(|unit| unit.totals.clone()).collect();
    let covariance = units.covariance(&totals)?;
    let df: Vec<f64> = ranked.iter().map(|unit| unit.df).collect();
    let sets = rank_sets(
        estimates,
        &covariance,
        Some(&df),
        confidence,
        Draws::default(),
    )
    .map_err(AnalysisRefused::Ranks)?;
    Ok(match set {
        RankSet::Marginal => sets.marginal.into_iter().map(|unit| unit.set).collect(),
        RankSet::Joint | RankSet::Simultaneous => sets.stepdown.sets,
    })
}

fn rank_row(unit: &Estimated, found: Option<(u32, RankInterval)>) -> ResultRow {
    let row = ResultRow {
        n: unit.row.n,
        ..ResultRow::empty("rank", &unit.row.variable, unit.row.domain.clone())
    };
    match found {
        None => row.with(Status::NotRanked),
        Some((place, set)) => ResultRow {
            estimate: Some(f64::from(place)),
            ci_low: Some(f64::from(set.low)),
            ci_high: Some(f64::from(set.high)),
            df: unit.row.df,
            ..row.with(Status::Ok)
        },
    }
}
