//! Any text or number as a level, a flag, a count, a share, an identifier: a value or a problem.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rating_import::{
    Cell, LevelCodes, parse_count, parse_decimal, parse_flag, parse_id, parse_level, parse_percent,
};

fn read(cell: &Cell) {
    for codes in [
        LevelCodes::Standard,
        LevelCodes::Reversed,
        LevelCodes::Kiosk,
    ] {
        let _ = parse_level(cell, codes);
    }
    let _ = (
        parse_flag(cell),
        parse_count(cell),
        parse_percent(cell),
        parse_id(cell),
    );
    let _ = parse_decimal(cell).map(|found| found.map(|decimal| decimal.scaled(10_000)));
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        read(&Cell::Text(text.to_owned()));
    }
    if let Some(number) = bytes.first_chunk() {
        read(&Cell::Number(f64::from_le_bytes(*number)));
    }
});
