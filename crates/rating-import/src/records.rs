//! Rows another system sends as objects: the same table a file would hold, its header made of their names.

use crate::refused::Refusal;
use crate::sheet::{Cell, Row, Sheet, SheetFile};
use crate::{FileRefused, Limits};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Most rows sent at once.
pub const MOST_RECORDS: usize = 1000;

/// A row as it was sent: values by column name.
pub type Record = Map<String, Value>;

/// Why rows are no table; places count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordsRefused {
    /// None, or more than [`MOST_RECORDS`].
    Number(usize),
    /// A row holds nothing.
    Nothing {
        /// Which.
        row: usize,
    },
    /// A column has no name.
    Nameless {
        /// In which row.
        row: usize,
    },
    /// A value is a list or an object.
    NoCell {
        /// In which row.
        row: usize,
        /// Which column of the row.
        column: usize,
    },
    /// More different names than a table has columns.
    Columns(FileRefused),
}

/// Rows as the one sheet of a file; the first has number 1, because the header has none.
///
/// A number is read as it is written, so that a long one loses no digit.
///
/// # Errors
/// [`RecordsRefused`] when they are no table.
pub fn sheet_of_records(name: &str, records: &[Record]) -> Result<SheetFile, RecordsRefused> {
    if records.is_empty() || records.len() > MOST_RECORDS {
        return Err(RecordsRefused::Number(records.len()));
    }
    let mut columns = Columns::default();
    let mut rows = vec![Row::default()];
    for (row, record) in (1..).zip(records) {
        let row = columns.row(row, record)?;
        rows.push(row);
    }
    rows[0].cells = columns.names.into_iter().map(Cell::Text).collect();
    Ok(SheetFile::of_sheets(vec![Sheet {
        name: name.to_owned(),
        rows,
        ..Sheet::default()
    }]))
}

/// Names in the order in which they were first seen.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    fn row(&mut self, number: usize, record: &Record) -> Result<Row, RecordsRefused> {
        let mut row = Row {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            cells: Vec::new(),
        };
        for (column, (name, value)) in (1..).zip(record) {
            let no_cell = RecordsRefused::NoCell {
                row: number,
                column,
            };
            row.put(self.place(number, name)?, cell(value).ok_or(no_cell)?);
        }
        match row.cells.is_empty() {
            true => Err(RecordsRefused::Nothing { row: number }),
            false => Ok(row),
        }
    }

    fn place(&mut self, row: usize, name: &str) -> Result<usize, RecordsRefused> {
        if let Some(place) = self.places.get(name) {
            return Ok(*place);
        }
        if name.trim().is_empty() {
            return Err(RecordsRefused::Nameless { row });
        }
        let (place, limit) = (self.names.len(), Limits::default().columns);
        if place >= limit as usize {
            let refusal = Refusal::TooManyColumns { limit };
            return Err(RecordsRefused::Columns(refusal.into()));
        }
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        Ok(place)
    }
}

fn cell(value: &Value) -> Option<Cell> {
    Some(match value {
        Value::Null => Cell::Blank,
        Value::Bool(truth) => Cell::Truth(*truth),
        Value::Number(number) => Cell::of_text(&number.to_string()),
        Value::String(text) => Cell::of_text(text),
        Value::Array(_) | Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HotlineRow, Imported, gathered, parse_hotline};
    use serde_json::{Value, json};
    use vocabulary::Level;

    fn records(rows: Value) -> Vec<Record> {
        serde_json::from_value(rows).unwrap()
    }

    fn refused(rows: Value) -> RecordsRefused {
        sheet_of_records("a", &records(rows)).err().unwrap()
    }

    fn orders(rows: Value) -> Imported<HotlineRow> {
        let mut file = sheet_of_records("a", &records(rows)).ok().unwrap();
        let units = [("D01".to_owned(), "D01".into())].into_iter().collect();
        gathered(|hand_on| parse_hotline(&mut file, &units, None, hand_on)).unwrap()
    }

    #[test]
    fn rows_with_different_columns_in_any_order_are_one_table() {
        let found = orders(json!([
            {"工单编号": 12_345_678_901_234_567_890_u64, "承办单位": "D01"},
            {"满意度": "满意", "是否解决": true, "主办单位": null, "承办单位": "D01", "工单编号": "YX2"},
        ]));

        assert_eq!(found.issues, []);
        assert_eq!(found.rows[0].row_key, "12345678901234567890");
        assert_eq!(found.rows[1].level, Some(Level::Satisfied));
        assert_eq!(found.rows[0].level, None);
    }

    #[test]
    fn an_issue_names_the_place_of_the_row_and_a_personal_column_is_dropped() {
        let found = orders(json!([
            {"工单编号": "YX1", "承办单位": "D01", "联系电话": "13900000001"},
            {"工单编号": "YX2", "承办单位": "D01", "满意度": "还行"},
        ]));

        let issue = &found.issues[0];
        assert_eq!((issue.row, issue.column.as_str()), (2, "满意度"));
        assert!(issue.message.starts_with("第 2 行"), "{}", issue.message);
        assert!(!format!("{found:?}").contains("1390000"));
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_place() {
        let many: Record = (0..257).map(|n| (n.to_string(), json!(1))).collect();

        assert_eq!(refused(json!([])), RecordsRefused::Number(0));
        let row = json!({"a": 1});
        assert_eq!(
            refused(json!(vec![row; MOST_RECORDS + 1])),
            RecordsRefused::Number(1001)
        );
        assert_eq!(
            refused(json!([{"a": 1}, {"a": null, "b": " "}])),
            RecordsRefused::Nothing { row: 2 }
        );
        assert_eq!(
            refused(json!([{"a": 1, "b": {"c": 1}}])),
            RecordsRefused::NoCell { row: 1, column: 2 }
        );
        assert_eq!(
            refused(json!([{" ": 1}])),
            RecordsRefused::Nameless { row: 1 }
        );
        assert!(matches!(
            refused(json!([many])),
            RecordsRefused::Columns(refused) if refused.code.starts_with("RI-")
        ));
    }
}
