//! A file as it stands, row by row, so that it can be given back with what is wrong beside each row.

use crate::batch::Summary;
use crate::cell::parse_moment;
use crate::hand_on::{HandOn, Handed, Stopped};
use crate::sheet::{Cell, SheetFile};
use serde::{Deserialize, Serialize};

/// A row as it stands in the file, personal columns and all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRow {
    /// Name of the sheet.
    pub sheet: String,
    /// Row number as the spreadsheet shows it, 1 for the first.
    pub row: u32,
    /// Cells as text, from the first column on; dates of a workbook as `2026-07-01 09:30:00`.
    pub cells: Vec<String>,
}

/// Hands on every row that holds a value, of hidden sheets too; nothing is interpreted.
///
/// # Errors
/// [`Stopped::Refused`] when the file proves unusable.
pub fn parse_raw(
    file: &mut SheetFile,
    hand_on: &mut HandOn<'_, RawRow>,
) -> Result<Summary, Stopped> {
    let mut summary = Summary {
        form: file.form().clone(),
        ..Summary::default()
    };
    for index in 0..file.listed().len() {
        let mut rows = file.rows(index)?;
        let sheet = rows.name.to_owned();
        while let Some(row) = rows.next_row()? {
            summary.rows_total += 1;
            hand_on(Handed::Row(RawRow {
                sheet: sheet.clone(),
                row: row.number,
                cells: row.cells.iter().map(text).collect(),
            }))?;
        }
    }
    summary.rows_taken = summary.rows_total;
    Ok(summary)
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) | Cell::Fault(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Cell::Serial(days) => match parse_moment(cell) {
            Ok(Some(moment)) => match moment.time {
                Some(time) => format!("{} {time}", moment.date),
                None => moment.date.to_string(),
            },
            _ => days.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Row, Sheet, gathered};

    fn raw(file: &mut SheetFile) -> Vec<RawRow> {
        gathered(|hand_on| parse_raw(file, hand_on)).unwrap().rows
    }

    #[test]
    fn every_row_comes_with_the_number_it_has_in_the_file() {
        let text = "\u{FEFF}标题\n\n工单编号,内容\n007,\"一,二\"\n";
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "工单.csv", &Limits::default()).unwrap();

        let rows = raw(&mut file);

        let numbers: Vec<u32> = rows.iter().map(|row| row.row).collect();
        assert_eq!(numbers, [1, 3, 4]);
        assert_eq!(rows[2].cells, ["007", "一,二"]);
        assert_eq!(rows[2].sheet, "工单");
    }

    #[test]
    fn cells_of_a_workbook_read_as_its_reader_sees_them() {
        let row = Row {
            number: 1,
            cells: vec![
                Cell::Serial(46_352.0),
                Cell::Serial(46_350.75),
                Cell::Number(3.5),
                Cell::Truth(true),
                Cell::Blank,
                Cell::Fault("#N/A".into()),
            ],
        };
        let sheet = Sheet {
            rows: vec![row],
            ..Sheet::default()
        };

        let rows = raw(&mut SheetFile::of_sheets(vec![sheet]));

        let cells = &rows[0].cells;
        assert!(cells[0].starts_with("2026-11-26"), "{cells:?}");
        assert_eq!(cells[1], "2026-11-24 18:00:00");
        assert_eq!(cells[2..], ["3.5", "TRUE", "", "#N/A"]);
    }
}
