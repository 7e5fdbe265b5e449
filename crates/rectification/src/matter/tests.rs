use super::*;
use crate::dice::Dice;
use crate::goal::tests::draft;
use crate::picture::{drawn, written};
use crate::{GoalDraft, GoalProblem, StepRefused};
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;
use survey_design::Deadlines;
use vocabulary::{CalendarDays, WorkCalendar, WorkingDays};

use MatterEvent as E;
use MatterState as S;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The limits of domain E.9.
pub fn deadlines() -> Deadlines {
    let days = WorkingDays;
    Deadlines {
        contact_bad_rating: CalendarDays(1),
        rectify_bad_rating: CalendarDays(15),
        objection: days(3),
        objection_decision: days(5),
        letter: days(5),
        sign: days(2),
        return_matter: days(3),
        plan: days(5),
        rectify_simple: days(5),
        rectify_ordinary: days(15),
        rectify_complex: days(60),
        extension: days(30),
        verify: days(10),
        call_interval: days(10),
        publication: days(15),
        approval: days(5),
    }
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

fn take(state: S, event: E, today: &str) -> Result<S, StepRefused> {
    step(state, event, &deadlines(), &calendar(), day(today))
}

fn go(state: S, steps: &[(E, &str)]) -> S {
    steps.iter().fold(state, |state, (event, today)| {
        take(state, event.clone(), today).unwrap()
    })
}

fn assign() -> E {
    E::Assign {
        complexity: Complexity::Ordinary,
    }
}

fn give_back() -> E {
    E::Return {
        reason: "属住建局职责".into(),
    }
}

fn plan_until(due: &str) -> E {
    E::Plan {
        goal: draft(day(due)),
    }
}

fn report() -> E {
    E::Report {
        result: "已增设两个窗口".into(),
    }
}

fn verify(check: CheckResult) -> E {
    E::Verify {
        finding: Finding {
            check,
            called: 10,
            satisfied: 9,
            note: "电话回访".into(),
        },
    }
}

fn close(closing: Closing) -> E {
    E::Close { closing }
}

fn fail() -> E {
    E::Fail {
        reason: "仍排队一小时".into(),
    }
}

fn extend(until: &str) -> E {
    E::AskExtension {
        until: day(until),
        reason: "设备到货推迟".into(),
    }
}

fn rectifying() -> S {
    go(
        S::new(),
        &[
            (assign(), "2026-09-28"),
            (E::Sign, "2026-09-29"),
            (plan_until("2026-10-20"), "2026-09-30"),
            (E::Approve, "2026-09-30"),
        ],
    )
}

fn verified(check: CheckResult) -> S {
    let steps = [(report(), "2026-10-20"), (verify(check), "2026-10-22")];
    go(rectifying(), &steps)
}

#[test]
fn a_matter_goes_from_assignment_to_class_a_on_time() {
    let closed = go(
        verified(CheckResult::Solved),
        &[(close(Closing::Solved), "2026-10-22")],
    );

    assert_eq!(closed.stage(), MatterStage::Closed);
    let record = closed.record();
    assert_eq!(
        (record.late_steps, record.reopenings, record.reports),
        (0, 0, 1)
    );
    assert_eq!((record.called, record.satisfied), (10, 9));
}

#[test]
fn limits_run_in_working_days_over_the_holiday() {
    let assigned = take(S::new(), assign(), "2026-09-30").unwrap();

    // 8 and 9 October are the next working days, then the make-up Saturday.
    let S::Assigned {
        sign_by, return_by, ..
    } = &assigned
    else {
        panic!("{assigned:?}");
    };
    assert_eq!(
        (*sign_by, *return_by),
        (day("2026-10-09"), day("2026-10-10"))
    );
    assert_eq!(assigned.due(), Some(day("2026-10-09")));
}

#[test]
fn a_late_signature_is_taken_and_counted() {
    let signed = go(
        S::new(),
        &[(assign(), "2026-09-28"), (E::Sign, "2026-10-08")],
    );

    assert_eq!(signed.record().late_steps, 1);
    assert_eq!(signed.record().late_reports, 0);
}

#[test]
fn a_matter_is_returned_once_and_in_time_only() {
    let assigned = take(S::new(), assign(), "2026-09-28").unwrap();
    assert_eq!(
        take(assigned.clone(), give_back(), "2026-10-09"),
        Err(StepRefused::ReturnTooLate {
            until: day("2026-10-08")
        })
    );

    let insisted = go(
        assigned.clone(),
        &[(give_back(), "2026-10-08"), (E::RefuseReturn, "2026-10-08")],
    );
    assert_eq!(
        take(insisted, give_back(), "2026-10-08"),
        Err(StepRefused::ReturnedBefore)
    );

    let elsewhere = go(
        assigned,
        &[
            (give_back(), "2026-09-29"),
            (E::AcceptReturn, "2026-09-29"),
            (assign(), "2026-09-30"),
        ],
    );
    assert_eq!(
        take(elsewhere, give_back(), "2026-09-30")
            .unwrap_err()
            .code(),
        "RE-121"
    );
}

#[test]
fn a_vague_goal_is_refused_and_the_matter_stays_signed() {
    let signed = go(
        S::new(),
        &[(assign(), "2026-09-28"), (E::Sign, "2026-09-29")],
    );
    let vague = E::Plan {
        goal: GoalDraft {
            measure: "进一步加强管理".into(),
            person: "各科室".into(),
            ..draft(day("2026-10-20"))
        },
    };

    let refused = take(signed, vague, "2026-09-30").unwrap_err();

    assert_eq!(
        refused,
        StepRefused::VagueGoal(vec![GoalProblem::NoMeasure, GoalProblem::NoPerson])
    );
    assert_eq!(
        refused.to_string(),
        "整改目标不具体，还缺：具体措施、责任人"
    );
}

#[test]
fn a_goal_beyond_the_limit_hears_the_last_day() {
    let signed = go(
        S::new(),
        &[(assign(), "2026-09-28"), (E::Sign, "2026-09-29")],
    );

    assert_eq!(
        take(signed, plan_until("2026-12-31"), "2026-09-30"),
        Err(StepRefused::GoalTooLate {
            latest: day("2026-10-27")
        })
    );
}

#[test]
fn a_plan_sent_back_starts_the_limit_again_and_is_counted() {
    let sent_back = E::SendBack {
        reason: "标准无法核对".into(),
    };
    let signed = go(
        S::new(),
        &[
            (assign(), "2026-09-28"),
            (E::Sign, "2026-09-29"),
            (plan_until("2026-10-20"), "2026-09-30"),
            (sent_back, "2026-09-30"),
        ],
    );

    assert_eq!(signed.due(), Some(day("2026-10-13")));
    assert_eq!(signed.record().plans_sent_back, 1);
}

#[test]
fn one_extension_before_the_due_date_and_not_too_long() {
    assert_eq!(
        take(rectifying(), extend("2026-11-02"), "2026-10-21"),
        Err(StepRefused::ExtensionTooLate {
            due: day("2026-10-20")
        })
    );
    assert_eq!(
        take(rectifying(), extend("2026-10-20"), "2026-10-20"),
        Err(StepRefused::DateNotAfter {
            day: day("2026-10-20")
        })
    );
    assert_eq!(
        take(rectifying(), extend("2026-12-02"), "2026-10-20"),
        Err(StepRefused::ExtensionTooLong {
            latest: day("2026-12-01")
        })
    );

    let asked = take(rectifying(), extend("2026-12-01"), "2026-10-20").unwrap();
    let granted = take(asked.clone(), E::GrantExtension, "2026-10-20").unwrap();
    let refused = take(asked, E::RefuseExtension, "2026-10-20").unwrap();
    assert_eq!(granted.due(), Some(day("2026-12-01")));
    assert_eq!(refused.due(), Some(day("2026-10-20")));
    for state in [granted, refused] {
        assert_eq!(
            take(state, extend("2026-12-10"), "2026-10-20"),
            Err(StepRefused::ExtendedBefore)
        );
    }
}

#[test]
fn an_unsolved_matter_cannot_be_closed_as_solved_but_reopened() {
    let unsolved = verified(CheckResult::NotSolved);
    assert_eq!(
        take(unsolved.clone(), close(Closing::Solved), "2026-10-22"),
        Err(StepRefused::NotSolved)
    );

    let again = go(
        unsolved,
        &[
            (fail(), "2026-10-22"),
            (plan_until("2026-11-05"), "2026-10-23"),
        ],
    );

    assert_eq!(again.stage(), MatterStage::Planned);
    assert_eq!(again.record().reopenings, 1);
}

#[test]
fn a_solved_matter_that_people_call_unsolved_is_planned_anew_and_counted() {
    let closed = go(
        verified(CheckResult::Solved),
        &[(close(Closing::Solved), "2026-10-22")],
    );
    let reopen = |reason: &str| E::Reopen {
        reason: reason.into(),
    };
    assert_eq!(
        take(closed.clone(), reopen(" "), "2026-10-23"),
        Err(StepRefused::WordsMissing)
    );

    let reopened = take(closed, reopen("三位群众说仍要排队"), "2026-10-23").unwrap();

    assert_eq!(reopened.record().reopenings, 1);
    assert_eq!(reopened.due(), Some(day("2026-10-30")));
}

#[test]
fn class_b_needs_a_date_and_comes_back_class_c_a_reason() {
    let unsolved = verified(CheckResult::NotSolved);
    let planned = |until: &str| close(Closing::Planned { until: day(until) });

    assert_eq!(
        take(unsolved.clone(), planned("2026-10-22"), "2026-10-22")
            .unwrap_err()
            .code(),
        "RE-141"
    );
    let carried = go(
        unsolved.clone(),
        &[
            (planned("2027-06-30"), "2026-10-22"),
            (E::Carry, "2027-01-04"),
        ],
    );
    assert_eq!(carried.due(), Some(day("2027-06-30")));

    let without_reason = close(Closing::Deferred { reason: " ".into() });
    assert_eq!(
        take(unsolved, without_reason, "2026-10-22"),
        Err(StepRefused::WordsMissing)
    );
}

#[test]
fn a_late_report_counts_as_late() {
    let reported = go(rectifying(), &[(report(), "2026-10-21")]);

    assert_eq!(
        (reported.record().late_reports, reported.record().reports),
        (1, 1)
    );
    assert_eq!(reported.due(), Some(day("2026-11-04")));
}

#[test]
fn more_satisfied_than_called_is_refused() {
    let reported = go(rectifying(), &[(report(), "2026-10-20")]);
    let finding = Finding {
        check: CheckResult::Solved,
        called: 3,
        satisfied: 4,
        note: String::new(),
    };

    assert_eq!(
        take(reported, E::Verify { finding }, "2026-10-21"),
        Err(StepRefused::MoreSatisfiedThanAsked)
    );
}

fn merge() -> E {
    E::Merge {
        into: "ZG-2026Q3-0002".into(),
    }
}

#[test]
fn a_matter_changes_its_opinions_until_it_is_signed_for_and_no_limit_moves() {
    let other = || "ZG-2026Q3-0002".into();
    let changes = [
        E::TakeIn { from: other() },
        E::Split { into: other() },
        merge(),
    ];
    let assigned = take(S::new(), assign(), "2026-09-28").unwrap();
    for change in &changes[..2] {
        let same = take(assigned.clone(), change.clone(), "2026-09-29");
        assert_eq!(same, Ok(assigned.clone()));
    }
    let merged = take(assigned.clone(), merge(), "2026-09-29").unwrap();
    assert_eq!((merged.due(), merged.stage()), (None, MatterStage::Merged));

    let signed = take(assigned, E::Sign, "2026-09-29").unwrap();
    for change in changes {
        let refused = take(signed.clone(), change, "2026-09-29");
        assert!(matches!(
            refused,
            Err(StepRefused::Matter(MatterStage::Signed, _))
        ));
    }
}

/// One state of every stage, none of them at a limit.
fn every_state() -> Vec<S> {
    let assigned = take(S::new(), assign(), "2026-09-28").unwrap();
    let close_as = |closing| {
        go(
            verified(CheckResult::Solved),
            &[(close(closing), "2026-10-22")],
        )
    };
    let until = day("2027-06-30");
    let reason = || "资金未到位".to_owned();
    vec![
        S::new(),
        go(assigned.clone(), &[(give_back(), "2026-09-28")]),
        go(assigned.clone(), &[(E::Sign, "2026-09-28")]),
        assigned,
        go(
            S::new(),
            &[
                (assign(), "2026-09-28"),
                (E::Sign, "2026-09-29"),
                (plan_until("2026-10-20"), "2026-09-30"),
            ],
        ),
        rectifying(),
        go(rectifying(), &[(extend("2026-11-02"), "2026-10-19")]),
        go(rectifying(), &[(report(), "2026-10-20")]),
        verified(CheckResult::Solved),
        close_as(Closing::Solved),
        close_as(Closing::Planned { until }),
        close_as(Closing::Deferred { reason: reason() }),
        go(verified(CheckResult::NotSolved), &[(fail(), "2026-10-22")]),
        go(S::new(), &[(merge(), "2026-09-28")]),
    ]
}

fn every_event() -> Vec<E> {
    let until = day("2027-06-30");
    let reason = "资金未到位".to_owned();
    vec![
        assign(),
        E::Sign,
        give_back(),
        E::AcceptReturn,
        E::RefuseReturn,
        plan_until("2026-10-08"),
        E::Approve,
        E::SendBack {
            reason: "标准无法核对".into(),
        },
        extend("2026-11-02"),
        E::GrantExtension,
        E::RefuseExtension,
        report(),
        verify(CheckResult::Solved),
        verify(CheckResult::NotSolved),
        close(Closing::Solved),
        close(Closing::Planned { until }),
        close(Closing::Deferred { reason }),
        fail(),
        E::Carry,
        E::Reopen {
            reason: "三位群众说仍要排队".into(),
        },
        E::TakeIn {
            from: "ZG-2026Q3-0002".into(),
        },
        E::Split {
            into: "ZG-2026Q3-0002".into(),
        },
        merge(),
    ]
}

fn table() -> BTreeSet<(MatterStage, MatterStep, MatterStage)> {
    MATTER_TRANSITIONS.iter().copied().collect()
}

#[test]
fn the_table_is_exactly_what_the_machine_does() {
    let mut taken = BTreeSet::new();
    for state in every_state() {
        for event in every_event() {
            let edge = (state.stage(), event.kind());
            match take(state.clone(), event, "2026-09-28") {
                Ok(next) => {
                    taken.insert((edge.0, edge.1, next.stage()));
                }
                Err(refused) => assert_eq!(refused, StepRefused::Matter(edge.0, edge.1)),
            }
        }
    }
    assert_eq!(taken, table());
}

#[test]
fn the_picture_shows_exactly_the_steps_of_a_matter() {
    let codes = MATTER_TRANSITIONS
        .iter()
        .map(|(from, step, to)| (from.code(), step.code(), to.code()));
    assert_eq!(drawn("matter"), written(codes));
}

#[test]
fn every_state_survives_its_written_form() {
    for state in every_state() {
        let text = serde_json::to_string(&state).unwrap();
        assert!(text.contains(&format!("\"state\":\"{}\"", state.stage().code())));
        assert_eq!(serde_json::from_str::<S>(&text).unwrap(), state);
    }
}

#[test]
fn a_goal_is_there_exactly_from_the_plan_on() {
    for state in every_state() {
        let before = matches!(
            state.stage(),
            MatterStage::Sorted
                | MatterStage::Assigned
                | MatterStage::Returned
                | MatterStage::Signed
                | MatterStage::Merged
        );
        let expected = !before && state.stage() != MatterStage::Reopened;
        assert_eq!(state.goal().is_some(), expected, "{state:?}");
    }
}

/// An event that may come on this day; the templates are made once.
fn random_event(dice: &mut Dice, templates: &[E], today: NaiveDate) -> E {
    let later = today + Days::new(dice.roll(40));
    match dice.roll(templates.len() as u64 + 6) {
        0 | 1 => E::Plan { goal: draft(later) },
        2 => E::AskExtension {
            until: later,
            reason: "设备未到".into(),
        },
        3 => close(Closing::Planned { until: later }),
        4 => E::Sign,
        5 => E::Approve,
        _ => dice.pick(templates).clone(),
    }
}

#[test]
fn a_million_random_events_never_leave_the_picture() {
    let (table, templates, mut dice) = (table(), every_event(), Dice(20_260_930));
    let (deadlines, calendar) = (deadlines(), calendar());
    let (mut state, mut today) = (S::new(), day("2026-01-05"));
    let mut visited = BTreeSet::new();
    for _ in 0..1_000_000 {
        let event = random_event(&mut dice, &templates, today);
        let edge = (state.stage(), event.kind());
        if let Ok(next) = step(state.clone(), event, &deadlines, &calendar, today) {
            let edge = (edge.0, edge.1, next.stage());
            assert!(table.contains(&edge), "{edge:?}");
            assert_lawful(&state, &next);
            if edge.0 != edge.2 {
                assert_in_time(&next, today);
            }
            visited.insert(edge);
            state = next;
        }
        let over = [MatterStage::Deferred, MatterStage::Merged].contains(&state.stage());
        if over || dice.roll(200) == 0 {
            (state, today) = (S::new(), day("2026-01-05"));
        }
        today = today + Days::new(dice.roll(3));
    }
    assert_eq!(visited, table, "the walk came along every edge");
}

/// Every limit that was just set ends so many working days after the day it was set.
fn assert_in_time(after: &S, today: NaiveDate) {
    let (limits, calendar) = (deadlines(), calendar());
    let set = match after {
        S::Assigned {
            sign_by, return_by, ..
        } => vec![(*sign_by, limits.sign), (*return_by, limits.return_matter)],
        S::Returned { decide_by, .. } => vec![(*decide_by, limits.sign)],
        S::Signed { plan_by, .. } | S::Reopened { plan_by, .. } => vec![(*plan_by, limits.plan)],
        S::Reported { verify_by, .. } => vec![(*verify_by, limits.verify)],
        S::Planned { record, goal } => {
            let latest = record.complexity.limit(&limits);
            assert!(calendar.between(today, goal.due()) <= i32::from(latest.0));
            vec![]
        }
        S::ExtensionReview { due, asked, .. } => {
            assert!(calendar.between(*due, *asked) <= i32::from(limits.extension.0));
            vec![]
        }
        _ => vec![],
    };
    for (due, limit) in set {
        assert!(calendar.is_working_day(due), "{due}");
        assert_eq!(
            calendar.between(today, due),
            i32::from(limit.0),
            "{after:?}"
        );
    }
}

fn assert_lawful(before: &S, after: &S) {
    let (old, new) = (before.record(), after.record());
    assert!(new.returns <= 1 && new.extensions <= 1);
    match after {
        S::Returned { .. } => assert_eq!(old.returns, 0, "returned once only"),
        S::ExtensionReview { .. } => assert_eq!(old.extensions, 0, "extended once only"),
        _ => {}
    }
    assert!(new.reopenings >= old.reopenings && new.late_steps >= old.late_steps);
    assert!(new.late_reports <= new.reports && new.satisfied <= new.called);
    let before_the_plan = matches!(
        after.stage(),
        MatterStage::Sorted
            | MatterStage::Assigned
            | MatterStage::Returned
            | MatterStage::Signed
            | MatterStage::Reopened
            | MatterStage::Merged
    );
    assert_eq!(after.goal().is_none(), before_the_plan, "{after:?}");
    if let (S::Verified { finding, .. }, S::Closed { .. }) = (before, after) {
        assert_eq!(finding.check, CheckResult::Solved);
    }
}
