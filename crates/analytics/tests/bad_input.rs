//! Input that would spoil a number is refused by name, or has the documented result. Never a panic, never a silent number.

mod support;

use analytics::comparison::{
    ComparisonError, Draws, SimultaneousIntervals, joint_ranks, rank_sets,
};
use analytics::disclosure::{CountTable, TableError};
use analytics::estimation::{
    DesignError, LonelyPsu, ProportionSample, SampleDesign, Stage, korn_graubard, mean, proportion,
    ratio, total,
};
use analytics::weighting::{
    Bounds, CalibrationError, Cells, Margin, Stopping, WeightError, base_weights, rake, trim,
};
use analytics::{Moments, RatingRow, competition_places, disclose, score_round};
use nalgebra::DMatrix;
use support::{round, row, rules, unit};
use vocabulary::{Level, RaterGroup, Weight};

fn clustered<'a>(strata: &'a [u32], psus: &'a [u32]) -> Stage<'a> {
    Stage {
        strata: Some(strata),
        clusters: Some(psus),
        population: None,
    }
}

fn design(weights: &[f64]) -> Result<SampleDesign, DesignError> {
    SampleDesign::new(weights, &[], LonelyPsu::Adjust)
}

// Weights

#[test]
fn a_negative_or_missing_weight_names_its_row() {
    for weight in [-1.0, f64::NAN, f64::INFINITY] {
        let refused = design(&[1.0, 2.0, weight]).unwrap_err();

        assert!(
            matches!(refused, DesignError::Weight { row: 2, .. }),
            "{refused}"
        );
        assert!(refused.to_string().contains("row 2"));
    }
    assert_eq!(design(&[]).unwrap_err(), DesignError::NoRows);
}

#[test]
fn a_weight_of_zero_stays_in_the_design_and_out_of_the_numbers() {
    let design = design(&[0.0, 1.0, 1.0]).unwrap();

    let average = mean(design.weights(), &[Some(100.0), Some(1.0), Some(3.0)]).unwrap();

    assert!((average.estimate - 2.0).abs() < 1e-15);
    assert!((design.df() - 1.0).abs() < 1e-15);
    assert_eq!(mean(&[0.0, 0.0], &[Some(1.0), Some(2.0)]), None);
}

#[test]
fn a_published_round_counts_rows_without_positive_weight_apart() {
    let weighted = |steps| RatingRow {
        weight: Weight::from_steps(steps),
        ..row("D01", RaterGroup::Citizens, 1, Level::Fair)
    };

    let moments = Moments::from_rows(&[weighted(0), weighted(-5), weighted(1)]);

    assert_eq!(moments.left_out(), 2);
    assert_eq!(
        moments.valid_ratings(&"D01".into(), RaterGroup::Citizens),
        1
    );
}

#[test]
fn what_is_no_probability_or_weight_is_no_base_weight() {
    assert_eq!(
        base_weights(&[0.5, 0.0]).unwrap_err(),
        WeightError::NotAProbability {
            row: 1,
            probability: 0.0
        }
    );
    assert!(
        trim(
            &[1.0, f64::NAN],
            0.5,
            2.0,
            analytics::weighting::Trimming::Once
        )
        .is_err()
    );
}

// Designs

#[test]
fn a_stratum_with_one_psu_is_named_or_counted_as_chosen() {
    let (strata, psus) = ([1, 1, 7], [1, 2, 3]);
    let built =
        |lonely| SampleDesign::new(&[1.0; 3], &[clustered(&strata, &psus)], lonely).unwrap();
    let z = [1.0, -1.0, 0.5];

    assert_eq!(
        built(LonelyPsu::Fail).variance(&z).unwrap_err(),
        DesignError::LonelyPsu {
            stage: 1,
            stratum: 7
        }
    );
    // Stratum 1: 2·(1 + 1) = 4. Stratum 7, not centred: 0.25; averaged: 4 once more.
    for (lonely, expected) in [
        (LonelyPsu::Adjust, 4.25),
        (LonelyPsu::Average, 8.0),
        (LonelyPsu::Remove, 4.0),
        (LonelyPsu::Certainty, 4.0),
    ] {
        let variance = built(lonely).variance(&z).unwrap();
        assert!(
            (variance - expected).abs() < 1e-12,
            "{lonely:?}: {variance}"
        );
        assert_eq!(built(lonely).lonely_strata(), [7]);
    }
}

#[test]
fn a_design_that_contradicts_itself_is_refused_by_name() {
    let refused =
        |stage: Stage<'_>| SampleDesign::new(&[1.0; 3], &[stage], LonelyPsu::Adjust).unwrap_err();

    assert_eq!(
        refused(clustered(&[1, 2, 2], &[5, 5, 6])),
        DesignError::ClusterAcrossStrata {
            stage: 1,
            cluster: 5
        }
    );
    assert!(matches!(
        refused(clustered(&[1, 2], &[5, 5, 6])),
        DesignError::Length {
            rows: 3,
            found: 2,
            ..
        }
    ));
    let frame = Stage {
        population: Some(&[2.0; 3]),
        ..Stage::default()
    };
    assert!(matches!(
        refused(frame),
        DesignError::PopulationTooSmall { sampled: 3, .. }
    ));
    let varying = Stage {
        population: Some(&[9.0, 9.0, 8.0]),
        ..Stage::default()
    };
    assert!(matches!(
        refused(varying),
        DesignError::PopulationVaries { .. }
    ));
    assert_eq!(
        design(&[1.0, 1.0])
            .unwrap()
            .variance(&[0.0, f64::NAN])
            .unwrap_err(),
        DesignError::NotFinite { row: 1 }
    );
}

// Answers

#[test]
fn where_all_said_dont_know_there_is_no_estimate() {
    let weights = [1.0, 1.0];

    assert_eq!(total(&weights, &[None, None]), None);
    assert_eq!(mean(&weights, &[None, None]), None);
    assert_eq!(proportion(&weights, &[None, None]), None);
    assert_eq!(
        ratio(&weights, &[Some(1.0), None], &[None, Some(1.0)]),
        None
    );
    assert_eq!(ratio(&weights, &[Some(1.0); 2], &[Some(0.0); 2]), None);
    let rows: Vec<_> = (0..50)
        .map(|psu| row("D01", RaterGroup::Citizens, psu, Level::DontKnow))
        .collect();
    let scored = &score_round(&round(vec![unit("D01")], &rows), &rules()).units[0];
    assert_eq!(
        (
            scored.total,
            scored.satisfaction_rate,
            scored.n,
            scored.n_dk
        ),
        (None, None, 0, 50)
    );
    assert_eq!(
        disclose(scored, &rules().minimum_n),
        analytics::Status::Hidden
    );
}

#[test]
fn an_answer_that_is_no_number_gives_no_number() {
    assert_eq!(mean(&[1.0, 1.0], &[Some(f64::NAN), Some(1.0)]), None);
    assert_eq!(total(&[1.0, 1.0], &[Some(f64::INFINITY), Some(1.0)]), None);
}

#[test]
fn where_all_say_the_same_the_share_still_has_an_interval() {
    let design = design(&[1.0; 20]).unwrap();
    let share = proportion(design.weights(), &[Some(true); 20]).unwrap();
    let sample = ProportionSample {
        estimate: share.estimate,
        variance: design.variance(&share.z).unwrap(),
        n: 20,
        df: design.df(),
    };

    let (low, high) = korn_graubard(&sample, 1.0, 0.95).unwrap();

    // 0.025^(1/20), Clopper & Pearson 1934.
    assert!((low - 0.831_566_5).abs() < 1e-6, "{low}");
    assert!((high - 1.0).abs() < 1e-12);
}

// Margins

fn margin(name: &str, totals: [f64; 2]) -> Margin {
    let levels = ["a", "b"].map(str::to_owned).into_iter().zip(totals);
    Margin {
        name: name.to_owned(),
        levels: levels.collect(),
    }
}

fn raked(
    levels: [&[u32]; 2],
    margins: &[Margin; 2],
    bounds: Option<Bounds>,
) -> Result<Vec<f64>, CalibrationError> {
    let base = vec![1.0; levels[0].len()];
    let cells = Cells::assign(&levels).expect("the columns are of equal length");
    rake(&base, &cells, margins, bounds, Stopping::default()).map(|it| it.weights().to_vec())
}

const CROSSED: [&[u32]; 2] = [&[0, 0, 1, 1], &[0, 1, 0, 1]];

#[test]
fn margins_that_contradict_each_other_are_named() {
    let refused = raked(
        CROSSED,
        &[margin("sex", [50.0, 50.0]), margin("age", [60.0, 41.0])],
        None,
    )
    .unwrap_err();

    assert!(
        matches!(&refused, CalibrationError::ContradictingTotals { margin, first, .. } if margin == "age" && first == "sex"),
        "{refused}"
    );
}

#[test]
fn raking_that_cannot_converge_is_an_error_not_a_weight() {
    // Nobody is in two of the four cells, so that the levels of both margins hold the same people.
    let diagonal: [&[u32]; 2] = [&[0, 0, 1, 1], &[0, 0, 1, 1]];
    let refused = raked(
        diagonal,
        &[margin("sex", [50.0, 50.0]), margin("age", [60.0, 40.0])],
        None,
    )
    .unwrap_err();

    assert!(
        matches!(refused, CalibrationError::NotConverged { .. }),
        "{refused}"
    );
}

#[test]
fn levels_without_people_or_totals_are_named() {
    let nobody: [&[u32]; 2] = [&[0, 0, 0, 0], &[0, 1, 0, 1]];
    let refused = raked(
        nobody,
        &[margin("sex", [50.0, 50.0]), margin("age", [50.0, 50.0])],
        None,
    )
    .unwrap_err();
    assert!(
        matches!(&refused, CalibrationError::LevelNotInSample { margin, .. } if margin == "sex"),
        "{refused}"
    );

    let unknown: [&[u32]; 2] = [&[0, 1, 2, 0], &[0, 1, 0, 1]];
    let refused = raked(
        unknown,
        &[margin("sex", [50.0, 50.0]), margin("age", [50.0, 50.0])],
        None,
    )
    .unwrap_err();
    assert!(
        matches!(&refused, CalibrationError::LevelNotInPopulation { margin, .. } if margin == "sex"),
        "{refused}"
    );
}

#[test]
fn totals_that_are_none_and_bounds_that_are_too_tight_are_named() {
    for total in [f64::NAN, -1.0, f64::INFINITY] {
        let refused = raked(
            CROSSED,
            &[margin("sex", [total, 50.0]), margin("age", [50.0, 50.0])],
            None,
        )
        .unwrap_err();
        assert!(
            matches!(refused, CalibrationError::NotATotal { .. }),
            "{refused}"
        );
    }
    let tight = Bounds {
        lower: 0.5,
        upper: 1.1,
    };
    let refused = raked(
        CROSSED,
        &[margin("sex", [3.0, 1.0]), margin("age", [2.0, 2.0])],
        Some(tight),
    )
    .unwrap_err();
    assert!(
        matches!(refused, CalibrationError::Infeasible { .. }),
        "{refused}"
    );
    let upside_down = Bounds {
        lower: 2.0,
        upper: 0.5,
    };
    let refused = raked(
        CROSSED,
        &[margin("sex", [2.0, 2.0]), margin("age", [2.0, 2.0])],
        Some(upside_down),
    )
    .unwrap_err();
    assert!(
        matches!(refused, CalibrationError::Bounds { .. }),
        "{refused}"
    );
}

// Comparisons

#[test]
fn units_that_cannot_be_compared_are_named() {
    let draws = Draws {
        count: 1_000,
        seed: 1,
    };
    let sets = |scores: &[f64], variances: &[f64]| {
        rank_sets(
            scores,
            &DMatrix::from_diagonal(&variances.to_vec().into()),
            None,
            0.95,
            draws,
        )
        .unwrap_err()
    };

    assert!(matches!(
        sets(&[1.0, f64::NAN], &[1.0, 1.0]),
        ComparisonError::NotFinite { unit: 1 }
    ));
    assert!(matches!(
        sets(&[1.0, 2.0], &[1.0, 0.0]),
        ComparisonError::Variance { unit: 1, .. }
    ));
    assert!(matches!(
        sets(&[1.0, 2.0], &[1.0, -1.0]),
        ComparisonError::Variance { unit: 1, .. }
    ));
    assert!(matches!(
        sets(&[1.0, 2.0], &[1.0]),
        ComparisonError::Shape {
            estimates: 2,
            rows: 1,
            columns: 1
        }
    ));
    let impossible = DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 1.0]);
    let refused = rank_sets(&[1.0, 2.0], &impossible, None, 0.95, draws).unwrap_err();
    assert!(matches!(refused, ComparisonError::NotPositive { .. }));
    let few = Draws { count: 10, seed: 1 };
    let one = DMatrix::identity(2, 2);
    assert_eq!(
        rank_sets(&[1.0, 2.0], &one, None, 0.95, few).unwrap_err(),
        ComparisonError::Draws { draws: 10 }
    );
    let refused = joint_ranks(&[1.0, 2.0], &one, 1.0, SimultaneousIntervals::Sidak).unwrap_err();
    assert!(matches!(refused, ComparisonError::Confidence { .. }));
}

#[test]
fn units_with_equal_scores_share_the_place() {
    assert_eq!(competition_places(&[80.0, 80.0, 80.0]), [1, 1, 1]);
}

// A billion

#[test]
fn a_billion_answers_are_counted_exactly() {
    let mut billion = Moments::from_rows(&[row("D01", RaterGroup::Citizens, 1, Level::Fair)]);
    for _ in 0..30 {
        billion.merge(&billion.clone());
    }

    let scored = &score_round(
        &analytics::ScoreInput {
            moments: billion,
            ..round(vec![unit("D01")], &[])
        },
        &rules(),
    )
    .units[0];

    assert_eq!(scored.n, 1 << 30);
    assert_eq!(scored.distribution, [0, 0, 1 << 30, 0, 0]);
    assert_eq!(scored.satisfaction_rate, Some(100.0));
}

#[test]
fn counts_beyond_all_tables_are_refused() {
    assert_eq!(
        CountTable::new(&[[u64::MAX], [1]]).unwrap_err(),
        TableError::TooLarge
    );
    assert!(CountTable::new(&[[1_000_000_000; 5]; 1_000]).is_ok());
}

#[test]
fn weights_of_a_billion_people_keep_their_mean() {
    let weights = [1e9, 1e9, 2e9];

    let average = mean(&weights, &[Some(0.0), Some(50.0), Some(75.0)]).unwrap();

    assert!((average.estimate - 50.0).abs() < 1e-12);
}
