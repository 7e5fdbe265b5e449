use super::*;
use crate::dice::Dice;
use crate::matter::tests::deadlines;
use crate::picture::{drawn, written};
use crate::{Light, StepRefused};
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;
use vocabulary::{AccountId, Level, WorkCalendar};

use BadRatingEvent as E;
use BadRatingState as S;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The National Day week of 2026 with its make-up Saturday.
fn calendar() -> WorkCalendar {
    WorkCalendar {
        holidays: ["01", "02", "05", "06", "07"]
            .map(|d| day(&format!("2026-10-{d}")))
            .into(),
        make_up_days: [day("2026-10-10")].into(),
    }
}

/// A bad rating given on the Monday before the holiday.
fn received() -> BadRating {
    arrives(Level::VeryDissatisfied).unwrap()
}

fn arrives(level: Level) -> Result<BadRating, StepRefused> {
    let rating = ReceivedRating {
        case: "YX-20260928-0017".into(),
        unit: "D07".into(),
        level,
        on: day("2026-09-28"),
    };
    BadRating::receive(rating, &deadlines())
}

fn take(rating: &BadRating, event: E, today: &str) -> Result<BadRating, StepRefused> {
    rating.step(event, &deadlines(), &calendar(), day(today))
}

fn go(steps: &[(E, &str)]) -> BadRating {
    steps.iter().fold(received(), |rating, (event, today)| {
        take(&rating, event.clone(), today).unwrap()
    })
}

fn object() -> E {
    E::Object {
        ground: ObjectionGround::NotItsCase,
        text: "该办件由隔壁窗口受理".into(),
        by: "liaison-a".into(),
    }
}

fn pair(first: &str, second: &str) -> [AccountId; 2] {
    [first.into(), second.into()]
}

fn uphold(reviewers: [AccountId; 2]) -> E {
    let reasons = "调取办件记录，确属另一单位".into();
    E::Uphold { reviewers, reasons }
}

fn refuse(reviewers: [AccountId; 2]) -> E {
    let reasons = "办件记录显示由本单位受理".into();
    E::Refuse { reviewers, reasons }
}

fn feed_back() -> E {
    let result = "已退还材料并当面说明，补办完成".into();
    E::FeedBack { result }
}

fn follow_up(level: Level) -> E {
    E::FollowUp { level }
}

fn fed_back() -> BadRating {
    go(&[
        (E::Contact, "2026-09-29"),
        (E::Admit, "2026-09-29"),
        (feed_back(), "2026-10-13"),
    ])
}

#[test]
fn a_bad_rating_is_contacted_in_a_day_answered_in_fifteen_and_rated_once_more() {
    assert_eq!(received().state.due(), Some(day("2026-09-29")));
    let contacted = go(&[(E::Contact, "2026-09-29")]);
    // 28 September and fifteen calendar days, holiday or not.
    assert_eq!(contacted.state.due(), Some(day("2026-10-13")));

    let closed = take(&fed_back(), follow_up(Level::Satisfied), "2026-11-20").unwrap();

    assert_eq!(closed.state.stage(), BadRatingStage::ClosedOk);
    assert!(!closed.state.stage().to_be_registered());
    let expected = BadRatingRecord {
        follow_ups: 1,
        ..BadRatingRecord::default()
    };
    assert_eq!(closed.record, expected, "nothing was late");
}

#[test]
fn only_the_two_lowest_levels_are_taken_up() {
    for level in Level::SCORED {
        assert_eq!(arrives(level).is_ok(), level.is_bad(), "{level:?}");
    }
    assert_eq!(arrives(Level::DontKnow), Err(StepRefused::NotBad));
}

#[test]
fn a_second_bad_rating_is_to_be_registered_as_a_problem() {
    let closed = take(&fed_back(), follow_up(Level::Dissatisfied), "2026-10-14").unwrap();

    assert_eq!(closed.state.stage(), BadRatingStage::ClosedBad);
    let to_register: Vec<_> = BadRatingStage::ALL
        .iter()
        .filter(|stage| stage.to_be_registered())
        .collect();
    assert_eq!(to_register, [&BadRatingStage::ClosedBad]);
}

#[test]
fn one_rates_once_more_and_not_twice() {
    for level in [Level::Satisfied, Level::Dissatisfied] {
        let closed = take(&fed_back(), follow_up(level), "2026-10-14").unwrap();
        let again = take(&closed, follow_up(Level::VerySatisfied), "2026-10-15");
        assert_eq!(again, Err(StepRefused::RatedBefore));
    }
    assert_eq!(
        take(&fed_back(), follow_up(Level::DontKnow), "2026-10-14"),
        Err(StepRefused::NoLevel)
    );
}

#[test]
fn an_objection_is_filed_within_three_working_days_of_the_contact() {
    let contacted = go(&[(E::Contact, "2026-09-29")]);

    assert_eq!(
        take(&contacted, object(), "2026-10-10"),
        Err(StepRefused::AppealTooLate {
            until: day("2026-10-09")
        })
    );
    let appealed = take(&contacted, object(), "2026-10-08").unwrap();
    // 9, 10 (make-up day), 12, 13 and 14 October.
    assert_eq!(appealed.state.due(), Some(day("2026-10-14")));
    let empty = E::Object {
        ground: ObjectionGround::Mistaken,
        text: " ".into(),
        by: "liaison-a".into(),
    };
    assert_eq!(
        take(&contacted, empty, "2026-10-08"),
        Err(StepRefused::WordsMissing)
    );
}

#[test]
fn an_objection_that_is_upheld_excludes_the_rating_for_good() {
    let excluded = go(&[
        (E::Contact, "2026-09-29"),
        (object(), "2026-09-30"),
        (uphold(pair("leader", "commission")), "2026-10-12"),
    ]);

    assert_eq!(excluded.state.stage(), BadRatingStage::Excluded);
    assert_eq!(excluded.state.due(), None);
    assert!(take(&excluded, E::Admit, "2026-10-12").is_err());
}

#[test]
fn an_objection_that_is_refused_neither_costs_nor_gains_time() {
    let rectifying = go(&[
        (E::Contact, "2026-09-29"),
        (object(), "2026-09-30"),
        (refuse(pair("leader", "commission")), "2026-10-12"),
    ]);

    assert_eq!(rectifying.state.stage(), BadRatingStage::Rectifying);
    // 13 October, and the twelve days the reviewers had it.
    assert_eq!(rectifying.state.due(), Some(day("2026-10-25")));
}

#[test]
fn two_different_people_decide_and_neither_of_them_objected() {
    let appealed = go(&[(E::Contact, "2026-09-29"), (object(), "2026-09-30")]);
    let refused = |event| take(&appealed, event, "2026-10-08").unwrap_err();

    for decide in [uphold, refuse] {
        let alone = decide(pair("leader", "leader"));
        assert_eq!(refused(alone), StepRefused::SameReviewer);
        let partial = decide(pair("leader", "liaison-a"));
        assert_eq!(refused(partial), StepRefused::ReviewerInvolved);
    }
}

#[test]
fn what_comes_late_is_taken_and_counted() {
    let late = go(&[
        (E::Contact, "2026-09-30"),
        (object(), "2026-09-30"),
        (refuse(pair("leader", "commission")), "2026-10-30"),
        (feed_back(), "2026-11-13"),
    ]);

    let record = late.record;
    assert_eq!(
        (
            record.late_contacts,
            record.late_decisions,
            record.late_answers
        ),
        (1, 1, 1)
    );
}

#[test]
fn overdue_and_the_light_are_facts_of_the_day() {
    let rectifying = go(&[(E::Contact, "2026-09-28"), (E::Admit, "2026-09-28")]);
    let light = |today: &str| rectifying.light(day(today), &calendar());

    // Due 13 October: 9 October leaves 10, 12 and 13.
    assert_eq!(light("2026-10-09"), Some(Light::Green));
    assert_eq!(light("2026-10-10"), Some(Light::Yellow));
    assert_eq!(light("2026-10-13"), Some(Light::Yellow));
    assert_eq!(light("2026-10-14"), Some(Light::Red));
    assert!(!rectifying.is_overdue(day("2026-10-13")));
    assert!(rectifying.is_overdue(day("2026-10-14")));
    assert_eq!(fed_back().light(day("2027-01-01"), &calendar()), None);
}

#[test]
fn the_picture_shows_exactly_the_steps_of_a_bad_rating() {
    let codes = BAD_RATING_TRANSITIONS
        .iter()
        .map(|(from, step, to)| (from.code(), step.code(), to.code()));
    assert_eq!(drawn("bad_rating"), written(codes));
}

#[test]
fn every_state_survives_its_written_form() {
    let steps = [
        (E::Contact, "2026-09-29"),
        (object(), "2026-09-30"),
        (refuse(pair("leader", "commission")), "2026-10-12"),
        (feed_back(), "2026-10-13"),
        (follow_up(Level::Dissatisfied), "2026-10-14"),
    ];
    for length in 0..=steps.len() {
        let rating = go(&steps[..length]);
        let text = serde_json::to_string(&rating).unwrap();
        assert!(text.contains(&format!("\"state\":\"{}\"", rating.state.stage().code())));
        assert_eq!(serde_json::from_str::<BadRating>(&text).unwrap(), rating);
    }
}

fn every_event() -> Vec<E> {
    let mut events = vec![E::Contact, E::Admit, object(), feed_back()];
    let levels = Level::SCORED.into_iter().chain([Level::DontKnow]);
    events.extend(levels.map(follow_up));
    for reviewers in [
        pair("leader", "commission"),
        pair("leader", "leader"),
        pair("liaison-a", "leader"),
    ] {
        events.push(uphold(reviewers.clone()));
        events.push(refuse(reviewers));
    }
    events
}

#[test]
fn a_million_random_events_take_every_edge_and_no_other() {
    let (mut dice, events, first) = (Dice(20_260_928), every_event(), received());
    let (deadlines, calendar) = (deadlines(), calendar());
    let table: BTreeSet<_> = BAD_RATING_TRANSITIONS.iter().copied().collect();
    let (mut rating, mut today, mut visited) = (first.clone(), first.received_on, BTreeSet::new());
    for _ in 0..1_000_000 {
        let event = dice.pick(&events).clone();
        let (from, by) = (rating.state.stage(), event.kind());
        let deciders = match &event {
            E::Uphold { reviewers, .. } | E::Refuse { reviewers, .. } => Some(reviewers.clone()),
            _ => None,
        };
        if let Ok(next) = rating.step(event, &deadlines, &calendar, today) {
            let edge = (from, by, next.state.stage());
            assert!(table.contains(&edge), "{edge:?}");
            assert_lawful(&rating, &next, today);
            assert!(deciders.is_none_or(|[one, other]| one != other && one != "liaison-a".into()));
            visited.insert(edge);
            rating = next;
        }
        today = today + Days::new(u64::from(dice.roll(4) == 0));
        if dice.roll(60) == 0 {
            (rating, today) = (first.clone(), first.received_on);
        }
    }
    assert_eq!(visited, table, "the walk came along every edge");
}

fn assert_lawful(before: &BadRating, after: &BadRating, today: NaiveDate) {
    let (old, new) = (before.record, after.record);
    assert!(new.objections <= 1 && new.follow_ups <= 1);
    let late = |record: BadRatingRecord| {
        record.late_contacts + record.late_answers + record.late_decisions
    };
    assert!(late(new) >= late(old));
    if !before.is_overdue(today) {
        assert_eq!(late(new), late(old), "nothing is late before its limit");
    }
    let answer_by = deadlines().rectify_bad_rating.after(after.received_on);
    match &after.state {
        S::Received { .. } => panic!("no step leads back to the beginning"),
        S::Contacted { object_by, .. } => {
            assert_eq!(calendar().between(today, *object_by), 3);
        }
        S::Appealed { decide_by, .. } => assert_eq!(calendar().between(today, *decide_by), 5),
        S::Rectifying { answer_by: due } if new.objections == 0 => assert_eq!(*due, answer_by),
        S::Rectifying { answer_by: due } => assert!(*due >= answer_by),
        S::Excluded { .. } => assert_eq!(new.objections, 1),
        S::FedBack { .. } => assert_eq!(new.follow_ups, 0),
        S::ClosedOk { level } => assert!(!level.is_bad() && new.follow_ups == 1),
        S::ClosedBad { level } => assert!(level.is_bad() && new.follow_ups == 1),
    }
}
