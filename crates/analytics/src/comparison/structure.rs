//! What a ranking owes to the method: ranks under other weights, without a channel, or on another ruler.
//!
//! Sampling error is one thing; this is the other, and both are shown: "rank 7 (sampling 3-15; method 5-11)".

use super::{Draws, normal_draws::Normals};
use crate::{Part, RankInterval, combine_parts, competition_places};

/// Composite of each unit from its channel scores; the weight of a missing channel goes to the others in proportion.
///
/// `scores` has one row per unit with one entry per channel. `None` for a unit without any weighted channel.
///
/// Source: methodology B4, B5.
#[must_use]
pub fn composites(scores: &[Vec<Option<f64>>], weights: &[f64]) -> Vec<Option<f64>> {
    scores
        .iter()
        .map(|unit| {
            let parts: Vec<_> = unit
                .iter()
                .zip(weights)
                .map(|(score, weight)| Part {
                    weight: *weight,
                    value: score.map(|score| (score, 0.0)),
                })
                .collect();
            combine_parts(&parts).map(|total| total.value)
        })
        .collect()
}

/// Best and worst place of each unit over scenarios; each scenario has one score per unit.
///
/// A unit is placed among those that have a score in the scenario; `None` when it never has one. Feed it the scores on the
/// linear ruler and as top-two shares, or any other choice that could have been made.
///
/// Source: OECD & JRC 2008, Handbook on Constructing Composite Indicators, step 7; methodology B5.
#[must_use]
pub fn places_over(scenarios: &[Vec<Option<f64>>]) -> Vec<Option<RankInterval>> {
    let units = scenarios.first().map_or(0, Vec::len);
    let mut ranges: Vec<Option<RankInterval>> = vec![None; units];
    for scenario in scenarios {
        for (range, place) in ranges.iter_mut().zip(places(scenario)) {
            *range = match (*range, place) {
                (Some(old), Some(place)) => Some(RankInterval {
                    low: old.low.min(place),
                    high: old.high.max(place),
                }),
                (None, Some(place)) => Some(RankInterval {
                    low: place,
                    high: place,
                }),
                (old, None) => old,
            };
        }
    }
    ranges
}

fn places(scores: &[Option<f64>]) -> Vec<Option<u32>> {
    let there: Vec<_> = scores.iter().flatten().copied().collect();
    let mut found = competition_places(&there).into_iter();
    scores
        .iter()
        .map(|score| score.and_then(|_| found.next()))
        .collect()
}

/// Range of places when one channel at a time is left out, all channels together included.
#[must_use]
pub fn leave_one_channel_out(
    scores: &[Vec<Option<f64>>],
    weights: &[f64],
) -> Vec<Option<RankInterval>> {
    let mut scenarios = vec![composites(scores, weights)];
    for channel in 0..weights.len() {
        let mut others = weights.to_vec();
        others[channel] = 0.0;
        scenarios.push(composites(scores, &others));
    }
    places_over(&scenarios)
}

/// The middle 95 % of the places when the weights are drawn around the given ones.
///
/// Weights follow a Dirichlet distribution with the given means and concentration `(C − 1)/spread² − 1`, so that the squared
/// relative deviation of the weights, averaged with the weights, is `spread²`: 0.25 stands for ±25 %. Weights of 0 stay 0. `None` for a unit without
/// a score, or when fewer than two weights are above 0 or the spread is not inside 0 to 1.
///
/// Source: methodology B5; gamma numbers by Marsaglia & Tsang 2000.
#[must_use]
pub fn places_under_other_weights(
    scores: &[Vec<Option<f64>>],
    weights: &[f64],
    spread: f64,
    draws: Draws,
) -> Vec<Option<RankInterval>> {
    let whole: f64 = weights.iter().sum();
    let channels = weights.iter().filter(|weight| **weight > 0.0).count();
    if channels < 2 || !(spread > 0.0 && spread < 1.0) {
        return vec![None; scores.len()];
    }
    let concentration = (channels as f64 - 1.0) / (spread * spread) - 1.0;
    let mut normals = Normals::new(draws.seed);
    let mut found = vec![Vec::new(); scores.len()];
    for _ in 0..draws.count {
        let drawn: Vec<_> = weights
            .iter()
            .map(|weight| gamma(&mut normals, concentration * weight / whole))
            .collect();
        for (places_of_unit, place) in found.iter_mut().zip(places(&composites(scores, &drawn))) {
            places_of_unit.extend(place);
        }
    }
    found.iter_mut().map(|places| middle(places)).collect()
}

/// The places that leave one in forty on either side.
fn middle(places: &mut [u32]) -> Option<RankInterval> {
    places.sort_unstable();
    let outside = places.len() / 40;
    Some(RankInterval {
        low: *places.get(outside)?,
        high: *places.get(places.len() - 1 - outside)?,
    })
}

/// A gamma number of this shape and scale 1; 0 for shape 0.
fn gamma(normals: &mut Normals, shape: f64) -> f64 {
    if shape <= 0.0 {
        return 0.0;
    }
    if shape < 1.0 {
        let boost = normals.uniform().powf(shape.recip());
        return boost * gamma(normals, shape + 1.0);
    }
    let d = shape - 1.0 / 3.0;
    let c = (9.0 * d).sqrt().recip();
    loop {
        let x = normals.next();
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && normals.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(ranges: &[Option<RankInterval>]) -> Vec<Option<(u32, u32)>> {
        ranges.iter().map(|r| r.map(|r| (r.low, r.high))).collect()
    }

    fn two_channels() -> Vec<Vec<Option<f64>>> {
        vec![
            vec![Some(90.0), Some(60.0)],
            vec![Some(80.0), Some(80.0)],
            vec![Some(50.0), None],
            vec![None, None],
        ]
    }

    #[test]
    fn a_missing_channel_gives_its_weight_away() {
        let found = composites(&two_channels(), &[0.75, 0.25]);

        assert!((found[0].unwrap() - 82.5).abs() < 1e-12);
        assert!((found[2].unwrap() - 50.0).abs() < 1e-12);
        assert_eq!(found[3], None);
    }

    #[test]
    fn leaving_out_a_channel_shows_who_lives_on_it() {
        // Both channels: 87, 80, 50. Second only: 60 and 80. First only: 90, 80, 50.
        let ranges = leave_one_channel_out(&two_channels(), &[0.9, 0.1]);

        assert_eq!(
            ends(&ranges),
            [Some((1, 2)), Some((1, 2)), Some((3, 3)), None]
        );
    }

    #[test]
    fn a_scenario_counts_only_units_that_have_a_score_in_it() {
        let ranges = places_over(&[
            vec![Some(3.0), Some(2.0), Some(1.0)],
            vec![None, Some(1.0), Some(1.0)],
        ]);
        assert_eq!(ends(&ranges), [Some((1, 1)), Some((1, 2)), Some((1, 3))]);
        assert_eq!(places_over(&[]), []);
    }

    #[test]
    fn other_weights_move_the_close_and_not_the_clear() {
        let draws = Draws {
            count: 1_000,
            seed: 5,
        };
        let ranges = |spread| {
            ends(&places_under_other_weights(
                &two_channels(),
                &[0.75, 0.25],
                spread,
                draws,
            ))
        };

        // 90a + 60(1 − a) > 80 needs a > 2/3.
        assert_eq!(
            ranges(0.25),
            [Some((1, 2)), Some((1, 2)), Some((3, 3)), None]
        );
        assert_eq!(
            ranges(0.01),
            [Some((1, 1)), Some((2, 2)), Some((3, 3)), None]
        );
        assert_eq!(ranges(f64::NAN), [None; 4]);
    }

    #[test]
    fn gamma_numbers_have_their_mean_and_variance() {
        let mut normals = Normals::new(9);
        for shape in [0.4, 1.0, 12.0] {
            let drawn: Vec<_> = (0..40_000).map(|_| gamma(&mut normals, shape)).collect();
            let mean = drawn.iter().sum::<f64>() / 4e4;
            let variance = drawn.iter().map(|g| (g - mean) * (g - mean)).sum::<f64>() / 4e4;
            assert!((mean / shape - 1.0).abs() < 0.03, "{shape}: {mean}");
            assert!((variance / shape - 1.0).abs() < 0.06, "{shape}: {variance}");
        }
    }
}
