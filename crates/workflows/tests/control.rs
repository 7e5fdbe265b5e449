//! The office and many matters at once: all of what was asked, or of each matter nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;
#[macro_use]
#[path = "support/yunxi.rs"]
mod yunxi;

use rand_chacha::rand_core::Rng;
use rectification::{Complexity, GoalDraft, MatterEvent, MatterStage, MatterState};
use std::{collections::BTreeSet, sync::Arc};
use storage::{
    audit_log, co_units, evidence,
    matters::{self, Matter},
};
use tokio::task::JoinSet;
use vocabulary::{MatterId, Role, UnitId};
use workflows::{
    Actor, Assignment, NewEvidence, Refusal, SeenMatter, VerbError, add_evidence, assign_matters,
    save_draft, step_matter, withdraw_evidence,
};
use yunxi::{City, clerk, now};

on_both_databases!(
    two_hundred_matters_are_given_at_once_and_again_to_nobody,
    of_eight_officers_at_once_each_matter_hears_one,
    what_somebody_else_moved_is_named_and_the_rest_is_done,
    a_unit_that_helps_reads_and_keeps_words_but_does_not_answer,
    a_unit_that_helps_adds_files_and_takes_back_its_own_only,
    a_matter_taken_back_goes_to_another_unit_with_its_problem,
    what_is_asked_wrongly_gives_nothing,
);

fn of(account: &str, role: Role, unit: Option<&str>) -> Actor {
    Actor {
        account: account.into(),
        name: account.to_owned(),
        role,
        unit: unit.map(UnitId::new),
        body: None,
    }
}

fn liaison(unit: &str) -> Actor {
    of(&format!("liaison-{unit}"), Role::UnitLiaison, Some(unit))
}

fn number(n: usize) -> String {
    format!("ZG-2026Q3-{n:04}")
}

async fn waiting(city: &City, numbers: std::ops::RangeInclusive<usize>) {
    let state = MatterState::new();
    let tx = city.app.store().begin().await.unwrap();
    for n in numbers {
        let matter = Matter {
            id: number(n),
            round_id: city.round.to_string(),
            unit_id: "D12".into(),
            title: "办事慢".into(),
            problem: "办事慢".into(),
            requirement: "[]".into(),
            state: serde_json::to_string(&state).unwrap(),
            state_code: state.stage().code().into(),
            due: None,
            public: false,
            version: 1,
        };
        matters::insert_matter(&tx, matter).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn seen(numbers: impl IntoIterator<Item = usize>) -> BTreeSet<SeenMatter> {
    let one = |n| SeenMatter {
        id: MatterId::new(number(n)),
        version: 1,
    };
    numbers.into_iter().map(one).collect()
}

fn to(unit: &str, with: &[&str]) -> Assignment {
    Assignment {
        unit: (!unit.is_empty()).then(|| UnitId::new(unit)),
        with: with.iter().map(|unit| UnitId::new(*unit)).collect(),
        complexity: None,
    }
}

async fn row(city: &City, n: usize) -> Matter {
    let found = matters::find_matter(city.app.store(), &number(n)).await;
    found.unwrap().unwrap()
}

/// Stages, units, events and problems of all matters.
async fn all(city: &City) -> Vec<(String, String, i32, usize, usize)> {
    let store = city.app.store();
    let mut found = Vec::new();
    for row in matters::list_matters(store, &city.round).await.unwrap() {
        let events = matters::list_matter_events(store, &row.id).await.unwrap();
        let problems = matters::list_problems_of_matter(store, &row.id)
            .await
            .unwrap();
        let (events, problems) = (events.len(), problems.len());
        found.push((row.state_code, row.unit_id, row.version, events, problems));
    }
    found
}

fn given(unit: &str) -> (String, String, i32, usize, usize) {
    (MatterStage::Assigned.code().into(), unit.into(), 2, 1, 1)
}

async fn two_hundred_matters_are_given_at_once_and_again_to_nobody(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    waiting(&city, 1..=200).await;
    let goal = Assignment {
        complexity: Some(Complexity::Complex),
        ..to("D20", &["D05", "D07"])
    };
    let give = async || assign_matters(&city.app, &clerk(), &seen(1..=200), &goal, now()).await;

    assert!(give().await.unwrap().is_empty());

    assert_eq!(all(&city).await, vec![given("D20"); 200]);
    let state: MatterState = serde_json::from_str(&row(&city, 7).await.state).unwrap();
    assert_eq!(state.record().complexity, Complexity::Complex);
    let helping = co_units::list_co_units(city.app.store(), &[&number(7)]).await;
    assert_eq!(helping.unwrap()[&number(7)].len(), 2);
    assert_eq!(give().await.unwrap().len(), 200);
    assert_eq!(all(&city).await, vec![given("D20"); 200]);
}

async fn of_eight_officers_at_once_each_matter_hears_one(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = make().await else { return };
    waiting(&city, 1..=20).await;
    let city = Arc::new(city);
    let mut giving = JoinSet::new();
    for officer in 0..8 {
        let city = city.clone();
        giving.spawn(async move {
            let who = of(&format!("clerk{officer}"), Role::OfficeClerk, None);
            let goal = to("D20", &[]);
            let left = assign_matters(&city.app, &who, &seen(1..=20), &goal, now()).await;
            20 - left.unwrap().len()
        });
    }

    let done: usize = giving.join_all().await.into_iter().sum();

    assert_eq!(done, 20);
    assert_eq!(all(&city).await, vec![given("D20"); 20]);
}

async fn what_somebody_else_moved_is_named_and_the_rest_is_done(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    waiting(&city, 1..=5).await;
    let first = of("林珊", Role::OfficeLeader, None);
    let give = async |who: &Actor, what, unit: &str| {
        assign_matters(&city.app, who, &seen(what), &to(unit, &[]), now()).await
    };
    give(&first, vec![2, 4], "D05").await.unwrap();

    let left = give(&clerk(), vec![1, 2, 3, 4, 5, 99], "D20")
        .await
        .unwrap();

    let words: Vec<String> = left.iter().map(|(id, why)| format!("{id} {why}")).collect();
    assert_eq!(words.len(), 3, "{words:?}");
    for (words, n) in words.iter().zip([2, 4]) {
        assert!(words.starts_with(&number(n)), "{words}");
        assert!(
            words.contains("林珊（评价办负责人）已在 10 月 8 日 09:00 办了“交办”"),
            "{words}"
        );
    }
    assert!(matches!(left[2].1, Refusal::MatterUnknown(_)));
    let units: Vec<_> = all(&city).await.into_iter().map(|row| row.1).collect();
    assert_eq!(units.iter().filter(|unit| *unit == "D05").count(), 2);
    assert_eq!(units.iter().filter(|unit| *unit == "D20").count(), 3);
    let log = audit_log::list_latest(city.app.store(), 1_000)
        .await
        .unwrap();
    let given = log.iter().filter(|event| event.action == "assign_matter");
    assert_eq!(given.count(), 5);
}

async fn a_unit_that_helps_reads_and_keeps_words_but_does_not_answer(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    waiting(&city, 1..=1).await;
    let goal = to("D20", &["D05"]);
    let id = MatterId::new(number(1));
    let keep = async |unit: &str| {
        let fields = [("text".to_owned(), "材料".to_owned())].into();
        save_draft(&city.app, &liaison(unit), &id, "report", &fields, now()).await
    };
    assert!(keep("D12").await.is_err(), "what waits is nobody's yet");
    assign_matters(&city.app, &clerk(), &seen([1]), &goal, now())
        .await
        .unwrap();

    let sign = async |unit: &str| {
        step_matter(
            &city.app,
            &liaison(unit),
            &id,
            MatterEvent::Sign,
            None,
            now(),
        )
        .await
    };

    for unit in ["D20", "D05"] {
        keep(unit).await.unwrap();
    }
    for unit in ["D12", "D05"] {
        let refused = sign(unit).await;
        assert!(
            matches!(refused, Err(VerbError::Refused(Refusal::NotYours))),
            "{unit}"
        );
    }
    assert!(keep("D12").await.is_err());
    sign("D20").await.unwrap();
}

async fn a_unit_that_helps_adds_files_and_takes_back_its_own_only(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    waiting(&city, 1..=1).await;
    let id = MatterId::new(number(1));
    let goal = to("D20", &["D05"]);
    assign_matters(&city.app, &clerk(), &seen([1]), &goal, now())
        .await
        .unwrap();
    for event in [MatterEvent::Sign, MatterEvent::Plan { goal: plan() }] {
        step_matter(&city.app, &liaison("D20"), &id, event, None, now())
            .await
            .unwrap();
    }
    let add = async |unit: &str, bytes: &[u8]| {
        let new = NewEvidence {
            name: "材料.pdf",
            bytes: bytes.to_vec(),
            virus_check: None,
        };
        let mut rng = city.rng.clone();
        for _ in 0..unit.len() + bytes.len() {
            rng.next_u64();
        }
        add_evidence(&city.app, &liaison(unit), &id, new, now(), &mut rng).await
    };
    add("D05", b"%PDF-1.7 help").await.unwrap();
    add("D20", b"%PDF-1.7 own").await.unwrap();
    assert!(add("D12", b"%PDF-1.7 stranger").await.is_err());
    let files = evidence::list_evidence(city.app.store(), &number(1)).await;
    let of_leader = files.unwrap().into_iter();
    let of_leader = of_leader.filter(|file| file.added_by == "liaison-D20");
    let file = of_leader.map(|file| file.id).next().unwrap();
    let withdraw =
        async |unit: &str| withdraw_evidence(&city.app, &liaison(unit), &id, &file, now()).await;
    assert!(withdraw("D05").await.is_err());
    withdraw("D20").await.unwrap();
}

fn plan() -> GoalDraft {
    GoalDraft {
        measure: "增设两个窗口".into(),
        standard: "等候不超过十分钟".into(),
        due: "2026-10-20".parse().ok(),
        person: "窗口科科长".into(),
    }
}

async fn a_matter_taken_back_goes_to_another_unit_with_its_problem(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    waiting(&city, 1..=1).await;
    assign_matters(&city.app, &clerk(), &seen([1]), &to("", &[]), now())
        .await
        .unwrap();
    let id = MatterId::new(number(1));
    let reason = "属住建局职责".to_owned();
    for (who, event) in [
        (liaison("D12"), MatterEvent::Return { reason }),
        (clerk(), MatterEvent::AcceptReturn),
    ] {
        step_matter(&city.app, &who, &id, event, None, now())
            .await
            .unwrap();
    }
    let version = row(&city, 1).await.version;
    let again = [SeenMatter { id, version }].into();
    let later = now() + chrono::Duration::days(5);

    let left = assign_matters(&city.app, &clerk(), &again, &to("D20", &[]), later).await;

    assert!(left.unwrap().is_empty());
    let problems = matters::list_problems_of_matter(city.app.store(), &number(1))
        .await
        .unwrap();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].unit_id, "D20");
    assert_eq!(problems[0].registered_on, "2026-10-08".parse().unwrap());
    assert_eq!(problems[0].due, Some("2026-10-27".parse().unwrap()));
}

async fn what_is_asked_wrongly_gives_nothing(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = make().await else { return };
    waiting(&city, 1..=2).await;
    let give = async |who: &Actor, what: Vec<usize>, goal: Assignment| {
        assign_matters(&city.app, who, &seen(what), &goal, now()).await
    };

    assert!(give(&clerk(), vec![], to("D20", &[])).await.is_err());
    assert!(give(&clerk(), vec![1], to("D999", &[])).await.is_err());
    assert!(give(&clerk(), vec![1], to("D20", &["D999"])).await.is_err());
    assert!(
        give(&liaison("D12"), vec![1], to("D20", &[]))
            .await
            .is_err()
    );
    let both = give(&clerk(), vec![1, 2], to("", &["D12"])).await.unwrap();
    assert_eq!(both.len(), 2);
    let still: Vec<_> = all(&city).await.into_iter().map(|row| row.0).collect();
    assert_eq!(still, ["sorted", "sorted"]);
}
