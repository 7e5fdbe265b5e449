use super::*;
use crate::route::tests::{answers, level, questionnaire, ticked};
use proptest::prelude::*;
use survey_design::canonical_digest;
use vocabulary::ItemId;

fn post(choice: &str, reasons: &[&str], text: &str) -> RawAnswer {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    RawAnswer {
        choice: some(choice),
        number: None,
        reasons: reasons.iter().map(|r| (*r).into()).collect(),
        text: some(text),
    }
}

fn check(item: &str, raw: &RawAnswer, expected: &Result<Option<Given>, &str>) {
    let q = questionnaire();
    let item = q.items.iter().find(|i| i.id == ItemId::from(item)).unwrap();
    let read = parse_answer(raw, item);
    assert_eq!(
        read.as_ref().map_err(AnswerProblem::code),
        expected.as_ref().map_err(|code| *code),
        "{raw:?}"
    );
}

#[test]
fn a_level_is_one_of_the_offered_codes() {
    check(
        "q1",
        &post("5", &[], ""),
        &Ok(Some(level(Level::VerySatisfied))),
    );
    check(
        "q1",
        &post("1", &[], ""),
        &Ok(Some(level(Level::VeryDissatisfied))),
    );
    check("q1", &post("0", &[], ""), &Ok(Some(level(Level::DontKnow))));
    check("q1", &post("", &[], ""), &Ok(None));
    check("q1", &post("", &[], " \n"), &Ok(None));
    for forged in ["6", "-1", "satisfied", "５", "4.0", "99999999999"] {
        check("q1", &post(forged, &[], ""), &Err("RC-101"));
    }
}

#[test]
fn reasons_come_in_the_order_offered_each_once() {
    check(
        "q1r",
        &post("", &["rude", "slow", "rude"], ""),
        &Ok(Some(ticked(&["slow", "rude"]))),
    );
    check("q1r", &post("", &["late"], ""), &Err("RC-102"));
    check("q1r", &post("", &[], ""), &Ok(None));
    let only_words = Given {
        value: AnswerValue::Options(vec![]),
        text: Some("没人管".into()),
    };
    check("q1r", &post("", &[], " 没人管\r\n"), &Ok(Some(only_words)));
}

#[test]
fn a_text_is_counted_in_characters_after_trimming() {
    let ten = "一二三四五六七八九十";
    let text = |text: &str| Ok(Some(Given::plain(AnswerValue::Text(text.into()))));

    check("open", &post("", &[], &format!("  {ten}\n")), &text(ten));
    check("open", &post("", &[], &format!("{ten}百")), &Err("RC-103"));
    check("open", &post("", &[], "一\r\n二\0"), &text("一\n二"));
}

#[test]
fn one_option_is_one_of_those_offered() {
    check(
        "way",
        &post("online", &[], ""),
        &Ok(Some(ticked(&["online"]))),
    );
    check("way", &post("fax", &[], ""), &Err("RC-101"));
}

#[test]
fn an_answer_of_another_kind_is_refused_not_dropped() {
    check("q1", &post("5", &[], "我还想说"), &Err("RC-104"));
    check("q1", &post("5", &["slow"], ""), &Err("RC-104"));
    check("open", &post("5", &[], ""), &Err("RC-104"));
    check("q1r", &post("5", &["slow"], ""), &Err("RC-104"));
}

fn of_kind(kind: AnswerKind, raw: &RawAnswer) -> Result<Option<Given>, &'static str> {
    let mut item = questionnaire().items.remove(0);
    item.kind = kind;
    parse_answer(raw, &item).map_err(|problem| problem.code())
}

fn typed(number: &str) -> RawAnswer {
    RawAnswer {
        number: Some(number.into()),
        ..RawAnswer::default()
    }
}

#[test]
fn a_number_is_whole_and_within_its_limits() {
    let kind = || AnswerKind::Number {
        min: -1,
        max: 20,
        measure: None,
    };
    let number = |n| Ok(Some(Given::plain(AnswerValue::Number(n))));

    assert_eq!(of_kind(kind(), &typed(" 7 ")), number(7));
    assert_eq!(of_kind(kind(), &typed("１２")), number(12));
    assert_eq!(of_kind(kind(), &typed("－1")), number(-1));
    assert_eq!(of_kind(kind(), &typed("")), Ok(None));
    for wrong in ["21", "-2", "3.5", "三", "99999999999", "1e1", "0x1"] {
        assert_eq!(of_kind(kind(), &typed(wrong)), Err("RC-109"), "{wrong}");
    }
    assert_eq!(of_kind(kind(), &post("5", &[], "")), Err("RC-104"));
}

#[test]
fn none_of_these_excludes_the_others() {
    let kind = || AnswerKind::Several {
        options: crate::route::tests::options(&["window", "online"]),
        none: Some(crate::route::tests::options(&["none"]).remove(0)),
    };

    assert_eq!(
        of_kind(kind(), &post("", &["online", "window"], "")),
        Ok(Some(ticked(&["window", "online"])))
    );
    assert_eq!(
        of_kind(kind(), &post("", &["none"], "")),
        Ok(Some(ticked(&["none"])))
    );
    assert_eq!(
        of_kind(kind(), &post("", &["none", "online"], "")),
        Err("RC-108")
    );
    assert_eq!(of_kind(kind(), &post("", &["fax"], "")), Err("RC-102"));
    assert_eq!(
        of_kind(kind(), &post("", &["online"], "还有")),
        Err("RC-104")
    );
}

#[test]
fn yes_and_no_have_dont_know_only_where_it_is_offered() {
    let kind = |dont_know: Option<&str>| AnswerKind::YesNo {
        dont_know: dont_know.map(str::to_owned),
    };
    let yes = || post("yes", &[], "");
    let unknown = || post("dont_know", &[], "");

    assert_eq!(of_kind(kind(None), &yes()), Ok(Some(ticked(&["yes"]))));
    assert_eq!(of_kind(kind(None), &unknown()), Err("RC-101"));
    assert_eq!(
        of_kind(kind(Some("不清楚")), &unknown()),
        Ok(Some(ticked(&["dont_know"])))
    );
}

#[test]
fn a_page_to_read_takes_no_answer() {
    let kind = || AnswerKind::Note {
        text: "下面是一般问题。".into(),
    };

    assert_eq!(of_kind(kind(), &RawAnswer::default()), Ok(None));
    assert_eq!(of_kind(kind(), &post("", &[], "好")), Err("RC-104"));
}

fn units() -> Vec<UnitId> {
    vec!["A".into(), "B".into()]
}

fn raw(answers: Answers) -> RawBallot {
    RawBallot::new(canonical_digest(&questionnaire()), units(), answers, 90)
}

fn parse_shown(
    raw: &RawBallot,
    shown: &Questionnaire,
    units: &[UnitId],
) -> Result<Ballot, Vec<AnswerProblem>> {
    parse(raw, (&canonical_digest(shown), shown), units)
}

#[test]
fn answers_on_pages_no_longer_shown_are_left_out() {
    let given = answers(&[
        ("A", "q1", level(Level::Satisfied)),
        ("A", "q1r", ticked(&["slow"])),
        ("", "way", ticked(&["online"])),
    ]);

    let ballot = parse_shown(&raw(given), &questionnaire(), &units()).unwrap();

    let kept: Vec<_> = ballot
        .answers()
        .0
        .keys()
        .map(|(_, item)| item.as_str())
        .collect();
    assert_eq!(kept, ["way", "q1"]);
    assert_eq!(ballot.pace().seconds(), (24, Some(32)));
}

#[test]
fn all_problems_of_a_ballot_are_reported_at_once() {
    let given = answers(&[
        ("A", "q1", ticked(&["slow"])),
        ("B", "q2", level(Level::Abstain)),
        ("C", "q1", level(Level::Fair)),
        ("", "q1", level(Level::Fair)),
        ("", "nine", level(Level::Fair)),
        ("", "way", ticked(&["window", "online"])),
    ]);

    let problems = parse_shown(&raw(given), &questionnaire(), &units()).unwrap_err();

    let codes: Vec<_> = problems.iter().map(AnswerProblem::code).collect();
    assert_eq!(
        codes,
        ["RC-104", "RC-101", "RC-101", "RC-105", "RC-105", "RC-105"]
    );
}

#[test]
fn a_ballot_of_another_version_or_other_units_is_refused() {
    let mut newer = questionnaire();
    newer.version = 2;

    assert_eq!(
        parse_shown(&raw(Answers::default()), &newer, &units()),
        Err(vec![AnswerProblem::OtherQuestionnaire])
    );
    assert_eq!(
        parse_shown(&raw(Answers::default()), &questionnaire(), &["A".into()]),
        Err(vec![AnswerProblem::OtherUnits])
    );
}

proptest! {
    #[test]
    fn whatever_is_posted_is_read_or_refused_and_reads_the_same_again(
        which in 0_usize..6,
        choice in proptest::option::of("[0-6]|online|.*"),
        reasons in proptest::collection::vec("slow|rude|.*", 0..3),
        text in proptest::option::of(".*"),
    ) {
        let q = questionnaire();
        let raw = RawAnswer { choice, number: None, reasons, text };

        if let Ok(Some(given)) = parse_answer(&raw, &q.items[which]) {
            prop_assert_eq!(taken(given.clone(), &q.items[which]), Ok(given));
        }
    }
}
