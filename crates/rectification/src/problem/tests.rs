use super::*;
use crate::dice::Dice;
use crate::picture::{drawn, written};
use chrono::Days;
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

fn random_event(dice: &mut Dice) -> ProblemEvent {
    match dice.roll(12) {
        0..4 => call(Progress::OnTrack),
        4..8 => call(Progress::LateOrRefused),
        8 | 9 => promise("2029-12-01"),
        10 => close(PeopleSay::Satisfied),
        _ => close(PeopleSay::NotSatisfied),
    }
}

#[test]
fn a_million_random_events_take_every_edge_and_no_other() {
    let (mut dice, calendar) = (Dice(20_260_701), WorkCalendar::default());
    let table: BTreeSet<_> = PROBLEM_TRANSITIONS.iter().copied().collect();
    let (mut problem, mut today, mut visited) = (registered(), day("2026-07-02"), BTreeSet::new());
    for count in 0..1_000_000_u32 {
        let event = random_event(&mut dice);
        let (from, by) = (problem.state.stage(), event.kind());
        if let Ok(next) = problem.step(event, RULES, &calendar, today) {
            let edge = (from, by, next.state.stage());
            assert!(table.contains(&edge), "{edge:?}");
            assert_lawful(&problem, &next, today);
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

/// The number stays, calls are only added, and the stationed group has it from the second re-registration on.
fn assert_lawful(before: &Problem, after: &Problem, today: NaiveDate) {
    assert_eq!(after.reg_no, before.reg_no);
    assert!(after.calls.starts_with(&before.calls));
    assert!(after.re_registrations >= before.re_registrations);
    let red = after.calls.iter().filter(|call| call.light == Light::Red);
    assert_eq!(red.count(), usize::from(after.re_registrations));
    let again = after.re_registrations > before.re_registrations;
    let escalated = after.state.stage() == ProblemStage::Escalated;
    assert_eq!(again && after.re_registrations >= 2, escalated);
    if let ProblemState::Called { next_call } | ProblemState::ReRegistered { next_call } =
        &after.state
    {
        let working_days = WorkCalendar::default().between(today, *next_call);
        assert_eq!(working_days, i32::from(RULES.interval.0));
    }
}
