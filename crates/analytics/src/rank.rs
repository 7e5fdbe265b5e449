//! Places with ties, and intervals for ranks.

use crate::{Estimate, interval::t_quantile};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use vocabulary::Weight;

/// Ranks that the data leave open for a unit; 1 is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankInterval {
    /// Best rank possible.
    pub low: u32,
    /// Worst rank possible.
    pub high: u32,
}

/// Compares two scores after quantising them to a billionth of a point: equal there means tied.
pub(crate) fn compare_scores(a: f64, b: f64) -> Ordering {
    quantised(a).total_cmp(&quantised(b))
}

fn quantised(score: f64) -> f64 {
    // Adding zero turns −0 into 0, which total_cmp would tell apart.
    (score * 1e9).round() + 0.0
}

/// Competition places ("1224") in the order given, the highest score first: `1 + number of better scores`.
///
/// Scores are compared after quantising to 10⁻⁹.
///
/// Source: domain D.3; methodology A7.
#[must_use]
pub fn competition_places(scores: &[f64]) -> Vec<u32> {
    let better_than = |score: f64| {
        scores
            .iter()
            .map(|other| u32::from(compare_scores(*other, score) == Ordering::Greater))
            .sum::<u32>()
    };
    scores.iter().map(|score| 1 + better_than(*score)).collect()
}

/// Joint rank intervals: with the confidence given, all true ranks lie inside at once; in the order given.
///
/// Each of K units gets a Šidák interval at `(1−α)^(1/K)`; a unit is surely better when its interval lies strictly above.
///
/// Source: Klein, Wright & Wieczorek 2020 (JRSS-C 69(3)); Šidák 1967; methodology A7 and B9.
#[must_use]
pub fn rank_intervals(units: &[Estimate], confidence: Weight) -> Vec<RankInterval> {
    let each = confidence.as_f64().powf(1.0 / units.len() as f64);
    let ends: Vec<_> = units
        .iter()
        .map(|unit| {
            let half = t_quantile(unit.df, each) * unit.se;
            (unit.value - half, unit.value + half)
        })
        .collect();
    interval_ranks(&ends)
}

/// Ranks that intervals `(low, high)` leave open: only strictly separated ones are in order.
pub(crate) fn interval_ranks(ends: &[(f64, f64)]) -> Vec<RankInterval> {
    let strictly = |above: f64, below: f64| compare_scores(above, below) == Ordering::Greater;
    ends.iter()
        .map(|(low, high)| {
            let better: u32 = ends
                .iter()
                .map(|other| u32::from(strictly(other.0, *high)))
                .sum();
            let not_worse: u32 = ends
                .iter()
                .map(|other| u32::from(!strictly(*low, other.1)))
                .sum();
            RankInterval {
                low: 1 + better,
                high: not_worse,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(value: f64, se: f64) -> Estimate {
        Estimate::with_t(value, se * se, 1e6, Weight::parse("0.95").unwrap())
    }

    fn intervals(units: &[Estimate]) -> Vec<(u32, u32)> {
        rank_intervals(units, Weight::parse("0.95").unwrap())
            .iter()
            .map(|interval| (interval.low, interval.high))
            .collect()
    }

    #[test]
    fn separated_intervals_fix_the_ranks_and_overlap_leaves_them_open() {
        assert_eq!(
            intervals(&[unit(90.0, 0.1), unit(80.0, 0.1), unit(70.0, 0.1)]),
            [(1, 1), (2, 2), (3, 3)]
        );
        assert_eq!(
            intervals(&[unit(90.0, 3.0), unit(89.0, 3.0), unit(50.0, 3.0)]),
            [(1, 2), (1, 2), (3, 3)]
        );
    }

    #[test]
    fn equal_scores_without_error_share_their_interval() {
        assert_eq!(
            intervals(&[unit(90.0, 0.0), unit(90.0, 0.0), unit(80.0, 0.0)]),
            [(1, 2), (1, 2), (3, 3)]
        );
    }

    #[test]
    fn the_class_size_widens_each_interval() {
        // Two units 3.4 apart with se 1: 2·1.96 = 3.92 would overlap anyhow; se 0.8: 2·1.96·0.8 = 3.14 separates alone,
        // but with the Šidák factor for two, 2.236·2·0.8 = 3.58, it does not.
        assert_eq!(
            intervals(&[unit(90.0, 0.8), unit(86.6, 0.8)]),
            [(1, 2), (1, 2)]
        );
        assert_eq!(
            intervals(&[unit(90.0, 0.8), unit(86.4, 0.8)]),
            [(1, 1), (2, 2)]
        );
    }

    #[test]
    fn a_difference_below_a_billionth_is_a_tie() {
        assert_eq!(
            competition_places(&[90.0, 90.0 + 1e-12, 0.0, -0.0]),
            [1, 1, 3, 3]
        );
        assert_eq!(competition_places(&[90.0, 90.0 + 1e-8]), [2, 1]);
    }
}
