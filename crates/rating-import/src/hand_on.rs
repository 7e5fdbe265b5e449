//! Good rows and issues on their way out, one at a time.

use crate::batch::{Imported, Summary};
use crate::refused::Refusal;
use crate::{FileRefused, ImportIssue};
use std::io;

/// What an import hands on as it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed<T> {
    /// A good row.
    Row(T),
    /// Something wrong.
    Issue(ImportIssue),
}

/// Where rows and issues go; an error stops the reading.
pub type HandOn<'f, T> = dyn FnMut(Handed<T>) -> io::Result<()> + 'f;

/// Why an import came to no end.
#[derive(Debug)]
pub enum Stopped {
    /// The file is unusable as a whole; what was handed on before counts for nothing.
    Refused(FileRefused),
    /// Nobody takes the rows any more.
    NotTaken(io::Error),
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<FileRefused> for Stopped {
    fn from(refused: FileRefused) -> Self {
        Self::Refused(refused)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::NotTaken(error)
    }
}

/// Keeps everything a reading hands on.
///
/// ```
/// # use rating_import::{Limits, SheetFile, gathered, parse_volumes};
/// let mut file = SheetFile::of_bytes("单位,办结量\n市教育局,3\n".as_bytes(), "a.csv", &Limits::default())?;
/// let units = [("市教育局".to_owned(), "D02".into())].into_iter().collect();
/// let imported = gathered(|hand_on| parse_volumes(&mut file, &units, hand_on))?;
/// assert_eq!(imported.rows[0].completed_cases, 3);
/// # Ok::<(), rating_import::FileRefused>(())
/// ```
///
/// # Errors
/// [`FileRefused`] as the reading says.
pub fn gathered<T>(
    read: impl FnOnce(&mut HandOn<'_, T>) -> Result<Summary, Stopped>,
) -> Result<Imported<T>, FileRefused> {
    let mut imported = Imported::default();
    let (rows, issues) = (&mut imported.rows, &mut imported.issues);
    let read = read(&mut |handed| {
        match handed {
            Handed::Row(row) => rows.push(row),
            Handed::Issue(issue) => issues.push(issue),
        }
        Ok(())
    });
    match read {
        Ok(summary) => {
            imported.summary = summary;
            Ok(imported)
        }
        Err(Stopped::Refused(refused)) => Err(refused),
        Err(Stopped::NotTaken(_)) => unreachable!("a vector takes every row"),
    }
}
