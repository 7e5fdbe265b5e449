use super::*;
use crate::sheet::decode::TextFile;
use encoding_rs::WINDOWS_1252;
use std::io::Cursor;

fn read(bytes: &[u8], form: &TextForm) -> Result<(String, String), Refusal> {
    let mut file = TextFile::examine(Box::new(Cursor::new(bytes.to_vec())), form, None)?;
    let mut text = String::new();
    file.reader()?
        .read_to_string(&mut text)
        .map_err(|error| Refusal::of_text(&error, 0))?;
    let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
    Ok((text, file.form().encoding))
}

fn check(bytes: &[u8], expected: Result<(&str, &str), Refusal>) {
    let expected = expected.map(|(text, name)| (text.to_owned(), name.to_owned()));
    assert_eq!(read(bytes, &TextForm::default()), expected);
}

fn gb(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

#[test]
fn both_usual_encodings_are_told_apart() {
    let text = "办件编号,整体满意度\n001,非常满意\n";

    check(text.as_bytes(), Ok((text, "UTF-8")));
    check(&gb(text), Ok((text, "GB18030")));
    check(format!("\u{feff}{text}").as_bytes(), Ok((text, "UTF-8")));
    check(b"a,b\n1,2", Ok(("a,b\n1,2", "UTF-8")));
}

#[test]
fn characters_may_lie_across_the_borders_of_pieces() {
    for padding in 0..4 {
        let text = format!(
            "{}{}",
            "x".repeat(padding),
            "满意度,非常满意\n".repeat(20_000)
        );

        check(text.as_bytes(), Ok((&text, "UTF-8")));
        check(&gb(&text), Ok((&text, "GB18030")));
    }
    for padding in PIECE - 12..PIECE {
        let lost = format!("{}锟斤拷", "x".repeat(padding));
        check(lost.as_bytes(), Err(Refusal::CharactersLost));
    }
}

#[test]
fn utf_16_with_a_mark_is_read_and_without_is_named() {
    let bytes: Vec<u8> = "单位\t满意"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let declared = TextForm {
        encoding: Some(TextEncoding::Utf16Le),
        ..TextForm::default()
    };

    check(
        &[&[0xFF, 0xFE], &bytes[..]].concat(),
        Ok(("单位\t满意", "UTF-16LE")),
    );
    check(
        b"a\0,\0b\0",
        Err(Refusal::EncodingUnknown {
            looks_like: "UTF-16LE".into(),
        }),
    );
    assert_eq!(read(&bytes, &declared).unwrap().0, "单位\t满意");
    check(b"a\0\0,b\0", Err(Refusal::NotATable));
}

#[test]
fn text_valid_in_both_encodings_is_refused_not_guessed() {
    let bytes = gb("模,目");
    let declared = |encoding| TextForm {
        encoding: Some(encoding),
        ..TextForm::default()
    };

    check(&bytes, Err(Refusal::EncodingAmbiguous));
    assert_eq!(
        read(&bytes, &declared(TextEncoding::Gb18030)).unwrap().0,
        "模,目"
    );
}

#[test]
fn rare_characters_of_names_do_not_make_a_file_unreadable() {
    let text = format!("姓名,单位\n{}\n朱镕基,喆\n", "张三,市公安局\n".repeat(30));

    check(&gb(&text), Ok((&text, "GB18030")));
}

#[test]
fn accents_in_utf_8_are_not_taken_for_chinese() {
    check("café,Zoë\n".as_bytes(), Ok(("café,Zoë\n", "UTF-8")));
}

#[test]
fn text_decoded_twice_is_shown_and_put_right_only_when_told() {
    let text = "满意度,非常满意\n1,满意\n";
    let (twice, _) = WINDOWS_1252.decode_without_bom_handling(text.as_bytes());
    let repairing = |repair| TextForm {
        repair: Some(repair),
        ..TextForm::default()
    };

    check(
        twice.as_bytes(),
        Err(Refusal::DecodedTwice {
            repair: TextRepair::Utf8ReadAsLatin,
            shown: "满意度,非常满意".into(),
        }),
    );
    let repaired = read(twice.as_bytes(), &repairing(TextRepair::Utf8ReadAsLatin));
    assert_eq!(repaired.unwrap().0, text);
    let wrong = read(text.as_bytes(), &repairing(TextRepair::Utf8ReadAsLatin));
    assert_eq!(wrong, Err(Refusal::RepairUnfit));
}

#[test]
fn text_with_lost_characters_is_refused() {
    check("满意\u{FFFD}".as_bytes(), Err(Refusal::CharactersLost));
    check("单位,锟斤拷".as_bytes(), Err(Refusal::CharactersLost));
}

#[test]
fn bytes_of_no_known_encoding_are_refused() {
    assert!(matches!(
        read(b"caf\xE9,na\xEFve,\xFF\n", &TextForm::default()),
        Err(Refusal::EncodingUnknown { .. })
    ));
}
