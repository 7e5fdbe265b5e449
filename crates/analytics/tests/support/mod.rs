//! Rules and rows the tests of this crate share.

use analytics::{Moments, RatingRow, ScoreInput, StratumDesign, UnitInput};
use serde_json::json;
use survey_design::{Rules, UnitMode};
use vocabulary::{Channel, Level, RaterGroup, StratumId, Weight};

/// The recommended default configuration of domain part E.
pub fn rules() -> Rules {
    serde_json::from_value(json!({
        "code": "test", "version": 1, "title": "测试规则", "source": "domain E",
        "ruler": {"very_satisfied": 100, "satisfied": 80, "fair": 60, "dissatisfied": 30, "very_dissatisfied": 0},
        "channel_weights": {
            "general": {"survey": 40, "hall": 20, "hotline": 20, "community": 10, "village": 10},
            "enterprise_facing":
                {"survey": 35, "hall": 15, "hotline": 15, "community": 7.5, "village": 7.5, "enterprise": 20}
        },
        "group_weights": {"delegates": 25, "cadres": 15, "enterprises": 25, "citizens": 35},
        "minimum_n": {
            "group": 30, "bracketed": 10, "shown": 30, "ranked": 100, "rolling_quarters": 4, "hall_cases": 20,
            "hotline_orders": 20, "pairing_raters": 5, "pairing_bodies": 2, "enterprises": 20, "opinions": 5,
            "channels": 2, "weight_covered": 60
        },
        "dont_know_limit": 0.6,
        "hall_index": {"level": 50, "active": 20, "active_target": 0.6, "closing_loop": 30},
        "hotline_index": {"on_time": 20, "resolution": 40, "satisfaction": 40},
        "pairing": {"levels": 50, "evidence": 50},
        "bands": {
            "confidence": 0.95, "false_discovery_rate": 0.05, "materiality": 2, "stream_overdispersion": 1.5
        },
        "judge": {"seconds_per_question": 1, "single_level_from": 6, "blank_share": 0.5},
        "mixing": {"at_least": 20, "after_minutes": 60},
        "merging": {"alike_from": 0.3, "other_place": 0.4},
        "import_quality": {
            "completeness": 10, "content": 10, "timeliness": 5, "stability": 5, "upload_within_days": 5,
            "each_day_late": 1, "each_wrong_total": 1, "each_changed_column": 1
        },
        "quality": { "fast_share": 0.3, "straight_line_from": 6, "match_from": 6, "match_quantile": 0.995, "seen_from": 5, "same_words_from": 8, "second_person_above": 0.02 },
        "sample": {"quota": {"citizens": 800}, "units_per_person": 8, "units_per_enterprise": 4, "rest_quarters": 2},
        "deadlines": {
            "contact_bad_rating": 1, "rectify_bad_rating": 15, "objection": 3, "objection_decision": 5, "letter": 5,
            "sign": 2, "return_matter": 3, "plan": 5, "rectify_simple": 5, "rectify_ordinary": 15,
            "rectify_complex": 60, "extension": 30, "verify": 5, "call_interval": 10, "publication": 15
        },
        "rectification": {
            "on_time": 40, "closed_first_time": 30, "verified_satisfaction": 20, "list_quality": 10,
            "escalate_after": 2,
            "ordinary_from": 10,
            "complex_from": 40
        },
        "annual": {"social_share": 20, "multiplier_slope": 0.5, "multiplier_low": 0.95, "multiplier_high": 1.05},
        "calendar": {"holidays": [], "make_up_days": []}
    }))
    .expect("the rules below are complete")
}

/// One answer of the only item, of weight one.
pub fn row(unit: &str, group: RaterGroup, psu: u64, level: Level) -> RatingRow {
    RatingRow {
        unit: unit.into(),
        item: "Q1".into(),
        channel: Channel::Survey,
        group,
        stratum: StratumId::new(group.code()),
        psu,
        weight: Weight::whole(1),
        level,
    }
}

/// A unit of class `service` about which nothing is known yet.
pub fn unit(id: &str) -> UnitInput {
    UnitInput {
        id: id.into(),
        class: "service".into(),
        ranked_mode: UnitMode::Ranked,
        enterprise_facing: false,
        has_hall_window: true,
        has_hotline_orders: true,
        hall: None,
        hotline: None,
        community: None,
        village: None,
        enterprise: None,
        rectification: None,
        earlier_n: 0,
    }
}

/// A round of these units and rows, with a thousand PSUs in each group.
pub fn round(units: Vec<UnitInput>, rows: &[RatingRow]) -> ScoreInput {
    let design = RaterGroup::ALL.map(|group| StratumDesign {
        stratum: StratumId::new(group.code()),
        group,
        psus: 1_000,
        population: None,
    });
    ScoreInput {
        round: "2026Q3".into(),
        units,
        design: design.to_vec(),
        moments: Moments::from_rows(rows),
    }
}
