//! Rows on their way out of the limited child process: one JSON value per line, as they are read.
//!
//! The last line repeats the counts, so that a stream cut short is noticed.

use crate::batch::{Imported, Summary};
use crate::hand_on::{HandOn, Handed, Stopped};
use crate::refused::Refusal;
use crate::{FileRefused, ImportIssue};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{self, BufRead, Cursor, Write};
use std::marker::PhantomData;

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Sent<'a, T> {
    Row(&'a T),
    Issue(&'a ImportIssue),
    Refused(&'a FileRefused),
    End { rows: u64, summary: &'a Summary },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", bound = "T: DeserializeOwned")]
enum Received<T> {
    Row(T),
    Issue(ImportIssue),
    Refused(FileRefused),
    End { rows: u64, summary: Summary },
}

/// Writes what a reading hands on, one JSON value per line, and how it ended.
///
/// # Errors
/// Whatever the writer says.
pub fn write_ndjson<T: Serialize>(
    out: &mut impl Write,
    read: impl FnOnce(&mut HandOn<'_, T>) -> Result<Summary, Stopped>,
) -> io::Result<()> {
    let mut rows = 0;
    let outcome = read(&mut |handed| match &handed {
        Handed::Row(row) => {
            rows += 1;
            line(out, &Sent::Row(row))
        }
        Handed::Issue(issue) => line(out, &Sent::<'_, T>::Issue(issue)),
    });
    let last: Sent<'_, T> = match &outcome {
        Ok(summary) => Sent::End { rows, summary },
        Err(Stopped::Refused(refused)) => Sent::Refused(refused),
        Err(Stopped::NotTaken(error)) => return Err(error.kind().into()),
    };
    line(out, &last)
}

fn line<V: Serialize>(out: &mut impl Write, value: &V) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// The rows of a file that another process reads, as they arrive.
pub struct Incoming<T> {
    stream: Box<dyn BufRead + Send>,
    line: String,
    rows: u64,
    issues: u64,
    summary: Option<Summary>,
    kind: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Incoming<T> {
    /// Good rows that are in memory already.
    #[must_use]
    pub fn of_rows(rows: Vec<T>) -> Self {
        let count = rows.len() as u64;
        let mut bytes = Vec::new();
        let written = write_ndjson(&mut bytes, |hand_on| {
            rows.into_iter()
                .try_for_each(|row| hand_on(Handed::Row(row)))?;
            Ok(Summary {
                rows_total: count,
                rows_taken: count,
                ..Summary::default()
            })
        });
        written.expect("a vector takes every byte");
        Self::new(Cursor::new(bytes))
    }
}

/// Some rows and issues of a file, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk<T> {
    /// Good rows.
    pub rows: Vec<T>,
    /// What was wrong around them.
    pub issues: Vec<ImportIssue>,
}

impl<T: DeserializeOwned> Incoming<T> {
    /// What [`write_ndjson`] writes into this stream.
    pub fn new(stream: impl BufRead + Send + 'static) -> Self {
        Self {
            stream: Box::new(stream),
            line: String::new(),
            rows: 0,
            issues: 0,
            summary: None,
            kind: PhantomData,
        }
    }

    /// The next rows and issues, at most so many of both together; none of either after the last.
    ///
    /// # Errors
    /// [`FileRefused`] when the file is unusable, or its reader died; what came before then counts for nothing.
    pub fn next_chunk(&mut self, most: usize) -> Result<Chunk<T>, FileRefused> {
        let mut chunk = Chunk {
            rows: Vec::new(),
            issues: Vec::new(),
        };
        while self.summary.is_none() && chunk.rows.len() + chunk.issues.len() < most {
            match self.receive()? {
                Received::Row(row) => {
                    self.rows += 1;
                    chunk.rows.push(row);
                }
                Received::Issue(issue) => {
                    self.issues += 1;
                    chunk.issues.push(issue);
                }
                Received::Refused(refused) => return Err(refused),
                Received::End { rows, summary } => {
                    if (rows, summary.issues) != (self.rows, self.issues) {
                        return Err(Refusal::ReaderDied.into());
                    }
                    self.summary = Some(summary);
                }
            }
        }
        Ok(chunk)
    }

    /// How the whole file was accounted for, once its last row has come.
    #[must_use]
    pub const fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// Everything at once, for files that are small by nature.
    ///
    /// # Errors
    /// As [`Incoming::next_chunk`].
    pub fn gather(mut self) -> Result<Imported<T>, FileRefused> {
        let Chunk { rows, issues } = self.next_chunk(usize::MAX)?;
        let summary = self.summary.ok_or(Refusal::ReaderDied)?;
        Ok(Imported {
            rows,
            issues,
            summary,
        })
    }

    fn receive(&mut self) -> Result<Received<T>, FileRefused> {
        self.line.clear();
        let read = self.stream.read_line(&mut self.line);
        if !read.is_ok_and(|bytes| bytes > 0) {
            return Err(Refusal::ReaderDied.into());
        }
        serde_json::from_str(&self.line).map_err(|_| Refusal::ReaderDied.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Problem;

    fn written(refused: Option<&FileRefused>) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_ndjson(&mut bytes, |hand_on| {
            hand_on(Handed::Row("一\n二".to_owned()))?;
            hand_on(Handed::Issue(Problem::Missing.at("s", 3, "c", "")))?;
            hand_on(Handed::Row("三".to_owned()))?;
            match refused {
                Some(refused) => Err(refused.clone().into()),
                None => Ok(Summary {
                    rows_total: 3,
                    rows_taken: 2,
                    rejected: 1,
                    issues: 1,
                    ..Summary::default()
                }),
            }
        })
        .unwrap();
        bytes
    }

    fn incoming(bytes: &[u8]) -> Incoming<String> {
        Incoming::new(Cursor::new(bytes.to_vec()))
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let imported = incoming(&written(None)).gather().unwrap();

        assert_eq!(imported.rows, ["一\n二", "三"]);
        assert_eq!(imported.issues[0].code, "RI-111");
        assert_eq!(imported.summary.rows_total, 3);
    }

    #[test]
    fn rows_in_memory_come_as_those_of_a_file() {
        let imported = Incoming::of_rows(vec![1, 2, 3]).gather().unwrap();

        assert_eq!(imported.rows, [1, 2, 3]);
        assert_eq!((imported.summary.rows_total, imported.issues.len()), (3, 0));
    }

    #[test]
    fn rows_come_in_chunks_and_the_summary_after_the_last() {
        let mut incoming = incoming(&written(None));

        let sizes: Vec<usize> = std::iter::from_fn(|| {
            let chunk = incoming.next_chunk(2).unwrap();
            let size = chunk.rows.len() + chunk.issues.len();
            (size > 0).then_some(size)
        })
        .collect();

        assert_eq!(sizes, [2, 1]);
        assert!(incoming.summary().is_some());
    }

    #[test]
    fn a_refusal_after_rows_refuses_the_file() {
        let refused = FileRefused {
            code: "RI-001".into(),
            message: "m".into(),
            remedy: "r".into(),
        };

        let found = incoming(&written(Some(&refused))).gather();

        assert_eq!(found, Err(refused));
    }

    #[test]
    fn a_stream_cut_anywhere_is_noticed() {
        let bytes = written(None);
        for end in 0..bytes.len() - 1 {
            let refused = incoming(&bytes[..end]).gather().unwrap_err();
            assert_eq!(refused.code, "RI-023", "{end}");
        }
    }

    #[test]
    fn a_line_that_was_lost_is_noticed() {
        let text = String::from_utf8(written(None)).unwrap();
        for lost in 0..4 {
            let kept: Vec<&str> = text
                .split_inclusive('\n')
                .enumerate()
                .filter(|(index, _)| *index != lost)
                .map(|(_, line)| line)
                .collect();
            assert!(
                incoming(kept.concat().as_bytes()).gather().is_err(),
                "{lost}"
            );
        }
    }
}
