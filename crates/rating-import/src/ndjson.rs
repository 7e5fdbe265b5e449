//! Rows on their way out of the limited child process: one JSON value per line.
//!
//! The last line repeats the counts, so that a stream cut short is noticed.

use crate::{FileRefused, Imported};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt;
use std::io::{self, BufRead, Write};

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Sent<'a, T> {
    Refused(&'a FileRefused),
    Summary(&'a Imported<T>),
    Row(&'a T),
    End { rows: usize },
    Last { parts: usize },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", bound = "T: DeserializeOwned")]
enum Received<T> {
    Refused(FileRefused),
    Summary(Imported<T>),
    Row(T),
    End { rows: usize },
    Last { parts: usize },
}

/// A stream that does not hold what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamBroken {
    /// It ends before its last line; the child died.
    CutShort,
    /// A line is not what is expected.
    NotOurs {
        /// Which line, 1 for the first.
        line: usize,
    },
    /// It could not be read.
    Unreadable,
}

impl fmt::Display for StreamBroken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutShort => f.write_str("the import stream ends before its last line"),
            Self::NotOurs { line } => write!(f, "line {line} of the import stream is malformed"),
            Self::Unreadable => f.write_str("the import stream cannot be read"),
        }
    }
}

impl std::error::Error for StreamBroken {}

/// Writes the result of an import, one JSON value per line.
///
/// # Errors
/// Whatever the writer says.
pub fn write_ndjson<T: Serialize>(
    outcome: &Result<Imported<T>, FileRefused>,
    out: &mut impl Write,
) -> io::Result<()> {
    let imported = match outcome {
        Ok(imported) => imported,
        Err(refused) => return line(out, &Sent::<'_, T>::Refused(refused)),
    };
    line(out, &Sent::Summary(&without_rows(imported)))?;
    for row in &imported.rows {
        line(out, &Sent::Row(row))?;
    }
    let end: Sent<'_, T> = Sent::End {
        rows: imported.rows.len(),
    };
    line(out, &end)
}

fn without_rows<T>(imported: &Imported<T>) -> Imported<&T> {
    Imported {
        rows: Vec::new(),
        rows_total: imported.rows_total,
        rows_taken: imported.rows_taken,
        rows_unrated: imported.rows_unrated,
        duplicates: imported.duplicates,
        rejected: imported.rejected,
        issues: imported.issues.clone(),
        headers: imported.headers.clone(),
        dropped_columns: imported.dropped_columns.clone(),
        skipped_rows: imported.skipped_rows.clone(),
        skipped_sheets: imported.skipped_sheets.clone(),
        totals_check: imported.totals_check.clone(),
        unknown_names: imported.unknown_names.clone(),
        not_answers: imported.not_answers.clone(),
    }
}

fn line<V: Serialize>(out: &mut impl Write, value: &V) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Ends a stream of several imports, each written by [`write_ndjson`].
///
/// # Errors
/// Whatever the writer says.
pub fn write_last(parts: usize, out: &mut impl Write) -> io::Result<()> {
    let last: Sent<'_, ()> = Sent::Last { parts };
    line(out, &last)
}

/// Reads what [`write_ndjson`] wrote.
///
/// # Errors
/// [`StreamBroken`] when the stream is cut short or holds anything else.
pub fn read_ndjson<T: DeserializeOwned>(
    stream: impl BufRead,
) -> Result<Result<Imported<T>, FileRefused>, StreamBroken> {
    let mut parts = NdjsonParts::of(stream);
    parts.next_part()?.ok_or(StreamBroken::CutShort)
}

/// Reads several imports from one stream.
#[derive(Debug)]
pub struct NdjsonParts<S> {
    lines: io::Lines<S>,
    line: usize,
    parts: usize,
}

impl<S: BufRead> NdjsonParts<S> {
    /// The parts of a stream.
    pub fn of(stream: S) -> Self {
        Self {
            lines: stream.lines(),
            line: 0,
            parts: 0,
        }
    }

    /// The next import; `None` after the last.
    ///
    /// # Errors
    /// [`StreamBroken`] when the stream is cut short or holds anything else.
    pub fn next_part<T: DeserializeOwned>(
        &mut self,
    ) -> Result<Option<Result<Imported<T>, FileRefused>>, StreamBroken> {
        let mut imported: Option<Imported<T>> = None;
        loop {
            let text = self.lines.next().ok_or(StreamBroken::CutShort)?;
            let text = text.map_err(|_| StreamBroken::Unreadable)?;
            self.line += 1;
            let not_ours = StreamBroken::NotOurs { line: self.line };
            let received = serde_json::from_str(&text).map_err(|_| not_ours)?;
            match (received, &mut imported) {
                (Received::Refused(refused), None) => return Ok(Some(Err(refused))),
                (Received::Summary(summary), None) => imported = Some(summary),
                (Received::Row(row), Some(imported)) => imported.rows.push(row),
                (Received::End { rows }, Some(found)) if found.rows.len() == rows => {
                    self.parts += 1;
                    return Ok(imported.map(Ok));
                }
                (Received::Last { parts }, None) if parts == self.parts => return Ok(None),
                _ => return Err(not_ours),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(outcome: &Result<Imported<String>, FileRefused>) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_ndjson(outcome, &mut bytes).unwrap();
        bytes
    }

    fn two_rows() -> Result<Imported<String>, FileRefused> {
        Ok(Imported {
            rows: vec!["一\n二".into(), "三".into()],
            rows_total: 3,
            rows_taken: 2,
            rejected: 1,
            ..Imported::default()
        })
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let outcome = two_rows();

        let bytes = written(&outcome);

        assert_eq!(read_ndjson::<String>(&bytes[..]), Ok(outcome));
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 4);
    }

    #[test]
    fn several_parts_are_read_until_the_last_and_a_missing_one_is_noticed() {
        let part = written(&two_rows());
        let read = |parts: usize| {
            let mut bytes = part.repeat(2);
            write_last(parts, &mut bytes).unwrap();
            let mut stream = NdjsonParts::of(&bytes[..]);
            let both = [stream.next_part(), stream.next_part()];
            assert!(both.iter().all(|part| part == &Ok(Some(two_rows()))));
            stream.next_part::<String>()
        };

        assert_eq!(read(2), Ok(None));
        assert_eq!(read(3), Err(StreamBroken::NotOurs { line: 9 }));
        let mut cut = NdjsonParts::of(&part[..]);
        assert!(cut.next_part::<String>().unwrap().is_some());
        assert_eq!(cut.next_part::<String>(), Err(StreamBroken::CutShort));
    }

    #[test]
    fn a_refusal_travels_too() {
        let refused = FileRefused {
            code: "RI-001".into(),
            message: "m".into(),
            remedy: "r".into(),
        };

        let bytes = written(&Err(refused.clone()));

        assert_eq!(read_ndjson::<String>(&bytes[..]), Ok(Err(refused)));
    }

    #[test]
    fn a_stream_cut_anywhere_is_noticed() {
        let bytes = written(&two_rows());
        for end in 0..bytes.len() - 1 {
            assert!(read_ndjson::<String>(&bytes[..end]).is_err(), "{end}");
        }
    }
}
