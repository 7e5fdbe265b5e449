use super::*;
use crate::Given;
use proptest::prelude::*;
use survey_design::{AnswerKind, AnswerValue, Condition, ReasonOption};
use vocabulary::Level;

fn item(id: &str, kind: AnswerKind, repeat: Repeat, show_when: Option<Condition>) -> Item {
    Item {
        id: id.into(),
        title: "题目".into(),
        hint: None,
        why: None,
        kind,
        required: None,
        repeat,
        show_when,
        indicator: None,
        english: None,
    }
}

pub fn options(codes: &[&str]) -> Vec<ReasonOption> {
    codes
        .iter()
        .map(|code| ReasonOption {
            code: (*code).into(),
            label: (*code).into(),
        })
        .collect()
}

/// Overall level with reasons after a bad one and a question that hangs on a reason; one service level; a choice and
/// a text at the end.
pub fn questionnaire() -> Questionnaire {
    let level = || AnswerKind::Level {
        levels: Level::SCORED.to_vec(),
        dont_know: "没有办过事，不了解".into(),
    };
    let bad = Condition::LevelIn {
        item: "q1".into(),
        levels: vec![Level::Dissatisfied, Level::VeryDissatisfied],
    };
    let slow = Condition::OptionIn {
        item: "q1r".into(),
        options: vec!["slow".into()],
    };
    let reasons = AnswerKind::Reasons {
        options: options(&["slow", "rude"]),
        max_chars: 500,
    };
    let text = AnswerKind::Text { max_chars: 10 };
    let way = AnswerKind::Choice {
        options: options(&["window", "online"]),
    };
    Questionnaire {
        schema: None,
        code: "overall".into(),
        version: 1,
        title: "测评表".into(),
        intro: "说明".into(),
        minutes: 3,
        english: None,
        items: vec![
            item("q1", level(), Repeat::EachUnit, None),
            item("q1r", reasons, Repeat::EachUnit, Some(bad)),
            item("q1s", text.clone(), Repeat::EachUnit, Some(slow)),
            item("q2", level(), Repeat::EachUnit, None),
            item("way", way, Repeat::Once, None),
            item("open", text, Repeat::Once, None),
        ],
    }
}

pub fn level(level: Level) -> Given {
    Given::plain(AnswerValue::Level(level))
}

pub fn ticked(codes: &[&str]) -> Given {
    Given::plain(AnswerValue::Options(
        codes.iter().map(|c| (*c).into()).collect(),
    ))
}

pub fn answers(given: &[(&str, &str, Given)]) -> Answers {
    let question = |unit: &str, item: &str| {
        let unit = Some(unit).filter(|u| !u.is_empty()).map(UnitId::from);
        (unit, ItemId::from(item))
    };
    Answers(
        given
            .iter()
            .map(|(unit, item, given)| (question(unit, item), given.clone()))
            .collect(),
    )
}

fn two_units() -> [UnitId; 2] {
    ["A".into(), "B".into()]
}

fn shown(given: &[(&str, &str, Given)]) -> Vec<usize> {
    let (q, answers) = (questionnaire(), answers(given));
    let all = pages(&q, &two_units());
    visible_pages(&q, &all, &answers)
        .into_iter()
        .map(|page| page.index)
        .collect()
}

#[test]
fn units_are_asked_about_one_after_the_other() {
    let all = pages(&questionnaire(), &two_units());

    let names: Vec<_> = all
        .iter()
        .map(|page| {
            format!(
                "{}{}",
                page.unit.as_ref().map_or("-", UnitId::as_str),
                page.item
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            "Aq1", "Aq1r", "Aq1s", "Aq2", "Bq1", "Bq1r", "Bq1s", "Bq2", "-way", "-open"
        ]
    );
    assert_eq!(all[0].index, 1);
    assert_eq!(all[9].index, 10);
}

#[test]
fn nobody_is_asked_for_reasons_before_a_bad_answer_about_the_same_unit() {
    assert_eq!(shown(&[]), [1, 4, 5, 8, 9, 10]);
    assert_eq!(
        shown(&[("A", "q1", level(Level::Dissatisfied))]),
        [1, 2, 4, 5, 8, 9, 10]
    );
    assert_eq!(
        shown(&[("B", "q1", level(Level::VeryDissatisfied))]),
        [1, 4, 5, 6, 8, 9, 10]
    );
}

#[test]
fn an_answer_on_a_page_no_longer_shown_opens_no_other_page() {
    let with = |overall| [("A", "q1", level(overall)), ("A", "q1r", ticked(&["slow"]))];

    assert_eq!(shown(&with(Level::Dissatisfied)), [1, 2, 3, 4, 5, 8, 9, 10]);
    assert_eq!(shown(&with(Level::Satisfied)), [1, 4, 5, 8, 9, 10]);
}

#[test]
fn back_and_next_skip_what_is_not_shown() {
    let q = questionnaire();
    let all = pages(&q, &two_units());
    let none = Answers::default();

    assert_eq!(next_page(&q, &all, &none, 0), Some(1));
    assert_eq!(next_page(&q, &all, &none, 1), Some(4));
    assert_eq!(next_page(&q, &all, &none, 10), None);
    assert_eq!(previous_page(&q, &all, &none, 4), Some(1));
    assert_eq!(previous_page(&q, &all, &none, 1), None);
}

#[test]
fn the_total_never_moves_and_a_follow_up_has_the_number_before_it() {
    let q = questionnaire();
    let all = pages(&q, &two_units());

    assert_eq!(progress(&q, &all, 1), (1, 6));
    assert_eq!(progress(&q, &all, 2), (1, 6));
    assert_eq!(progress(&q, &all, 4), (2, 6));
    assert_eq!(progress(&q, &all, 10), (6, 6));
}

#[test]
fn without_units_only_the_general_questions_remain() {
    assert_eq!(pages(&questionnaire(), &[]).len(), 2);
}

proptest! {
    #[test]
    fn next_then_back_returns_to_the_same_page(bad_a: bool, slow: bool, n in 1_usize..=10) {
        let q = questionnaire();
        let all = pages(&q, &two_units());
        let overall = if bad_a { Level::Dissatisfied } else { Level::Fair };
        let reason = if slow { "slow" } else { "rude" };
        let given = answers(&[("A", "q1", level(overall)), ("A", "q1r", ticked(&[reason]))]);
        let visible = visible_pages(&q, &all, &given);
        prop_assume!(visible.iter().any(|page| page.index == n));

        if let Some(next) = next_page(&q, &all, &given, n) {
            prop_assert_eq!(previous_page(&q, &all, &given, next), Some(n));
        }
    }
}
