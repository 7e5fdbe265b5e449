use super::*;
use crate::picture::{drawn, written};
use chrono::Days;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeSet;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const RULES: CallRules = CallRules {
    interval: WorkingDays(10),
    escalate_after: 2,
};

fn registered() -> Problem {
    let calendar = WorkCalendar::default();
    Problem::register(
        "GH-001".into(),
        "M1".into(),
        RULES,
        &calendar,
        day("2026-07-01"),
    )
}

fn take(problem: &Problem, event: ProblemEvent) -> Result<Problem, StepRefused> {
    problem.step(event, RULES, &WorkCalendar::default(), day("2026-07-15"))
}

fn call(progress: Progress) -> ProblemEvent {
    let note = "到场查看".into();
    ProblemEvent::Call { progress, note }
}

fn promise(until: &str) -> ProblemEvent {
    ProblemEvent::Promise {
        until: day(until),
        timetable: "九月招标，十二月完工".into(),
    }
}

fn close(people: PeopleSay) -> ProblemEvent {
    let evidence = "路灯已亮，附照片".into();
    ProblemEvent::Close { evidence, people }
}

#[test]
fn a_problem_is_called_every_interval_and_closed_when_people_are_satisfied() {
    let problem = registered();
    assert_eq!(problem.state.due(), Some(day("2026-07-15")));

    let called = take(&problem, call(Progress::OnTrack)).unwrap();
    assert_eq!(called.state.due(), Some(day("2026-07-29")));
    assert_eq!(called.calls[0].light, Light::Green);

    assert_eq!(
        take(&called, close(PeopleSay::NotSatisfied)),
        Err(StepRefused::PeopleNotSatisfied)
    );
    let closed = take(&called, close(PeopleSay::Satisfied)).unwrap();
    assert_eq!(closed.state.stage(), ProblemStage::Closed);
    assert_eq!(closed.reg_no, "GH-001");
}

#[test]
fn the_second_re_registration_goes_to_the_stationed_group() {
    let called = take(&registered(), call(Progress::OnTrack)).unwrap();

    let again = take(&called, call(Progress::LateOrRefused)).unwrap();
    assert_eq!(
        (again.state.stage(), again.re_registrations),
        (ProblemStage::ReRegistered, 1)
    );

    let escalated = take(&again, call(Progress::LateOrRefused)).unwrap();
    assert_eq!(
        (escalated.state.stage(), escalated.re_registrations),
        (ProblemStage::Escalated, 2)
    );
    assert_eq!(escalated.calls.last().unwrap().light, Light::Red);
}

#[test]
fn re_registrations_count_over_good_calls_and_broken_promises() {
    let once = take(
        &take(&registered(), call(Progress::OnTrack)).unwrap(),
        call(Progress::LateOrRefused),
    )
    .unwrap();
    let better = take(&once, call(Progress::OnTrack)).unwrap();
    let promised = take(&better, promise("2026-12-01")).unwrap();

    let broken = take(&promised, call(Progress::LateOrRefused)).unwrap();

    assert_eq!(broken.state.stage(), ProblemStage::Escalated);
}

#[test]
fn a_closed_problem_can_only_be_registered_again_under_its_number() {
    let called = take(&registered(), call(Progress::OnTrack)).unwrap();
    let closed = take(&called, close(PeopleSay::Satisfied)).unwrap();
    assert!(take(&closed, call(Progress::OnTrack)).is_err());

    let again = take(&closed, call(Progress::LateOrRefused)).unwrap();

    assert_eq!(
        (again.state.stage(), again.reg_no.as_str()),
        (ProblemStage::ReRegistered, "GH-001")
    );
}

#[test]
fn a_promise_needs_a_date_to_come_and_a_timetable() {
    assert_eq!(
        take(&registered(), promise("2026-07-15")),
        Err(StepRefused::DateNotAfter {
            day: day("2026-07-15")
        })
    );
    let empty = ProblemEvent::Promise {
        until: day("2026-12-01"),
        timetable: String::new(),
    };
    assert_eq!(take(&registered(), empty), Err(StepRefused::WordsMissing));
}

#[test]
fn a_call_after_its_day_shows_yellow() {
    let late = registered()
        .step(
            call(Progress::OnTrack),
            RULES,
            &WorkCalendar::default(),
            day("2026-07-16"),
        )
        .unwrap();

    assert_eq!(late.calls[0].light, Light::Yellow);
}

#[test]
fn the_picture_shows_exactly_the_steps_of_a_problem() {
    let codes = PROBLEM_TRANSITIONS
        .iter()
        .map(|(from, step, to)| (from.code(), step.code(), to.code()));
    assert_eq!(drawn("problem"), written(codes));
}

fn any_event() -> impl Strategy<Value = ProblemEvent> {
    prop_oneof![
        4 => Just(call(Progress::OnTrack)),
        4 => Just(call(Progress::LateOrRefused)),
        2 => Just(promise("2027-12-01")),
        1 => Just(close(PeopleSay::Satisfied)),
        1 => Just(close(PeopleSay::NotSatisfied)),
    ]
}

#[test]
fn a_hundred_thousand_random_events_take_every_edge_and_no_other() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = any_event();
    let table: BTreeSet<_> = PROBLEM_TRANSITIONS.iter().copied().collect();
    let (mut problem, mut today, mut visited) = (registered(), day("2026-07-02"), BTreeSet::new());
    for count in 0..100_000_u32 {
        let event = strategy.new_tree(&mut runner).unwrap().current();
        let edge = (problem.state.stage(), event.kind());
        if let Ok(next) = problem.step(event, RULES, &WorkCalendar::default(), today) {
            let edge = (edge.0, edge.1, next.state.stage());
            assert!(table.contains(&edge), "{edge:?}");
            assert!(next.re_registrations >= problem.re_registrations);
            assert_eq!(
                next.calls.iter().filter(|c| c.light == Light::Red).count(),
                usize::from(next.re_registrations)
            );
            visited.insert(edge);
            problem = next;
        }
        today = today + Days::new(1);
        if count % 12 == 0 {
            (problem, today) = (registered(), day("2026-07-02"));
        }
    }
    assert_eq!(visited.difference(&table).count(), 0);
    let missed: Vec<_> = table.difference(&visited).collect();
    // With escalation at the second time, a problem re-registered once escalates at the next.
    assert_eq!(
        missed,
        [&(
            ProblemStage::ReRegistered,
            ProblemStep::ReRegister,
            ProblemStage::ReRegistered
        )]
    );
}

#[test]
fn with_a_later_escalation_a_problem_can_be_re_registered_again_and_again() {
    let patient = CallRules {
        escalate_after: 3,
        ..RULES
    };
    let late = |problem: &Problem| {
        problem
            .step(
                call(Progress::LateOrRefused),
                patient,
                &WorkCalendar::default(),
                day("2026-07-15"),
            )
            .unwrap()
    };
    let called = take(&registered(), call(Progress::OnTrack)).unwrap();

    assert_eq!(
        late(&late(&called)).state.stage(),
        ProblemStage::ReRegistered
    );
    assert_eq!(
        late(&late(&late(&called))).state.stage(),
        ProblemStage::Escalated
    );
}
