//! Any bytes as a text or web table, through the importer with the most columns: every row is accounted for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rating_import::{Limits, SheetFile, gathered, parse_hotline};

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0xD0, 0xCF]) {
        return;
    }
    let Ok(mut file) = SheetFile::of_bytes(bytes, "a.csv", &Limits::default()) else {
        return;
    };
    let units = [("市教育局".to_owned(), "D02".into())]
        .into_iter()
        .collect();
    if let Ok(imported) = gathered(|rows| parse_hotline(&mut file, &units, None, rows)) {
        let found = &imported.summary;
        let accounted = found.rows_taken + found.rows_unrated + found.rows_elsewhere + found.duplicates + found.rejected;
        assert_eq!(found.rows_total, accounted);
        assert_eq!(imported.rows.len() as u64, found.rows_taken);
    }
});
