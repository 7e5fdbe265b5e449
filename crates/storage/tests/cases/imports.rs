use crate::stores::{day, now, on_both_databases, round_id, with_round, write};
use storage::{
    StorageError, Store,
    imports::{
        self, BatchState, HallOrigin, HallRating, HallVolume, HotlineOrder, ImportBatch,
        ImportIssue, SurveyRating, Upserted,
    },
    pairing_ratings::{self, PairingRating},
};

on_both_databases!(
    a_batch_has_its_own_number_and_is_found_by_its_file,
    the_same_hall_rows_again_change_nothing,
    a_changed_hotline_order_takes_the_place_of_the_old_one,
    thousands_of_survey_answers_come_back_in_order,
    a_pairing_rater_rates_a_unit_once,
);

fn batch(id: &str) -> ImportBatch {
    ImportBatch {
        id: id.into(),
        round_id: "2026Q3".into(),
        channel: "hall".into(),
        file_name: "好差评.csv".into(),
        file_sha256: "f".into(),
        mapping: "built-in".into(),
        state: BatchState::Applied,
        rows_total: 3,
        new_rows: 0,
        same_rows: 0,
        changed_rows: 0,
        duplicate_rows: 0,
        rejected_rows: 1,
        created_at: now(),
        created_by: "clerk".into(),
    }
}

async fn a_batch_has_its_own_number_and_is_found_by_its_file(store: Store) {
    with_round(&store).await;
    let issue = ImportIssue {
        batch_id: "b1".into(),
        seq: 0,
        sheet: String::new(),
        row_no: 3,
        col: "满意度".into(),
        code: "RI-201".into(),
        message: "不在选项内".into(),
        remedy: "改为五级之一".into(),
    };
    write(&store, async |tx| {
        imports::insert_batch(tx, batch("b1")).await?;
        imports::insert_issues(tx, vec![issue.clone()]).await
    })
    .await
    .unwrap();

    let again = write(&store, async |tx| {
        imports::insert_batch(tx, batch("b1")).await
    })
    .await;
    let applied = ImportBatch {
        new_rows: 2,
        ..batch("b1")
    };
    let updated = write(&store, async |tx| {
        imports::update_batch(tx, applied.clone()).await
    })
    .await;

    assert!(matches!(again, Err(StorageError::Conflict(_))));
    assert_eq!(updated, Ok(true));
    let round = round_id();
    assert_eq!(
        imports::find_batch(&store, "b1").await.unwrap(),
        Some(applied.clone())
    );
    let by_file = imports::find_batch_by_file(&store, &round, "hall", "f")
        .await
        .unwrap();
    assert_eq!(by_file, Some(applied.clone()));
    assert_eq!(
        imports::list_batches(&store, &round).await.unwrap(),
        [applied]
    );
    assert_eq!(imports::list_issues(&store, "b1").await.unwrap(), [issue]);
}

fn hall(key: &str, level: Option<i16>) -> HallRating {
    HallRating {
        round_id: "2026Q3".into(),
        row_key: key.into(),
        batch_id: "b1".into(),
        unit_id: "D01".into(),
        level,
        origin: HallOrigin::Active,
        stage: "办结".into(),
        rating_no: 1,
        contacted_in_time: Some(true),
        rectified_in_time: None,
        follow_up_level: None,
        rated_on: Some(day("2026-08-01")),
        superseded_by: None,
    }
}

async fn the_same_hall_rows_again_change_nothing(store: Store) {
    with_round(&store).await;
    let round = round_id();
    let take = async |rows: Vec<HallRating>| {
        write(&store, async |tx| {
            imports::upsert_hall_ratings(tx, &round, rows).await
        })
        .await
        .unwrap()
    };
    let rows = vec![hall("a", Some(5)), hall("b", None)];

    let first = take(rows.clone()).await;
    let by_another_file = rows.iter().cloned().map(|row| HallRating {
        batch_id: "b2".into(),
        ..row
    });
    let second = take(by_another_file.collect()).await;

    assert_eq!((first.new, first.same, first.changed), (2, 0, 0));
    assert_eq!((second.new, second.same, second.changed), (0, 2, 0));
    assert_eq!(
        imports::list_hall_ratings(&store, &round).await.unwrap(),
        rows
    );
    let volume = HallVolume {
        round_id: "2026Q3".into(),
        unit_id: "D01".into(),
        batch_id: "b1".into(),
        completed_cases: 1_200,
    };
    write(&store, async |tx| {
        imports::upsert_hall_volumes(tx, &round, vec![volume.clone()]).await
    })
    .await
    .unwrap();
    assert_eq!(
        imports::list_hall_volumes(&store, &round).await.unwrap(),
        [volume]
    );
}

fn hotline_order(batch: &str, key: &str, resolved: i16) -> HotlineOrder {
    HotlineOrder {
        round_id: "2026Q3".into(),
        row_key: key.into(),
        batch_id: batch.into(),
        unit_id: "D02".into(),
        registered_on: Some(day("2026-08-01")),
        closed_on: None,
        on_time: Some(false),
        resolved: Some(resolved),
        level: None,
        counted: true,
        excluded_reason: None,
        reply_days: Some(4),
    }
}

async fn a_changed_hotline_order_takes_the_place_of_the_old_one(store: Store) {
    with_round(&store).await;
    let round = round_id();
    write(&store, async |tx| {
        imports::insert_batch(tx, batch("b1")).await?;
        let corrected = ImportBatch {
            file_sha256: "g".into(),
            ..batch("b2")
        };
        imports::insert_batch(tx, corrected).await
    })
    .await
    .unwrap();
    let order = |key: &str, resolved| hotline_order("b1", key, resolved);
    let take = async |rows| {
        write(&store, async |tx| {
            imports::upsert_hotline_orders(tx, &round, rows).await
        })
        .await
        .unwrap()
    };
    let corrected = |key: &str, resolved| hotline_order("b2", key, resolved);
    take(vec![order("a", 0), order("b", 0)]).await;

    let counts = take(vec![
        corrected("a", 1),
        corrected("b", 0),
        corrected("c", 0),
    ])
    .await;

    assert_eq!(
        counts,
        Upserted {
            new: 1,
            same: 1,
            changed: 1
        }
    );
    assert_eq!(
        imports::list_hotline_orders(&store, &round).await.unwrap(),
        [corrected("a", 1), order("b", 0), corrected("c", 0)]
    );
    let kept = imports::list_superseded(&store, "b2").await.unwrap();
    let [old] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!(old.row_key, r#"["2026Q3","a"]"#);
    assert_eq!(old.replaced_batch_id, "b1");
    assert!(old.content.contains(r#""resolved":0"#), "{old:?}");
}

async fn thousands_of_survey_answers_come_back_in_order(store: Store) {
    with_round(&store).await;
    let round = round_id();
    let ratings: Vec<_> = (0..5_000)
        .map(|number: i64| SurveyRating {
            round_id: "2026Q3".into(),
            row_key: format!("R{number:05}"),
            unit_id: "D01".into(),
            item: "q1".into(),
            batch_id: "b1".into(),
            rater_group: "citizens".into(),
            stratum: "s".into(),
            psu: number,
            weight_micro: i64::MAX - number,
            level: 4,
        })
        .collect();
    let mut shuffled = ratings.clone();
    shuffled.reverse();

    let counts = write(&store, async |tx| {
        imports::upsert_survey_ratings(tx, &round, shuffled).await
    })
    .await
    .unwrap();

    assert_eq!(counts.new, 5_000);
    assert_eq!(
        imports::list_survey_ratings(&store, &round).await.unwrap(),
        ratings
    );
}

async fn a_pairing_rater_rates_a_unit_once(store: Store) {
    with_round(&store).await;
    let rating = |id: &str| PairingRating {
        id: id.into(),
        round_id: "2026Q3".into(),
        unit_id: "D01".into(),
        body_id: "B1".into(),
        account_id: "rater".into(),
        level: 4,
        matters_raised: 3,
        matters_solved: 2,
        text: None,
        batch_id: None,
    };
    let insert = async |id: &str| {
        write(&store, async |tx| {
            pairing_ratings::insert_pairing_rating(tx, rating(id)).await
        })
        .await
    };
    insert("p1").await.unwrap();

    let again = insert("p2").await;

    assert!(matches!(again, Err(StorageError::Conflict(_))));
    let round = round_id();
    let found = pairing_ratings::find_pairing_rating(&store, &round, "D01", "rater").await;
    assert_eq!(found.unwrap(), Some(rating("p1")));
    let listed = pairing_ratings::list_pairing_ratings(&store, &round).await;
    assert_eq!(listed.unwrap(), [rating("p1")]);
}
