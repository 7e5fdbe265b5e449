//! The one pass: row group by row group, batch by batch; columns are decoded in parallel, cells are shared.

use super::{
    WideError,
    cell_index::CellIndex,
    item_table::{BLANK, ItemTable, OFF_SCALE, Places},
    parallel::{Task, run},
    psu_sums::PsuSums,
    schema::Schema,
    whole::{millionths, whole_millionths},
};
use crate::{
    batch::{Batch, Values},
    codes::{Codes, NONE},
    positioned_file::PositionedFile,
};
use parquet::{
    column::reader::ColumnReader,
    errors::ParquetError,
    file::{reader::FileReader, serialized_reader::SerializedFileReader},
};
use std::{num::NonZeroUsize, path::Path};

/// Rows decoded at a time.
const BATCH: usize = 1 << 18;

/// Which columns of a wide file mean what.
#[derive(Clone, Debug)]
pub struct WideColumns<'a> {
    /// The stratum; none when the whole sample is one.
    pub stratum: Option<&'a str>,
    /// The primary sampling unit, unique inside its stratum.
    pub psu: &'a str,
    /// The domains: every combination of these columns is one. Rows without one of them stay in the sample only.
    pub by: &'a [&'a str],
    /// People represented, any number; kept in millionths.
    pub weight: &'a str,
    /// The items; five levels from `lowest` up.
    pub items: &'a [&'a str],
    /// The worst level's number, 1 in 1..5.
    pub lowest: i64,
    /// Codes that mean "don't know".
    pub missing: &'a [i64],
}

/// Sums the files, which may be parts of one in any cut and order, on so many threads.
///
/// Integer sums: neither the number of threads nor the order of rows or files changes a digit. Memory holds the cells
/// and a few thousand rows.
///
/// # Errors
/// SN-301 to SN-309, naming file, column and row.
///
/// **Source**: methodology C1 (T1) and C4.
pub fn psu_sums(
    files: &[impl AsRef<Path>],
    columns: &WideColumns<'_>,
    threads: NonZeroUsize,
) -> Result<PsuSums, WideError> {
    let mut pass = Pass::new(columns, threads);
    for file in files {
        pass.add_file(file.as_ref())?;
    }
    Ok(pass.finish())
}

struct Pass<'a> {
    columns: &'a WideColumns<'a>,
    threads: NonZeroUsize,
    places: Places,
    stratum: Option<Column<'a, KeyPart>>,
    psu: Column<'a, KeyPart>,
    by: Vec<Column<'a, KeyPart>>,
    weight: Column<'a, WeightPart>,
    items: Vec<Column<'a, ItemPart>>,
    index: CellIndex,
    rows: u64,
    weight_sum: u64,
}

impl<'a> Pass<'a> {
    fn new(columns: &'a WideColumns<'a>, threads: NonZeroUsize) -> Self {
        Self {
            columns,
            threads,
            places: Places::new(columns.lowest, columns.missing),
            stratum: columns.stratum.map(Column::new),
            psu: Column::new(columns.psu),
            by: columns.by.iter().map(|name| Column::new(name)).collect(),
            weight: Column::new(columns.weight),
            items: columns.items.iter().map(|name| Column::new(name)).collect(),
            index: CellIndex::new(columns.by.len()),
            rows: 0,
            weight_sum: 0,
        }
    }

    fn add_file(&mut self, path: &Path) -> Result<(), WideError> {
        let io = |source| WideError::Io {
            path: path.to_owned(),
            source,
        };
        let broken = |source| WideError::Parquet {
            path: path.to_owned(),
            source,
        };
        let reader =
            SerializedFileReader::new(PositionedFile::open(path).map_err(io)?).map_err(broken)?;
        let schema = Schema {
            path,
            reader: &reader,
        };
        schema.require(self.columns)?;
        let mut first_row = 1;
        for group in 0..reader.num_row_groups() {
            self.open(&schema, group)?;
            let mut left =
                u64::try_from(reader.metadata().row_group(group).num_rows()).unwrap_or(0);
            while left > 0 {
                let rows = left.min(BATCH as u64);
                let batch = usize::try_from(rows).unwrap_or(BATCH);
                self.add_batch(&At { path, first_row }, batch)?;
                first_row += rows;
                left -= rows;
            }
        }
        Ok(())
    }

    fn open(&mut self, schema: &Schema<'_>, group: usize) -> Result<(), WideError> {
        for column in self
            .stratum
            .iter_mut()
            .chain([&mut self.psu])
            .chain(&mut self.by)
        {
            column.reader = Some(schema.column(group, column.name)?);
        }
        self.weight.reader = Some(schema.column(group, self.weight.name)?);
        for column in &mut self.items {
            column.reader = Some(schema.column(group, column.name)?);
        }
        Ok(())
    }

    fn add_batch(&mut self, at: &At<'_>, rows: usize) -> Result<(), WideError> {
        let keys = self
            .stratum
            .iter_mut()
            .chain([&mut self.psu])
            .chain(&mut self.by);
        let mut tasks: Vec<Task<'_>> = Vec::new();
        for column in keys {
            tasks.push(Box::new(move || column.read(rows, at)));
        }
        tasks.push(Box::new(|| self.weight.read(rows, at)));
        run(self.threads, tasks)?;
        self.count(rows, at)?;

        let by: Vec<&[u32]> = self
            .by
            .iter()
            .map(|column| &column.part.codes_of[..])
            .collect();
        let stratum = self
            .stratum
            .as_ref()
            .map(|column| &column.part.codes_of[..]);
        for required in [&self.psu].into_iter().chain(&self.stratum) {
            required.require_all(at)?;
        }
        self.index.place(
            stratum,
            &self.psu.part.codes_of,
            &by,
            &self.weight.part.weights,
        );
        self.index.within(self.items.len())?;

        let (index, places) = (&self.index, &self.places);
        let mut tasks: Vec<Task<'_>> = Vec::new();
        for column in &mut self.items {
            tasks.push(Box::new(move || column.read(rows, at, index, places)));
        }
        run(self.threads, tasks)
    }

    /// Refuses before any sum of this batch could overflow.
    fn count(&mut self, rows: usize, at: &At<'_>) -> Result<(), WideError> {
        let too_much = || WideError::TooMuch {
            path: at.path.to_owned(),
        };
        self.rows += rows as u64;
        u32::try_from(self.rows).map_err(|_| too_much())?;
        let mut weights = self.weight.part.weights.iter();
        self.weight_sum = weights
            .try_fold(self.weight_sum, |sum, weight| sum.checked_add(*weight))
            .ok_or_else(too_much)?;
        Ok(())
    }

    fn finish(self) -> PsuSums {
        let labels = |column: &Column<'_, KeyPart>| column.part.codes.labels().to_vec();
        let domains = self
            .index
            .domains(&self.by.iter().map(labels).collect::<Vec<_>>());
        let psu_labels = labels(&self.psu);
        let stratum_labels = self.stratum.as_ref().map(labels);
        let psus = self.index.psus().iter().map(|(stratum, psu)| {
            let stratum = stratum_labels
                .as_ref()
                .map(|labels| labels[*stratum as usize].clone());
            (stratum, psu_labels[*psu as usize].clone())
        });
        PsuSums::new(
            &domains,
            &psus.collect::<Vec<_>>(),
            self.index.cells(),
            self.items
                .into_iter()
                .map(|item| (item.name.to_owned(), item.part.table))
                .collect(),
            self.rows,
            self.weight.part.rounded,
        )
    }
}

/// Where a batch begins.
struct At<'a> {
    path: &'a Path,
    first_row: u64,
}

/// A column through all files; `reader` stands in the current row group.
struct Column<'a, P> {
    name: &'a str,
    reader: Option<ColumnReader>,
    batch: Batch,
    part: P,
}

#[derive(Default)]
struct KeyPart {
    codes: Codes,
    codes_of: Vec<u32>,
}

#[derive(Default)]
struct WeightPart {
    weights: Vec<u64>,
    /// Weights that are no whole number of millionths.
    rounded: u64,
}

#[derive(Default)]
struct ItemPart {
    table: ItemTable,
    places: Vec<u8>,
}

impl<'a, P: Default> Column<'a, P> {
    fn new(name: &'a str) -> Self {
        Self {
            name,
            reader: None,
            batch: Batch::new(),
            part: P::default(),
        }
    }

    /// Decodes the next rows.
    fn decode(&mut self, rows: usize, at: &At<'_>) -> Result<(), WideError> {
        let reader = self
            .reader
            .as_mut()
            .ok_or_else(|| ParquetError::EOF(self.name.to_owned()));
        reader
            .and_then(|reader| self.batch.read(reader, rows))
            .map_err(|source| WideError::Parquet {
                path: at.path.to_owned(),
                source,
            })
    }
}

impl Column<'_, KeyPart> {
    fn read(&mut self, rows: usize, at: &At<'_>) -> Result<(), WideError> {
        self.decode(rows, at)?;
        let KeyPart {
            codes,
            codes_of: out,
        } = &mut self.part;
        match self.batch.values() {
            Values::Int32(values) => self
                .batch
                .spread(values, NONE, out, |v| codes.number(i64::from(*v))),
            Values::Int64(values) => self.batch.spread(values, NONE, out, |v| codes.number(*v)),
            Values::Text(values) => self
                .batch
                .spread(values, NONE, out, |v| codes.text(v.data())),
            Values::Float(_) | Values::Double(_) => out.resize(rows, NONE),
        }
        Ok(())
    }

    fn require_all(&self, at: &At<'_>) -> Result<(), WideError> {
        match self.part.codes_of.iter().position(|code| *code == NONE) {
            None => Ok(()),
            Some(index) => Err(WideError::NoPlace {
                path: at.path.to_owned(),
                column: self.name.to_owned(),
                row: at.first_row + index as u64,
            }),
        }
    }
}

/// A weight that is none.
const BAD: u64 = u64::MAX;

impl Column<'_, WeightPart> {
    fn read(&mut self, rows: usize, at: &At<'_>) -> Result<(), WideError> {
        self.decode(rows, at)?;
        let WeightPart {
            weights: out,
            rounded,
        } = &mut self.part;
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
            Values::Text(_) => out.resize(rows, BAD),
        }
        match out.iter().position(|weight| *weight == BAD) {
            None => Ok(()),
            Some(index) => Err(WideError::BadWeight {
                path: at.path.to_owned(),
                column: self.name.to_owned(),
                row: at.first_row + index as u64,
            }),
        }
    }
}

impl Column<'_, ItemPart> {
    fn read(
        &mut self,
        rows: usize,
        at: &At<'_>,
        index: &CellIndex,
        places: &Places,
    ) -> Result<(), WideError> {
        self.decode(rows, at)?;
        let ItemPart { table, places: out } = &mut self.part;
        match self.batch.values() {
            Values::Int32(values) => self
                .batch
                .spread(values, BLANK, out, |v| places.of(i64::from(*v))),
            Values::Int64(values) => self.batch.spread(values, BLANK, out, |v| places.of(*v)),
            Values::Float(values) => self
                .batch
                .spread(values, BLANK, out, |v| places.of_float(f64::from(*v))),
            Values::Double(values) => self
                .batch
                .spread(values, BLANK, out, |v| places.of_float(*v)),
            Values::Text(_) => out.resize(rows, OFF_SCALE),
        }
        if let Some(found) = out.iter().position(|place| *place == OFF_SCALE) {
            return Err(WideError::OffScale {
                path: at.path.to_owned(),
                column: self.name.to_owned(),
                row: at.first_row + found as u64,
            });
        }
        table.grow(index.cells().len(), index.domain_count());
        table.add(index.rows(), index.cells(), out);
        Ok(())
    }
}
