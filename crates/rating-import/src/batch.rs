//! What an import hands on: good rows and issues, never one without the other.

use crate::{FileForm, ImportIssue};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The rows of a file and what was wrong, all in memory: for small files and tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported<T> {
    /// Good rows in the order of the file.
    pub rows: Vec<T>,
    /// Everything wrong, in the order of the file.
    pub issues: Vec<ImportIssue>,
    /// How everything read was accounted for.
    pub summary: Summary,
}

impl<T> Default for Imported<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            issues: Vec::new(),
            summary: Summary::default(),
        }
    }
}

/// How everything in a file was accounted for; its size does not depend on the number of rows.
///
/// `rows_total = rows_taken + rows_unrated + rows_elsewhere + duplicates + rejected` always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How the file is written.
    pub form: FileForm,
    /// Rows of the file that hold data (no titles, totals or notes).
    pub rows_total: u64,
    /// Rows of the file that gave at least one good row.
    pub rows_taken: u64,
    /// Rows of the file without any answer to take, such as a respondent who skipped every item.
    pub rows_unrated: u64,
    /// Rows of the file about somebody who is not evaluated here.
    #[serde(default)]
    pub rows_elsewhere: u64,
    /// Rows of the file whose key was there before.
    pub duplicates: u64,
    /// Rows of the file that gave nothing because something is wrong.
    pub rejected: u64,
    /// Number of issues handed on.
    pub issues: u64,
    /// What was recognised, one per sheet that was read.
    pub headers: Vec<HeaderFound>,
    /// Columns that were read past.
    pub dropped_columns: Vec<DroppedColumn>,
    /// Rows that are not data: the first thousand of each sheet.
    pub skipped_rows: Vec<SkippedRow>,
    /// Sheets without a usable header, and hidden sheets.
    pub skipped_sheets: Vec<String>,
    /// The file's own totals against ours.
    pub totals_check: Vec<TotalsCheck>,
    /// Names nobody knows, each once with the nearest known names; the first thousand.
    pub unknown_names: Vec<UnknownName>,
    /// Answers that are none (blank, not applicable), per item; never scored.
    pub not_answers: BTreeMap<String, u64>,
}

/// The header of one sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderFound {
    /// Name of the sheet.
    pub sheet: String,
    /// First header row, 1 for the first of the sheet.
    pub first_row: u32,
    /// Number of header rows, 1 to 4.
    pub rows: u32,
    /// How often the block of columns stands side by side, usually 1.
    pub blocks: u32,
    /// Header of each recognised field.
    pub columns: BTreeMap<String, String>,
}

/// A column that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedColumn {
    /// Name of the sheet.
    pub sheet: String,
    /// Its header.
    pub column: String,
    /// Why.
    pub why: DropReason,
}

/// Why a column was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// It names or describes a person; it never leaves the importer.
    Personal,
    /// Another column already gives this field.
    Repeated,
    /// Not needed.
    NotNeeded,
}

/// A row that is not data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRow {
    /// Name of the sheet.
    pub sheet: String,
    /// Row number.
    pub row: u32,
    /// Why.
    pub why: SkipReason,
}

/// Why a row is not data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Above the header.
    Title,
    /// 合计, 总计, 小计.
    Totals,
    /// 注, 说明, 填表人.
    Note,
    /// The header printed again.
    RepeatedHeader,
}

/// One figure of a totals row against the rows above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalsCheck {
    /// Name of the sheet.
    pub sheet: String,
    /// Row number of the totals row.
    pub row: u32,
    /// Header of the column.
    pub column: String,
    /// As the file says.
    pub stated: String,
    /// As the rows add up.
    pub computed: String,
    /// Whether both agree.
    pub agrees: bool,
}

/// A name that is not in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownName {
    /// As written, long digits masked.
    pub name: String,
    /// In how many rows.
    pub rows: u64,
    /// Nearest known names, best first, at most three.
    pub suggestions: Vec<String>,
}
