use crate::stores::{day, now, on_both_databases, round, round_id, with_round, write};
use storage::{
    StorageError, Store, co_units,
    follow_up_ratings::{self, FollowUpRating},
    matters::{self, Matter, Problem},
    opinions::{self, Opinion},
    rounds,
};

on_both_databases!(
    of_two_changes_read_from_one_version_the_second_is_refused,
    events_of_a_matter_are_numbered_from_one,
    a_problem_changes_only_from_the_version_that_was_read,
    open_problems_of_every_round_are_listed_and_closed_ones_of_one_round,
    a_unit_finds_what_it_helps_with_and_nothing_that_waits_for_a_unit,
    opinions_become_part_of_a_matter,
    a_receipt_rates_a_matter_once_however_many_copies_arrive,
);

fn matter() -> Matter {
    Matter {
        id: "M1".into(),
        round_id: "2026Q3".into(),
        unit_id: "D01".into(),
        title: "窗口排队久".into(),
        problem: "平均等候 40 分钟".into(),
        requirement: "{}".into(),
        state: "{}".into(),
        state_code: "assigned".into(),
        due: Some(day("2026-10-12")),
        public: true,
        version: 1,
    }
}

async fn with_matter(store: &Store) {
    with_round(store).await;
    write(store, async |tx| matters::insert_matter(tx, matter()).await)
        .await
        .unwrap();
}

async fn of_two_changes_read_from_one_version_the_second_is_refused(store: Store) {
    with_matter(&store).await;
    let read = matters::find_matter(&store, "M1").await.unwrap().unwrap();
    let change = async |state_code: &str| {
        let changed = Matter {
            state_code: state_code.into(),
            ..read.clone()
        };
        write(&store, async |tx| matters::update_matter(tx, changed).await).await
    };

    let (first, second) = (change("signed").await, change("returned").await);

    assert_eq!(first, Ok(()));
    assert!(matches!(second, Err(StorageError::Conflict(_))));
    let expected = Matter {
        state_code: "signed".into(),
        version: 2,
        ..matter()
    };
    let of_round = matters::list_matters(&store, &round_id()).await.unwrap();
    assert_eq!(of_round, std::slice::from_ref(&expected));
    let of_unit = matters::list_matters_of_unit(&store, "D01").await.unwrap();
    assert_eq!(of_unit, [expected]);
}

async fn a_unit_finds_what_it_helps_with_and_nothing_that_waits_for_a_unit(store: Store) {
    with_matter(&store).await;
    let helping = |units: &[&str]| units.iter().map(|unit| (*unit).to_owned()).collect();
    for units in [helping(&["D02", "D03"]), helping(&["D02"])] {
        write(&store, async |tx| {
            co_units::set_co_units(tx, "M1", &units).await
        })
        .await
        .unwrap();
    }
    let of_unit = async |unit: &str| {
        let found = matters::list_matters_of_unit(&store, unit).await.unwrap();
        found.len()
    };

    let found = co_units::list_co_units(&store, &["M1", "M2"]).await;
    assert_eq!(
        found.unwrap(),
        [("M1".to_owned(), helping(&["D02"]))].into()
    );
    let each = [
        of_unit("D01").await,
        of_unit("D02").await,
        of_unit("D03").await,
    ];
    assert_eq!(each, [1, 1, 0]);

    let waiting = Matter {
        state_code: "sorted".into(),
        ..matter()
    };
    write(&store, async |tx| matters::update_matter(tx, waiting).await)
        .await
        .unwrap();
    assert_eq!([of_unit("D01").await, of_unit("D02").await], [0, 0]);
}

async fn events_of_a_matter_are_numbered_from_one(store: Store) {
    with_matter(&store).await;
    for event in ["\"sign\"", "\"plan\""] {
        write(&store, async |tx| {
            matters::append_matter_event(tx, "M1", now(), "liaison", "unit_liaison", event).await
        })
        .await
        .unwrap();
    }

    let events = matters::list_matter_events(&store, "M1").await.unwrap();

    let events: Vec<_> = events
        .iter()
        .map(|e| (e.seq, e.event.as_str(), e.at))
        .collect();
    assert_eq!(events, [(1, "\"sign\"", now()), (2, "\"plan\"", now())]);
}

fn problem(reg_no: &str, round: &str, state: &str) -> Problem {
    Problem {
        reg_no: reg_no.into(),
        round_id: round.into(),
        unit_id: "D01".into(),
        matter_id: "M1".into(),
        state_code: state.into(),
        state: "{}".into(),
        registered_on: day("2026-10-09"),
        due: None,
        re_registrations: 0,
        version: 1,
    }
}

async fn open_problems_of_every_round_are_listed_and_closed_ones_of_one_round(store: Store) {
    with_matter(&store).await;
    write(&store, async |tx| {
        rounds::insert_round(tx, &round("2026Q2", 2)).await?;
        for (reg_no, of, state) in [
            ("G-4", "2026Q3", "closed"),
            ("G-3", "2026Q3", "called"),
            ("G-2", "2026Q2", "closed"),
            ("G-1", "2026Q2", "escalated"),
        ] {
            matters::insert_problem(tx, problem(reg_no, of, state)).await?;
        }
        Ok(())
    })
    .await
    .unwrap();

    let listed = matters::list_problems_until(&store, &round_id(), "closed")
        .await
        .unwrap();

    let numbers: Vec<_> = listed.iter().map(|row| row.reg_no.as_str()).collect();
    assert_eq!(numbers, ["G-1", "G-3", "G-4"]);
    let titles = matters::list_matter_titles(&store, ["M1".into(), "M2".into()].into())
        .await
        .unwrap();
    assert_eq!(titles, [("M1".into(), "窗口排队久".into())].into());
}

async fn a_problem_changes_only_from_the_version_that_was_read(store: Store) {
    with_matter(&store).await;
    let problem = problem("G-1", "2026Q3", "registered");
    write(&store, async |tx| {
        matters::insert_problem(tx, problem.clone()).await
    })
    .await
    .unwrap();
    let change = async || {
        let changed = Problem {
            re_registrations: 1,
            ..problem.clone()
        };
        write(&store, async |tx| {
            matters::update_problem(tx, changed).await
        })
        .await
    };

    let (first, second) = (change().await, change().await);

    assert_eq!(first, Ok(()));
    assert!(matches!(second, Err(StorageError::Conflict(_))));
    let found = matters::find_problem(&store, "G-1").await.unwrap().unwrap();
    assert_eq!((found.re_registrations, found.version), (1, 2));
    assert_eq!(
        matters::list_problems(&store, &round_id())
            .await
            .unwrap()
            .len(),
        1
    );
    let of_matter = matters::list_problems_of_matter(&store, "M1")
        .await
        .unwrap();
    assert_eq!(of_matter, [found]);
}

fn opinion(id: &str) -> Opinion {
    Opinion {
        id: id.into(),
        round_id: "2026Q3".into(),
        channel: "survey".into(),
        unit_id: Some("D01".into()),
        kind: "criticism".into(),
        text_redacted: "请打〔电话〕".into(),
        reasons: "[]".into(),
        masked: 1,
        state: "new".into(),
        matter_id: None,
        receipt_hash: Some("r".into()),
        import_batch_id: None,
        level: Some(2),
        words_review: "unseen".into(),
        reviewed_by: None,
    }
}

async fn opinions_become_part_of_a_matter(store: Store) {
    with_round(&store).await;
    let refused = write(&store, async |tx| {
        let of_file_and_receipt = Opinion {
            import_batch_id: Some("b1".into()),
            ..opinion("c")
        };
        opinions::insert_opinions(tx, vec![of_file_and_receipt]).await
    })
    .await;
    assert!(refused.is_err(), "who holds a receipt came with no file");
    write(&store, async |tx| {
        opinions::insert_opinions(tx, vec![opinion("b"), opinion("a")]).await?;
        opinions::assign_opinions(tx, &["b".into()], "M1", "assigned").await
    })
    .await
    .unwrap();

    let assigned = Opinion {
        matter_id: Some("M1".into()),
        state: "assigned".into(),
        ..opinion("b")
    };
    let round = round_id();
    let both = [opinion("a"), assigned.clone()];
    assert_eq!(opinions::list_opinions(&store, &round).await.unwrap(), both);
    assert_eq!(
        opinions::list_opinions_of_receipt(&store, vec!["r".into(), "s".into()])
            .await
            .unwrap(),
        both
    );
    let of_matter = opinions::list_opinions_of_matter(&store, "M1")
        .await
        .unwrap();
    assert_eq!(of_matter, [assigned]);
    let stale = write(&store, async |tx| {
        opinions::update_opinion(tx, opinion("b"), &opinion("b")).await
    })
    .await;
    assert!(matches!(stale, Err(StorageError::Conflict(_))));
    assert_eq!(
        opinions::find_opinion(&store, "a").await.unwrap(),
        Some(opinion("a"))
    );
}

async fn a_receipt_rates_a_matter_once_however_many_copies_arrive(store: Store) {
    with_matter(&store).await;
    let rating = |hash: &str, level| FollowUpRating {
        once_hash: hash.into(),
        matter_id: "M1".into(),
        level,
        text_redacted: "还是要排队".into(),
        masked: 0,
    };
    let rate = |rating: FollowUpRating| {
        let store = store.clone();
        tokio::spawn(async move {
            write(&store, async |tx| {
                follow_up_ratings::insert_rating(tx, rating).await
            })
            .await
        })
    };

    let copies: Vec<_> = (0..8).map(|_| rate(rating("b", 2))).collect();
    let mut taken = 0;
    for copy in copies {
        match copy.await.unwrap() {
            Ok(()) => taken += 1,
            Err(refused) => assert!(matches!(refused, StorageError::Conflict(_)), "{refused}"),
        }
    }

    assert_eq!(taken, 1);
    rate(rating("a", 1)).await.unwrap().unwrap();
    rate(rating("c", 4)).await.unwrap().unwrap();
    let listed = follow_up_ratings::list_ratings(&store, "M1").await.unwrap();
    assert_eq!(listed, [rating("a", 1), rating("b", 2), rating("c", 4)]);
    let found = follow_up_ratings::find_rating(&store, "c").await.unwrap();
    assert_eq!(found, Some(rating("c", 4)));
    let bad = follow_up_ratings::count_ratings(&store, [2, 1])
        .await
        .unwrap();
    assert_eq!(bad.into_iter().collect::<Vec<_>>(), [("M1".to_owned(), 2)]);
}
