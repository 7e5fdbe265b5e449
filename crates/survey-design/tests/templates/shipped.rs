//! What ships passes its own check, and says what the issue asks for.

use super::folder::{file, shipped};
use std::collections::{BTreeMap, BTreeSet};
use survey_design::{
    BodyKind, TemplateKind, check_folder, parse_demo, parse_indicators, parse_questionnaire,
    parse_rules, parse_survey_mapping, parse_world, reference_candidates, rule_texts, schemas,
};
use vocabulary::{Channel, Points, Weight, WorkingDays};

#[test]
fn every_shipped_template_passes() {
    let problems = check_folder(&shipped());

    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(texts.is_empty(), "{texts:#?}");
}

#[test]
fn the_committed_schemas_are_the_generated_ones() {
    for (name, schema) in schemas() {
        let committed = String::from_utf8(file(&format!("schema/{name}"))).unwrap();
        assert!(
            committed == format!("{schema:#}\n"),
            "{name} is out of date: cargo run -p survey-design --example publish_schemas survey-templates/schema"
        );
    }
    let committed = shipped()
        .into_iter()
        .filter(|(path, _)| path.starts_with("schema/"));
    assert_eq!(committed.count(), TemplateKind::ALL.len());
}

#[test]
fn every_template_names_a_schema_that_lies_where_it_says() {
    let files = shipped();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".json")) {
        if path.starts_with("schema/") {
            continue;
        }
        let content: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        let ups = "../".repeat(path.matches('/').count());
        let schema = content["$schema"].as_str().unwrap();
        let target = schema
            .strip_prefix(&ups)
            .unwrap_or_else(|| panic!("{path}: {schema}"));
        assert!(
            files.iter().any(|(known, _)| known == target),
            "{path}: {schema}"
        );
    }
}

#[test]
fn the_city_has_what_the_issue_asks_for() {
    let world = parse_world(&file("worlds/yunxi.json")).unwrap();

    assert_eq!((world.units.len(), world.classes.len()), (80, 4));
    assert_eq!(
        world
            .units
            .iter()
            .filter(|unit| unit.enterprise_facing)
            .count(),
        20
    );
    assert_eq!(
        world
            .units
            .iter()
            .filter(|unit| !unit.has_hall_window)
            .count(),
        1
    );
    assert_eq!(world.rounds.len(), 3);
    for (kind, number) in [(BodyKind::Community, 14), (BodyKind::Village, 10)] {
        let of_kind: BTreeSet<_> = world
            .bodies
            .iter()
            .filter(|body| body.kind == kind)
            .map(|body| &body.id)
            .collect();
        assert_eq!(of_kind.len(), number);
        for unit in &world.units {
            let pairings = world
                .pairings
                .iter()
                .filter(|pairing| pairing.unit == unit.id);
            assert!(
                pairings
                    .filter(|pairing| of_kind.contains(&pairing.body))
                    .count()
                    >= 2
            );
        }
    }
}

#[test]
fn the_demonstration_has_twenty_thousand_people_and_three_hundred_enterprises() {
    let demo = parse_demo(&file("worlds/yunxi-demo.json")).unwrap();
    let rules = parse_rules(&file("rules/yunxi-2026.json")).unwrap();

    assert_eq!(
        demo.pool.values().map(|group| group.size).sum::<u32>(),
        20_000
    );
    assert_eq!(demo.enterprises.number, 300);
    assert_eq!(rules.sample.quota.values().sum::<u32>(), 2_000);
    assert_eq!(
        (demo.consumers.len(), demo.special.few_answers[0].answers),
        (3, 4)
    );
    assert!(demo.special.few_hotline.iter().all(|few| few.orders < 20));
    assert_eq!(demo.special.few_hotline.len(), 2);
}

#[test]
fn every_role_has_an_account_in_the_demonstration() {
    let demo = parse_demo(&file("worlds/yunxi-demo.json")).unwrap();

    for role in vocabulary::Role::ALL {
        assert!(
            demo.accounts.iter().any(|account| account.role == role),
            "{role:?}"
        );
    }
}

#[test]
fn the_indicator_set_has_fifty_six_leaves_of_seven_owners_and_says_it_is_an_example() {
    let set = parse_indicators(&file("indicators/one-plus-six.json")).unwrap();

    let leaves: Vec<_> = set
        .indicators
        .iter()
        .filter(|node| node.measure.is_some())
        .collect();
    assert_eq!((leaves.len(), set.example), (56, true));
    let owners: BTreeSet<_> = leaves.iter().map(|leaf| &leaf.owner).collect();
    assert_eq!(owners.len(), 7);
    let headings = set.indicators.iter().filter(|node| node.parent.is_none());
    let points: Vec<_> = headings
        .map(|node| (node.id.as_str(), node.points))
        .collect();
    let whole = Points::whole;
    assert_eq!(
        points,
        [
            ("Z1", whole(20)),
            ("Z2", whole(40)),
            ("Z3", whole(26)),
            ("Z4", whole(14))
        ]
    );
}

#[test]
fn the_rules_are_the_recommended_defaults() {
    let rules = parse_rules(&file("rules/yunxi-2026.json")).unwrap();

    assert_eq!(
        rules
            .ruler
            .points()
            .map(|points| points.steps() / Points::SCALE),
        [100, 80, 60, 30, 0]
    );
    let halves = Weight::parse("7.5").unwrap();
    assert_eq!(
        rules.channel_weights.enterprise_facing[&Channel::Village],
        halves
    );
    assert_eq!(
        rules.channel_weights.general[&Channel::Survey],
        Weight::whole(40)
    );
    assert_eq!(rules.minimum_n.hotline_orders, 60);
}

#[test]
fn the_calendar_knows_make_up_days_of_both_years() {
    let calendar = parse_rules(&file("rules/yunxi-2026.json"))
        .unwrap()
        .calendar;
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();

    // The last working day before the 2026 national holiday, then the Thursday after it.
    assert_eq!(
        calendar.add(day("2026-09-30"), WorkingDays(1)),
        day("2026-10-08")
    );
    assert_eq!(
        calendar.add(day("2026-10-09"), WorkingDays(1)),
        day("2026-10-10")
    );
    assert_eq!(
        calendar.add(day("2025-09-30"), WorkingDays(1)),
        day("2025-10-09")
    );
    assert_eq!(
        calendar.add(day("2025-01-25"), WorkingDays(1)),
        day("2025-01-26")
    );
    // The State Council's plans leave 248 working days in each of the two years.
    assert_eq!(calendar.between(day("2024-12-31"), day("2025-12-31")), 248);
    assert_eq!(calendar.between(day("2025-12-31"), day("2026-12-31")), 248);
}

#[test]
fn the_airport_mappings_ask_wifi_from_2013_and_weigh_in_three_years() {
    let mut wifi = BTreeMap::new();
    for year in 2010..=2014 {
        let mapping = parse_survey_mapping(&file(&format!("examples/airport/mapping-{year}.json")));
        let mapping = mapping.unwrap();
        let items: BTreeSet<_> = mapping
            .items
            .values()
            .map(vocabulary::ItemId::as_str)
            .collect();
        assert!(items.contains("overall"));
        assert_eq!(mapping.not_answers, ["", "0", "6"]);
        assert_eq!(mapping.weight_factor, if year == 2014 { 10_000 } else { 1 });
        wifi.insert(year, (items.contains("wifi"), mapping.weight.is_some()));
    }

    let expected = [
        (false, true),
        (false, false),
        (false, false),
        (true, true),
        (true, true),
    ];
    assert_eq!(wifi.into_values().collect::<Vec<_>>(), expected);
}

#[test]
fn questionnaires_ask_the_overall_item_and_the_five_enterprise_items() {
    let ids = |path: &str| -> Vec<String> {
        let questionnaire = parse_questionnaire(&file(path)).unwrap();
        questionnaire
            .items
            .iter()
            .map(|item| item.id.to_string())
            .collect()
    };

    assert_eq!(
        ids("questionnaires/overall.json"),
        ["overall", "reasons", "comment"]
    );
    let enterprise = ids("questionnaires/enterprise.json");
    assert_eq!(enterprise[..3], ["served", "professional", "proactive"]);
    assert_eq!(
        enterprise[3..],
        ["policy", "enforcement", "integrity", "reasons", "comment"]
    );
}

#[test]
fn a_reference_is_looked_up_beside_the_file_then_in_the_folder_of_its_kind() {
    let candidates = reference_candidates(
        "examples/airport/world.json",
        TemplateKind::Rules,
        "single-channel.json",
    );

    assert_eq!(
        candidates.first().unwrap(),
        "examples/airport/single-channel.json"
    );
    assert_eq!(candidates.last().unwrap(), "rules/single-channel.json");
}

#[test]
fn the_handbook_lists_every_rule_with_its_remedy() {
    let handbook = String::from_utf8(file("README.md")).unwrap();

    for (code, remedy) in rule_texts() {
        assert!(
            handbook.contains(&format!("| {code} | {remedy} |")),
            "{code} {remedy}"
        );
    }
    assert_eq!(handbook.matches("| SD-").count(), rule_texts().len());
}
