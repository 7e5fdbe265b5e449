use super::*;
use img_parts::png::PngChunk;

fn problem(name: &str, bytes: &[u8]) -> EvidenceProblem {
    Evidence::parse(name, bytes.to_vec()).unwrap_err()
}

fn name_of(name: &str) -> Option<String> {
    let taken = Evidence::parse(name, b"%PDF-1.7 ...".to_vec());
    taken.ok().map(|evidence| evidence.name)
}

/// A photo of nothing: start, what describes it, one scan, end.
fn photo(described: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8];
    for (marker, content) in described {
        let length = u16::try_from(content.len() + 2).unwrap();
        bytes.extend([0xFF, *marker]);
        bytes.extend(length.to_be_bytes());
        bytes.extend(*content);
    }
    bytes.extend([0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9]);
    bytes
}

/// Exif of a phone held sideways at a place, in either byte order.
fn exif(little: bool) -> Vec<u8> {
    let short = |value: u16| match little {
        true => value.to_le_bytes(),
        false => value.to_be_bytes(),
    };
    let long = |value: u32| match little {
        true => value.to_le_bytes(),
        false => value.to_be_bytes(),
    };
    let mut exif = b"Exif\0\0".to_vec();
    exif.extend(if little { *b"II" } else { *b"MM" });
    exif.extend(short(42));
    exif.extend(long(8));
    exif.extend(short(2));
    for (tag, value) in [(0x010F, 0x4141), (ORIENTATION, 6)] {
        exif.extend(short(tag));
        exif.extend(short(3));
        exif.extend(long(1));
        exif.extend(short(value));
        exif.extend([0, 0]);
    }
    exif.extend(b"\0\0\0\0GPS 29.0789N 119.6474E");
    exif
}

#[test]
fn every_kind_is_known_by_its_bytes() {
    let office = |part: &str| [b"PK\x03\x04".as_slice(), part.as_bytes()].concat();
    for (name, bytes, kind) in [
        ("方案.PDF", b"%PDF-1.7 ...".to_vec(), EvidenceKind::Pdf),
        ("现场.jpeg", photo(&[]), EvidenceKind::Jpeg),
        ("说明.docx", office("word/document.xml"), EvidenceKind::Docx),
        ("清单.xlsx", office("xl/workbook.xml"), EvidenceKind::Xlsx),
        ("批复.ofd", office("OFD.xml"), EvidenceKind::Ofd),
    ] {
        assert_eq!(Evidence::parse(name, bytes).unwrap().kind, kind, "{name}");
    }
}

#[test]
fn a_file_that_lies_or_does_not_open_is_refused_with_its_reason() {
    let encrypted: Vec<u8> = [0xD0, 0xCF, 0x11, 0xE0]
        .into_iter()
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let large = [b"%PDF-".to_vec(), vec![0; MOST_BYTES]].concat();
    for (name, bytes, code) in [
        ("", b"%PDF-1.7".as_slice(), "RE-301"),
        ("../..", b"%PDF-1.7", "RE-301"),
        ("空.pdf", b"", "RE-302"),
        ("大.pdf", &large, "RE-303"),
        ("程序.pdf", b"MZ\x90\0", "RE-304"),
        ("网页.jpg", b"<html><script>", "RE-304"),
        ("旧.doc", b"\xD0\xCF\x11\xE0 WordDocument", "RE-304"),
        ("照片.jpg", b"%PDF-1.7", "RE-305"),
        ("无后缀", b"%PDF-1.7", "RE-305"),
        ("锁.pdf", b"%PDF-1.7 trailer << /Encrypt 5 0 R >>", "RE-306"),
        ("锁.docx", &encrypted, "RE-306"),
        (
            "宏.docx",
            b"PK\x03\x04word/document.xml word/vbaProject.bin",
            "RE-307",
        ),
        ("半张.jpg", b"\xFF\xD8\xFF\xE1\x40\x00", "RE-308"),
    ] {
        assert_eq!(problem(name, bytes).code(), code, "{name}");
    }
    assert!(Evidence::parse("大.pdf", large[..MOST_BYTES].to_vec()).is_ok());
}

#[test]
fn a_name_keeps_no_folder_and_nothing_that_misleads() {
    assert_eq!(name_of("C:\\办公\\方案.pdf").unwrap(), "方案.pdf");
    assert_eq!(name_of("../../etc/方案.pdf").unwrap(), "方案.pdf");
    assert_eq!(name_of("a\u{202E}fdp.\r\n.pdf").unwrap(), "afdp..pdf");
    assert_eq!(name_of("<img onerror=x>.pdf").unwrap(), "img onerror=x.pdf");
    let long = name_of(&format!("{}.pdf", "长".repeat(300))).unwrap();
    assert_eq!((long.chars().count(), long.ends_with(".pdf")), (120, true));
}

#[test]
fn a_photo_loses_where_it_was_taken_and_stays_upright() {
    for little in [true, false] {
        let bytes = photo(&[
            (0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
            (0xE1, &exif(little)),
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0<GPS>"),
            (0xE2, b"ICC_PROFILE\0 colours"),
            (0xED, b"Photoshop 3.0\0 city"),
            (0xFE, b"GPS in a remark"),
        ]);

        let kept = Evidence::parse("a.jpg", bytes).unwrap().bytes;

        assert_eq!(position(&kept, b"GPS"), None);
        assert_eq!(position(&kept, b"city"), None);
        assert!(position(&kept, b"ICC_PROFILE").is_some());
        let photo = Jpeg::from_bytes(kept.into()).unwrap();
        assert_eq!(orientation(&photo.exif().unwrap()), Some(6));
    }
}

/// A picture of one black dot.
const EMPTY_PICTURE: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0,
    0, 0, 58, 126, 155, 85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 96, 0, 0, 0, 2, 0, 1, 72,
    175, 164, 113, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

#[test]
fn a_picture_loses_its_remarks() {
    let chunk =
        |kind: &[u8; 4], content: &[u8]| PngChunk::new(*kind, Bytes::copy_from_slice(content));
    let mut picture = Png::from_bytes(EMPTY_PICTURE.to_vec().into()).unwrap();
    let remark = chunk(b"tEXt", b"Location\0GPS");
    picture.chunks_mut().insert(1, remark);
    let bytes = picture.encoder().bytes().to_vec();
    assert!(position(&bytes, b"GPS").is_some());

    let kept = Evidence::parse("a.png", bytes).unwrap().bytes;

    assert_eq!(position(&kept, b"GPS"), None);
    assert!(position(&kept, b"IDAT").is_some());
}
