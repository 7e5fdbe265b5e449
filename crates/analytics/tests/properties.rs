//! Principles a unit or a citizen would expect to hold.

mod support;

use analytics::{
    Moments, RatingRow, RoundScores, competition_places, item_estimates, rank, score_round,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::{round, row, rules, unit};
use survey_design::Rules;
use vocabulary::{ItemId, Level, RaterGroup, UnitId, Weight};

/// Every principle holds on a hundred thousand rounds in release.
const CASES: u32 = if cfg!(debug_assertions) { 200 } else { 100_000 };
const UNITS: [&str; 3] = ["D01", "D02", "D03"];

/// Rules under which small samples count, so that random rounds reach every branch.
fn small_rules() -> Rules {
    let mut rules = rules();
    rules.minimum_n.group = 2;
    rules.minimum_n.bracketed = 3;
    rules.minimum_n.shown = 5;
    rules.minimum_n.ranked = 8;
    rules.minimum_n.channels = 1;
    rules.minimum_n.weight_covered = Weight::whole(0);
    rules.dont_know_limit = Weight::whole(1);
    rules
}

fn rating() -> impl Strategy<Value = RatingRow> {
    (
        0..3_usize,
        0..2_usize,
        0..4_usize,
        0..40_u64,
        1..5_000_000_i64,
        -1..=5_i16,
    )
        .prop_map(|(unit, item, group, psu, steps, level)| RatingRow {
            item: ItemId::from(["Q1", "Q2"][item]),
            weight: Weight::from_steps(steps),
            ..row(
                UNITS[unit],
                RaterGroup::ALL[group],
                psu,
                Level::from_code(level).expect("-1 to 5 are levels"),
            )
        })
}

fn ratings() -> impl Strategy<Value = Vec<RatingRow>> {
    prop::collection::vec(rating(), 1..60)
}

fn scores(rows: &[RatingRow], rules: &Rules) -> RoundScores {
    score_round(&round(UNITS.map(unit).to_vec(), rows), rules)
}

fn totals(scores: &RoundScores) -> Vec<Option<f64>> {
    scores
        .units
        .iter()
        .map(|unit| unit.total.map(|total| total.value))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, max_global_rejects: 10 * CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_does_not_matter(rows in ratings(), seed in any::<u64>()) {
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| row.psu.wrapping_add(row.weight.steps().unsigned_abs()).wrapping_mul(seed | 1));

        prop_assert_eq!(Moments::from_rows(&shuffled), Moments::from_rows(&rows));
    }

    #[test]
    fn shards_that_keep_psus_whole_merge_to_the_whole(rows in ratings(), shards in 1..6_u64) {
        let mut merged = Moments::default();
        for shard in (0..shards).rev() {
            let part = rows.iter().filter(|row| row.psu % shards == shard);
            merged.merge(&Moments::from_rows(part));
        }

        prop_assert_eq!(merged, Moments::from_rows(&rows));
    }

    #[test]
    fn a_better_answer_never_lowers_the_unit(rows in ratings(), place in any::<prop::sample::Index>()) {
        let rules = small_rules();
        let mut better = rows.clone();
        let changed = &mut better[place.index(rows.len())];
        let unit = UNITS.iter().position(|name| *name == changed.unit.as_str()).unwrap();
        let code = changed.level.code();
        prop_assume!((1..5).contains(&code));
        changed.level = Level::from_code(code + 1).unwrap();

        let (before, after) = (totals(&scores(&rows, &rules)), totals(&scores(&better, &rules)));

        for (before, after) in before.iter().zip(&after) {
            prop_assert_eq!(before.is_some(), after.is_some());
            prop_assert!(after.unwrap_or(0.0) >= before.unwrap_or(0.0) - 1e-9);
        }
        let place = |totals: &[Option<f64>]| {
            competition_places(&totals.iter().map(|total| total.unwrap_or(-1.0)).collect::<Vec<_>>())[unit]
        };
        prop_assert!(place(&after) <= place(&before));
    }

    #[test]
    fn dont_know_and_abstain_never_move_a_mean(rows in ratings(), more in ratings()) {
        let rules = small_rules();
        let mut asked = rows.clone();
        asked.extend(more.into_iter().map(|row| {
            let level = if row.psu % 2 == 0 { Level::DontKnow } else { Level::Abstain };
            RatingRow { level, ..row }
        }));

        let (before, after) = (scores(&rows, &rules), scores(&asked, &rules));

        prop_assert_eq!(totals(&before), totals(&after));
    }

    #[test]
    fn renaming_units_permutes_the_ranks_and_nothing_else(rows in ratings()) {
        let rules = small_rules();
        let renamed_unit = |unit: &UnitId| {
            let place = UNITS.iter().position(|name| *name == unit.as_str()).unwrap();
            UnitId::from(["X9", "A7", "M8"][place])
        };
        let renamed: Vec<_> =
            rows.iter().map(|row| RatingRow { unit: renamed_unit(&row.unit), ..row.clone() }).collect();
        let before = rank(&scores(&rows, &rules), &rules, &[]);
        let input = round(["A7", "M8", "X9"].map(unit).to_vec(), &renamed);
        let after = rank(&score_round(&input, &rules), &rules, &[]);

        let by_unit: BTreeMap<_, _> = after.rows.into_iter().map(|row| (row.unit.clone(), row)).collect();
        for mut row in before.rows {
            row.unit = renamed_unit(&row.unit);
            prop_assert_eq!(&by_unit[&row.unit], &row);
        }
    }

    #[test]
    fn merging_identical_strata_changes_no_score(rows in ratings()) {
        let rules = small_rules();
        let copy = |stratum: &str, psus: u64| {
            let mut copied = rows.clone();
            for row in &mut copied {
                row.stratum = format!("{}{stratum}", row.group.code()).as_str().into();
                row.psu += psus;
            }
            copied
        };
        let apart: Vec<_> = copy("-north", 0).into_iter().chain(copy("-south", 100)).collect();
        let merged: Vec<_> = copy("", 0).into_iter().chain(copy("", 100)).collect();

        let (apart, merged) = (scores(&apart, &rules), scores(&merged, &rules));

        for (apart, merged) in totals(&apart).into_iter().zip(totals(&merged)) {
            prop_assert_eq!(apart.is_some(), merged.is_some());
            prop_assert!((apart.unwrap_or(0.0) - merged.unwrap_or(0.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn item_means_agree_with_a_plain_recomputation_from_the_rows(rows in ratings()) {
        let rules = rules();
        let input = round(Vec::new(), &rows);
        for estimate in item_estimates(&input.moments, &input.design, &rules.ruler, rules.bands.confidence) {
            let mine: Vec<_> = rows
                .iter()
                .filter(|row| row.unit == estimate.unit && row.item == estimate.item && row.level.code() > 0)
                .map(|row| (row.weight.as_f64(), f64::from(row.level.code())))
                .collect();
            let whole: f64 = mine.iter().map(|(weight, _)| weight).sum();
            let mean = mine.iter().map(|(weight, level)| weight * level).sum::<f64>() / whole;
            let top = mine.iter().filter(|(_, level)| *level > 3.5).map(|(weight, _)| weight).sum::<f64>() / whole;

            prop_assert_eq!(estimate.n, mine.len() as u64);
            prop_assert_eq!(estimate.mean_level.is_some(), !mine.is_empty());
            if let (Some(level), Some(top2)) = (estimate.mean_level, estimate.top2) {
                prop_assert!((level - mean).abs() < 1e-9);
                prop_assert!((top2 - top).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn results_survive_json_bit_for_bit(rows in ratings()) {
        let rules = small_rules();
        let input = round(UNITS.map(unit).to_vec(), &rows);
        let scores = score_round(&input, &rules);
        let ranking = rank(&scores, &rules, &[]);

        let text = serde_json::to_string(&(&input, &scores, &ranking)).unwrap();

        prop_assert_eq!(serde_json::from_str::<(_, _, _)>(&text).unwrap(), (input, scores, ranking));
    }
}
