//! The rows below a header: data, and what is not data.

use super::{Columns, Field, Header, find, repeats_header, totals};
use crate::ImportIssue;
use crate::batch::{SkipReason, SkippedRow, TotalsCheck};
use crate::cell::{folded, plain_text, squeezed};
use crate::issue::Problem;
use crate::sheet::{Cell, Row, Sheet};
use std::collections::BTreeMap;

/// A recognised table of a sheet.
pub(crate) struct Table<'s> {
    pub sheet: &'s Sheet,
    pub header: Header,
    pub data: Vec<&'s Row>,
    pub skipped: Vec<SkippedRow>,
    pub totals: Vec<TotalsCheck>,
    /// Text of merged areas that reach over several data rows, by row and column.
    filled: BTreeMap<(u32, usize), Cell>,
}

impl<'s> Table<'s> {
    /// Recognises the table of a sheet.
    ///
    /// # Errors
    /// The required headers that are missing.
    pub fn find(sheet: &'s Sheet, fields: &[Field]) -> Result<Self, Vec<String>> {
        let header = find(sheet, fields)?;
        let last = &sheet.rows[header.body - 1];
        let (mut data, mut skipped, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        skipped.extend(sheet.rows[..header.start].iter().map(|row| SkippedRow {
            sheet: sheet.name.clone(),
            row: row.number,
            why: SkipReason::Title,
        }));
        for row in &sheet.rows[header.body..] {
            match not_data(row, last, &header.blocks) {
                None => data.push(row),
                Some(why) => {
                    skipped.push(SkippedRow {
                        sheet: sheet.name.clone(),
                        row: row.number,
                        why,
                    });
                    if why == SkipReason::Totals {
                        sums.push(row);
                    }
                }
            }
        }
        let totals = totals::check(&sheet.name, &header.labels, &data, &sums);
        let filled = filled_down(sheet, header.body);
        Ok(Self {
            sheet,
            header,
            data,
            skipped,
            totals,
            filled,
        })
    }

    /// One view per data row and block that holds anything.
    pub fn views(&self) -> impl Iterator<Item = RowView<'_>> {
        self.data.iter().flat_map(move |row| {
            self.header
                .blocks
                .iter()
                .map(move |columns| RowView {
                    table: self,
                    row,
                    columns,
                })
                .filter(|view| view.holds_anything())
        })
    }
}

/// A merged area over several rows means its text for each of them. Numbers are not repeated: they would be counted twice.
fn filled_down(sheet: &Sheet, body: usize) -> BTreeMap<(u32, usize), Cell> {
    let mut filled = BTreeMap::new();
    let Some(first_data) = sheet.rows.get(body).map(|row| row.number) else {
        return filled;
    };
    let row_at = |number: u32| {
        let index = sheet.rows.binary_search_by_key(&number, |row| row.number);
        index.ok().map(|index| &sheet.rows[index])
    };
    for merge in &sheet.merges {
        if merge.first_row < first_data || merge.first_row == merge.last_row {
            continue;
        }
        let top = row_at(merge.first_row).map(|row| row.cell(merge.first_column));
        let Some(Cell::Text(text)) = top else {
            continue;
        };
        let from = sheet
            .rows
            .partition_point(|row| row.number <= merge.first_row);
        let to = sheet
            .rows
            .partition_point(|row| row.number <= merge.last_row);
        for row in &sheet.rows[from..to] {
            filled.insert((row.number, merge.first_column), Cell::Text(text.clone()));
        }
    }
    filled
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
    table: &'t Table<'t>,
    row: &'t Row,
    columns: &'t Columns,
}

impl RowView<'_> {
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
            Cell::Blank => self
                .table
                .filled
                .get(&(self.row.number, *column))
                .unwrap_or(&Cell::Blank),
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
            .and_then(|column| self.table.header.labels.get(*column))
            .map_or("", String::as_str)
    }

    /// The issue of a field of this row, showing its text.
    pub fn issue(&self, key: &str, problem: &Problem) -> ImportIssue {
        let shown = folded(&plain_text(self.cell(key)));
        problem.at(
            &self.table.sheet.name,
            self.row.number,
            self.label(key),
            &shown,
        )
    }

    /// The issue of a field whose text is personal and is not shown.
    pub fn silent_issue(&self, key: &str, problem: &Problem) -> ImportIssue {
        problem.at(&self.table.sheet.name, self.row.number, self.label(key), "")
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
