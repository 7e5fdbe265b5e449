//! The files of the service centre and of the hotline, as dirty as agencies really send them (domain F.5).

mod hall;
mod hall_cases;
mod hall_file;
mod hotline;
mod spelled_date;

use super::truth::Truth;
use anyhow::{Context, Result};
use chrono::NaiveDate;
use std::path::{Path, PathBuf};
use survey_design::WorldRound;

/// The quarter the files cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// Code of the round, part of the file names.
    pub code: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl From<&WorldRound> for Quarter {
    fn from(round: &WorldRound) -> Self {
        Self {
            code: round.id.to_string(),
            from: round.period_start,
            to: round.period_end,
        }
    }
}

/// A file as it was written, and what a careful reader must find in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where it lies.
    pub path: PathBuf,
    /// Rows below the headers, without the totals row and the note.
    pub rows: usize,
    /// Rows that repeat an earlier row of the file.
    pub repeated: usize,
    /// Rows that cannot be taken: unknown unit, unknown level, ended before it began.
    pub faulty: usize,
}

/// The three files of a quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarterFiles {
    /// Service-centre ratings, GBK CSV.
    pub hall: Written,
    /// Completed cases per unit 办件量, XLSX.
    pub hall_cases: Written,
    /// Hotline orders, XLSX.
    pub hotline: Written,
}

/// Writes the files of one quarter into `folder`; the same truth and quarter give the same bytes.
///
/// # Errors
/// When a file cannot be written.
pub fn write_quarter(truth: &Truth, quarter: &Quarter, folder: &Path) -> Result<QuarterFiles> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let ledger = hall::ratings(truth, quarter);
    Ok(QuarterFiles {
        hall: hall_file::write(truth, &ledger, quarter, folder)?,
        hall_cases: hall_cases::write(truth, quarter, &ledger, folder)?,
        hotline: hotline::write(truth, quarter, folder)?,
    })
}

#[cfg(test)]
mod tests;
