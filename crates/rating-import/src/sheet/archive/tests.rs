use super::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const BOOK: (&str, &str) = ("xl/workbook.xml", "<workbook/>");

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn look(bytes: &[u8], limits: &Limits) -> Result<Inspected, Refusal> {
    inspect(Cursor::new(bytes), bytes.len() as u64, limits)
}

fn inspected(name: &str, content: &[u8]) -> Result<Inspected, Refusal> {
    let bytes = archive(&[(BOOK.0, BOOK.1.as_bytes()), (name, content)]);
    look(&bytes, &Limits::default())
}

#[test]
fn ordinary_parts_pass() {
    for name in [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "xl/worksheets/sheet1.xml",
        "xl/media/image1.png",
        "customXml/item1.xml",
    ] {
        assert_eq!(inspected(name, b"<x/>"), Ok(Inspected::default()), "{name}");
    }
}

#[test]
fn parts_that_a_table_does_not_need_are_refused() {
    for (name, expected) in [
        ("xl/vbaProject.bin", Refusal::Macros),
        ("xl/externalLinks/externalLink1.xml", Refusal::ExternalLinks),
        ("../etc/passwd", Refusal::ForbiddenEntry),
        ("xl/../../x.xml", Refusal::ForbiddenEntry),
        ("xl\\worksheets\\x.xml", Refusal::ForbiddenEntry),
        ("run.exe", Refusal::ForbiddenEntry),
    ] {
        assert_eq!(inspected(name, b"x"), Err(expected), "{name}");
    }
}

#[test]
fn an_archive_without_a_workbook_is_not_a_workbook() {
    let bytes = archive(&[("word/document.xml", b"<w/>")]);

    assert_eq!(look(&bytes, &Limits::default()), Err(Refusal::NotAWorkbook));
}

#[test]
fn a_deflate_bomb_is_refused_by_what_it_really_inflates_to() {
    let bomb = vec![b' '; 60 * 1024 * 1024];

    let bytes = archive(&[
        (BOOK.0, BOOK.1.as_bytes()),
        ("xl/worksheets/sheet1.xml", &bomb),
    ]);

    assert!(bytes.len() < 200 * 1024);
    assert_eq!(
        look(&bytes, &Limits::default()),
        Err(Refusal::InflatesTooFar)
    );
}

#[test]
fn a_declared_number_of_strings_is_not_believed() {
    let refused = Err(Refusal::TooManyStrings { limit: 4_000_000 });
    for (head, expected) in [
        (
            "<sst count='9' uniqueCount=\"9\">",
            Ok(Inspected::default()),
        ),
        ("<sst uniqueCount=\"4294967295\">", refused.clone()),
        ("<sst uniqueCount = '4294967295'>", refused.clone()),
        (
            "<sst uniqueCount=\"99999999999999999999\">",
            refused.clone(),
        ),
        ("<sst uniqueCount=\"&#52;294967295\">", refused.clone()),
    ] {
        for padding in [0, 65_500, 65_520, 65_536, 131_060] {
            let part = format!("<!--{}-->{head}</sst>", "x".repeat(padding));
            let found = inspected("xl/sharedStrings.xml", part.as_bytes());
            assert_eq!(found, expected, "{head} after {padding}");
        }
    }
    let hidden = format!("<sst uniqueCount{}=\"4294967295\">", " ".repeat(100_000));
    assert_eq!(
        inspected("xl/sharedStrings.xml", hidden.as_bytes()),
        refused
    );
}

#[test]
fn declarations_and_foreign_encodings_are_refused() {
    for part in [
        &b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"[..],
        &b"<x/><!doctype y>"[..],
        &b"\xFF\xFE<\0x\0/\0>\0"[..],
        &b"<sst \x1B(Bunique\x1B(BCount='4294967295'/>"[..],
    ] {
        assert_eq!(inspected("xl/styles.xml", part), Err(Refusal::Declarations));
    }
}

#[test]
fn too_many_parts_are_refused() {
    let names: Vec<String> = (0..201)
        .map(|n| format!("xl/worksheets/s{n}.xml"))
        .collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b"<x/>"[..])).collect();

    assert_eq!(
        look(&archive(&entries), &Limits::default()),
        Err(Refusal::TooManyEntries { limit: 200 })
    );
}

#[test]
fn an_encrypted_part_is_refused() {
    let mut bytes = archive(&[(BOOK.0, BOOK.1.as_bytes())]);
    let central = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[central + 8] |= 1;

    assert_eq!(look(&bytes, &Limits::default()), Err(Refusal::Encrypted));
}

#[test]
fn a_torn_archive_is_broken() {
    let bytes = archive(&[(BOOK.0, BOOK.1.as_bytes())]);
    for end in [10, bytes.len() / 2, bytes.len() - 5] {
        assert_eq!(
            look(&bytes[..end], &Limits::default()),
            Err(Refusal::ArchiveBroken)
        );
    }
}
