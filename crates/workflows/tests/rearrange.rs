//! Matters merged and split before a unit has signed: no opinion is lost, and no unit can tell a few from the many.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;
#[macro_use]
#[path = "support/yunxi.rs"]
mod yunxi;

use rand_chacha::rand_core::Rng;
use rectification::{MatterEvent, MatterStage, MatterState, Record};
use std::{collections::BTreeSet, sync::Arc};
use storage::{
    matters::{self, Matter},
    opinions::{self, Opinion},
};
use tokio::task::JoinSet;
use vocabulary::{MatterId, OpinionId, Role, UnitId};
use workflows::{
    Actor, Assignment, Named, Part, SeenMatter, Verb, VerbError, assign_matters, merge_matters,
    split_matter, step_matter,
};
use yunxi::{City, clerk, now};

on_both_databases!(
    merged_matters_keep_every_source_and_problem_and_say_where_they_went,
    of_eight_merges_at_once_one_counts_and_nothing_is_half_done,
    a_part_becomes_a_matter_that_waits_and_both_count_their_own_sources,
    a_small_part_of_what_a_unit_has_seen_is_for_who_releases_words,
    what_a_unit_has_signed_for_stays_as_it_is,
);

fn leader() -> Actor {
    Actor {
        role: Role::OfficeLeader,
        ..clerk()
    }
}

fn number(n: usize) -> String {
    format!("ZG-2026Q3-{n:04}")
}

fn said(n: usize, from: usize, to: usize) -> BTreeSet<OpinionId> {
    (from..=to)
        .map(|at| OpinionId::new(format!("O{n}-{at:02}")))
        .collect()
}

/// A matter that waits for D12, of so many opinions.
async fn waiting(city: &City, n: usize, voices: usize) {
    let state = MatterState::Sorted {
        record: Record::default(),
    };
    let ids = said(n, 1, voices);
    let tx = city.app.store().begin().await.unwrap();
    let matter = Matter {
        id: number(n),
        round_id: city.round.to_string(),
        unit_id: "D12".into(),
        title: "办事慢".into(),
        problem: "办事慢".into(),
        requirement: serde_json::to_string(&ids).unwrap(),
        state: serde_json::to_string(&state).unwrap(),
        state_code: state.stage().code().into(),
        due: None,
        public: false,
        version: 1,
    };
    matters::insert_matter(&tx, matter).await.unwrap();
    let row = |id: &OpinionId| Opinion {
        id: id.to_string(),
        round_id: city.round.to_string(),
        channel: "survey".into(),
        unit_id: Some("D12".into()),
        kind: "criticism".into(),
        text_redacted: "窗口排队太久".into(),
        reasons: "[]".into(),
        masked: 0,
        state: "in_matter".into(),
        matter_id: Some(number(n)),
        receipt_hash: Some(format!("receipt of {id}")),
        level: None,
        import_batch_id: None,
        words_review: "passed".into(),
        reviewed_by: Some("clerk".into()),
    };
    let rows = ids.iter().map(row).collect();
    opinions::insert_opinions(&tx, rows).await.unwrap();
    tx.commit().await.unwrap();
}

async fn row(city: &City, n: usize) -> Matter {
    let found = matters::find_matter(city.app.store(), &number(n)).await;
    found.unwrap().unwrap()
}

async fn seen(city: &City, n: usize) -> SeenMatter {
    SeenMatter {
        id: MatterId::new(number(n)),
        version: row(city, n).await.version,
    }
}

async fn give(city: &City, numbers: &[usize], unit: &str) {
    let mut all = BTreeSet::new();
    for n in numbers {
        all.insert(seen(city, *n).await);
    }
    let to = Assignment {
        unit: Some(UnitId::new(unit)),
        ..Assignment::default()
    };
    let left = assign_matters(&city.app, &clerk(), &all, &to, now()).await;
    assert!(left.unwrap().is_empty());
}

fn named(title: &str) -> Named {
    Named {
        title: title.to_owned(),
        problem: format!("群众反映：{title}"),
    }
}

/// The opinions that lead a receipt to a matter.
async fn led_to(city: &City, n: usize) -> BTreeSet<OpinionId> {
    let rows = opinions::list_opinions_of_matter(city.app.store(), &number(n)).await;
    let rows = rows.unwrap().into_iter();
    let led = rows.filter(|row| row.receipt_hash == Some(format!("receipt of {}", row.id)));
    led.map(|row| OpinionId::new(row.id)).collect()
}

fn sources(row: &Matter) -> BTreeSet<OpinionId> {
    serde_json::from_str(&row.requirement).unwrap()
}

fn code<T: std::fmt::Debug>(refused: Verb<T>) -> &'static str {
    match refused {
        Err(VerbError::Refused(refusal)) => refusal.code(),
        other => panic!("{other:?}"),
    }
}

async fn merged_matters_keep_every_source_and_problem_and_say_where_they_went(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    for n in 1..=3 {
        waiting(&city, n, 4).await;
    }
    give(&city, &[2], "D20").await;
    let from = [seen(&city, 2).await, seen(&city, 3).await].into();
    let into = seen(&city, 1).await;

    merge_matters(&city.app, &clerk(), &into, &from, &named("排队久"), now())
        .await
        .unwrap();

    let all: BTreeSet<OpinionId> = (1..=3).flat_map(|n| said(n, 1, 4)).collect();
    let kept = row(&city, 1).await;
    assert_eq!((sources(&kept), led_to(&city, 1).await), (all.clone(), all));
    assert_eq!((kept.title.as_str(), kept.version), ("排队久", 2));
    for n in [2, 3] {
        went_into(&city, n, &into.id).await;
    }
    give(&city, &[1], "D05").await;
    let problems = matters::list_problems_of_matter(city.app.store(), &number(1)).await;
    let problems: Vec<_> = problems
        .unwrap()
        .into_iter()
        .map(|problem| (problem.reg_no, problem.unit_id))
        .collect();
    assert_eq!(problems, [("GH-2026Q3-0002".into(), "D05".into())]);
    let again = merge_matters(&city.app, &clerk(), &into, &from, &named("排队久"), now()).await;
    assert_eq!(code(again), "WF-127");
}

/// The matter says where it went and keeps its own list, and no receipt leads to it any more.
async fn went_into(city: &City, n: usize, into: &MatterId) {
    let gone = row(city, n).await;
    let state: MatterState = serde_json::from_str(&gone.state).unwrap();
    let says = matches!(&state, MatterState::Merged { into: it, .. } if it == into);
    assert!(says && gone.due.is_none(), "{gone:?}");
    assert_eq!(sources(&gone), said(n, 1, 4));
    assert!(led_to(city, n).await.is_empty());
}

async fn of_eight_merges_at_once_one_counts_and_nothing_is_half_done(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    for n in 1..=4 {
        waiting(&city, n, 2).await;
    }
    let city = Arc::new(city);
    let mut merging = JoinSet::new();
    for at in 0..8 {
        let city = city.clone();
        merging.spawn(async move {
            let one = |n| SeenMatter {
                id: MatterId::new(number(n)),
                version: 1,
            };
            let into = at % 4 + 1;
            let from = (1..=4).filter(|n| *n != into).map(one).collect();
            let name = named("排队久");
            merge_matters(&city.app, &clerk(), &one(into), &from, &name, now()).await
        });
    }

    let done = merging.join_all().await;

    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
    for refused in done.into_iter().filter(Result::is_err) {
        assert_eq!(code(refused), "WF-127");
    }
    let rows = matters::list_matters(city.app.store(), &city.round)
        .await
        .unwrap();
    let open = rows
        .iter()
        .filter(|row| row.state_code != MatterStage::Merged.code());
    assert_eq!(open.map(|row| sources(row).len()).collect::<Vec<_>>(), [8]);
}

async fn a_part_becomes_a_matter_that_waits_and_both_count_their_own_sources(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    waiting(&city, 1, 6).await;
    let part = |opinions| Part {
        opinions,
        new: named("停车难"),
        rest: named("排队久"),
    };
    let split = async |opinions| {
        let seen = seen(&city, 1).await;
        split_matter(&city.app, &clerk(), &seen, &part(opinions), now()).await
    };
    for wrong in [BTreeSet::new(), said(1, 1, 6), said(2, 1, 1)] {
        assert_eq!(code(split(wrong).await), "WF-120");
    }

    let id = split(said(1, 1, 2)).await.unwrap();

    assert_eq!(id.as_str(), number(2));
    let (rest, new) = (row(&city, 1).await, row(&city, 2).await);
    assert_eq!(new.state_code, MatterStage::Sorted.code());
    assert_eq!(
        (sources(&rest), led_to(&city, 1).await),
        (said(1, 3, 6), said(1, 3, 6))
    );
    assert_eq!(
        (sources(&new), led_to(&city, 2).await),
        (said(1, 1, 2), said(1, 1, 2))
    );
    assert_eq!(
        (rest.title.as_str(), new.title.as_str()),
        ("排队久", "停车难")
    );
    let late = SeenMatter {
        id: MatterId::new(number(1)),
        version: 1,
    };
    let late = split_matter(&city.app, &clerk(), &late, &part(said(1, 3, 3)), now()).await;
    assert_eq!(code(late), "WF-127");
    // Both go on like any other.
    give(&city, &[1, 2], "D12").await;
}

async fn a_small_part_of_what_a_unit_has_seen_is_for_who_releases_words(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    waiting(&city, 1, 12).await;
    give(&city, &[1], "D12").await;
    let split = async |who: &Actor, opinions| {
        let part = Part {
            opinions,
            new: named("停车难"),
            rest: named("排队久"),
        };
        split_matter(&city.app, who, &seen(&city, 1).await, &part, now()).await
    };

    for (from, to) in [(1, 4), (1, 8)] {
        assert_eq!(code(split(&clerk(), said(1, from, to)).await), "WF-101");
    }
    split(&clerk(), said(1, 1, 5)).await.unwrap();
    split(&leader(), said(1, 6, 7)).await.unwrap();

    assert_eq!(led_to(&city, 1).await.len(), 5);
    assert_eq!(row(&city, 1).await.state_code, MatterStage::Assigned.code());
    assert!(row(&city, 1).await.due.is_some(), "its limit goes on");
}

async fn what_a_unit_has_signed_for_stays_as_it_is(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = make().await else { return };
    for n in 1..=2 {
        waiting(&city, n, 6).await;
    }
    give(&city, &[1], "D12").await;
    let liaison = Actor {
        role: Role::UnitLiaison,
        unit: Some(UnitId::new("D12")),
        ..clerk()
    };
    let id = MatterId::new(number(1));
    step_matter(&city.app, &liaison, &id, MatterEvent::Sign, None, now())
        .await
        .unwrap();
    let (one, two) = (seen(&city, 1).await, seen(&city, 2).await);
    let part = Part {
        opinions: said(1, 1, 1),
        new: named("停车难"),
        rest: named("排队久"),
    };

    let name = named("排队久");
    let (first, second) = ([one.clone()].into(), [two.clone()].into());
    let into_other = merge_matters(&city.app, &clerk(), &two, &first, &name, now()).await;
    let into_it = merge_matters(&city.app, &clerk(), &one, &second, &name, now()).await;
    let split = split_matter(&city.app, &leader(), &one, &part, now()).await;
    let unit = merge_matters(&city.app, &liaison, &two, &first, &name, now()).await;

    assert_eq!([code(into_other), code(into_it)], ["WF-127"; 2]);
    assert_eq!([code(split.map(drop)), code(unit)], ["WF-127", "WF-101"]);
    for n in [1, 2] {
        assert_eq!(led_to(&city, n).await, said(n, 1, 6));
    }
    assert_eq!(row(&city, 2).await.version, 1);
    assert_ne!(city.rng.clone().next_u64(), 0);
}
