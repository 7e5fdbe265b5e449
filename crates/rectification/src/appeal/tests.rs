use super::*;
use crate::matter::tests::deadlines;
use crate::picture::{drawn, written};
use proptest::prelude::*;

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

proptest! {
    #[test]
    fn no_order_of_events_leaves_the_picture(order in proptest::collection::vec(0_usize..6, 0..20)) {
        let events = [
            AppealEvent::Accept,
            AppealEvent::Refuse { reason: "超出范围".into() },
            reviewers("leader", "clerk-b", &[]),
            reviewers("leader", "leader", &[]),
            decide("leader", "clerk-b"),
            AppealEvent::CarryOut,
        ];
        let mut appeal = filed();
        for index in order {
            let step = (appeal.state.stage(), events[index].kind());
            if let Ok(next) = appeal.step(events[index].clone()) {
                prop_assert!(APPEAL_TRANSITIONS.contains(&(step.0, step.1, next.state.stage())));
                appeal = next;
            }
        }
    }
}
