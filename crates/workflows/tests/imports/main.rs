//! Files in any order, again, corrected and taken back, on real SQLite and PostgreSQL: what the tables hold in the end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod people;
#[path = "../../../../tests/support/postgres.rs"]
mod postgres;
mod push;
mod races;
mod told;
mod uploads;
#[macro_use]
#[path = "../support/yunxi.rs"]
mod yunxi;

use people::{
    a_list_of_people_tells_nobody_who_they_are, people_are_taken_by_a_second_person_once,
    what_the_library_knows_better_than_a_file_stays,
};
use push::{
    a_copy_that_comes_too_early_is_told_to_wait,
    a_dry_run_writes_nothing_and_rows_may_be_right_again, a_frozen_round_takes_nothing,
    an_ended_key_takes_nothing_from_that_moment, eight_copies_at_once_are_one_batch,
    no_personal_column_is_kept_anywhere, ratings_a_system_sends_are_those_of_a_file,
    rows_a_system_sends_are_those_of_a_file, the_same_request_again_gets_the_same_answer,
    two_programs_answer_one_request_once, what_is_refused_writes_nothing,
};
use races::rows_taken_back_while_they_are_taken_again_stay_away;
use rating_import::{
    HallReading, HandOn, Incoming, LevelCodes, Limits, SheetFile, Stopped, Summary, parse_hall,
    parse_hotline, parse_hotline_totals, parse_pairing, parse_volumes, write_ndjson,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt::Write, io::Cursor};
use storage::{imports, opinions, pairing_ratings, units};
use told::{
    a_batch_that_cannot_be_told_is_not_written,
    a_source_is_told_under_its_signature_and_again_after_a_fault,
    who_has_ended_is_told_nothing_more,
};
use uploads::{
    a_dry_run_holds_nobody_up, a_file_is_checked_without_writing_and_taken_by_a_second_person,
    a_file_nobody_can_read_is_refused_and_can_be_given_back, a_header_is_told_once_and_remembered,
    a_name_is_told_once_and_every_file_knows_it,
    a_survey_agency_sends_its_own_kind_and_the_office_takes_it,
    answers_are_forgotten_after_thirty_days, the_same_file_brings_what_it_could_not_bring_before,
};
use vocabulary::CalendarDays;
use workflows::{
    Import, ImportMode, ImportReport, ImportedRows, SourceFile, VerbError, compare_hotline_totals,
    import_ratings, undo_import,
};
use yunxi::{City, clerk, now};

on_both_databases!(
    two_overlapping_files_give_the_same_in_any_order,
    the_same_file_again_changes_nothing,
    a_corrected_file_supersedes_row_by_row_and_can_be_taken_back,
    every_kind_of_file_is_corrected_and_taken_back,
    totals_of_a_hotline_are_held_against_its_orders,
    a_batch_under_a_later_one_stays,
    a_file_is_checked_without_writing_and_taken_by_a_second_person,
    a_file_nobody_can_read_is_refused_and_can_be_given_back,
    a_survey_agency_sends_its_own_kind_and_the_office_takes_it,
    a_dry_run_holds_nobody_up,
    a_header_is_told_once_and_remembered,
    a_name_is_told_once_and_every_file_knows_it,
    the_same_file_brings_what_it_could_not_bring_before,
    a_list_of_people_tells_nobody_who_they_are,
    people_are_taken_by_a_second_person_once,
    what_the_library_knows_better_than_a_file_stays,
    rows_taken_back_while_they_are_taken_again_stay_away,
    rows_a_system_sends_are_those_of_a_file,
    ratings_a_system_sends_are_those_of_a_file,
    the_same_request_again_gets_the_same_answer,
    eight_copies_at_once_are_one_batch,
    a_copy_that_comes_too_early_is_told_to_wait,
    two_programs_answer_one_request_once,
    what_is_refused_writes_nothing,
    a_frozen_round_takes_nothing,
    an_ended_key_takes_nothing_from_that_moment,
    a_dry_run_writes_nothing_and_rows_may_be_right_again,
    no_personal_column_is_kept_anywhere,
    answers_are_forgotten_after_thirty_days,
    a_source_is_told_under_its_signature_and_again_after_a_fault,
    who_has_ended_is_told_nothing_more,
    a_batch_that_cannot_be_told_is_not_written,
);

/// What a reading of a text hands on, as it arrives from a child process.
fn incoming<T: Serialize + DeserializeOwned>(
    text: &str,
    read: impl FnOnce(&mut SheetFile, &mut HandOn<'_, T>) -> Result<Summary, Stopped>,
) -> Incoming<T> {
    let mut file = SheetFile::of_bytes(text.as_bytes(), "a.csv", &Limits::default()).unwrap();
    let mut bytes = Vec::new();
    write_ndjson(&mut bytes, |hand_on| read(&mut file, hand_on)).unwrap();
    Incoming::new(Cursor::new(bytes))
}

#[derive(Clone, Copy)]
enum Kind {
    Hall,
    Volume,
    Hotline,
    HotlineTotals,
    Pairing,
}

impl City {
    async fn import(&mut self, kind: Kind, text: &str) -> ImportReport {
        self.take(kind, text, ImportMode::Apply).await
    }

    async fn dry_run(&mut self, text: &str) -> ImportReport {
        self.take(Kind::Hotline, text, ImportMode::DryRun).await
    }

    async fn take(&mut self, kind: Kind, text: &str, mode: ImportMode) -> ImportReport {
        let known = units::list_units(self.app.store()).await.unwrap();
        let units = rating_import::unit_index(&known);
        let bodies = units::list_bodies(self.app.store()).await.unwrap();
        let bodies = rating_import::body_index(&bodies);
        let standard = HallReading {
            codes: LevelCodes::Standard,
            contact: CalendarDays(1),
            rectify: CalendarDays(15),
        };
        let rows = match kind {
            Kind::Hall => ImportedRows::Hall(incoming(text, |file, rows| {
                parse_hall(file, &units, standard, rows)
            })),
            Kind::Volume => ImportedRows::Volume(incoming(text, |file, rows| {
                parse_volumes(file, &units, rows)
            })),
            Kind::Hotline => ImportedRows::Hotline(incoming(text, |file, rows| {
                parse_hotline(file, &units, None, rows)
            })),
            Kind::HotlineTotals => ImportedRows::HotlineTotals(incoming(text, |file, rows| {
                parse_hotline_totals(file, &units, rows)
            })),
            Kind::Pairing => ImportedRows::Pairing(incoming(text, |file, rows| {
                parse_pairing(file, &units, &bodies, rows)
            })),
        };
        let import = Import {
            file: SourceFile::of("a.csv", text.as_bytes(), "").unwrap(),
            rows,
            mode,
            progress: None,
        };
        let (who, rng) = (clerk(), &mut self.rng);
        import_ratings(&self.app, &who, &self.round, import, now(), rng)
            .await
            .unwrap()
    }

    async fn undo(&self, batch: &str) -> Result<(u64, u64), String> {
        match undo_import(&self.app, &clerk(), batch, now(), &mut self.rng.clone()).await {
            Ok(undone) => Ok((undone.removed, undone.restored)),
            Err(VerbError::Refused(refusal)) => Err(refusal.code().to_owned()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Everything imports write but the lists of batches; opinions by what they say, as their names differ by installation.
    async fn tables(&self) -> String {
        let (store, round) = (self.app.store(), &self.round);
        let mut said = opinions::list_opinions(store, round).await.unwrap();
        said.iter_mut().for_each(|opinion| opinion.id.clear());
        said.sort_by_key(|opinion| format!("{opinion:?}"));
        format!(
            "{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{said:#?}",
            imports::list_hall_ratings(store, round).await.unwrap(),
            imports::list_hall_volumes(store, round).await.unwrap(),
            imports::list_hotline_orders(store, round).await.unwrap(),
            imports::list_hotline_totals(store, round).await.unwrap(),
            pairing_ratings::list_pairing_ratings(store, round)
                .await
                .unwrap(),
        )
    }

    /// The same without the batches that brought the rows.
    async fn content(&self) -> String {
        let all = self.tables().await;
        all.lines()
            .filter(|line| !line.contains("\"DR-2026Q3-") && !line.contains("batch_id"))
            .collect()
    }
}

fn orders(numbers: impl IntoIterator<Item = u32>, level: &str) -> String {
    let mut text = "工单编号,承办单位,登记时间,办结时间,处理结果满意度,标题\n".to_owned();
    for number in numbers {
        let unit = number % 12 + 1;
        writeln!(
            text,
            "YX{number:04},D{unit:02},2026-07-01,2026-07-05,{level},第{number}处路灯不亮"
        )
        .unwrap();
    }
    text
}

async fn two_overlapping_files_give_the_same_in_any_order(make: impl AsyncFn() -> Option<City>) {
    let (Some(mut one), Some(mut other)) = (make().await, make().await) else {
        return;
    };
    let (july, august) = (orders(1..=300, "满意"), orders(201..=500, "满意"));

    one.import(Kind::Hotline, &july).await;
    let second = one.import(Kind::Hotline, &august).await;
    other.import(Kind::Hotline, &august).await;
    other.import(Kind::Hotline, &july).await;

    assert_eq!((second.new, second.same, second.changed), (200, 100, 0));
    let orders = imports::list_hotline_orders(one.app.store(), &one.round).await;
    let said = opinions::list_opinions(one.app.store(), &one.round).await;
    assert_eq!((orders.unwrap().len(), said.unwrap().len()), (500, 500));
    assert_eq!(one.content().await, other.content().await);
}

async fn the_same_file_again_changes_nothing(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let july = orders(1..=300, "满意");
    city.import(Kind::Hotline, &july).await;
    let before = city.tables().await;

    let again = city.import(Kind::Hotline, &july).await;

    assert_eq!((again.new, again.same, again.changed), (0, 300, 0));
    assert_eq!(city.tables().await, before);
    let batches = imports::list_batches(city.app.store(), &city.round).await;
    assert_eq!(batches.unwrap().len(), 1);
}

async fn a_corrected_file_supersedes_row_by_row_and_can_be_taken_back(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    city.import(Kind::Hotline, &orders(1..=300, "满意")).await;
    let before = city.tables().await;
    let changed = orders(5..=6, "不满意").replace("第5处", "第五处");
    let added = orders(301..=301, "满意");
    let corrected = format!("{changed}{}", added.lines().nth(1).unwrap());

    let report = city.import(Kind::Hotline, &corrected).await;
    let after = city.content().await;

    assert_eq!((report.new, report.same, report.changed), (1, 0, 2));
    old_values_are_kept(&city, &report.batch).await;
    assert_eq!(city.undo(&report.batch).await, Ok((1, 2)));
    assert_eq!(city.tables().await, before);
    assert_eq!(city.undo(&report.batch).await, Err("WF-120".to_owned()));

    let again = city.import(Kind::Hotline, &corrected).await;
    assert_ne!(again.batch, report.batch);
    assert_eq!(city.content().await, after);
}

async fn old_values_are_kept(city: &City, batch: &str) {
    let kept = imports::list_superseded(city.app.store(), batch).await;
    let kept = kept.unwrap();
    let of = |table: &'static str| kept.iter().filter(move |row| row.of_table == table);
    assert!(of("hotline_order").all(|row| row.content.contains("\"level\":4")));
    assert!(of("opinion").any(|row| row.content.contains("第5处路灯不亮")));
    let counts = (of("hotline_order").count(), of("opinion").count());
    assert_eq!((counts, kept.len()), ((2, 2), 4));
}

async fn every_kind_of_file_is_corrected_and_taken_back(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let ratings = |level: &str| {
        format!("办件编号,受理部门,整体满意度,评价内容\n0012,D02,{level},态度好\n0013,D03,满意,\n")
    };
    let volumes = |cases: u32| format!("单位,办结量\nD02,{cases}\nD03,9\n");
    let pairing = |level: &str| {
        format!(
            "社区（村）,评议人编号,被评单位,满意度,反映事项数,解决事项数\nC01,1,D01,{level},3,2\n"
        )
    };
    for (kind, [first, corrected]) in [
        (Kind::Hall, [ratings("满意"), ratings("不满意")]),
        (Kind::Volume, [volumes(7), volumes(8)]),
        (Kind::HotlineTotals, [totals(7), totals(8)]),
        (Kind::Pairing, [pairing("满意"), pairing("不满意")]),
    ] {
        let empty = city.tables().await;
        let brought = city.import(kind, &first).await;
        let before = city.tables().await;
        let report = city.import(kind, &corrected).await;

        assert_eq!((report.new, report.changed), (0, 1), "{:?}", report.issues);
        assert_eq!(city.undo(&report.batch).await, Ok((0, 1)));
        assert_eq!(city.tables().await, before);
        assert_eq!(city.undo(&brought.batch).await, Ok((brought.new, 0)));
        assert_eq!(city.tables().await, empty);
    }
}

fn totals(orders: u32) -> String {
    format!("单位,月份,总工单数\nD02,7月,{orders}\nD02,2026年8月,2\nD03,,1\n")
}

async fn totals_of_a_hotline_are_held_against_its_orders(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let compared = async |city: &City| {
        let lines = compare_hotline_totals(&city.app, &city.round).await;
        let lines = lines.unwrap().into_iter();
        lines
            .map(|line| {
                format!(
                    "{} {} {}/{}",
                    line.unit, line.month, line.imported, line.stated
                )
            })
            .collect::<Vec<_>>()
    };
    city.import(Kind::Hotline, &orders(1..=24, "满意")).await;
    assert_eq!(compared(&city).await, [""; 0]);

    city.import(Kind::HotlineTotals, &totals(3)).await;

    assert_eq!(
        compared(&city).await,
        ["D02 07 2/3", "D02 2026-08 0/2", "D03  2/1"]
    );
}

async fn a_batch_under_a_later_one_stays(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let first = city.import(Kind::Hotline, &orders(1..=9, "满意")).await;
    let later = city.import(Kind::Hotline, &orders(3..=3, "不满意")).await;
    let before = city.tables().await;

    assert_eq!(city.undo(&first.batch).await, Err("WF-124".to_owned()));
    assert_eq!(city.tables().await, before);
    city.undo(&later.batch).await.unwrap();
    assert_eq!(city.undo(&first.batch).await, Ok((9, 0)));
}
