//! Promises that only many repetitions show: intervals cover and rank sets hold.
//!
//! The study is that of methodology B6: strata of PSUs, answers that hang together inside a PSU (ICC 0.07), unequal weights.
//! Seeds are fixed; every test prints what it measured (`--nocapture`).

#[path = "support/population.rs"]
mod population;

use analytics::comparison::{Draws, SimultaneousIntervals, joint_ranks, rank_sets};
use analytics::estimation::{
    LonelyPsu, ProportionSample, SampleDesign, Stage, kish, korn_graubard, mean, proportion, within,
};
use analytics::{Estimate, RankInterval, rank_intervals, t_quantile};
use nalgebra::{DMatrix, DVector};
use population::{Chance, OPINION, points, true_mean, true_top_two};
use vocabulary::Weight;

const ICC: f64 = 0.07;

/// Strata and PSUs of each; 2 to 80 PSUs.
const LAYOUTS: [(u32, u32); 7] = [(1, 2), (1, 3), (2, 2), (2, 4), (4, 5), (10, 4), (10, 8)];
const SIZES: [f64; 3] = [30.0, 84.0, 300.0];

/// The rows of one sample; a row without points keeps a silent PSU in the design.
#[derive(Default)]
struct Sample {
    weights: Vec<f64>,
    strata: Vec<u32>,
    psus: Vec<u32>,
    units: Vec<u32>,
    points: Vec<Option<f64>>,
}

impl Sample {
    fn push(&mut self, stratum: u32, psu: u32, unit: u32, weight: f64, points: Option<f64>) {
        self.weights.push(weight);
        self.strata.push(stratum);
        self.psus.push(psu);
        self.units.push(unit);
        self.points.push(points);
    }

    fn design(&self) -> SampleDesign {
        let stage = Stage {
            strata: Some(&self.strata),
            clusters: Some(&self.psus),
            population: None,
        };
        SampleDesign::new(&self.weights, &[stage], LonelyPsu::Adjust).expect("the design is sound")
    }
}

/// About `n` ratings of one unit that fall into PSUs at random.
fn sample(chance: &mut Chance, (strata, psus): (u32, u32), n: f64) -> Sample {
    let mut sample = Sample::default();
    for psu in 0..strata * psus {
        let shared = ICC.sqrt() * chance.normal();
        sample.push(psu / psus, psu, 0, 1.0, None);
        for _ in 0..chance.poisson(n / f64::from(strata * psus)) {
            let opinion = OPINION + shared + (1.0 - ICC).sqrt() * chance.normal();
            let weight = chance.weight();
            sample.push(psu / psus, psu, 0, weight, Some(points(opinion)));
        }
    }
    sample
}

/// Whether the intervals of a sample hold the truth: the mean with t, the top-two share by Korn & Graubard. `None` when the
/// sample has no degree of freedom.
fn holds(sample: &Sample) -> Option<[bool; 2]> {
    let design = sample.design();
    let df = design.domain_df(&|row| sample.points[row].is_some());
    let variance = |z: &[f64]| design.variance(z).ok();
    let average = mean(&sample.weights, &sample.points).filter(|_| df >= 1.0)?;
    let half = t_quantile(df, 0.95) * variance(&average.z)?.sqrt();

    let top: Vec<Option<bool>> = sample
        .points
        .iter()
        .map(|it| it.map(|it| it > 74.0))
        .collect();
    let share = proportion(&sample.weights, &top)?;
    let rows = sample.weights.iter().zip(&top);
    let weights: Vec<f64> = rows
        .filter(|(_, top)| top.is_some())
        .map(|(weight, _)| *weight)
        .collect();
    let n = weights.len();
    let share = ProportionSample {
        estimate: share.estimate,
        variance: variance(&share.z)?,
        n,
        df,
    };
    let (low, high) = korn_graubard(&share, kish(weights)?.design_effect, 0.95)?;
    Some([
        (average.estimate - true_mean(OPINION)).abs() <= half,
        low <= true_top_two() && true_top_two() <= high,
    ])
}

/// Share of 4,000 samples whose intervals hold the truth: means, top-two shares.
fn coverage(layout: (u32, u32), n: f64) -> [f64; 2] {
    let mut chance = Chance::new(20_261_121);
    let held: Vec<_> = (0..4_000)
        .filter_map(|_| holds(&sample(&mut chance, layout, n)))
        .collect();
    [0, 1].map(|which| share(held.iter().map(|held| held[which])))
}

fn share(held: impl ExactSizeIterator<Item = bool>) -> f64 {
    let all = held.len() as f64;
    held.map(|held| f64::from(u8::from(held))).sum::<f64>() / all
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "needs release: cargo test -p analytics --release --test simulation"
)]
fn intervals_cover_as_often_as_they_say() {
    let mut failures = Vec::new();
    for n in SIZES {
        for layout in LAYOUTS {
            let [means, shares] = coverage(layout, n);
            println!(
                "n {n}, {layout:?} strata and PSUs of each: mean {means:.4}, Korn-Graubard {shares:.4}"
            );
            if !(0.92..=0.98).contains(&means) || shares < 0.94 {
                failures.push((n, layout, means, shares));
            }
        }
    }

    assert!(failures.is_empty(), "{failures:?}");
}

/// Whether no unit is set apart from one that it is not truly better or worse than; of tied units any may come first.
fn hold(truth: &[f64], sets: &[RankInterval]) -> bool {
    let count = |is: &dyn Fn(f64) -> bool| truth.iter().map(|it| u32::from(is(*it))).sum::<u32>();
    truth.iter().zip(sets).all(|(mine, set)| {
        let (better, not_worse) = (count(&|it| it > *mine), count(&|it| it >= *mine));
        set.low <= 1 + better && not_worse <= set.high
    })
}

/// Ten units, rated by people of 80 PSUs of whom everybody rates four, so that scores hang together; with their covariance.
fn league(chance: &mut Chance, opinions: [f64; 10]) -> Option<(Vec<f64>, DMatrix<f64>, f64)> {
    let mut sample = Sample::default();
    let units: Vec<(u32, f64)> = (0..).zip(opinions).collect();
    for psu in 0..80 {
        let shared = ICC.sqrt() * chance.normal();
        for _ in 0..12 {
            let own = shared + 0.5 * chance.normal();
            let weight = chance.weight();
            let first = chance.below(10) as usize;
            for (unit, opinion) in units.iter().cycle().skip(first).take(4) {
                let opinion = opinion + own + (0.75 - ICC).sqrt() * chance.normal();
                sample.push(psu / 8, psu, *unit, weight, Some(points(opinion)));
            }
        }
    }
    let of_unit = |unit: u32| within(&sample.points, &|row| sample.units[row] == unit);
    let scores: Option<Vec<_>> = units
        .iter()
        .map(|(unit, _)| mean(&sample.weights, &of_unit(*unit)))
        .collect();
    let (scores, z): (Vec<_>, Vec<_>) = scores?.into_iter().map(|it| (it.estimate, it.z)).unzip();
    let design = sample.design();
    Some((scores, design.covariance(&z).ok()?, design.df()))
}

/// Which rank sets hold in one league.
///
/// The covariance is an estimate with 70 degrees of freedom; normal critical values would take it for the truth and hold in only
/// 92 % of leagues of equal units. The last two kinds get scores drawn with that covariance, so that it is the truth.
fn leagues_hold(chance: &mut Chance, opinions: [f64; 10], seed: u64) -> Option<[bool; 6]> {
    let truth = opinions.map(true_mean);
    let (scores, covariance, df) = league(chance, opinions)?;
    let draws = Draws { count: 2_000, seed };
    let mrsw = rank_sets(&scores, &covariance, Some(&[df; 10]), 0.95, draws).ok()?;
    let region = joint_ranks(&scores, &covariance, 0.95, SimultaneousIntervals::Sidak).ok()?;
    let region: Vec<_> = region.iter().map(|unit| unit.ranks).collect();
    let confidence = Weight::parse("0.95").ok()?;
    let variances = covariance.diagonal();
    let units = scores.iter().zip(variances.iter());
    let units: Vec<_> = units
        .map(|(score, variance)| Estimate::with_t(*score, *variance, df, confidence))
        .collect();
    let published = rank_intervals(&units, confidence);

    let normals = DVector::from_fn(10, |_, _| chance.normal());
    let drawn = DVector::from(truth.to_vec()) + covariance.clone().cholesky()?.l() * normals;
    let known = rank_sets(drawn.as_slice(), &covariance, None, 0.95, draws).ok()?;
    Some(
        [
            &mrsw.simultaneous.sets,
            &mrsw.stepdown.sets,
            &region,
            &published,
            &known.simultaneous.sets,
            &known.stepdown.sets,
        ]
        .map(|sets| hold(&truth, sets)),
    )
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "needs release: cargo test -p analytics --release --test simulation"
)]
fn all_true_ranks_lie_inside_at_once() {
    let leagues = [
        ("all equal", [0.0; 10]),
        (
            "spread",
            [0.0, 0.06, 0.12, 0.18, 0.24, 0.3, 0.36, 0.42, 0.48, 0.54],
        ),
        (
            "tied in three tiers",
            [0.0, 0.0, 0.0, 0.0, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5],
        ),
    ];
    for (name, ahead) in leagues {
        let opinions = ahead.map(|ahead| OPINION + ahead);
        let mut chance = Chance::new(91);
        let held: Option<Vec<_>> = (0..2_000)
            .map(|run| leagues_hold(&mut chance, opinions, run))
            .collect();
        let held = held.expect("every unit is rated in every league");
        let held = [0, 1, 2, 3, 4, 5].map(|kind| share(held.iter().map(|held| held[kind])));
        println!(
            "{name}: MRSW, step-down, joint region, published, MRSW and step-down of a known covariance: {held:.4?}"
        );
        assert!(held.iter().all(|share| *share >= 0.94), "{name}: {held:?}");
    }
}
