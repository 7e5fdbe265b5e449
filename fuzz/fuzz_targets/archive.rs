//! Any bytes as a workbook's archive: it is passed or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rating_import::{Limits, inspect_archive};
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let _ = inspect_archive(Cursor::new(bytes), &Limits::default());
});
