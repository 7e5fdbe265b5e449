//! The numbers of domain part D, one table per vector.

#[path = "support/ballots.rs"]
mod ballots;
mod support;

use analytics::{
    ChannelScore, DeductionRule, Estimate, Flag, HotlineCounts, MissingReason, Ratio,
    RectificationCounts, channel_total, competition_places, hotline_index, multiplier,
    rectification_score, satisfaction_score, score_round, shrunken, statistical_tie, t_quantile,
    wilson,
};
use ballots::rows;
use support::{round, rules, unit};
use survey_design::{Ruler, Rules};
use vocabulary::{Channel, Points, RaterGroup, Weight, rounded_text};

fn close(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

fn ruler(texts: [&str; 5]) -> Ruler {
    let [
        very_satisfied,
        satisfied,
        fair,
        dissatisfied,
        very_dissatisfied,
    ] = texts.map(points);
    Ruler {
        very_satisfied,
        satisfied,
        fair,
        dissatisfied,
        very_dissatisfied,
    }
}

fn points(text: &str) -> Points {
    Points::parse(text).expect("the table holds exact decimals")
}

fn confidence() -> Weight {
    Weight::parse("0.95").expect("0.95 is an exact decimal")
}

/// V1: 120, 60, 15, 3, 2 and 40 who do not know.
#[test]
fn v1_a_distribution_has_score_rate_and_interval() {
    let counts = [120, 60, 15, 3, 2];
    let summary = satisfaction_score(&counts, 40, &rules().ruler, confidence()).unwrap();

    assert_eq!(summary.n, 200);
    for (value, digits, expected) in [
        (summary.score, 2, "88.95"),
        (summary.sd, 4, "17.1132"),
        (summary.se, 4, "1.2101"),
        (summary.ci_low, 2, "86.58"),
        (summary.ci_high, 2, "91.32"),
        (summary.rates.satisfaction, 2, "97.50"),
        (summary.rates.top_two, 2, "90.00"),
        (summary.rates.top_box, 2, "60.00"),
        (summary.rates.dont_know, 2, "16.67"),
    ] {
        assert_eq!(rounded_text(value, digits), expected);
    }
}

/// V1 under other rulers.
#[test]
fn v1_any_ruler_is_a_reweighting_of_the_same_counts() {
    for (points, expected) in [
        (["100", "80", "60", "30", "0"], 88.95),
        (["100", "80", "60", "40", "20"], 89.30),
        (["100", "75", "50", "25", "0"], 86.625),
        (["100", "90", "75", "60", "0"], 93.525),
    ] {
        let summary = satisfaction_score(&[120, 60, 15, 3, 2], 40, &ruler(points), confidence());
        close(summary.unwrap().score, expected);
    }
}

/// V2: group means 93.2, 95.1, 86.4, 81.75 as real ballots of 50, 200, n and 80 raters.
fn v2(enterprises: [u64; 5]) -> analytics::UnitScore {
    let ballots = [
        rows("D01", RaterGroup::Delegates, [33, 17, 0, 0, 0]),
        rows("D01", RaterGroup::Cadres, [151, 49, 0, 0, 0]),
        rows("D01", RaterGroup::Enterprises, enterprises),
        rows("D01", RaterGroup::Citizens, [7, 73, 0, 0, 0]),
    ]
    .concat();
    let mut scores = score_round(&round(vec![unit("D01")], &ballots), &rules());
    scores.units.remove(0)
}

#[test]
fn v2_groups_count_by_their_weights_and_a_small_group_gives_its_weight_away() {
    let full = v2([16, 34, 0, 0, 0]);
    let small = v2([14, 14, 0, 0, 0]);

    let survey = full.channel(Channel::Survey).unwrap();
    for (group, mean) in survey.groups.iter().zip([93.2, 95.1, 86.4, 81.75]) {
        close(group.mean.unwrap(), mean);
    }
    close(survey.score.unwrap(), 87.7775);
    let survey = small.channel(Channel::Survey).unwrap();
    assert_eq!(rounded_text(survey.score.unwrap(), 4), "88.2367");
    assert_eq!(
        survey.groups[2].missing,
        Some(MissingReason::TooFew { n: 28, minimum: 30 })
    );
    let flag = Flag::GroupReallocated(RaterGroup::Enterprises);
    assert_eq!(flag.to_string(), "weight_reallocated(group:enterprises)");
    assert!(small.flags.contains(&flag) && !full.flags.contains(&flag));
}

/// V3: channel scores as given, community and village together being the pairing.
fn v3(rules: &Rules, facing: &str, hall: Option<f64>) -> analytics::ChannelTotal {
    let weights = match facing {
        "enterprises" => &rules.channel_weights.enterprise_facing,
        _ => &rules.channel_weights.general,
    };
    let channels = weights.iter().map(|(channel, weight)| {
        let score = match channel {
            Channel::Survey => Some(87.7775),
            Channel::Hall => hall,
            Channel::Hotline => Some(88.15),
            Channel::Enterprise => Some(84.0),
            _ => Some(90.0),
        };
        let missing = ChannelScore::missing(*channel, *weight, MissingReason::NotApplicable);
        match score {
            None => missing,
            Some(_) => ChannelScore {
                score,
                se: Some(0.0),
                df: Some(99.0),
                missing: None,
                ..missing
            },
        }
    });
    channel_total(channels.collect(), rules)
}

#[test]
fn v3_channels_count_by_their_weights_and_a_missing_hall_is_flagged() {
    let rules = rules();
    let general = v3(&rules, "everybody", Some(96.4));
    let facing = v3(&rules, "enterprises", Some(96.4));
    let no_window = v3(&rules, "everybody", None);

    close(general.total.unwrap().value, 90.021);
    assert_eq!(rounded_text(facing.total.unwrap().value, 4), "88.7046");
    assert_eq!(rounded_text(no_window.total.unwrap().value, 4), "88.4263");
    assert!(general.flags.is_empty());
    let codes: Vec<_> = no_window.flags.iter().map(Flag::to_string).collect();
    assert_eq!(codes, ["weight_reallocated(hall)", "not_applicable(hall)"]);
    close(no_window.weight_covered, 80.0);
    let used: Vec<_> = no_window.channels.iter().map(|c| c.used_weight).collect();
    for (used, expected) in used.iter().zip([50.0, 0.0, 25.0, 12.5, 12.5]) {
        close(*used, expected);
    }
}

/// V4: on time 99.1, resolved 85, satisfied 86 (30 % at 100, 70 % at 80).
#[test]
fn v4_the_hotline_index_weighs_its_three_rates() {
    let counts = HotlineCounts {
        orders: 1_000,
        on_time: Ratio {
            part: 991,
            whole: 1_000,
        },
        resolved: Ratio {
            part: 850,
            whole: 1_000,
        },
        satisfied: [300, 700, 0, 0, 0],
        no_statement: 12,
    };

    close(hotline_index(&counts, &rules()).unwrap().value, 88.22);
}

/// D.3: Guilin 2021, delegates; scores of our own making in the printed pattern of ties.
#[test]
fn guilins_ties_rank_as_printed() {
    let scores = [
        89.9, 89.9, 89.9, 89.7, 89.7, 89.7, 89.7, 89.5, 89.4, 89.4, 89.4, 89.3, 89.2, 89.2, 89.1,
        89.1, 88.9,
    ];

    assert_eq!(
        competition_places(&scores),
        [1, 1, 1, 4, 4, 4, 4, 8, 9, 9, 9, 12, 13, 13, 15, 15, 17]
    );
}

fn rule(target: &str, slope: &str, floor: &str, full: &str) -> DeductionRule {
    DeductionRule {
        target: points(target),
        slope: Weight::parse(slope).expect("the table holds exact decimals"),
        floor: points(floor),
        full: points(full),
    }
}

/// D.5: the published pairs of Lianyungang. The slope of timely sign-in is not published; one and a quarter is the
/// gentlest that gives the published zeros.
#[test]
fn lianyungangs_published_pairs_come_out() {
    let dispatched = rule("98", "0.5", "12.5", "25");
    let callbacks = rule("95", "0.5", "12.5", "25");
    let on_time = rule("100", "1", "0", "25");
    let sign_in = rule("100", "1.25", "0", "25");
    for (rule, rate, published) in [
        (dispatched, "87.5", "19.75"),
        (dispatched, "83.33", "17.67"),
        (dispatched, "75", "13.50"),
        (dispatched, "71.43", "12.50"),
        (dispatched, "50", "12.50"),
        (callbacks, "70.59", "12.80"),
        (callbacks, "66.67", "12.50"),
        (on_time, "89.82", "14.82"),
        (on_time, "80", "5.00"),
        (on_time, "66.67", "0.00"),
        (sign_in, "80", "0.00"),
        (sign_in, "77.27", "0.00"),
        (dispatched, "98", "25.00"),
        (dispatched, "100", "25.00"),
    ] {
        let points = rule.points(Points::parse(rate).unwrap());
        assert_eq!(rounded_text(points.as_f64(), 2), published, "{rate}");
    }
}

/// D.7: Wilson intervals.
#[test]
fn wilson_intervals_of_small_shares() {
    for (part, whole, low, high) in [
        (5, 7, "35.9", "91.8"),
        (6, 7, "48.7", "97.4"),
        (17, 20, "64.0", "94.8"),
        (45, 50, "78.6", "95.7"),
        (189, 196, "92.8", "98.3"),
        (3_367, 3_988, "83.3", "85.5"),
    ] {
        let interval = wilson(part, whole, confidence()).unwrap();
        assert_eq!(rounded_text(100.0 * interval.0, 1), low);
        assert_eq!(rounded_text(100.0 * interval.1, 1), high);
    }
    assert_eq!(wilson(0, 0, confidence()), None);
    assert!(wilson(0, 9, confidence()).unwrap().0 <= 0.0);
}

/// D.7: shrinkage for display.
#[test]
fn small_numbers_are_pulled_to_the_mean() {
    for (score, n, expected) in [
        (60.0, 5, "84.00"),
        (60.0, 30, "74.00"),
        (60.0, 200, "63.65"),
        (100.0, 5, "89.71"),
    ] {
        assert_eq!(rounded_text(shrunken(score, n, 88.0, 30), 2), expected);
    }
    close(shrunken(60.0, 0, 88.0, 0), 88.0);
}

/// D.7 and D.8: with sd 20 and n 84, units differ only from 6.05 points.
#[test]
fn two_units_of_84_ratings_are_tied_up_to_six_points() {
    let unit = |value: f64| Estimate::with_t(value, 400.0 / 84.0, 83.0, confidence());

    for (difference, tied) in [
        (0.0, true),
        (6.0, true),
        (6.04, true),
        (6.05, false),
        (9.0, false),
    ] {
        let (a, b) = (unit(80.0), unit(80.0 + difference));
        assert_eq!(statistical_tie(&a, &b, confidence()), tied, "{difference}");
        assert_eq!(statistical_tie(&b, &a, confidence()), tied, "{difference}");
    }
}

/// D.10: 0.95, 0.92, 0.88, 1.0.
#[test]
fn the_rectification_score_weighs_four_shares() {
    let of_hundred = |part| Ratio { part, whole: 100 };
    let counts = RectificationCounts {
        on_time: of_hundred(95),
        closed_first_time: of_hundred(92),
        verified_satisfied: of_hundred(88),
        list_quality: of_hundred(100),
    };

    close(rectification_score(&counts, &rules()).unwrap().value, 93.2);
}

/// D.11: the multiplier.
#[test]
fn the_multiplier_is_clamped() {
    let annual = rules().annual;
    for (score, expected) in [(92.0, 1.02), (84.0, 0.98), (70.0, 0.95), (100.0, 1.05)] {
        close(multiplier(score, 88.0, &annual), expected);
    }
}

/// The t interval of an estimate is the textbook one: 10 degrees, 95 %.
#[test]
fn intervals_use_the_degrees_of_freedom_given() {
    let estimate = Estimate::with_t(80.0, 4.0, 10.0, confidence());

    close(estimate.ci_high - 80.0, 2.0 * t_quantile(10.0, 0.95));
    assert_eq!(rounded_text(estimate.ci_low, 4), "75.5437");
}
