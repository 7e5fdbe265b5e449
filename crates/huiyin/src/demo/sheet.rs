//! Writes spreadsheets and CSV files the way offices send them; the same rows give the same bytes.

use anyhow::{Context, Result};
use chrono::NaiveDateTime;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};
use std::path::Path;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A whole number stored as a number.
    Number(u32),
    /// An instant stored as a bare day number, the way a lost date format leaves it.
    Serial(NaiveDateTime),
    /// An instant stored and formatted as a date.
    Date(NaiveDateTime),
}

impl Cell {
    /// Text, or nothing when it is blank.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }
}

/// A merged block of cells.
#[derive(Clone, Copy, Debug)]
pub struct Merged {
    /// First and last row, from 0.
    pub rows: (u32, u32),
    /// First and last column, from 0.
    pub columns: (u16, u16),
    /// What stands in the block.
    pub text: &'static str,
}

/// A sheet: merged blocks first, then plain rows from `first_row` on.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// Name on the tab.
    pub name: &'a str,
    /// Merged blocks of the title and the headers.
    pub merged: Vec<Merged>,
    /// Row of the first plain row, from 0.
    pub first_row: u32,
    /// Plain rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Writes a workbook of one sheet, with a fixed creation date.
///
/// # Errors
/// When the sheet is too large for the format or the file cannot be written.
pub fn write_xlsx(path: &Path, sheet: &Sheet) -> Result<()> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let page = workbook.add_worksheet();
    page.set_name(sheet.name)?;
    let centred = Format::new().set_align(FormatAlign::Center).set_bold();
    for block in &sheet.merged {
        write_merged(page, block, &centred)?;
    }
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (row, cells) in (sheet.first_row..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            write_cell(page, row, column, cell, &date)?;
        }
    }
    let bytes = workbook.save_to_buffer()?;
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn write_merged(page: &mut Worksheet, block: &Merged, format: &Format) -> Result<()> {
    let ((top, bottom), (left, right)) = (block.rows, block.columns);
    if (top, left) == (bottom, right) {
        page.write_string_with_format(top, left, block.text, format)?;
    } else {
        page.merge_range(top, left, bottom, right, block.text, format)?;
    }
    Ok(())
}

fn write_cell(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    date: &Format,
) -> Result<()> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            page.write_string(row, column, text)?;
        }
        Cell::Number(number) => {
            page.write_number(row, column, *number)?;
        }
        Cell::Serial(instant) => {
            page.write_number(row, column, serial(*instant))?;
        }
        Cell::Date(instant) => {
            page.write_number_with_format(row, column, serial(*instant), date)?;
        }
    }
    Ok(())
}

/// Days since 30 December 1899, as spreadsheets count them (1900 base).
#[must_use]
fn serial(instant: NaiveDateTime) -> f64 {
    let start = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .expect("a valid date");
    let seconds = instant.signed_duration_since(start).num_seconds();
    let seconds = i32::try_from(seconds % 86_400).expect("less than a day");
    let days =
        i32::try_from(instant.signed_duration_since(start).num_days()).expect("a few centuries");
    f64::from(days) + f64::from(seconds) / 86_400.0
}

/// Writes CSV in GBK with Windows line ends, as the service centre's system exports it.
///
/// # Errors
/// When a text has a character GBK lacks or the file cannot be written.
pub fn write_gbk_csv(path: &Path, rows: &[Vec<String>]) -> Result<()> {
    let text = String::from_utf8(csv_bytes(rows)?)?;
    let (bytes, _, lost) = encoding_rs::GBK.encode(&text);
    anyhow::ensure!(!lost, "{}: a character is not in GBK", path.display());
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes CSV in UTF-8 with a byte order mark, as survey agencies export it.
///
/// # Errors
/// When the file cannot be written.
pub fn write_utf8_csv(path: &Path, rows: &[Vec<String>]) -> Result<()> {
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    bytes.extend(csv_bytes(rows)?);
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn csv_bytes(rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::serial;

    #[test]
    fn day_numbers_are_those_of_a_spreadsheet() {
        let noon = "2026-07-01T12:00:00".parse().unwrap();

        assert!((serial(noon) - 46_204.5).abs() < 1e-9);
    }
}
