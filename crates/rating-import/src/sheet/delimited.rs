//! Text separated by comma, semicolon or tab. Rows are numbered as a spreadsheet numbers them.

use super::encoding::Decoded;
use super::{Cell, Row, Sheet, SheetFile};
use crate::Limits;
use crate::refused::Refusal;
use csv::{ReaderBuilder, StringRecord};

const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

pub(super) fn read(
    decoded: &Decoded,
    file_name: &str,
    limits: &Limits,
) -> Result<SheetFile, Refusal> {
    let rows = Rows::of(&decoded.text, limits).collect::<Result<_, _>>()?;
    Ok(SheetFile {
        sheets: vec![Sheet {
            name: stem(file_name).to_owned(),
            rows,
            ..Sheet::default()
        }],
        encoding: decoded.encoding.to_owned(),
    })
}

pub(crate) fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The separator by which most of the first rows have the same number of cells, and more than one.
fn delimiter_of(text: &str) -> u8 {
    DELIMITERS
        .into_iter()
        .max_by_key(|delimiter| (agreement(text, *delimiter), *delimiter == b','))
        .unwrap_or(b',')
}

fn agreement(text: &str, delimiter: u8) -> (usize, usize) {
    let widths: Vec<usize> = reader(text, delimiter)
        .into_records()
        .take(50)
        .filter_map(Result::ok)
        .map(|record| record.len())
        .filter(|width| *width > 1)
        .collect();
    let rows_of = |width: usize| widths.iter().filter(|other| **other == width).count();
    widths
        .iter()
        .map(|width| (rows_of(*width), *width))
        .max()
        .unwrap_or_default()
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The rows of a decoded text one by one; ends after the first refusal.
pub(crate) struct Rows<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    record: StringRecord,
    number: u32,
    cells: usize,
    limits: Limits,
}

impl<'t> Rows<'t> {
    pub(crate) fn of(text: &'t str, limits: &Limits) -> Self {
        Self {
            text,
            reader: reader(text, delimiter_of(text)),
            record: StringRecord::new(),
            number: 0,
            cells: 0,
            limits: *limits,
        }
    }

    fn read(&mut self) -> Result<Option<Row>, Refusal> {
        loop {
            let before = self.reader.position().clone();
            let found = self.reader.read_record(&mut self.record);
            if !found.map_err(|_| Refusal::NotATable)? {
                return Ok(None);
            }
            self.number += 1 + blank_lines(self.text, &before);
            refuse_open_quote(self.text, &before, self.reader.position(), self.number)?;
            let row = row(self.number, &self.record);
            if row.cells.is_empty() {
                continue;
            }
            self.cells += row.cells.len();
            refuse_excess(&row, self.cells, &self.limits)?;
            return Ok(Some(row));
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// Empty lines before the record: the reader skips them, a spreadsheet counts them.
fn blank_lines(text: &str, before: &csv::Position) -> u32 {
    let bytes = text.as_bytes();
    let start = usize::try_from(before.byte()).map_or(bytes.len(), |byte| byte.min(bytes.len()));
    let rest = match (bytes[..start].last(), bytes.get(start)) {
        (Some(b'\r'), Some(b'\n')) => &bytes[start + 1..],
        _ => &bytes[start..],
    };
    let breaks = rest
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n');
    u32::try_from(breaks.count()).unwrap_or(u32::MAX / 2)
}

/// An opening quote without its closing one swallows the rest of the file in silence; only the last record can hold it.
fn refuse_open_quote(
    text: &str,
    before: &csv::Position,
    after: &csv::Position,
    row: u32,
) -> Result<(), Refusal> {
    let end = usize::try_from(after.byte())
        .unwrap_or(text.len())
        .min(text.len());
    if end < text.len() {
        return Ok(());
    }
    let start = usize::try_from(before.byte()).unwrap_or(end).min(end);
    let quotes = text.as_bytes()[start..end].iter().filter(|b| **b == b'"');
    if quotes.count() % 2 == 1 && text[start..end].trim().contains('\n') {
        return Err(Refusal::QuoteNotClosed { row });
    }
    Ok(())
}

fn row(number: u32, record: &StringRecord) -> Row {
    let width = record
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.trim().is_empty())
        .last()
        .map_or(0, |(last, _)| last + 1);
    Row {
        number,
        cells: record.iter().take(width).map(cell).collect(),
    }
}

fn cell(text: &str) -> Cell {
    let shielded = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    match shielded.unwrap_or(text) {
        blank if blank.trim().is_empty() => Cell::Blank,
        fault if is_fault(fault) => Cell::Fault(fault.to_owned()),
        text => Cell::Text(text.to_owned()),
    }
}

/// What a spreadsheet writes into CSV where a formula failed.
fn is_fault(text: &str) -> bool {
    matches!(
        text.trim(),
        "#N/A" | "#REF!" | "#VALUE!" | "#NAME?" | "#DIV/0!" | "#NUM!" | "#NULL!"
    )
}

fn refuse_excess(row: &Row, cells: usize, limits: &Limits) -> Result<(), Refusal> {
    if row.number > limits.rows {
        return Err(Refusal::TooManyRows { limit: limits.rows });
    }
    if row.cells.len() > limits.columns as usize {
        return Err(Refusal::TooManyColumns {
            limit: limits.columns,
        });
    }
    if cells > limits.cells {
        return Err(Refusal::TooManyCells {
            limit: limits.cells,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<(u32, Vec<String>)>, Refusal> {
        let decoded = Decoded {
            text: text.to_owned(),
            encoding: "UTF-8",
        };
        let file = read(&decoded, "dir/好差评.csv", &Limits::default())?;
        assert_eq!(file.sheets[0].name, "好差评");
        let texts = |row: &Row| {
            row.cells
                .iter()
                .map(|cell| match cell {
                    Cell::Text(text) => text.clone(),
                    _ => String::new(),
                })
                .collect()
        };
        Ok(file.sheets[0]
            .rows
            .iter()
            .map(|row| (row.number, texts(row)))
            .collect())
    }

    fn numbers(text: &str) -> Vec<u32> {
        read_text(text).unwrap().iter().map(|row| row.0).collect()
    }

    #[test]
    fn the_separator_is_found_even_when_texts_hold_others() {
        for text in ["a,b;c\n1,2\n3,4", "a;b\n1;2,5\n3;4,5", "a\tb\n1,0\t2\n"] {
            assert_eq!(read_text(text).unwrap()[0].1.len(), 2, "{text}");
        }
        assert_eq!(read_text("only one\ncolumn\n").unwrap().len(), 2);
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        assert_eq!(numbers("a,b\n1,2\n3,4"), [1, 2, 3]);
        assert_eq!(numbers("标题\n\n\na,b\n1,2\n"), [1, 4, 5]);
        assert_eq!(numbers("a,b\r\n\r\n1,2\r\n"), [1, 3]);
        assert_eq!(numbers("a,b\n1,\"x\ny\nz\"\n\n3,4\n5,6"), [1, 2, 4, 5]);
        assert_eq!(numbers("\n\na,b\n,,\n1,2"), [3, 5]);
    }

    #[test]
    fn a_quote_left_open_is_refused_with_its_row() {
        assert_eq!(
            read_text("a,b\n1,\"x\n3,4\n5,6\n"),
            Err(Refusal::QuoteNotClosed { row: 2 })
        );
        assert!(read_text("a,b\n1,\"x\"\"y\"\n").is_ok());
    }

    #[test]
    fn numbers_shielded_as_formulas_keep_their_zeros() {
        assert_eq!(
            read_text("编号,b\n\"=\"\"0012\"\"\",x\n").unwrap()[1].1[0],
            "0012"
        );
    }

    #[test]
    fn values_beyond_the_limits_are_refused() {
        let wide = format!("{}x\n", ",".repeat(256));
        let tall = format!("{}x\n", "\n".repeat(200_000));

        assert_eq!(
            read_text(&wide),
            Err(Refusal::TooManyColumns { limit: 256 })
        );
        assert_eq!(
            read_text(&tall),
            Err(Refusal::TooManyRows { limit: 200_000 })
        );
    }
}
