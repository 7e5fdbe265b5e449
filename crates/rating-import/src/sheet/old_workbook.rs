//! XLS, the format before 2007. Its reader holds the used area of every sheet in memory, so the file must be small.

use super::workbook::{BASE_1904, listed, merge, owned_cell, unless_it_panics};
use super::{Input, Row, Sheet, SheetFile};
use crate::Limits;
use crate::refused::Refusal;
use calamine::{Reader, Xls, XlsError};
use std::io::{BufReader, SeekFrom};

pub(super) fn open(
    mut input: Box<dyn Input>,
    size: u64,
    limits: &Limits,
) -> Result<SheetFile, Refusal> {
    if size > limits.old_workbook_bytes {
        return Err(Refusal::TooLarge {
            limit: limits.old_workbook_bytes,
        });
    }
    refuse_parts(&mut input)?;
    let sheets = unless_it_panics(|| read(BufReader::new(input)))?;
    Ok(SheetFile::of_memory(sheets, "XLS", limits))
}

/// A newer workbook with a password, and macros, are told by the names of parts in the container.
fn refuse_parts(input: &mut dyn Input) -> Result<(), Refusal> {
    let mut bytes = Vec::new();
    input
        .read_to_end(&mut bytes)
        .and_then(|_| input.seek(SeekFrom::Start(0)))
        .map_err(|_| Refusal::Unreadable)?;
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|part| part == name)
    };
    if holds("EncryptedPackage") {
        return Err(Refusal::Encrypted);
    }
    match holds("_VBA_PROJECT") {
        true => Err(Refusal::Macros),
        false => Ok(()),
    }
}

fn read(input: BufReader<Box<dyn Input>>) -> Result<Vec<Sheet>, Refusal> {
    let broken = |error: &XlsError| match error {
        XlsError::Password => Refusal::Encrypted,
        _ => Refusal::OldWorkbook,
    };
    let mut book = Xls::new(input).map_err(|error| broken(&error))?;
    let base = if book.has_1904_epoch() {
        BASE_1904
    } else {
        0.0
    };
    let mut sheets = Vec::new();
    for sheet in listed(book.sheets_metadata()) {
        let area = book
            .worksheet_range(&sheet.name)
            .map_err(|error| broken(&error))?;
        let merges = book
            .merge_cells_by_sheet_name(&sheet.name)
            .map_err(|error| broken(&error))?;
        let (top, left) = area.start().unwrap_or_default();
        let rows = (top + 1..).zip(area.rows()).map(|(number, cells)| {
            let mut row = Row {
                number,
                cells: Vec::new(),
            };
            for (column, value) in (left as usize..).zip(cells) {
                row.put(column, owned_cell(value, base));
            }
            row
        });
        sheets.push(Sheet {
            rows: rows.filter(|row| !row.cells.is_empty()).collect(),
            merges: merges.into_iter().filter_map(merge).collect(),
            name: sheet.name,
            visibility: sheet.visibility,
        });
    }
    Ok(sheets)
}
