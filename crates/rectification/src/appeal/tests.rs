use super::*;
use crate::dice::Dice;
use crate::matter::tests::deadlines;
use crate::picture::{drawn, written};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn filing() -> Filing {
    Filing {
        unit: "D07".into(),
        against: Against::Rating,
        ground: Ground::WrongUnit,
        text: "该工单属隔壁窗口".into(),
        filed_by: "liaison-a".into(),
        notified_on: day("2026-07-06"),
    }
}

fn filed() -> Appeal {
    Appeal::file(
        filing(),
        &deadlines(),
        &WorkCalendar::default(),
        day("2026-07-09"),
    )
    .unwrap()
}

fn reviewers(first: &str, second: &str, involved: &[&str]) -> AppealEvent {
    AppealEvent::AssignReviewers {
        reviewers: [first.into(), second.into()],
        involved: involved.iter().map(|id| AccountId::from(*id)).collect(),
    }
}

fn decide(first: &str, second: &str) -> AppealEvent {
    AppealEvent::Decide {
        deciders: [first.into(), second.into()],
        decision: Decision::Correct,
        reasons: "查明属另一单位".into(),
    }
}

fn after(events: &[AppealEvent]) -> Appeal {
    events
        .iter()
        .fold(filed(), |appeal, event| appeal.step(event.clone()).unwrap())
}

#[test]
fn an_appeal_goes_from_filing_to_a_carried_out_decision() {
    let over = after(&[
        AppealEvent::Accept,
        reviewers("leader", "clerk-b", &["clerk-a"]),
        decide("clerk-b", "leader"),
        AppealEvent::CarryOut,
    ]);

    assert_eq!(over.state.stage(), AppealStage::Final);
    assert_eq!(over.decide_by, day("2026-07-16"));
}

#[test]
fn an_appeal_after_three_working_days_is_too_late() {
    let late = Appeal::file(
        filing(),
        &deadlines(),
        &WorkCalendar::default(),
        day("2026-07-10"),
    );

    assert_eq!(
        late,
        Err(StepRefused::AppealTooLate {
            until: day("2026-07-09")
        })
    );
}

#[test]
fn an_appeal_without_facts_is_refused() {
    let empty = Filing {
        text: "　".into(),
        ..filing()
    };

    assert_eq!(
        Appeal::file(
            empty,
            &deadlines(),
            &WorkCalendar::default(),
            day("2026-07-07")
        ),
        Err(StepRefused::WordsMissing)
    );
}

#[test]
fn reviewers_are_two_and_neither_filed_nor_involved() {
    let accepted = after(&[AppealEvent::Accept]);
    let refused = |event| accepted.step(event).unwrap_err();

    assert_eq!(
        refused(reviewers("leader", "leader", &[])),
        StepRefused::SameReviewer
    );
    assert_eq!(
        refused(reviewers("leader", "liaison-a", &[])),
        StepRefused::ReviewerInvolved
    );
    assert_eq!(
        refused(reviewers("clerk-a", "leader", &["clerk-a"])),
        StepRefused::ReviewerInvolved
    );
}

#[test]
fn one_reviewer_alone_or_a_stranger_decides_nothing() {
    let reviewing = after(&[AppealEvent::Accept, reviewers("leader", "clerk-b", &[])]);

    for (first, second) in [("leader", "leader"), ("leader", "stranger")] {
        assert_eq!(
            reviewing.step(decide(first, second)),
            Err(StepRefused::NotTheReviewers)
        );
    }
}

#[test]
fn every_ground_has_its_label() {
    assert_eq!(Ground::ALL.len(), 7);
    for ground in Ground::ALL {
        assert_eq!(Ground::from_code(ground.code()), Some(*ground));
        assert!(ground.label().chars().all(|c| !c.is_ascii_alphabetic()));
    }
}

#[test]
fn the_picture_shows_exactly_the_steps_of_an_appeal() {
    let codes = APPEAL_TRANSITIONS
        .iter()
        .map(|(from, step, to)| (from.code(), step.code(), to.code()));
    assert_eq!(drawn("appeal"), written(codes));
}

/// Reviewers in every pairing of four people, one of whom filed and one of whom was involved.
fn every_event() -> Vec<AppealEvent> {
    const PEOPLE: [&str; 4] = ["leader", "clerk-b", "liaison-a", "clerk-a"];
    let mut events = vec![
        AppealEvent::Accept,
        AppealEvent::Refuse {
            reason: "超出范围".into(),
        },
        AppealEvent::CarryOut,
    ];
    for first in PEOPLE {
        for second in PEOPLE {
            events.push(reviewers(first, second, &["clerk-a"]));
            events.push(decide(first, second));
        }
    }
    events
}

fn reviewers_of(state: &AppealState) -> Option<&[AccountId; 2]> {
    match state {
        AppealState::Reviewing { reviewers }
        | AppealState::Decided { reviewers, .. }
        | AppealState::Final { reviewers, .. } => Some(reviewers),
        AppealState::Filed | AppealState::Accepted | AppealState::Refused { .. } => None,
    }
}

#[test]
fn a_million_random_events_take_every_edge_and_two_strangers_decide() {
    let (mut dice, events, first) = (Dice(20_260_709), every_event(), filed());
    let table: BTreeSet<_> = APPEAL_TRANSITIONS.iter().copied().collect();
    let (mut appeal, mut visited) = (first.clone(), BTreeSet::new());
    for _ in 0..1_000_000 {
        let event = dice.pick(&events).clone();
        let (from, by) = (appeal.state.stage(), event.kind());
        if let Ok(next) = appeal.step(event) {
            let edge = (from, by, next.state.stage());
            assert!(table.contains(&edge), "{edge:?}");
            if let Some([one, other]) = reviewers_of(&next.state) {
                assert_ne!(one, other);
                assert!(
                    [one, other]
                        .iter()
                        .all(|id| !["liaison-a", "clerk-a"].contains(&id.as_str()))
                );
            }
            let named_before = reviewers_of(&appeal.state);
            assert!(named_before.is_none() || named_before == reviewers_of(&next.state));
            assert_eq!(
                (next.decide_by, next.filed_on),
                (first.decide_by, first.filed_on)
            );
            visited.insert(edge);
            appeal = next;
        }
        if dice.roll(40) == 0 {
            appeal = first.clone();
        }
    }
    assert_eq!(visited, table, "the walk came along every edge");
}
