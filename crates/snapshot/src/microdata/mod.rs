//! Microdata of any origin as columns: CSV with any usual delimiter, or Parquet.

mod column;
mod csv_file;
mod error;
mod levels;
mod parquet_file;

pub use error::MicrodataError;
pub use levels::{LevelSums, level_cells};

use analytics::analysis::{ColumnKind, Table};
use std::{fs::File, io::Read, path::Path};

/// The names of the columns, in order of the file.
///
/// # Errors
/// When the file is missing, has no header, or is neither CSV in UTF-8 nor Parquet.
pub fn column_names(path: &Path) -> Result<Vec<String>, MicrodataError> {
    if is_parquet(path)? {
        parquet_file::column_names(path)
    } else {
        csv_file::column_names(path)
    }
}

/// Reads the columns asked for and no others. Blank, `NA`, `NaN` and `.` are blank cells of a number; only a blank cell is a
/// blank label. Rows are counted from 1 without the header.
///
/// # Errors
/// As [`column_names`]; when a column is not there (the nearest name is offered) or there twice, or a cell is no number.
pub fn read_columns(path: &Path, wanted: &[(String, ColumnKind)]) -> Result<Table, MicrodataError> {
    let names = column_names(path)?;
    let places = wanted
        .iter()
        .map(|(name, kind)| place(&names, name, *kind))
        .collect::<Result<Vec<_>, _>>()?;
    if is_parquet(path)? {
        parquet_file::read(path, &places)
    } else {
        csv_file::read(path, &places)
    }
}

/// The delimiter of a CSV file; `None` for Parquet.
///
/// # Errors
/// When the file cannot be read.
pub fn delimiter(path: &Path) -> Result<Option<char>, MicrodataError> {
    if is_parquet(path)? {
        Ok(None)
    } else {
        csv_file::delimiter_of(path).map(Some)
    }
}

/// A column to read: where it is, its name, what it is read as.
struct Place<'a> {
    index: usize,
    name: &'a str,
    kind: ColumnKind,
}

fn place<'a>(
    names: &[String],
    name: &'a str,
    kind: ColumnKind,
) -> Result<Place<'a>, MicrodataError> {
    let mut found = (0..names.len()).filter(|&index| names[index] == name);
    match (found.next(), found.next()) {
        (Some(index), None) => Ok(Place { index, name, kind }),
        (Some(_), Some(_)) => Err(MicrodataError::ColumnTwice(name.to_owned())),
        (None, _) => Err(MicrodataError::no_column(name, names)),
    }
}

/// Parquet files are known by their first four bytes, not by their name.
fn is_parquet(path: &Path) -> Result<bool, MicrodataError> {
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(4).read_to_end(&mut start))
        .map_err(|source| MicrodataError::io(path, source))?;
    Ok(start == b"PAR1")
}

#[cfg(test)]
mod tests;
