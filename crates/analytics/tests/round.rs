//! A small city, from ballots and streams to the published rows.

#[path = "support/ballots.rs"]
mod ballots;
mod support;

use analytics::{
    Band, EnterpriseCounts, Flag, HallCounts, HotlineCounts, MissingReason, Moments, PairingCounts,
    PartName, RankingRow, RatingRow, Ratio, Status, UnitInput, enterprise_score, hall_index,
    hotline_index, pairing_score, rank, score_round,
};
use ballots::rows;
use support::{round, row, rules, unit};
use survey_design::UnitMode;
use vocabulary::{Channel, Level, RaterGroup};

const ALL_FIVE: fn(u64) -> [u64; 5] = |n| [n, 0, 0, 0, 0];

fn ratio(part: u64, whole: u64) -> Ratio {
    Ratio { part, whole }
}

fn hall() -> HallCounts {
    HallCounts {
        completed_cases: Some(1_000),
        active: [400, 100, 0, 0, 0],
        default_ratings: 500,
        contacted: ratio(9, 10),
        rectified: ratio(8, 10),
        follow_up_good: ratio(7, 10),
    }
}

fn hotline() -> HotlineCounts {
    HotlineCounts {
        orders: 200,
        on_time: ratio(190, 200),
        resolved: ratio(150, 180),
        satisfied: [90, 60, 20, 5, 5],
        no_statement: 20,
    }
}

fn pairing() -> PairingCounts {
    PairingCounts {
        levels: [6, 2, 0, 0, 0],
        dont_know: 1,
        raters: 9,
        bodies: 2,
        solved: ratio(4, 5),
    }
}

fn live(id: &str) -> UnitInput {
    UnitInput {
        hall: Some(hall()),
        hotline: Some(hotline()),
        community: Some(pairing()),
        village: Some(pairing()),
        ..unit(id)
    }
}

/// So many raters in every group, all with the same distribution per hundred.
fn ballots(id: &str, counts: [u64; 5]) -> Vec<RatingRow> {
    RaterGroup::ALL
        .into_iter()
        .flat_map(|group| rows(id, group, counts))
        .collect()
}

fn published(units: Vec<UnitInput>, rows: &[RatingRow]) -> Vec<RankingRow> {
    let rules = rules();
    rank(
        &score_round(&round(units, rows), &rules),
        &rules,
        &["service".into()],
    )
    .rows
}

#[test]
fn the_hall_index_by_hand() {
    // levels (400·100 + 100·80)/500 = 96; active 50 % of a target of 60 % = 83.33; loop (90 + 80 + 70)/3 = 80.
    let index = hall_index(&hall(), &rules()).unwrap();

    assert!((index.value - (50.0 * 96.0 + 20.0 * 250.0 / 3.0 + 30.0 * 80.0) / 100.0).abs() < 1e-9);
    // s²/n: 64/499 · 0.25; (50·50/999)/0.36 · 0.04; (9 + 16 + 21)·100/9 (s²/n of tenths) /9 · 0.09; times 1.5.
    let variance = 0.25 * 64.0 / 499.0
        + 0.04 * (2_500.0 / 999.0) / 0.36
        + 0.09 * ((900.0 + 1_600.0 + 2_100.0) / 9.0) / 9.0;
    assert!((index.variance - 1.5 * variance).abs() < 1e-9);
}

#[test]
fn default_ratings_are_in_the_denominator_of_the_active_rate_and_nowhere_else() {
    let more_defaults = HallCounts {
        default_ratings: 90_000,
        ..hall()
    };

    assert_eq!(
        hall_index(&more_defaults, &rules()),
        hall_index(&hall(), &rules())
    );
    let only_defaults = HallCounts {
        active: [0; 5],
        ..hall()
    };
    assert_eq!(
        hall_index(&only_defaults, &rules()),
        Err(MissingReason::NoRatings)
    );
}

#[test]
fn a_hall_part_that_did_not_arise_gives_its_weight_to_the_others() {
    let no_bad_ratings = HallCounts {
        completed_cases: None,
        contacted: Ratio::default(),
        rectified: Ratio::default(),
        follow_up_good: Ratio::default(),
        ..hall()
    };
    let index = hall_index(&no_bad_ratings, &rules()).unwrap();

    assert!((index.value - 96.0).abs() < 1e-12);
    let used: Vec<_> = index
        .parts
        .iter()
        .map(|part| part.used_weight > 99.0)
        .collect();
    assert_eq!(used, [true, false, false]);
    let unit = UnitInput {
        hall: Some(no_bad_ratings),
        ..live("D01")
    };
    let scores = score_round(&round(vec![unit], &ballots("D01", ALL_FIVE(40))), &rules());
    let flag = Flag::PartReallocated(Channel::Hall, PartName::ClosingLoop);
    assert!(scores.units[0].flags.contains(&flag));
}

#[test]
fn streams_below_their_least_number_are_missing_not_zero() {
    let rules = rules();
    let few = |n, minimum| Err(MissingReason::TooFew { n, minimum });

    let cases = HallCounts {
        completed_cases: Some(19),
        ..hall()
    };
    assert_eq!(hall_index(&cases, &rules), few(19, 20));
    assert_eq!(
        hotline_index(
            &HotlineCounts {
                orders: 19,
                ..hotline()
            },
            &rules
        ),
        few(19, 20)
    );
    assert_eq!(
        pairing_score(
            &PairingCounts {
                raters: 4,
                ..pairing()
            },
            &rules
        ),
        few(4, 5)
    );
    assert_eq!(
        pairing_score(
            &PairingCounts {
                bodies: 1,
                ..pairing()
            },
            &rules
        ),
        few(1, 2)
    );
    let unserved = EnterpriseCounts {
        levels: ALL_FIVE(19),
        unserved: 500,
        ..EnterpriseCounts::default()
    };
    assert_eq!(enterprise_score(&unserved, &rules), few(19, 20));
}

#[test]
fn a_pairing_is_half_levels_and_half_matters_solved() {
    // levels (600 + 160)/8 = 95, solved 80 %.
    let index = pairing_score(&pairing(), &rules()).unwrap();

    assert!((index.value - 87.5).abs() < 1e-12);
    assert_eq!(index.dont_know, 1);
}

#[test]
fn a_unit_with_four_ballots_of_two_items_each_is_hidden_and_shows_no_number() {
    let mut ballots = rows("D01", RaterGroup::Citizens, ALL_FIVE(4));
    ballots.extend(ballots.clone().into_iter().map(|row| RatingRow {
        item: "Q2".into(),
        ..row
    }));
    let rows = published(vec![live("D01")], &ballots);

    let json = serde_json::to_value(&rows[0]).unwrap();
    for null in [
        "n",
        "score",
        "ci_low",
        "ci_high",
        "band",
        "rank_low",
        "rank_high",
        "place",
    ] {
        assert!(json[null].is_null(), "{null}");
    }
    assert_eq!(json["status"], "hidden");
    assert!(
        json["flags"]
            .as_array()
            .unwrap()
            .contains(&"too_few_ratings".into())
    );
}

#[test]
fn a_published_row_has_the_fields_of_the_contract_in_their_order() {
    let units = vec![live("D01"), live("D02")];
    let ballots = [
        ballots("D01", ALL_FIVE(40)),
        ballots("D02", [0, 40, 0, 0, 0]),
    ]
    .concat();
    let rows = published(units, &ballots);

    // 0.4·100 + 0.2·88.6667 (hall) + 0.2·86 (hotline) + 0.2·87.5 (pairing) = 92.4333; a survey of 80 is 8 points less.
    // The few raters of the pairing leave a standard error of 1.87: a band, but no certain order.
    let text = serde_json::to_string(&rows[0]).unwrap();
    let expected = concat!(
        r#"{"unit":"D01","class":"service","n":160,"score":92.43,"ci_low":88.73,"ci_high":96.13,"#,
        r#""band":"above","rank_low":1,"rank_high":2,"place":1,"status":"ranked","#,
        r#""weight_covered":100.0,"flags":[]}"#
    );
    assert_eq!(text, expected);
    assert_eq!(rows[1].band, Some(Band::Below));
    assert_eq!(
        (rows[1].place, rows[1].rank_low, rows[1].rank_high),
        (Some(2), Some(1), Some(2))
    );
}

#[test]
fn each_publication_class_shows_what_it_may() {
    let units = ["D01", "D02", "D03", "D04"].map(live).to_vec();
    let mut ballots = ballots("D01", [20, 10, 0, 0, 0]);
    ballots.extend(rows("D02", RaterGroup::Citizens, [20, 11, 0, 0, 0]));
    ballots.extend(rows("D03", RaterGroup::Citizens, [20, 9, 0, 0, 0]));
    ballots.extend(rows("D04", RaterGroup::Citizens, [5, 4, 0, 0, 0]));
    let rows = published(units, &ballots);

    let statuses: Vec<_> = rows.iter().map(|row| row.status).collect();
    assert_eq!(
        statuses,
        [
            Status::Ranked,
            Status::Shown,
            Status::Bracketed,
            Status::Hidden
        ]
    );
    let place: Vec<_> = rows.iter().map(|row| row.place).collect();
    assert_eq!(place, [Some(1), None, None, None]);
    let band: Vec<_> = rows.iter().map(|row| row.band.is_some()).collect();
    assert_eq!(band, [true, true, false, false]);
    let interval: Vec<_> = rows.iter().map(|row| row.ci_low.is_some()).collect();
    assert_eq!(interval, [true, true, false, false]);
    let score: Vec<_> = rows.iter().map(|row| row.score.is_some()).collect();
    assert_eq!(score, [true, true, true, false]);
}

#[test]
fn earlier_quarters_help_a_unit_to_a_place_and_the_row_says_so() {
    let unit = UnitInput {
        earlier_n: 70,
        ..live("D01")
    };
    let ballots = rows("D01", RaterGroup::Citizens, [20, 10, 0, 0, 0]);

    let row = &published(vec![unit.clone()], &ballots)[0];
    assert_eq!((row.status, row.place), (Status::Ranked, Some(1)));
    assert!(row.flags.contains(&Flag::RollingQuarters));
    let unit = UnitInput {
        earlier_n: 69,
        ..unit
    };
    assert_eq!(published(vec![unit], &ballots)[0].status, Status::Shown);
}

#[test]
fn too_little_channel_weight_or_opinions_only_means_no_place() {
    let bare = UnitInput {
        has_hall_window: false,
        has_hotline_orders: false,
        ..live("D01")
    };
    let thin = UnitInput {
        community: None,
        village: None,
        hall: Some(hall()),
        has_hall_window: true,
        ..bare.clone()
    };
    let thinner = UnitInput {
        hotline: None,
        village: None,
        ..bare.clone()
    };
    let opinions = UnitInput {
        ranked_mode: UnitMode::OpinionOnly,
        ..live("D01")
    };
    let ballots = ballots("D01", ALL_FIVE(40));
    let row = |unit: UnitInput| published(vec![unit], &ballots).remove(0);

    assert_eq!(row(thin).status, Status::Ranked);
    let low = row(thinner);
    assert_eq!(low.status, Status::Shown);
    assert!((low.weight_covered - 50.0).abs() < 1e-12);
    assert!(low.flags.contains(&Flag::WeightCoveredLow));
    let alone = row(UnitInput {
        community: None,
        village: None,
        ..bare
    });
    assert_eq!(alone.status, Status::Hidden);
    assert!(
        alone.flags.contains(&Flag::TooFewChannels) && alone.flags.contains(&Flag::SingleChannel)
    );
    let asked = row(opinions);
    assert_eq!((asked.status, asked.n), (Status::Hidden, None));
}

#[test]
fn equal_units_share_a_place_and_the_next_place_is_skipped() {
    let units = ["D01", "D02", "D03"].map(live).to_vec();
    let ballots = [
        ballots("D03", ALL_FIVE(40)),
        ballots("D02", ALL_FIVE(40)),
        ballots("D01", [0, 40, 0, 0, 0]),
    ]
    .concat();

    let rows = published(units, &ballots);
    let order: Vec<_> = rows
        .iter()
        .map(|row| (row.unit.as_str(), row.place))
        .collect();
    assert_eq!(
        order,
        [("D02", Some(1)), ("D03", Some(1)), ("D01", Some(3))]
    );
}

#[test]
fn classes_are_ranked_apart_and_an_unlisted_class_is_not_lost() {
    let other = UnitInput {
        class: "law".into(),
        ..live("D02")
    };
    let ballots = [
        ballots("D01", ALL_FIVE(40)),
        ballots("D02", [0, 40, 0, 0, 0]),
    ]
    .concat();

    let rows = published(vec![other, live("D01")], &ballots);
    let places: Vec<_> = rows
        .iter()
        .map(|row| (row.class.as_str(), row.place))
        .collect();
    assert_eq!(places, [("service", Some(1)), ("law", Some(1))]);
}

#[test]
fn a_group_that_mostly_does_not_know_is_not_scored() {
    let mut ballots = ballots("D01", ALL_FIVE(40));
    let dont_know = (100..161).map(|psu| row("D01", RaterGroup::Cadres, psu, Level::DontKnow));
    ballots.extend(dont_know.clone().take(60));
    let at_the_limit = score_round(&round(vec![live("D01")], &ballots), &rules());
    ballots.extend(dont_know.skip(60));
    let over = score_round(&round(vec![live("D01")], &ballots), &rules());

    let flag = Flag::DontKnowOverLimit(RaterGroup::Cadres);
    assert!(!at_the_limit.units[0].flags.contains(&flag));
    assert!(over.units[0].flags.contains(&flag));
    assert!(
        over.units[0]
            .flags
            .contains(&Flag::GroupReallocated(RaterGroup::Cadres))
    );
}

#[test]
fn a_unit_can_recompute_its_score_from_the_trace() {
    let mut ballots = ballots("D01", [20, 10, 5, 3, 2]);
    ballots.extend(rows("D01", RaterGroup::Cadres, [3, 0, 0, 0, 0]));
    let scores = score_round(&round(vec![live("D01")], &ballots), &rules());
    let unit = serde_json::to_value(&scores.units[0]).unwrap();
    let number = |value: &serde_json::Value| value.as_f64().unwrap_or(0.0);

    let mut total = 0.0;
    for channel in unit["channels"].as_array().unwrap() {
        let parts = channel["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| number(&p["value"]) * number(&p["used_weight"]));
        let groups = channel["groups"].as_array().unwrap().iter().map(|group| {
            let (mut points, mut people) = (0.0, 0.0);
            for stratum in group["strata"].as_array().unwrap() {
                for (weight, level) in stratum["weight"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .zip([100.0, 80.0, 60.0, 30.0, 0.0])
                {
                    points += number(weight) * level;
                    people += number(weight);
                }
            }
            points / people * number(&group["used_weight"])
        });
        let score = parts.chain(groups).sum::<f64>() / 100.0;
        assert!((score - number(&channel["score"])).abs() < 1e-9);
        total += score * number(&channel["used_weight"]) / 100.0;
    }
    assert!((total - number(&unit["total"]["value"])).abs() < 1e-9);
}

#[test]
fn rows_of_other_channels_and_rows_without_weight_stay_out_of_the_survey() {
    let mut ballots = rows("D01", RaterGroup::Citizens, [3, 1, 0, 0, 0]);
    let whole = Moments::from_rows(&ballots);
    ballots.push(RatingRow {
        channel: Channel::Enterprise,
        ..ballots[0].clone()
    });
    assert_eq!(Moments::from_rows(&ballots), whole);
    ballots.push(RatingRow {
        weight: vocabulary::Weight::whole(-1),
        psu: 0,
        ..ballots[0].clone()
    });

    let moments = Moments::from_rows(&ballots);
    assert_eq!(moments.left_out(), 1);
    assert_eq!(
        moments.valid_ratings(&"D01".into(), RaterGroup::Citizens),
        4
    );
}
