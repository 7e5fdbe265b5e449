//! A file from outside as sheets of numbered rows. Nothing is interpreted yet.

mod archive;
pub(crate) mod delimited;
mod encoding;
mod workbook;

use crate::refused::Refusal;
use crate::{FileRefused, Limits};

/// A file: one sheet for CSV, one or more for XLSX.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetFile {
    /// The sheets in the order of the file.
    pub sheets: Vec<Sheet>,
    /// Encoding of the text, such as `UTF-8` or `GB18030`; `XLSX` for a workbook.
    pub encoding: String,
}

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Name on the tab; the file name without ending for CSV.
    pub name: String,
    /// Shown or hidden in the spreadsheet.
    pub visibility: Visibility,
    /// Rows that hold at least one value, in the order of the file. Rows hidden by a filter are rows.
    pub rows: Vec<Row>,
    /// Merged areas.
    pub merges: Vec<Merge>,
}

/// Whether a sheet can be seen in the spreadsheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// It can.
    #[default]
    Shown,
    /// It cannot; such sheets hold lists for drop-downs, not data.
    Hidden,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Number as the spreadsheet shows it, 1 for the first.
    pub number: u32,
    /// Cells from the first column up to the last with a value.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a column, 0 for the first; blank beyond the last value.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Blank)
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Blank,
    /// Text as written.
    Text(String),
    /// A number of a workbook; CSV has only text.
    Number(f64),
    /// A workbook's date: days since 1899-12-30, whatever base the workbook counts from.
    Serial(f64),
    /// A workbook's TRUE or FALSE.
    Truth(bool),
    /// A spreadsheet error such as `#N/A`.
    Fault(String),
}

/// A merged area, corners included; rows from 1, columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub first_row: u32,
    /// Last row.
    pub last_row: u32,
    /// First column.
    pub first_column: usize,
    /// Last column.
    pub last_column: usize,
}

/// Reads a CSV or XLSX file; its content decides which, not its name.
///
/// CSV may be UTF-8 (with or without byte order mark), UTF-16 with mark or GB18030, separated by comma,
/// semicolon or tab. The function allocates no more than the limits allow, but a workbook library that
/// aborts cannot be caught: call it in a child process with limits of its own.
///
/// # Errors
/// [`FileRefused`] when the file is unusable as a whole.
pub fn read_rows(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<SheetFile, FileRefused> {
    read(bytes, file_name, limits).map_err(FileRefused::from)
}

fn read(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<SheetFile, Refusal> {
    match opened(bytes, limits)? {
        Opened::Workbook => workbook::read(bytes, limits),
        Opened::Text(text) => delimited::read(&text, file_name, limits),
    }
}

/// What a file turned out to be.
pub(crate) enum Opened {
    /// A workbook whose archive is within the limits.
    Workbook,
    /// Text.
    Text(encoding::Decoded),
}

pub(crate) fn opened(bytes: &[u8], limits: &Limits) -> Result<Opened, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > limits.bytes {
        return Err(Refusal::TooLarge {
            limit: limits.bytes,
        });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        archive::inspect(bytes, limits)?;
        return Ok(Opened::Workbook);
    }
    refuse_foreign(bytes)?;
    encoding::decode(bytes).map(Opened::Text)
}

/// Formats that officials send under a table's name.
fn refuse_foreign(bytes: &[u8]) -> Result<(), Refusal> {
    const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    let foreign: [&[u8]; 6] = [
        b"PK",
        b"%PDF",
        b"{\\rtf",
        b"\x7FELF",
        b"\x89PNG",
        b"\x1F\x8B",
    ];
    if bytes.starts_with(OLE) {
        return Err(Refusal::OldWorkbook);
    }
    if foreign.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(Refusal::NotATable);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    let web = ["<html", "<!doctype", "<table", "<?xml", "<meta", "<head"];
    if web.iter().any(|tag| head.starts_with(tag)) {
        return Err(Refusal::WebPage);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        read_rows(bytes, "a.csv", &Limits::default())
            .unwrap_err()
            .code
    }

    #[test]
    fn files_that_are_no_tables_are_refused_by_content() {
        for (bytes, code) in [
            (&b""[..], "RI-001"),
            (&b"\xD0\xCF\x11\xE0\xA1\xB1"[..], "RI-003"),
            (
                &b"\n <HTML><table><tr><td>1</td></tr></table>"[..],
                "RI-004",
            ),
            (
                &b"\xEF\xBB\xBF<?xml version='1.0'?><Workbook/>"[..],
                "RI-004",
            ),
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

        let refused = read_rows(b"a,b,c,d,e,f\n", "a.csv", &limits).unwrap_err();

        assert_eq!(refused.code, "RI-002");
    }
}
