//! Calibrated weights meet their population totals to a hundred-millionth, or are refused.

use analytics::weighting::{
    Bounds, Cells, Constraints, Distance, Margin, Stopping, calibrate, rake,
};
use proptest::prelude::*;

const CASES: u32 = if cfg!(debug_assertions) { 300 } else { 100_000 };
const LEVELS: [usize; 3] = [2, 3, 4];

/// Base weight of each sampled person and their level on three margins; the first 24 make sure that all levels occur together.
fn people() -> impl Strategy<Value = Vec<(f64, [u32; 3])>> {
    let person = (1..400_u32, 0..24_u32);
    prop::collection::vec(person, 24..48).prop_map(|people| {
        let placed = people
            .into_iter()
            .zip((0..24).map(Some).chain(std::iter::repeat(None)));
        placed
            .map(|((steps, cell), place)| {
                let cell = place.unwrap_or(cell);
                (f64::from(steps) / 10.0, [cell % 2, cell / 2 % 3, cell / 6])
            })
            .collect()
    })
}

fn columns(people: &[(f64, [u32; 3])]) -> (Vec<f64>, Vec<Vec<u32>>) {
    let base = people.iter().map(|(weight, _)| *weight).collect();
    let levels = (0..3).map(|margin| people.iter().map(|(_, levels)| levels[margin]).collect());
    (base, levels.collect())
}

/// Sums of the weights by level of each margin.
fn sums(weights: &[f64], levels: &[Vec<u32>]) -> Vec<Vec<f64>> {
    let margins = levels.iter().zip(LEVELS);
    margins
        .map(|(column, count)| {
            let mut sums = vec![0.0; count];
            for (weight, level) in weights.iter().zip(column) {
                sums[*level as usize] += weight;
            }
            sums
        })
        .collect()
}

fn margins(totals: &[Vec<f64>]) -> Vec<Margin> {
    let names = ["sex", "age", "district"].into_iter().zip(totals);
    names
        .map(|(name, totals)| Margin {
            name: name.to_owned(),
            levels: totals
                .iter()
                .enumerate()
                .map(|(level, total)| (level.to_string(), *total))
                .collect(),
        })
        .collect()
}

fn farthest(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs() / b).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    /// The margins are those of the same people under other weights, so that they can be met.
    #[test]
    fn raked_and_calibrated_weights_meet_every_margin(
        people in people(),
        factors in prop::collection::vec(50..200_u32, 48),
    ) {
        let (base, levels) = columns(&people);
        let population: Vec<f64> = base.iter().zip(&factors).map(|(w, f)| w * f64::from(*f) / 10.0).collect();
        let wanted = sums(&population, &levels);
        let cells = Cells::assign(&levels.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        let margins = margins(&wanted);
        let by_cell = cells.sum(&base).unwrap();

        let raked = rake(&base, &cells, &margins, None, Stopping::default()).unwrap();
        prop_assert!(farthest(&sums(raked.weights(), &levels), &wanted) < 1e-8);
        prop_assert!(raked.weights().iter().all(|weight| *weight > 0.0));

        let bounds = Bounds { lower: 0.01, upper: 100.0 };
        for distance in [Distance::Linear, Distance::Raking, Distance::Logit(bounds)] {
            let constraints = Constraints::from_margins(&cells, &by_cell, &margins).unwrap();
            let calibrated = calibrate(&base, constraints, distance, Stopping::default()).unwrap();
            prop_assert!(farthest(&sums(calibrated.weights(), &levels), &wanted) < 1e-8, "{distance:?}");
        }
    }
}
