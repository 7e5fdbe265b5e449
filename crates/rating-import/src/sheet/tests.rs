use super::*;

fn refused(bytes: &[u8]) -> String {
    SheetFile::of_bytes(bytes, "a.csv", &Limits::default())
        .and_then(|mut file| file.sheets())
        .unwrap_err()
        .code
}

#[test]
fn files_that_are_no_tables_are_refused_by_content() {
    for (bytes, code) in [
        (&b""[..], "RI-001"),
        (&b"\xD0\xCF\x11\xE0\xA1\xB1"[..], "RI-003"),
        (
            &b"\xEF\xBB\xBF<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>"[..],
            "RI-004",
        ),
        (&b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"[..], "RI-004"),
        (&b"%PDF-1.7 ..."[..], "RI-005"),
        (&b"a,b\0c\n1,2"[..], "RI-005"),
        (&b"PK\x03\x04 not really"[..], "RI-011"),
    ] {
        assert_eq!(refused(bytes), code, "{bytes:?}");
    }
}

#[test]
fn a_file_above_the_limit_is_refused_unread() {
    let limits = Limits {
        bytes: 10,
        ..Limits::default()
    };

    let refused = SheetFile::of_bytes(b"a,b,c,d,e,f\n", "a.csv", &limits);

    assert_eq!(
        refused.err().map(|refused| refused.code),
        Some("RI-002".into())
    );
}

#[test]
fn values_beyond_the_limits_are_refused() {
    let read = |text: String, limits: Limits| {
        SheetFile::of_bytes(text.as_bytes(), "a.csv", &limits)
            .and_then(|mut file| file.sheets())
            .map_err(|refused| refused.code)
    };
    let limits = Limits {
        rows: 1000,
        cells: 50,
        ..Limits::default()
    };

    assert_eq!(
        read(format!("{}x\n", ",".repeat(256)), limits),
        Err("RI-031".into())
    );
    assert_eq!(
        read(format!("{}x\n", "\n".repeat(1000)), limits),
        Err("RI-030".into())
    );
    assert_eq!(read("a,b\n".repeat(26), limits), Err("RI-032".into()));
    assert!(read("a,b\n".repeat(25), limits).is_ok());
}
