//! Columns of keys and weights, decoded run by run; values of rows not yet summed wait in them.

use super::{
    WideError,
    schema::Schema,
    whole::{millionths, whole_millionths},
};
use crate::{
    batch::{Batch, Values},
    codes::{Codes, NONE},
};
use parquet::{column::reader::ColumnReader, errors::ParquetError};
use std::path::Path;

/// Rows decoded at a time: what is decoded is still near the processor when it is read.
const RUN: usize = 1 << 13;

/// Where a run of rows begins.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) path: &'a Path,
    pub(super) first_row: u64,
}

impl At<'_> {
    /// Cuts so many rows into runs of at most [`RUN`]: where each begins and its length.
    pub(super) fn runs(self, rows: usize) -> impl Iterator<Item = (Self, usize)> {
        (0..rows).step_by(RUN).map(move |before| {
            let first_row = self.first_row + before as u64;
            (Self { first_row, ..self }, RUN.min(rows - before))
        })
    }
}

/// A column through all files; `reader` stands in the current row group.
pub(super) struct Column<'a> {
    pub(super) name: &'a str,
    reader: Option<ColumnReader>,
}

impl<'a> Column<'a> {
    pub(super) const fn new(name: &'a str) -> Self {
        Self { name, reader: None }
    }

    pub(super) fn open(&mut self, schema: &Schema<'_>, group: usize) -> Result<(), WideError> {
        self.reader = Some(schema.column(group, self.name)?);
        Ok(())
    }

    /// Decodes the next rows.
    pub(super) fn decode(
        &mut self,
        batch: &mut Batch,
        rows: usize,
        at: At<'_>,
    ) -> Result<(), WideError> {
        let reader = self
            .reader
            .as_mut()
            .ok_or_else(|| ParquetError::EOF(self.name.to_owned()));
        reader
            .and_then(|reader| batch.read(reader, rows))
            .map_err(|source| WideError::Parquet {
                path: at.path.to_owned(),
                source,
            })
    }
}

/// A stratum, a PSU or part of a domain.
pub(super) struct KeyColumn<'a> {
    pub(super) column: Column<'a>,
    batch: Batch,
    pub(super) codes: Codes,
    /// One per waiting row.
    pub(super) codes_of: Vec<u32>,
}

impl<'a> KeyColumn<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        Self {
            column: Column::new(name),
            batch: Batch::new(),
            codes: Codes::default(),
            codes_of: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, rows: usize, at: At<'_>) -> Result<(), WideError> {
        let mut runs = at.runs(rows);
        runs.try_for_each(|(at, rows)| self.read_run(rows, at))
    }

    fn read_run(&mut self, rows: usize, at: At<'_>) -> Result<(), WideError> {
        self.column.decode(&mut self.batch, rows, at)?;
        let (codes, out) = (&mut self.codes, &mut self.codes_of);
        match self.batch.values() {
            Values::Int32(values) => self
                .batch
                .spread(values, NONE, out, |v| codes.number(i64::from(*v))),
            Values::Int64(values) => self.batch.spread(values, NONE, out, |v| codes.number(*v)),
            Values::Text(values) => self
                .batch
                .spread(values, NONE, out, |v| codes.text(v.data())),
            Values::Float(_) | Values::Double(_) => out.resize(out.len() + rows, NONE),
        }
        Ok(())
    }

    /// As [`Self::read`], where no row may be without the key.
    pub(super) fn read_all(&mut self, rows: usize, at: At<'_>) -> Result<(), WideError> {
        let before = self.codes_of.len();
        self.read(rows, at)?;
        match self.codes_of[before..]
            .iter()
            .position(|code| *code == NONE)
        {
            None => Ok(()),
            Some(index) => Err(WideError::NoPlace {
                path: at.path.to_owned(),
                column: self.column.name.to_owned(),
                row: at.first_row + index as u64,
            }),
        }
    }
}

/// The weights.
pub(super) struct WeightColumn<'a> {
    pub(super) column: Column<'a>,
    batch: Batch,
    /// One per waiting row, in millionths.
    pub(super) weights: Vec<u64>,
    /// Weights so far that are no whole number of millionths.
    pub(super) rounded: u64,
}

/// A weight that is none.
const BAD: u64 = u64::MAX;

impl<'a> WeightColumn<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        Self {
            column: Column::new(name),
            batch: Batch::new(),
            weights: Vec::new(),
            rounded: 0,
        }
    }

    pub(super) fn read(&mut self, rows: usize, at: At<'_>) -> Result<(), WideError> {
        let mut runs = at.runs(rows);
        runs.try_for_each(|(at, rows)| self.read_run(rows, at))
    }

    fn read_run(&mut self, rows: usize, at: At<'_>) -> Result<(), WideError> {
        self.column.decode(&mut self.batch, rows, at)?;
        let (out, rounded) = (&mut self.weights, &mut self.rounded);
        let before = out.len();
        let mut of_float = |weight: f64| {
            let steps = millionths(weight);
            let exact = steps
                .is_some_and(|steps| (steps as f64 - weight * 1e6).abs() <= 1e-15 * weight * 1e6);
            *rounded += u64::from(!exact);
            steps.unwrap_or(BAD)
        };
        match self.batch.values() {
            Values::Int32(values) => self.batch.spread(values, BAD, out, |v| {
                whole_millionths(i64::from(*v)).unwrap_or(BAD)
            }),
            Values::Int64(values) => self
                .batch
                .spread(values, BAD, out, |v| whole_millionths(*v).unwrap_or(BAD)),
            Values::Float(values) => self
                .batch
                .spread(values, BAD, out, |v| of_float(f64::from(*v))),
            Values::Double(values) => self.batch.spread(values, BAD, out, |v| of_float(*v)),
            Values::Text(_) => out.resize(before + rows, BAD),
        }
        match out[before..].iter().position(|weight| *weight == BAD) {
            None => Ok(()),
            Some(index) => Err(WideError::BadWeight {
                path: at.path.to_owned(),
                column: self.column.name.to_owned(),
                row: at.first_row + index as u64,
            }),
        }
    }
}
