//! Lines of a text as rows, numbered as a spreadsheet numbers them.

use super::decode::{RowAllowance, TextReader};
use super::dialect::Dialect;
use super::{Cell, Merge, Row, RowSource};
use crate::refused::Refusal;
use csv::{ErrorKind, StringRecord};

/// The rows of a delimited text.
pub(super) struct Lines<'f> {
    reader: csv::Reader<TextReader<'f>>,
    allowance: RowAllowance,
    record: StringRecord,
    /// Line breaks inside cells so far: they end no row.
    inside: u64,
    row: u64,
}

impl<'f> Lines<'f> {
    pub fn new(text: TextReader<'f>, dialect: Dialect) -> Self {
        let allowance = text.allowance();
        Self {
            reader: dialect.reader(text),
            allowance,
            record: StringRecord::new(),
            inside: 0,
            row: 0,
        }
    }

    fn refusal(&self, error: &csv::Error) -> Refusal {
        match error.kind() {
            ErrorKind::Io(io) => Refusal::of_text(io, self.next_row_number()),
            _ => Refusal::NotATable,
        }
    }

    fn next_row_number(&self) -> u32 {
        u32::try_from(self.row + 1).unwrap_or(u32::MAX)
    }
}

impl RowSource for Lines<'_> {
    /// The text ends with a line break, so each record ends one line; what a quote left open swallowed ends none.
    fn next_row(&mut self) -> Result<Option<Row>, Refusal> {
        self.allowance.renew();
        let found = self
            .reader
            .read_record(&mut self.record)
            .map_err(|error| self.refusal(&error))?;
        if !found {
            return Ok(None);
        }
        let breaks = self.record.as_slice().bytes().filter(|b| *b == b'\n');
        self.inside += breaks.count() as u64;
        let row = (self.reader.position().line() - 1).saturating_sub(self.inside);
        if row <= self.row {
            return Err(Refusal::QuoteNotClosed {
                row: self.next_row_number(),
            });
        }
        self.row = row;
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        Ok(Some(row_of(number, &self.record)))
    }

    fn merges(&self) -> &[Merge] {
        &[]
    }
}

fn row_of(number: u32, record: &StringRecord) -> Row {
    let mut row = Row {
        number,
        cells: Vec::with_capacity(record.len()),
    };
    for (column, text) in record.iter().enumerate() {
        row.put(column, cell(text));
    }
    row
}

/// `="0012"` is how a spreadsheet is made to keep zeros.
fn cell(text: &str) -> Cell {
    let shielded = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    Cell::of_text(shielded.unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use crate::sheet::{Cell, SheetFile};
    use crate::{FileRefused, Limits};

    fn read_text(text: &str) -> Result<Vec<(u32, Vec<String>)>, FileRefused> {
        let mut file = SheetFile::of_bytes(text.as_bytes(), "dir/好差评.csv", &Limits::default())?;
        let sheet = file.sheets()?.remove(0);
        assert_eq!(sheet.name, "好差评");
        let text = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            _ => String::new(),
        };
        Ok(sheet
            .rows
            .iter()
            .map(|row| (row.number, row.cells.iter().map(text).collect()))
            .collect())
    }

    fn numbers(text: &str) -> Vec<u32> {
        read_text(text).unwrap().iter().map(|row| row.0).collect()
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        assert_eq!(numbers("a,b\n1,2\n3,4"), [1, 2, 3]);
        assert_eq!(numbers("标题\n\n\na,b\n1,2\n"), [1, 4, 5]);
        assert_eq!(numbers("a,b\r\n\r\n1,2\r\n"), [1, 3]);
        assert_eq!(numbers("a,b\r1,2\r3,4"), [1, 2, 3]);
        assert_eq!(numbers("a,b\n1,\"x\ny\nz\"\n\n3,4\n5,6"), [1, 2, 4, 5]);
        assert_eq!(numbers("\n\na,b\n,,\n1,2"), [3, 5]);
        assert_eq!(numbers("a,b\n1,\"x\n\""), [1, 2]);
    }

    #[test]
    fn a_quote_left_open_is_refused_with_its_row() {
        for text in [
            "a,b\n1,\"x\n3,4\n5,6\n",
            "a,b\n1,\"x\n3,4\n5,6",
            "a,b\n1,\"x",
        ] {
            let refused = read_text(text).unwrap_err();
            assert_eq!(refused.code, "RI-010", "{text}");
            assert!(refused.message.contains("第 2 行"), "{}", refused.message);
        }
        assert!(read_text("a,b\n1,\"x\"\"y\"\n").is_ok());
    }

    #[test]
    fn a_quote_left_open_in_a_large_file_does_not_fill_the_memory() {
        let text = format!("a,b\n1,\"x\n{}", "3,4\n".repeat(2_000_000));

        assert_eq!(read_text(&text).unwrap_err().code, "RI-010");
    }

    #[test]
    fn numbers_shielded_as_formulas_keep_their_zeros() {
        assert_eq!(
            read_text("编号,b\n\"=\"\"0012\"\"\",x\n").unwrap()[1].1[0],
            "0012"
        );
    }
}
