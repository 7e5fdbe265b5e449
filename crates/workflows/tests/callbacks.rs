//! Callbacks are drawn by numbers anybody can compute, and a drawn matter is solved only once somebody was called.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;
#[macro_use]
#[path = "support/yunxi.rs"]
mod yunxi;

use rand_chacha::rand_core::Rng as _;
use rectification::{CheckResult, Finding, Goal, GoalDraft, MatterEvent, MatterState, Record};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use storage::{
    audit_log,
    callbacks::{self, Callback},
    matters::{self, Matter},
};
use vocabulary::{MatterId, Role};
use workflows::{Actor, CallsMade, VerbError, draw_callbacks, record_calls, step_matter};
use yunxi::{City, clerk, now};

on_both_databases!(
    a_large_unit_is_called_back_by_its_smallest_numbers_and_a_small_one_whole,
    a_later_draw_keeps_the_seed_and_what_was_drawn,
    a_drawn_matter_is_solved_only_after_a_call,
    calls_are_written_once_by_somebody_else_than_who_reported,
);

/// Before what the tests do.
const REPORTED_AT: &str = "2026-10-07T01:00:00Z";

impl City {
    async fn reported(&self, unit: &str, numbers: std::ops::RangeInclusive<u32>) {
        let draft = GoalDraft {
            measure: "增设两个综合窗口".into(),
            standard: "平均等候不超过 15 分钟".into(),
            due: "2026-10-30".parse().ok(),
            person: "周敏（政务服务科科长）".into(),
        };
        let result = String::from("已增设两个窗口");
        let state = MatterState::Reported {
            record: Record::default(),
            goal: Goal::parse(draft, "2026-10-01".parse().unwrap()).unwrap(),
            result: result.clone(),
            verify_by: "2026-10-20".parse().unwrap(),
        };
        let tx = self.app.store().begin().await.unwrap();
        for number in numbers {
            let matter = Matter {
                id: format!("ZG-2026Q3-{number:04}"),
                round_id: self.round.to_string(),
                unit_id: unit.into(),
                title: "窗口排队久".into(),
                problem: "12 条意见反映：窗口排队久".into(),
                requirement: "[]".into(),
                state: serde_json::to_string(&state).unwrap(),
                state_code: "reported".into(),
                due: state.due(),
                public: false,
                version: 1,
            };
            let (id, at) = (matter.id.clone(), REPORTED_AT.parse().unwrap());
            matters::insert_matter(&tx, matter).await.unwrap();
            let event = MatterEvent::Report {
                result: result.clone(),
            };
            let event = serde_json::to_string(&event).unwrap();
            matters::append_matter_event(&tx, &id, at, "周敏", "unit_liaison", &event)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn draw(&self, seed: Option<u64>) -> Result<(u64, usize, usize), String> {
        let drawn = draw_callbacks(&self.app, &clerk(), &self.round, seed, now()).await;
        told(drawn.map(|draw| (draw.seed, draw.frame, draw.drawn)))
    }

    async fn frame(&self) -> Vec<Callback> {
        callbacks::list_callbacks(self.app.store(), &self.round)
            .await
            .unwrap()
    }

    async fn drawn(&self, unit: &str) -> BTreeSet<String> {
        let frame = self.frame().await.into_iter();
        let drawn = frame.filter(|row| row.drawn && row.unit_id == unit);
        drawn.map(|row| row.matter_id).collect()
    }

    async fn call(&self, who: &Actor, version: i32, called: u32) -> Result<(), String> {
        let made = CallsMade {
            matter: &FIRST.into(),
            version,
            called,
            satisfied: 1,
            note: "电话回访",
        };
        told(record_calls(&self.app, who, &made, now()).await)
    }

    async fn verify(&self, check: CheckResult) -> Result<(), String> {
        let finding = Finding {
            check,
            called: 3,
            satisfied: 1,
            note: "看过现场".into(),
        };
        let (id, event) = (MatterId::new(FIRST), MatterEvent::Verify { finding });
        told(step_matter(&self.app, &clerk(), &id, event, None, now()).await)
    }
}

const FIRST: &str = "ZG-2026Q3-0001";

fn told<T>(done: Result<T, VerbError>) -> Result<T, String> {
    done.map_err(|error| match error {
        VerbError::Refused(refusal) => refusal.code().to_owned(),
        other => panic!("{other}"),
    })
}

/// The number as the documentation says it, without our code.
fn number(seed: u64, matter: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(b"C");
    hash.update(matter);
    hex::encode(&hash.finalize()[..8])
}

async fn a_large_unit_is_called_back_by_its_smallest_numbers_and_a_small_one_whole(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    assert_eq!(
        city.draw(Some(7)).await,
        Err("WF-120".into()),
        "nothing is reported"
    );
    city.reported("D02", 1..=21).await;
    city.reported("D03", 22..=40).await;
    assert_eq!(
        city.draw(None).await,
        Err("WF-120".into()),
        "a seed is needed"
    );

    assert_eq!(city.draw(Some(7)).await, Ok((7, 40, 26)));

    let mut of_large: Vec<_> = (1..=21)
        .map(|n| format!("ZG-2026Q3-{n:04}"))
        .map(|id| (number(7, &id), id))
        .collect();
    of_large.sort();
    let expected: BTreeSet<_> = of_large.into_iter().take(7).map(|(_, id)| id).collect();
    assert_eq!(city.drawn("D02").await, expected, "30 % of 21, rounded up");
    assert_eq!(
        city.drawn("D03").await.len(),
        19,
        "fewer than 20 are all called back"
    );
    assert!(
        city.frame()
            .await
            .iter()
            .all(|row| row.number == number(7, &row.matter_id))
    );
}

async fn a_later_draw_keeps_the_seed_and_what_was_drawn(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let first = city.rng.next_u64();
    city.reported("D02", 1..=5).await;
    city.draw(Some(first)).await.unwrap();
    let before = city.drawn("D02").await;
    city.reported("D02", 6..=40).await;

    let other = Some(first ^ 1);
    assert_eq!(city.draw(other).await, Err("WF-120".into()));
    let (seed, frame, drawn) = city.draw(None).await.unwrap();

    assert_eq!((seed, frame), (first, 40));
    assert!(drawn >= 12 && city.drawn("D02").await.is_superset(&before));
    assert_eq!(
        city.draw(None).await,
        Ok((first, 40, drawn)),
        "again changes nothing"
    );
}

async fn a_drawn_matter_is_solved_only_after_a_call(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = make().await else { return };
    city.reported("D02", 1..=2).await;
    city.draw(Some(7)).await.unwrap();

    assert_eq!(city.verify(CheckResult::Solved).await, Err("WF-120".into()));
    city.call(&clerk(), 1, 3).await.unwrap();
    assert_eq!(city.verify(CheckResult::Solved).await, Ok(()));
}

async fn calls_are_written_once_by_somebody_else_than_who_reported(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    city.reported("D02", 1..=1).await;
    assert_eq!(
        city.call(&clerk(), 1, 1).await,
        Err("WF-122".into()),
        "not drawn"
    );
    city.draw(Some(7)).await.unwrap();
    let reporter = Actor {
        name: "周敏".into(),
        ..clerk()
    };
    let liaison = Actor {
        role: Role::UnitLiaison,
        ..clerk()
    };

    assert_eq!(city.call(&liaison, 1, 1).await, Err("WF-101".into()));
    assert_eq!(city.call(&reporter, 1, 1).await, Err("WF-108".into()));
    assert_eq!(
        city.call(&clerk(), 1, 0).await,
        Err("WF-120".into()),
        "nobody was called"
    );
    let who = clerk();
    let click = || city.call(&who, 1, 2);
    let (a, b, c, d) = tokio::join!(click(), click(), click(), click());

    let done = [a, b, c, d].iter().filter(|one| one.is_ok()).count();
    let row = city.frame().await.remove(0);
    assert_eq!((done, row.called, row.satisfied, row.version), (1, 2, 1, 2));
    let audited = audit_log::list_latest(city.app.store(), 50).await.unwrap();
    assert_eq!(
        audited
            .iter()
            .filter(|one| one.action == "record_calls")
            .count(),
        1
    );
}
