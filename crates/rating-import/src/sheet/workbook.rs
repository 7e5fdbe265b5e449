//! XLSX through calamine's cells reader; its range reader allocates the whole used area at once.

use super::archive;
use super::{
    Cell, Content, FileForm, Input, Listed, Merge, Row, RowSource, SheetFile, Visibility,
    refuse_column,
};
use crate::Limits;
use crate::refused::Refusal;
use calamine::{
    Data, DataRef, Dimensions, Reader, Sheet, SheetType, SheetVisible, Xlsx, XlsxCellReader,
    XlsxError,
};
use std::io::{BufReader, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Source = BufReader<Box<dyn Input>>;

/// Days between the bases 1900 and 1904.
pub(super) const BASE_1904: f64 = 1462.0;

/// A workbook that was inspected and opened.
pub(super) struct Book {
    xlsx: Xlsx<Source>,
    has_merges: bool,
}

pub(super) fn open(
    mut input: Box<dyn Input>,
    size: u64,
    limits: &Limits,
) -> Result<SheetFile, Refusal> {
    let inspected = archive::inspect(BufReader::new(&mut input), size, limits)?;
    input
        .seek(SeekFrom::Start(0))
        .map_err(|_| Refusal::Unreadable)?;
    let xlsx = unless_it_panics(|| Xlsx::new(BufReader::new(input)).map_err(|e| broken(&e)))?;
    let listed = listed(xlsx.sheets_metadata());
    let form = FileForm {
        encoding: "XLSX".to_owned(),
        ..FileForm::default()
    };
    let book = Book {
        xlsx,
        has_merges: inspected.merges,
    };
    Ok(SheetFile::new(
        form,
        listed,
        Content::Workbook(Box::new(book)),
        limits,
    ))
}

/// calamine panics on some malformed references; for the sender that is a broken workbook like any other.
pub(super) fn unless_it_panics<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Refusal::WorkbookBroken))
}

/// The sheets that hold cells.
pub(super) fn listed(sheets: &[Sheet]) -> Vec<Listed> {
    let visibility = |visible| match visible {
        SheetVisible::Visible => Visibility::Shown,
        SheetVisible::Hidden | SheetVisible::VeryHidden => Visibility::Hidden,
    };
    sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| Listed {
            name: sheet.name.clone(),
            visibility: visibility(sheet.visible),
        })
        .collect()
}

fn broken(error: &XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::Encrypted,
        XlsxError::Zip(_) | XlsxError::Io(_) => Refusal::ArchiveBroken,
        _ => Refusal::WorkbookBroken,
    }
}

/// The rows of one sheet. Cells that only carry a format are not values, however many rows the sheet claims.
pub(super) struct Cells<'f> {
    reader: XlsxCellReader<'f, Source>,
    base: f64,
    merges: Vec<Merge>,
    /// The first cell of the next row, its row from 0.
    ahead: Option<(u32, usize, Cell)>,
    last_row: u32,
    ended: bool,
    limits: &'f Limits,
}

impl<'f> Cells<'f> {
    pub fn open(book: &'f mut Book, name: &str, limits: &'f Limits) -> Result<Self, Refusal> {
        let Book { xlsx, has_merges } = book;
        let base = if xlsx.has_1904_epoch() {
            BASE_1904
        } else {
            0.0
        };
        let merges = match has_merges {
            true => {
                unless_it_panics(|| xlsx.merge_cells_by_sheet_name(name).map_err(|e| broken(&e)))?
            }
            false => Vec::new(),
        };
        let reader =
            unless_it_panics(|| xlsx.worksheet_cells_reader(name).map_err(|e| broken(&e)))?;
        Ok(Self {
            reader,
            base,
            merges: merges.into_iter().filter_map(merge).collect(),
            ahead: None,
            last_row: 0,
            ended: false,
            limits,
        })
    }

    /// The next cell with a value; the library must not be asked again after the last.
    fn next_cell(&mut self) -> Result<Option<(u32, usize, Cell)>, Refusal> {
        if self.ended {
            return Ok(None);
        }
        while let Some(found) = self.reader.next_cell().map_err(|error| broken(&error))? {
            let (row, column) = found.get_position();
            let value = cell(found.get_value(), self.base);
            if value == Cell::Blank {
                continue;
            }
            let column = column as usize;
            refuse_column(column, self.limits)?;
            if row >= self.limits.rows {
                return Err(Refusal::TooManyRows {
                    limit: self.limits.rows,
                });
            }
            return Ok(Some((row, column, value)));
        }
        self.ended = true;
        Ok(None)
    }

    fn gather_row(&mut self) -> Result<Option<Row>, Refusal> {
        let first = match self.ahead.take() {
            Some(first) => Some(first),
            None => self.next_cell()?,
        };
        let Some((number, column, value)) = first else {
            return Ok(None);
        };
        let mut row = Row {
            number: number + 1,
            cells: Vec::new(),
        };
        row.put(column, value);
        while let Some((next, column, value)) = self.next_cell()? {
            if next != number {
                self.ahead = Some((next, column, value));
                break;
            }
            row.put(column, value);
        }
        if row.number <= self.last_row {
            return Err(Refusal::WorkbookBroken);
        }
        self.last_row = row.number;
        Ok(Some(row))
    }
}

impl RowSource for Cells<'_> {
    fn next_row(&mut self) -> Result<Option<Row>, Refusal> {
        unless_it_panics(|| self.gather_row())
    }

    fn merges(&self) -> &[Merge] {
        &self.merges
    }
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

/// A value of an old workbook.
pub(super) fn owned_cell(value: &Data, base: f64) -> Cell {
    match value {
        Data::Empty => Cell::Blank,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            cell(&DataRef::SharedString(text), base)
        }
        Data::Int(value) => Cell::Text(value.to_string()),
        Data::Float(value) => Cell::Number(*value),
        Data::DateTime(value) => cell(&DataRef::DateTime(*value), base),
        Data::Bool(value) => Cell::Truth(*value),
        Data::Error(error) => Cell::Fault(error.to_string()),
    }
}

pub(super) fn merge(area: Dimensions) -> Option<Merge> {
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
