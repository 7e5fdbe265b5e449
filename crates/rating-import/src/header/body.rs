//! The rows below a header, one at a time: data, and what is not data.

use super::totals::Running;
use super::{
    Columns, DEEPEST, Field, Header, SEARCHED_ROWS, find, lists_people, repeats_header, totals,
};
use crate::ImportIssue;
use crate::batch::{SkipReason, SkippedRow, TotalsCheck};
use crate::cell::{folded, plain_text, squeezed};
use crate::issue::Problem;
use crate::refused::Refusal;
use crate::sheet::{Cell, Row, Sheet, SheetRows, Visibility};
use std::collections::{BTreeMap, VecDeque};

/// Skipped rows that are named; more are only passed over.
const NAMED_SKIPPED: usize = 1000;

/// A recognised table of a sheet whose rows are still to come.
pub(crate) struct Table<'f> {
    pub header: Header,
    pub skipped: Vec<SkippedRow>,
    /// Rows of data so far.
    pub rows: u64,
    sheet: String,
    stream: SheetRows<'f>,
    /// Rows that were read while the header was searched.
    ahead: VecDeque<Row>,
    totals: Running,
    filled: FilledDown,
}

/// What a sheet turned out to be.
pub(crate) enum Found<'f> {
    Table(Box<Table<'f>>),
    /// No table of this kind; the required headers that are missing.
    Missing(Vec<String>),
}

/// The rows among which a header is searched.
pub(crate) fn first_rows(stream: &mut SheetRows<'_>) -> Result<Sheet, Refusal> {
    let mut rows = Vec::new();
    while rows.len() < SEARCHED_ROWS + DEEPEST {
        match stream.next_row()? {
            Some(row) => rows.push(row),
            None => break,
        }
    }
    Ok(Sheet {
        name: stream.name.to_owned(),
        visibility: Visibility::Shown,
        rows,
        merges: stream.merges().to_vec(),
    })
}

impl<'f> Table<'f> {
    /// Recognises the table of a sheet by its first rows.
    pub fn find(mut stream: SheetRows<'f>, fields: &[Field]) -> Result<Found<'f>, Refusal> {
        let mut head = first_rows(&mut stream)?;
        let header = match find(&head, fields) {
            Ok(header) => header,
            Err(missing) => return Ok(Found::Missing(missing)),
        };
        let ahead = head.rows.split_off(header.body);
        let titles = head.rows[..header.start].iter().map(|row| SkippedRow {
            sheet: head.name.clone(),
            row: row.number,
            why: SkipReason::Title,
        });
        Ok(Found::Table(Box::new(Self {
            skipped: titles.collect(),
            rows: 0,
            totals: Running::new(&header.labels, lists_people(fields)),
            filled: FilledDown::new(header.lowest.number),
            ahead: ahead.into(),
            sheet: head.name,
            stream,
            header,
        })))
    }

    /// The next row of data.
    pub fn next_row(&mut self) -> Result<Option<Row>, Refusal> {
        loop {
            let row = match self.ahead.pop_front() {
                Some(row) => row,
                None => match self.stream.next_row()? {
                    Some(row) => row,
                    None => return Ok(None),
                },
            };
            self.filled.go_to(&row, self.stream.merges());
            match not_data(&row, &self.header.lowest, &self.header.blocks) {
                None => {
                    self.rows += 1;
                    self.totals.add(&row);
                    return Ok(Some(row));
                }
                Some(why) => self.skip(row, why),
            }
        }
    }

    fn skip(&mut self, row: Row, why: SkipReason) {
        if self.skipped.len() < NAMED_SKIPPED {
            self.skipped.push(SkippedRow {
                sheet: self.sheet.clone(),
                row: row.number,
                why,
            });
        }
        if why == SkipReason::Totals {
            self.totals.hold(row);
        }
    }

    /// One view per block of a row that holds anything.
    pub fn views<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = RowView<'t>> {
        self.header
            .blocks
            .iter()
            .map(move |columns| RowView {
                sheet: &self.sheet,
                labels: &self.header.labels,
                filled: &self.filled.texts,
                row,
                columns,
            })
            .filter(RowView::holds_anything)
    }

    /// The file's own totals against the rows, once all have been read.
    pub fn totals(&self) -> Vec<TotalsCheck> {
        self.totals.check(&self.sheet, &self.header.labels)
    }
}

/// Text of merged areas that reach over several data rows: it holds for each of them. Numbers are not repeated, they
/// would be counted twice.
struct FilledDown {
    /// The lowest header row: areas that start there or above are no data.
    header: u32,
    texts: BTreeMap<usize, Cell>,
    ends: BTreeMap<usize, u32>,
    /// Areas below the header that reach over several rows, by first row.
    areas: BTreeMap<u32, Vec<(usize, u32)>>,
    taken: usize,
}

impl FilledDown {
    const fn new(header: u32) -> Self {
        Self {
            header,
            texts: BTreeMap::new(),
            ends: BTreeMap::new(),
            areas: BTreeMap::new(),
            taken: 0,
        }
    }

    fn go_to(&mut self, row: &Row, merges: &[crate::sheet::Merge]) {
        for merge in &merges[self.taken.min(merges.len())..] {
            if merge.first_row > self.header && merge.first_row < merge.last_row {
                let area = (merge.first_column, merge.last_row);
                self.areas.entry(merge.first_row).or_default().push(area);
            }
        }
        self.taken = merges.len();
        self.ends.retain(|column, last| {
            let goes_on = *last >= row.number;
            if !goes_on {
                self.texts.remove(column);
            }
            goes_on
        });
        while let Some(first) = self.areas.first_entry().filter(|e| *e.key() <= row.number) {
            let begins_here = *first.key() == row.number;
            for (column, last) in first.remove() {
                if let (true, Cell::Text(text)) = (begins_here, row.cell(column)) {
                    self.texts.insert(column, Cell::Text(text.clone()));
                    self.ends.insert(column, last);
                }
            }
        }
    }
}

fn not_data(row: &Row, header: &Row, blocks: &[Columns]) -> Option<SkipReason> {
    let filled = || row.cells.iter().filter(|cell| **cell != Cell::Blank);
    let first_cell = filled().next()?;
    let first = squeezed(&plain_text(first_cell));
    if totals::is_label(&first) {
        return Some(SkipReason::Totals);
    }
    if repeats_header(row, header) {
        return Some(SkipReason::RepeatedHeader);
    }
    let noted = is_note(&first) && filled().take(5).count() <= 4;
    let alone = blocks[0].len() >= 3 && filled().all(|cell| cell == first_cell);
    let beside = alone
        && blocks
            .iter()
            .flat_map(|block| block.values())
            .all(|column| *row.cell(*column) == Cell::Blank);
    (noted || beside).then_some(SkipReason::Note)
}

fn is_note(first: &str) -> bool {
    const STARTS: [&str; 14] = [
        "注:",
        "注1",
        "备注:",
        "说明:",
        "附注",
        "填表",
        "制表",
        "审核人",
        "审核:",
        "数据来源",
        "统计口径",
        "填报",
        "打印",
        "导出",
    ];
    STARTS.iter().any(|start| first.starts_with(start))
}

/// One data row, or one block of it.
pub(crate) struct RowView<'t> {
    sheet: &'t str,
    labels: &'t [String],
    filled: &'t BTreeMap<usize, Cell>,
    row: &'t Row,
    columns: &'t Columns,
}

impl RowView<'_> {
    /// Name of the sheet.
    pub const fn sheet(&self) -> &str {
        self.sheet
    }

    /// Whether the file has the field at all.
    pub fn has(&self, key: &str) -> bool {
        self.columns.contains_key(key)
    }

    /// The cell of a field; blank where the file has no such column.
    pub fn cell(&self, key: &str) -> &Cell {
        let Some(column) = self.columns.get(key) else {
            return &Cell::Blank;
        };
        match self.row.cell(*column) {
            Cell::Blank => self.filled.get(column).unwrap_or(&Cell::Blank),
            cell => cell,
        }
    }

    fn holds_anything(&self) -> bool {
        self.columns
            .keys()
            .any(|key| *self.cell(key) != Cell::Blank)
    }

    fn label(&self, key: &str) -> &str {
        self.columns
            .get(key)
            .and_then(|column| self.labels.get(*column))
            .map_or("", String::as_str)
    }

    /// The issue of a field of this row, showing its text.
    pub fn issue(&self, key: &str, problem: &Problem) -> ImportIssue {
        let shown = folded(&plain_text(self.cell(key)));
        problem.at(self.sheet, self.row.number, self.label(key), &shown)
    }

    /// The issue of a field whose text is personal and is not shown.
    pub fn silent_issue(&self, key: &str, problem: &Problem) -> ImportIssue {
        problem.at(self.sheet, self.row.number, self.label(key), "")
    }

    /// Reads a field that may be blank; a problem goes to the issues and reads as blank.
    pub fn read<T>(
        &self,
        key: &str,
        parse: impl Fn(&Cell) -> Result<Option<T>, Problem>,
        issues: &mut Vec<ImportIssue>,
    ) -> Option<T> {
        parse(self.cell(key)).unwrap_or_else(|problem| {
            issues.push(self.issue(key, &problem));
            None
        })
    }

    /// Reads a field that must not be blank.
    pub fn require<T>(
        &self,
        key: &str,
        parse: impl Fn(&Cell) -> Result<Option<T>, Problem>,
        issues: &mut Vec<ImportIssue>,
    ) -> Option<T> {
        self.read(
            key,
            |cell| parse(cell).and_then(|found| found.ok_or(Problem::Missing).map(Some)),
            issues,
        )
    }
}
