//! Columns of a CSV file, read row by row.

use super::{MicrodataError, Place, column::Column};
use analytics::analysis::Table;
use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder, Trim};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

const DELIMITERS: [u8; 4] = *b",;\t|";

pub(super) fn column_names(path: &Path) -> Result<Vec<String>, MicrodataError> {
    let (_, names) = open(path)?;
    Ok(names)
}

pub(super) fn delimiter_of(path: &Path) -> Result<char, MicrodataError> {
    let (_, delimiter) = start(path)?;
    Ok(char::from(delimiter))
}

pub(super) fn read(path: &Path, places: &[Place<'_>]) -> Result<Table, MicrodataError> {
    let (mut reader, _) = open(path)?;
    let mut columns: Vec<Column> = places.iter().map(|place| Column::new(place.kind)).collect();
    let mut record = ByteRecord::new();
    let mut rows = 0;
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| broken(path, error))?
    {
        rows += 1;
        for (column, place) in columns.iter_mut().zip(places) {
            let cell = str::from_utf8(&record[place.index])
                .map_err(|_| not_utf8(&record))?
                .trim();
            column.push(cell).map_err(|_| column.refuse(place, cell))?;
        }
    }
    let mut table = Table::new(rows);
    for (column, place) in columns.into_iter().zip(places) {
        column.insert_into(&mut table, place.name);
    }
    Ok(table)
}

fn open(path: &Path) -> Result<(Reader<BufReader<File>>, Vec<String>), MicrodataError> {
    let (input, delimiter) = start(path)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(Trim::Headers)
        .from_reader(input);
    let header = reader
        .byte_headers()
        .map_err(|error| broken(path, error))?
        .clone();
    let names = header
        .iter()
        .map(|name| {
            Ok(str::from_utf8(name)
                .map_err(|_| not_utf8(&header))?
                .to_owned())
        })
        .collect::<Result<Vec<_>, MicrodataError>>()?;
    if names.iter().all(String::is_empty) {
        return Err(MicrodataError::NoHeader(path.to_owned()));
    }
    Ok((reader, names))
}

/// The file after its byte order mark, and its delimiter.
fn start(path: &Path) -> Result<(BufReader<File>, u8), MicrodataError> {
    let file = File::open(path).map_err(|source| MicrodataError::io(path, source))?;
    let mut input = BufReader::with_capacity(1 << 16, file);
    let bytes = input
        .fill_buf()
        .map_err(|source| MicrodataError::io(path, source))?;
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let delimiter = delimiter(&bytes[mark..]);
    input.consume(mark);
    Ok((input, delimiter))
}

/// The delimiter that stands most often in the header outside quotation marks; a comma when none does.
fn delimiter(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; DELIMITERS.len()];
    for byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(found) = DELIMITERS.iter().position(|known| known == byte) {
                    counts[found] += 1;
                }
            }
        }
    }
    let best = counts.iter().max().copied().unwrap_or(0);
    let place = counts.iter().position(|count| *count == best).unwrap_or(0);
    DELIMITERS[place]
}

fn not_utf8(record: &ByteRecord) -> MicrodataError {
    MicrodataError::NotUtf8 {
        line: record.position().map_or(1, csv::Position::line),
    }
}

fn broken(path: &Path, error: csv::Error) -> MicrodataError {
    match error.into_kind() {
        ErrorKind::Io(source) => MicrodataError::io(path, source),
        ErrorKind::UnequalLengths {
            pos,
            expected_len,
            len,
        } => MicrodataError::Uneven {
            line: pos.map_or(0, |pos| pos.line()),
            found: len,
            expected: expected_len,
        },
        other => MicrodataError::io(path, std::io::Error::other(format!("{other:?}"))),
    }
}
