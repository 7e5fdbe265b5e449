//! Workbooks of the format before 2007. `files/make.py` says how the file was made.

use rating_import::{Limits, SheetFile, gathered, parse_hotline};
use std::path::Path;

fn bytes() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/old.xls");
    std::fs::read(path).expect("the file is in the repository")
}

#[test]
fn an_old_workbook_with_dates_from_1904_and_merged_cells_is_read() {
    let mut file = SheetFile::of_bytes(&bytes(), "热线.xls", &Limits::default()).unwrap();
    let units = [("市教育局".to_owned(), "D02".into())]
        .into_iter()
        .collect();

    let imported = gathered(|rows| parse_hotline(&mut file, &units, None, rows)).unwrap();

    assert_eq!(imported.issues, []);
    assert_eq!(imported.rows.len(), 3);
    assert_eq!(imported.summary.form.encoding, "XLS");
    assert_eq!(imported.summary.headers[0].rows, 2);
    assert_eq!(imported.summary.skipped_sheets, ["字典"]);
    let levels: Vec<_> = imported.rows.iter().filter_map(|row| row.level).collect();
    assert_eq!(
        levels.iter().map(|level| level.code()).collect::<Vec<_>>(),
        [5, 4, 3]
    );
    for row in &imported.rows {
        assert_eq!(row.unit.as_str(), "D02");
        assert_eq!(row.registered_on, "2024-03-05".parse().ok());
        assert_eq!(row.reply_days, Some(1));
    }
}

#[test]
fn an_old_workbook_cut_anywhere_is_read_or_refused() {
    let bytes = bytes();
    for end in (8..bytes.len()).step_by(97) {
        if let Ok(mut file) = SheetFile::of_bytes(&bytes[..end], "a.xls", &Limits::default()) {
            let _ = file.sheets();
        }
    }
}

#[test]
fn an_old_workbook_that_is_too_large_for_memory_is_refused() {
    let limits = Limits {
        old_workbook_bytes: 1000,
        ..Limits::default()
    };

    let refused = SheetFile::of_bytes(&bytes(), "a.xls", &limits);

    assert_eq!(refused.err().map(|r| r.code), Some("RI-002".to_owned()));
}
