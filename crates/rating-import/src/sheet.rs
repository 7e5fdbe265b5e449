//! A file from outside as sheets of numbered rows, one row at a time. Nothing is interpreted yet.

mod archive;
mod decode;
mod delimited;
mod dialect;
mod encoding;
mod mojibake;
mod old_workbook;
mod open;
mod web_table;
mod workbook;

use crate::refused::Refusal;
use crate::{FileRefused, Limits};
use decode::TextFile;
pub use open::inspect_archive;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek};
use survey_design::{TextForm, TextRepair};

/// A file that was opened: its sheets are read one after the other, row by row.
pub struct SheetFile {
    form: FileForm,
    listed: Vec<Listed>,
    content: Content,
    limits: Limits,
    cells_left: u64,
    headers: BTreeMap<String, String>,
}

/// How a file is written, as it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileForm {
    /// Encoding of a text, such as `UTF-8` or `GB18030`; `XLSX`, `XLS` for a workbook.
    pub encoding: String,
    /// How text that was decoded twice was put right, where the mapping says so.
    pub repaired: Option<TextRepair>,
    /// What stands between the cells of a line; none for workbooks and web tables.
    pub delimiter: Option<char>,
    /// What stands around cells that hold a delimiter.
    pub quote: Option<char>,
}

/// A sheet before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub name: String,
    pub visibility: Visibility,
}

enum Content {
    Delimited(TextFile),
    WebTable(TextFile),
    Workbook(Box<workbook::Book>),
    Memory(Vec<Sheet>),
}

/// A sheet in memory: the head of a larger one, an old workbook's, or a test's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Name on the tab; the file name without ending for text.
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

    /// Puts a value into a column; blanks need no room.
    pub(crate) fn put(&mut self, column: usize, cell: Cell) {
        if cell == Cell::Blank {
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Blank);
        }
        self.cells[column] = cell;
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

impl Cell {
    /// Text of a file without types: blank when nothing can be seen, a fault when a spreadsheet wrote one.
    pub(crate) fn of_text(text: &str) -> Self {
        const FAULTS: [&str; 7] = [
            "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!",
        ];
        match text.trim() {
            "" => Self::Blank,
            fault if FAULTS.contains(&fault) => Self::Fault(fault.to_owned()),
            _ => Self::Text(text.to_owned()),
        }
    }
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

/// Where rows come from, in rising order.
trait RowSource {
    /// The next row; rows without values may come and are passed over.
    fn next_row(&mut self) -> Result<Option<Row>, Refusal>;

    /// The merged areas that are known so far: all of a workbook's, those above of a web table.
    fn merges(&self) -> &[Merge];
}

/// The rows of one sheet.
pub(crate) struct SheetRows<'f> {
    pub name: &'f str,
    source: Box<dyn RowSource + 'f>,
    limits: &'f Limits,
    cells_left: &'f mut u64,
}

impl SheetRows<'_> {
    /// The next row that holds a value.
    pub fn next_row(&mut self) -> Result<Option<Row>, Refusal> {
        while let Some(row) = self.source.next_row()? {
            if row.cells.is_empty() {
                continue;
            }
            self.refuse_excess(&row)?;
            return Ok(Some(row));
        }
        Ok(None)
    }

    pub fn merges(&self) -> &[Merge] {
        self.source.merges()
    }

    fn refuse_excess(&mut self, row: &Row) -> Result<(), Refusal> {
        let limits = self.limits;
        if row.number > limits.rows {
            return Err(Refusal::TooManyRows { limit: limits.rows });
        }
        refuse_column(row.cells.len().saturating_sub(1), limits)?;
        let filled = row.cells.iter().filter(|cell| **cell != Cell::Blank);
        *self.cells_left =
            self.cells_left
                .checked_sub(filled.count() as u64)
                .ok_or(Refusal::TooManyCells {
                    limit: limits.cells,
                })?;
        Ok(())
    }
}

fn refuse_column(column: usize, limits: &Limits) -> Result<(), Refusal> {
    match column >= limits.columns as usize {
        true => Err(Refusal::TooManyColumns {
            limit: limits.columns,
        }),
        false => Ok(()),
    }
}

/// What a file is read from.
pub(crate) trait Input: Read + Seek {}
impl<I: Read + Seek> Input for I {}

impl SheetFile {
    /// Opens a CSV, XLSX or XLS file or a web table saved as one; its content decides which, not its name.
    ///
    /// Text may be UTF-8 or GB18030, or UTF-16 with a mark, separated by comma, semicolon, tab or `|`; `form` says
    /// what the bytes leave open. Memory does not grow with the rows, except for old workbooks and for the distinct
    /// texts of an XLSX file. A workbook library that aborts cannot be caught: call it in a child process with
    /// limits of its own.
    ///
    /// # Errors
    /// [`FileRefused`] when the file is unusable as a whole.
    pub fn open(
        input: impl Read + Seek + 'static,
        file_name: &str,
        form: &TextForm,
        limits: &Limits,
    ) -> Result<Self, FileRefused> {
        let opened = open::open(Box::new(input), file_name, form, limits)?;
        Ok(Self {
            headers: form.headers.clone(),
            ..opened
        })
    }

    /// Opens a file that is in memory; see [`SheetFile::open`].
    ///
    /// # Errors
    /// [`FileRefused`] when the file is unusable as a whole.
    pub fn of_bytes(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Self, FileRefused> {
        let input = Cursor::new(bytes.to_vec());
        Self::open(input, file_name, &TextForm::default(), limits)
    }

    /// Rows that are in memory already.
    #[must_use]
    pub fn of_sheets(sheets: Vec<Sheet>) -> Self {
        Self::of_memory(sheets, "", &Limits::default())
    }

    fn of_memory(sheets: Vec<Sheet>, encoding: &str, limits: &Limits) -> Self {
        let listed = sheets
            .iter()
            .map(|sheet| Listed {
                name: sheet.name.clone(),
                visibility: sheet.visibility,
            })
            .collect();
        let form = FileForm {
            encoding: encoding.to_owned(),
            ..FileForm::default()
        };
        Self::new(form, listed, Content::Memory(sheets), limits)
    }

    fn new(form: FileForm, listed: Vec<Listed>, content: Content, limits: &Limits) -> Self {
        Self {
            form,
            listed,
            content,
            limits: *limits,
            cells_left: limits.cells,
            headers: BTreeMap::new(),
        }
    }

    /// What a person has said of single headers.
    pub(crate) const fn headers(&self) -> &BTreeMap<String, String> {
        &self.headers
    }

    /// How the file is written.
    #[must_use]
    pub const fn form(&self) -> &FileForm {
        &self.form
    }

    /// Reads every row into memory: for previews of small files.
    ///
    /// # Errors
    /// [`FileRefused`] when the file proves unusable.
    pub fn sheets(&mut self) -> Result<Vec<Sheet>, FileRefused> {
        (0..self.listed.len())
            .map(|index| self.whole_sheet(index).map_err(FileRefused::from))
            .collect()
    }

    fn whole_sheet(&mut self, index: usize) -> Result<Sheet, Refusal> {
        let Listed { name, visibility } = self.listed[index].clone();
        let mut stream = self.rows(index)?;
        let mut rows = Vec::new();
        while let Some(row) = stream.next_row()? {
            rows.push(row);
        }
        let merges = stream.merges().to_vec();
        Ok(Sheet {
            name,
            visibility,
            rows,
            merges,
        })
    }

    pub(crate) fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// The rows of one sheet from the top.
    pub(crate) fn rows(&mut self, index: usize) -> Result<SheetRows<'_>, Refusal> {
        let name = self.listed[index].name.as_str();
        let limits = &self.limits;
        let source: Box<dyn RowSource + '_> = match &mut self.content {
            Content::Delimited(text) => {
                let dialect = dialect::Dialect::of(&self.form);
                Box::new(delimited::Lines::new(text.reader()?, dialect))
            }
            Content::WebTable(text) => Box::new(web_table::Tables::new(text.reader()?, limits)),
            Content::Workbook(book) => Box::new(workbook::Cells::open(book, name, limits)?),
            Content::Memory(sheets) => Box::new(InMemory {
                sheet: &sheets[index],
                next: 0,
            }),
        };
        Ok(SheetRows {
            name,
            source,
            limits,
            cells_left: &mut self.cells_left,
        })
    }
}

struct InMemory<'f> {
    sheet: &'f Sheet,
    next: usize,
}

impl RowSource for InMemory<'_> {
    fn next_row(&mut self) -> Result<Option<Row>, Refusal> {
        self.next += 1;
        Ok(self.sheet.rows.get(self.next - 1).cloned())
    }

    fn merges(&self) -> &[Merge] {
        &self.sheet.merges
    }
}

#[cfg(test)]
mod tests;
