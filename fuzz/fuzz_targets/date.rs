//! Any text or number as a date: a date that is read reads the same when it is written plainly.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rating_import::{Cell, parse_moment};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(Some(moment)) = parse_moment(&Cell::Text(text.to_owned()))
    {
        let plain = Cell::Text(moment.date.to_string());
        assert_eq!(
            parse_moment(&plain).map(|m| m.map(|m| m.date)),
            Ok(Some(moment.date))
        );
    }
    if let Some(number) = bytes.first_chunk() {
        let number = f64::from_le_bytes(*number);
        let _ = (
            parse_moment(&Cell::Serial(number)),
            parse_moment(&Cell::Number(number)),
        );
    }
});
