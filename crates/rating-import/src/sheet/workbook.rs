//! XLSX through calamine's streaming reader; its range reader allocates the whole used area at once.

use super::{Cell, Merge, Row, Sheet, SheetFile, Visibility};
use crate::Limits;
use crate::refused::Refusal;
use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Days between the bases 1900 and 1904.
const BASE_1904: f64 = 1462.0;

/// calamine panics on some malformed references; for the sender that is a broken workbook like any other.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<SheetFile, Refusal> {
    catch_unwind(AssertUnwindSafe(|| read_book(bytes, limits)))
        .unwrap_or(Err(Refusal::WorkbookBroken))
}

fn read_book(bytes: &[u8], limits: &Limits) -> Result<SheetFile, Refusal> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let listed: Vec<(String, Visibility)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), visibility(sheet.visible)))
        .collect();
    let mut left = limits.cells;
    let mut sheets = Vec::new();
    for (name, visibility) in listed {
        let sheet = read_sheet(&mut book, name, visibility, limits, &mut left)?;
        sheets.push(sheet);
    }
    Ok(SheetFile {
        sheets,
        encoding: "XLSX".to_owned(),
    })
}

fn broken(error: &XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::Encrypted,
        XlsxError::Zip(_) | XlsxError::Io(_) => Refusal::ArchiveBroken,
        _ => Refusal::WorkbookBroken,
    }
}

const fn visibility(visible: SheetVisible) -> Visibility {
    match visible {
        SheetVisible::Visible => Visibility::Shown,
        SheetVisible::Hidden | SheetVisible::VeryHidden => Visibility::Hidden,
    }
}

fn read_sheet(
    book: &mut Book<'_>,
    name: String,
    visibility: Visibility,
    limits: &Limits,
    left: &mut usize,
) -> Result<Sheet, Refusal> {
    let base = if book.has_1904_epoch() {
        BASE_1904
    } else {
        0.0
    };
    let rows = read_cells(book, &name, base, limits, left)?;
    let merges = book
        .merge_cells_by_sheet_name(&name)
        .map_err(|error| broken(&error))?
        .into_iter()
        .filter_map(merge)
        .collect();
    Ok(Sheet {
        name,
        visibility,
        rows,
        merges,
    })
}

/// Cells that only carry a format are not values, however many rows the sheet claims.
fn read_cells(
    book: &mut Book<'_>,
    name: &str,
    base: f64,
    limits: &Limits,
    left: &mut usize,
) -> Result<Vec<Row>, Refusal> {
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let mut cells = book
        .worksheet_cells_reader(name)
        .map_err(|error| broken(&error))?;
    while let Some(found) = cells.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = found.get_position();
        let value = cell(found.get_value(), base);
        if value == Cell::Blank {
            continue;
        }
        refuse_excess(row, column, limits)?;
        *left = left.checked_sub(1).ok_or(Refusal::TooManyCells {
            limit: limits.cells,
        })?;
        let cells = rows.entry(row).or_default();
        let column = column as usize;
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Blank);
        }
        cells[column] = value;
    }
    Ok(rows
        .into_iter()
        .map(|(row, cells)| Row {
            number: row + 1,
            cells,
        })
        .collect())
}

fn refuse_excess(row: u32, column: u32, limits: &Limits) -> Result<(), Refusal> {
    if row >= limits.rows {
        return Err(Refusal::TooManyRows { limit: limits.rows });
    }
    if column >= limits.columns {
        return Err(Refusal::TooManyColumns {
            limit: limits.columns,
        });
    }
    Ok(())
}

fn cell(value: &DataRef<'_>, base: f64) -> Cell {
    let text = |text: &str| match text.trim() {
        "" => Cell::Blank,
        _ => Cell::Text(text.to_owned()),
    };
    match value {
        DataRef::Empty => Cell::Blank,
        DataRef::String(value) | DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => {
            text(value)
        }
        DataRef::SharedString(value) => text(value),
        DataRef::Int(value) => text(&value.to_string()),
        DataRef::Float(value) => Cell::Number(*value),
        DataRef::DateTime(value) if value.is_duration() => Cell::Number(value.as_f64()),
        DataRef::DateTime(value) => Cell::Serial(value.as_f64() + base),
        DataRef::Bool(value) => Cell::Truth(*value),
        DataRef::Error(error) => Cell::Fault(error.to_string()),
    }
}

fn merge(area: Dimensions) -> Option<Merge> {
    let (first, last) = (area.start, area.end);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Merge {
        first_row: first.0.saturating_add(1),
        last_row: last.0.saturating_add(1),
        first_column: first.1 as usize,
        last_column: last.1 as usize,
    })
}

#[cfg(test)]
mod tests;
