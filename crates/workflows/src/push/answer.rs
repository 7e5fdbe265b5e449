//! What a source is answered.

use crate::ImportReport;
use rating_import::ImportIssue;
use serde::{Deserialize, Serialize};

/// Issues an answer shows.
pub const SHOWN_PUSH_ISSUES: usize = 1000;

/// What became of the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// Number of the batch; none for a dry run.
    pub batch: Option<String>,
    /// Rows that hold data.
    pub rows_total: u64,
    /// Rows not seen before.
    pub new: u64,
    /// Rows that were there with the same content.
    pub same: u64,
    /// Rows that replaced an earlier version.
    pub changed: u64,
    /// Rows whose number stood in the request before.
    pub duplicates: u64,
    /// Rows that gave nothing because something is wrong.
    pub rejected: u64,
    /// What is wrong: the first thousand.
    pub issues: Vec<PushIssue>,
}

/// Something wrong in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushIssue {
    /// Place in `rows`, 1 for the first; 0 for a whole column.
    pub row: u32,
    /// Name of the column.
    pub column: String,
    /// Code of the rule.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// Nothing was written, so there is no batch.
pub(super) fn of_dry_run(report: ImportReport) -> PushAnswer {
    PushAnswer {
        batch: None,
        ..of(report)
    }
}

pub(super) fn of(report: ImportReport) -> PushAnswer {
    let issues = report.issues.into_iter().take(SHOWN_PUSH_ISSUES);
    PushAnswer {
        batch: Some(report.batch),
        rows_total: report.rows_total,
        new: report.new,
        same: report.same,
        changed: report.changed,
        duplicates: report.duplicate,
        rejected: report.rejected,
        issues: issues.map(issue).collect(),
    }
}

fn issue(issue: ImportIssue) -> PushIssue {
    PushIssue {
        row: issue.row,
        column: issue.column,
        code: issue.code,
        message: issue.message,
        remedy: issue.remedy,
    }
}
