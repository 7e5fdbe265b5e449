//! Principles an estimate from rows of microdata is expected to hold.

use analytics::comparison::{SimultaneousIntervals, joint_ranks};
use analytics::competition_places;
use analytics::estimation::{Linearised, LonelyPsu, SampleDesign, Stage, mean, within};
use nalgebra::DMatrix;
use proptest::prelude::*;

/// Every principle holds on a hundred thousand samples in release.
const CASES: u32 = if cfg!(debug_assertions) {
    2_000
} else {
    100_000
};
const UNITS: u32 = 3;

/// One rating; `level` is none for don't know.
#[derive(Clone, Debug)]
struct Row {
    stratum: u32,
    psu: u32,
    unit: u32,
    weight: f64,
    level: Option<f64>,
}

fn row() -> impl Strategy<Value = Row> {
    let level =
        prop_oneof![1 => Just(None), 5 => (1..=5_u8).prop_map(|level| Some(f64::from(level)))];
    (0..3_u32, 0..4_u32, 0..UNITS, 1..5_000_u32, level).prop_map(
        |(stratum, psu, unit, steps, level)| Row {
            stratum,
            psu: 10 * stratum + psu,
            unit,
            weight: f64::from(steps) / 100.0,
            level,
        },
    )
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row(), 1..40)
}

fn design(rows: &[Row]) -> SampleDesign {
    let weights: Vec<f64> = rows.iter().map(|row| row.weight).collect();
    let strata: Vec<u32> = rows.iter().map(|row| row.stratum).collect();
    let psus: Vec<u32> = rows.iter().map(|row| row.psu).collect();
    let stage = Stage {
        strata: Some(&strata),
        clusters: Some(&psus),
        population: None,
    };
    SampleDesign::new(&weights, &[stage], LonelyPsu::Adjust).expect("the design is sound")
}

fn unit_mean(rows: &[Row], design: &SampleDesign, unit: u32) -> Option<Linearised> {
    let levels: Vec<Option<f64>> = rows.iter().map(|row| row.level).collect();
    mean(
        design.weights(),
        &within(&levels, &|row| rows[row].unit == unit),
    )
}

/// Mean, variance and degrees of freedom of each unit.
fn estimates(rows: &[Row]) -> Vec<Option<[f64; 3]>> {
    let design = design(rows);
    (0..UNITS)
        .map(|unit| {
            let mean = unit_mean(rows, &design, unit)?;
            let domain = |row: usize| rows[row].unit == unit && rows[row].level.is_some();
            Some([
                mean.estimate,
                design.variance(&mean.z).ok()?,
                design.domain_df(&domain),
            ])
        })
        .collect()
}

fn agree(a: &[Option<[f64; 3]>], b: &[Option<[f64; 3]>]) -> bool {
    let close = |a: &f64, b: &f64| (a - b).abs() <= 1e-11 * (1.0 + a.abs());
    a.iter().zip(b).all(|pair| match pair {
        (Some(a), Some(b)) => a.iter().zip(b).all(|(a, b)| close(a, b)),
        (None, None) => true,
        _ => false,
    })
}

fn scores(rows: &[Row]) -> Vec<f64> {
    estimates(rows)
        .iter()
        .map(|it| it.map_or(0.0, |it| it[0]))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, max_global_rejects: 10 * CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_does_not_matter(rows in rows(), seed in any::<u64>()) {
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| row.weight.to_bits().wrapping_mul(seed | 1));

        prop_assert!(agree(&estimates(&rows), &estimates(&shuffled)));
    }

    #[test]
    fn a_rating_split_in_two_halves_changes_nothing(rows in rows(), place in any::<prop::sample::Index>()) {
        let mut split = rows.clone();
        let half = &mut split[place.index(rows.len())];
        half.weight /= 2.0;
        let other = half.clone();
        split.push(other);

        prop_assert!(agree(&estimates(&rows), &estimates(&split)));
    }

    #[test]
    fn names_of_strata_and_psus_do_not_matter(rows in rows()) {
        let renamed: Vec<_> = rows
            .iter()
            .map(|row| Row { stratum: 77 - row.stratum, psu: 1_000 - row.psu, ..row.clone() })
            .collect();

        prop_assert!(agree(&estimates(&rows), &estimates(&renamed)));
    }

    #[test]
    fn dont_know_never_moves_a_mean(rows in rows(), more in rows()) {
        let mut asked = rows.clone();
        asked.extend(more.into_iter().map(|row| Row { level: None, ..row }));

        prop_assert_eq!(scores(&rows), scores(&asked));
    }

    #[test]
    fn a_better_answer_never_lowers_the_unit(rows in rows(), place in any::<prop::sample::Index>()) {
        let mut better = rows.clone();
        let changed = &mut better[place.index(rows.len())];
        prop_assume!(changed.level.is_some_and(|level| level < 4.5));
        changed.level = changed.level.map(|level| level + 1.0);
        let unit = changed.unit as usize;

        let (before, after) = (scores(&rows), scores(&better));

        prop_assert!(after[unit] > before[unit]);
        prop_assert!(competition_places(&after)[unit] <= competition_places(&before)[unit]);
    }

    #[test]
    fn merging_identical_strata_changes_no_mean_and_the_variance_by_its_divisor_only(rows in rows()) {
        let one: Vec<_> = rows.iter().map(|row| Row { stratum: 0, unit: 0, ..row.clone() }).collect();
        let copy = |stratum| one.iter().map(move |row| Row { stratum, psu: row.psu + 100, ..row.clone() });
        let apart: Vec<_> = one.iter().cloned().chain(copy(1)).collect();
        let merged: Vec<_> = one.iter().cloned().chain(copy(0)).collect();
        let mut psus: Vec<_> = one.iter().map(|row| row.psu).collect();
        psus.sort_unstable();
        psus.dedup();
        let n = psus.len() as f64;
        prop_assume!(n > 1.0 && one.iter().any(|row| row.level.is_some()));

        let (apart, merged) = (estimates(&apart)[0].unwrap(), estimates(&merged)[0].unwrap());

        // n/(n − 1) in each of two strata becomes 2n/(2n − 1) in one.
        let factor = 2.0 * (n - 1.0) / (2.0 * n - 1.0);
        prop_assert!((apart[0] - merged[0]).abs() < 1e-12);
        prop_assert!((apart[1] * factor - merged[1]).abs() < 1e-12);
        prop_assert!((merged[2] - apart[2] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn renaming_units_permutes_the_rank_intervals_and_nothing_else(
        units in prop::collection::vec((0..100_u32, 0..400_u32), 2..9),
        turn in any::<prop::sample::Index>(),
    ) {
        let ranks = |units: &[(u32, u32)]| {
            let scores: Vec<_> = units.iter().map(|(score, _)| f64::from(*score)).collect();
            let variances: Vec<_> = units.iter().map(|(_, hundredths)| f64::from(*hundredths) / 100.0).collect();
            let covariance = DMatrix::from_diagonal(&variances.into());
            joint_ranks(&scores, &covariance, 0.95, SimultaneousIntervals::Sidak).unwrap()
        };
        let turn = turn.index(units.len());
        let mut turned = units.clone();
        turned.rotate_left(turn);

        let mut expected = ranks(&units);
        expected.rotate_left(turn);

        prop_assert_eq!(ranks(&turned), expected);
    }
}
