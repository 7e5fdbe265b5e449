//! Any bytes as text, also with everything a mapping can say about them: rows or a refusal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rating_import::{Limits, SheetFile, TextEncoding, TextForm, TextRepair};
use std::io::Cursor;

const ENCODINGS: [Option<TextEncoding>; 5] = [
    None,
    Some(TextEncoding::Utf8),
    Some(TextEncoding::Gb18030),
    Some(TextEncoding::Utf16Le),
    Some(TextEncoding::Utf16Be),
];
const REPAIRS: [Option<TextRepair>; 4] = [
    None,
    Some(TextRepair::Utf8ReadAsLatin),
    Some(TextRepair::GbReadAsLatin),
    Some(TextRepair::Utf8ReadAsGb),
];

fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0xD0, 0xCF]) {
        return;
    }
    let form = TextForm {
        encoding: ENCODINGS[usize::from(choice % 5)],
        repair: REPAIRS[usize::from(choice / 5 % 4)],
        ..TextForm::default()
    };
    let input = Cursor::new(bytes.to_vec());
    let _ = SheetFile::open(input, "a.csv", &form, &Limits::default()).and_then(|mut f| f.sheets());
});
