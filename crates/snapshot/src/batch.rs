//! Some rows of one column, decoded.

use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::{ParquetError, Result},
};

/// Present values of some rows and where the others are missing; the buffers are used again for the next rows.
#[derive(Debug)]
pub(crate) struct Batch {
    values: Values,
    definition: Vec<i16>,
    rows: usize,
}

/// The present values, in the order of their rows.
#[derive(Debug)]
pub(crate) enum Values {
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Text(Vec<ByteArray>),
}

impl Batch {
    pub(crate) fn new() -> Self {
        Self {
            values: Values::Int32(Vec::new()),
            definition: Vec::new(),
            rows: 0,
        }
    }

    /// Reads the next `rows` rows.
    pub(crate) fn read(&mut self, reader: &mut ColumnReader, rows: usize) -> Result<()> {
        self.rows = rows;
        self.definition.clear();
        let Self {
            values, definition, ..
        } = self;
        match (reader, values) {
            (ColumnReader::Int32ColumnReader(reader), Values::Int32(out)) => {
                fill(reader, rows, definition, out)
            }
            (ColumnReader::Int64ColumnReader(reader), Values::Int64(out)) => {
                fill(reader, rows, definition, out)
            }
            (ColumnReader::FloatColumnReader(reader), Values::Float(out)) => {
                fill(reader, rows, definition, out)
            }
            (ColumnReader::DoubleColumnReader(reader), Values::Double(out)) => {
                fill(reader, rows, definition, out)
            }
            (ColumnReader::ByteArrayColumnReader(reader), Values::Text(out)) => {
                fill(reader, rows, definition, out)
            }
            (reader, values) => {
                *values = Values::empty(reader)?;
                self.read(reader, rows)
            }
        }
    }

    pub(crate) const fn values(&self) -> &Values {
        &self.values
    }

    /// Appends one `U` per row: `of` its value, or `missing`.
    pub(crate) fn spread<T, U: Copy>(
        &self,
        values: &[T],
        missing: U,
        out: &mut Vec<U>,
        of: impl FnMut(&T) -> U,
    ) {
        let before = out.len();
        out.resize(before + self.rows, missing);
        self.each(values, missing, &mut out[before..], of, |out, value| {
            *out = value
        });
    }

    /// Gives each place of `out`, one per row, to `put` with `of` the row's value, or `missing`.
    #[inline]
    pub(crate) fn each<T, U: Copy, O>(
        &self,
        values: &[T],
        missing: U,
        out: &mut [O],
        mut of: impl FnMut(&T) -> U,
        mut put: impl FnMut(&mut O, U),
    ) {
        if values.len() == self.rows {
            for (out, value) in out.iter_mut().zip(values) {
                put(out, of(value));
            }
            return;
        }
        let mut present = values.iter();
        for (out, level) in out.iter_mut().zip(&self.definition) {
            let value = match level {
                0 => missing,
                _ => present.next().map_or(missing, &mut of),
            };
            put(out, value);
        }
    }
}

impl Values {
    /// A buffer for what the reader reads.
    fn empty(reader: &ColumnReader) -> Result<Self> {
        match reader {
            ColumnReader::Int32ColumnReader(_) => Ok(Self::Int32(Vec::new())),
            ColumnReader::Int64ColumnReader(_) => Ok(Self::Int64(Vec::new())),
            ColumnReader::FloatColumnReader(_) => Ok(Self::Float(Vec::new())),
            ColumnReader::DoubleColumnReader(_) => Ok(Self::Double(Vec::new())),
            ColumnReader::ByteArrayColumnReader(_) => Ok(Self::Text(Vec::new())),
            _ => Err(ParquetError::General(
                "this type of column is not read".to_owned(),
            )),
        }
    }
}

fn fill<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    definition: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Result<()> {
    values.clear();
    let mut done = 0;
    while done < rows {
        let (read, _, _) = reader.read_records(rows - done, Some(definition), None, values)?;
        if read == 0 {
            return Err(ParquetError::General(
                "a column ends before its row group".to_owned(),
            ));
        }
        done += read;
    }
    Ok(())
}
