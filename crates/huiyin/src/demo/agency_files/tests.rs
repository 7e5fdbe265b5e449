use super::*;
use crate::demo::truth::{Truth, yunxi};
use std::sync::OnceLock;

fn quarter() -> Quarter {
    Quarter {
        code: "2026Q3".to_owned(),
        from: "2026-07-01".parse().unwrap(),
        to: "2026-09-30".parse().unwrap(),
    }
}

/// The files of seed 7, written once for all tests.
fn files() -> &'static QuarterFiles {
    static FILES: OnceLock<(tempfile::TempDir, QuarterFiles)> = OnceLock::new();
    &FILES.get_or_init(|| written(7)).1
}

fn written(seed: u64) -> (tempfile::TempDir, QuarterFiles) {
    let (world, demo) = yunxi();
    let folder = tempfile::tempdir().unwrap();
    let files = write_quarter(&Truth::new(&world, &demo, seed), &quarter(), folder.path()).unwrap();
    (folder, files)
}

fn hall_lines(files: &QuarterFiles) -> Vec<Vec<String>> {
    let bytes = std::fs::read(&files.hall.path).unwrap();
    let (text, _, broken) = encoding_rs::GBK.decode(&bytes);
    assert!(!broken);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|line| line.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn the_same_seed_writes_the_same_bytes_and_another_seed_others() {
    let bytes = |seed| {
        let (_folder, files) = written(seed);
        [files.hall, files.hall_cases, files.hotline].map(|file| std::fs::read(file.path).unwrap())
    };

    let first = bytes(1);
    assert_eq!(first, bytes(1));
    assert!(first.iter().zip(bytes(2)).all(|(one, other)| *one != other));
}

#[test]
fn the_hall_file_has_a_title_two_headers_a_total_and_a_note() {
    let files = files();
    let lines = hall_lines(files);

    assert_eq!(lines.len(), files.hall.rows + 5);
    assert!(lines[0][0].contains("好差评"));
    assert_eq!(
        (lines[1][6].as_str(), lines[2][7].as_str()),
        ("评价信息", "整体满意度")
    );
    let total = &lines[lines.len() - 2];
    assert_eq!(
        (total[0].as_str(), &total[1]),
        ("合计", &files.hall.rows.to_string())
    );
    assert!(
        (7_000..14_000).contains(&files.hall.rows),
        "{}",
        files.hall.rows
    );
}

#[test]
fn the_hall_file_is_as_dirty_as_promised() {
    let files = files();
    let lines = hall_lines(files);
    let rows = &lines[3..lines.len() - 2];
    let some = |test: &dyn Fn(&[String]) -> bool| rows.iter().filter(|row| test(row)).count();

    assert!(some(&|row| row[6] == "7") > 1000, "default ratings");
    assert!(some(&|row| row[7] == "4") > 500 && some(&|row| row[7] == "满意") > 500);
    assert!(some(&|row| row[3] == "市环保局") > 5, "old name");
    assert!(
        some(&|row| row[9] == "2") > 5 && some(&|row| !row[17].is_empty()) > 5,
        "follow-up ratings"
    );
    assert!(
        some(&|row| row[11].contains("1390") || row[11].contains("１３９０")) > 5,
        "telephone numbers"
    );
    assert!(some(&|row| row[4].contains('年')) > 500 && some(&|row| row[4].contains('/')) > 500);
    assert!(some(&|row| row[4].len() == 14) > 500);
    assert_eq!(some(&|row| row[3].contains("星际")), 1);
    assert!(files.hall.repeated > 20 && files.hall.faulty == 6);
}

#[test]
fn a_unit_without_a_window_has_no_hall_rows() {
    assert!(
        hall_lines(files())
            .iter()
            .all(|row| !row[3].contains("退役军人"))
    );
}

#[test]
fn the_hotline_file_has_few_orders_for_two_units_only() {
    let (world, demo) = yunxi();
    let truth = Truth::new(&world, &demo, 7);
    let few: Vec<u32> = truth
        .units()
        .iter()
        .map(|unit| unit.hotline_orders)
        .filter(|orders| *orders < 20)
        .collect();

    assert_eq!(few.len(), 2);
    let files = files();
    assert!(
        (5_500..11_000).contains(&files.hotline.rows),
        "{}",
        files.hotline.rows
    );
    assert_eq!(files.hotline.faulty, 4);
}
