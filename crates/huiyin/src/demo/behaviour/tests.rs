use super::*;
use crate::demo::truth::yunxi;
use std::collections::BTreeMap;
use survey_design::FewAnswers;

fn truth(seed: u64) -> Arc<Truth> {
    let (world, demo) = yunxi();
    Arc::new(Truth::new(&world, &demo, seed))
}

fn citizen(truth: &Arc<Truth>, number: u32) -> Behaviour {
    Behaviour::of(
        truth,
        &Arc::default(),
        PersonKind::Drawn(RaterGroup::Citizens),
        number,
    )
}

fn level_page(unit: &str) -> FormPage {
    let radios =
        [5, 4, 3, 2, 1, 0].map(|code| format!(r#"<input type="radio" name="a" value="{code}">"#));
    FormPage::read(&format!(
        r#"<main data-unit="{unit}" data-item="overall"><form>{}</form>"#,
        radios.concat()
    ))
}

#[test]
fn a_person_always_gives_the_same_answer_and_another_seed_another() {
    let answers = |seed| {
        let truth = truth(seed);
        (0..200)
            .map(|n| citizen(&truth, n).level(Some(&"D01".into()), "overall"))
            .collect::<Vec<_>>()
    };

    assert_eq!(answers(1), answers(1));
    assert_ne!(answers(1), answers(2));
}

#[test]
fn as_many_people_answer_refuse_and_straight_line_as_the_demonstration_says() {
    let truth = truth(7);
    let mut counts = BTreeMap::new();
    for number in 0..10_000 {
        *counts
            .entry(format!("{:?}", citizen(&truth, number).habit()))
            .or_insert(0_i32) += 1;
    }

    for (habit, expected) in [
        ("Silent", 2100),
        ("Declines", 500),
        ("StraightLiner", 222),
        ("Interrupted", 359),
    ] {
        let found = counts[habit];
        assert!((found - expected).abs() < 150, "{habit}: {found}");
    }
}

#[test]
fn a_straight_liner_ticks_the_best_level_and_writes_nothing() {
    let truth = truth(7);
    let hasty = (0..)
        .map(|n| citizen(&truth, n))
        .find(|p| p.habit() == Habit::StraightLiner)
        .unwrap();
    let page = level_page("D63");

    assert_eq!(
        hasty.fill_in(&page, &page.forms[0]),
        [("a".to_owned(), "5".to_owned())]
    );
    assert!(hasty.pause().is_zero());
}

#[test]
fn only_the_chosen_four_know_the_hardly_known_unit() {
    let truth = truth(7);
    let few = [FewAnswers {
        unit: "D63".into(),
        answers: 4,
    }];
    let asked = (0..500)
        .map(|number| (number, vec![UnitId::from("D63")]))
        .collect();
    let hardly_known = Arc::new(HardlyKnown::choose(7, &few, &asked));

    let people = (0..500).map(|n| {
        Behaviour::of(
            &truth,
            &hardly_known,
            PersonKind::Drawn(RaterGroup::Cadres),
            n,
        )
    });
    let answers: Vec<Level> = people
        .filter(|person| matches!(person.habit(), Habit::Ordinary | Habit::Interrupted))
        .map(|person| person.level(Some(&"D63".into()), "overall"))
        .collect();

    assert_eq!(
        answers
            .iter()
            .filter(|level| **level != Level::DontKnow)
            .count(),
        4
    );
}

#[test]
fn better_units_get_better_answers() {
    let truth = truth(7);
    let mut units: Vec<&UnitTruth> = truth.units().iter().collect();
    units.sort_by_key(|unit| unit.quality);
    let bad = |unit: &UnitTruth| {
        (0..2000)
            .filter(|n| {
                citizen(&truth, *n)
                    .level(Some(&unit.id), "overall")
                    .is_bad()
            })
            .count()
    };

    assert!(bad(units[0]) > bad(units[79]));
}

#[test]
fn words_come_with_a_reason_that_was_offered() {
    let truth = truth(7);
    let page = FormPage::read(
        r#"<main data-unit="D01" data-item="reasons"><form><input type="checkbox" name="r" value="slow">
        <input type="checkbox" name="r" value="attitude"><textarea name="t"></textarea></form>"#,
    );
    let mut written = 0;
    for number in 0..500 {
        let person = citizen(&truth, number);
        let fields = person.fill_in(&page, &page.forms[0]);
        assert!(fields.iter().all(|(name, value)| match name.as_str() {
            "r" => value == "slow" || value == "attitude",
            "t" => !value.is_empty(),
            _ => false,
        }));
        written += fields.iter().filter(|(name, _)| name == "t").count();
    }
    assert!((20..120).contains(&written), "{written}");
}

#[test]
fn enterprises_mostly_say_that_a_unit_served_them() {
    let truth = truth(7);
    let page = FormPage::read(
        r#"<main data-unit="D01" data-item="served"><form><input type="radio" name="a" value="yes">
        <input type="radio" name="a" value="no"></form>"#,
    );
    let yes = (0..1000)
        .map(|n| Behaviour::of(&truth, &Arc::default(), PersonKind::EnterpriseOnline, n))
        .filter(|firm| {
            firm.fill_in(&page, &page.forms[0])
                .contains(&("a".to_owned(), "yes".to_owned()))
        })
        .count();

    assert!((750..850).contains(&yes), "{yes}");
}
