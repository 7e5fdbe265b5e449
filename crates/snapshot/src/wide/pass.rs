//! The one pass: row group by row group; columns are decoded in parallel, rows wait until there are enough of them to be summed.

use super::{
    WideError,
    answer_places::AnswerPlaces,
    cell_index::CellIndex,
    column::{At, KeyColumn, WeightColumn},
    item_group::{ItemGroup, MOST_ITEMS},
    parallel::{Task, run},
    psu_sums::PsuSums,
    schema::Schema,
};
use crate::positioned_file::PositionedFile;
use parquet::file::{reader::FileReader, serialized_reader::SerializedFileReader};
use std::{num::NonZeroUsize, path::Path};

/// Rows summed at a time: several to a cell, so that memory brings a cell once for all of them.
const BATCH: usize = if cfg!(test) { 1 << 8 } else { 1 << 21 };

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
/// and two million rows.
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
    pass.finish()
}

struct Pass<'a> {
    columns: &'a WideColumns<'a>,
    threads: NonZeroUsize,
    scale: AnswerPlaces,
    stratum: Option<KeyColumn<'a>>,
    psu: KeyColumn<'a>,
    by: Vec<KeyColumn<'a>>,
    weight: WeightColumn<'a>,
    /// One per thread, as far as there are items.
    groups: Vec<ItemGroup<'a>>,
    index: CellIndex,
    rows: u64,
    weight_sum: u64,
}

impl<'a> Pass<'a> {
    fn new(columns: &'a WideColumns<'a>, threads: NonZeroUsize) -> Self {
        let items = columns.items.len().div_ceil(threads.get());
        let groups = columns.items.chunks(items.clamp(1, MOST_ITEMS));
        Self {
            columns,
            threads,
            scale: AnswerPlaces::new(columns.lowest, columns.missing),
            stratum: columns.stratum.map(KeyColumn::new),
            psu: KeyColumn::new(columns.psu),
            by: columns.by.iter().map(|name| KeyColumn::new(name)).collect(),
            weight: WeightColumn::new(columns.weight),
            groups: groups.map(ItemGroup::new).collect(),
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
            let rows = reader.metadata().row_group(group).num_rows();
            let mut left = usize::try_from(rows).unwrap_or(0);
            while left > 0 {
                let rows = left.min(BATCH - self.waiting());
                self.read(At { path, first_row }, rows)?;
                if self.waiting() == BATCH {
                    self.add()?;
                }
                first_row += rows as u64;
                left -= rows;
            }
        }
        Ok(())
    }

    fn keys(&mut self) -> impl Iterator<Item = &mut KeyColumn<'a>> {
        let required = self.stratum.iter_mut().chain([&mut self.psu]);
        required.chain(&mut self.by)
    }

    /// Rows read and not yet summed.
    fn waiting(&self) -> usize {
        self.weight.weights.len()
    }

    fn open(&mut self, schema: &Schema<'_>, group: usize) -> Result<(), WideError> {
        for key in self.keys() {
            key.column.open(schema, group)?;
        }
        self.weight.column.open(schema, group)?;
        let mut groups = self.groups.iter_mut();
        groups.try_for_each(|items| items.open(schema, group))
    }

    fn read(&mut self, at: At<'_>, rows: usize) -> Result<(), WideError> {
        let before = self.waiting();
        let mut tasks: Vec<Task<'_>> = Vec::new();
        for key in self.stratum.iter_mut().chain([&mut self.psu]) {
            tasks.push(Box::new(move || key.read_all(rows, at)));
        }
        for key in &mut self.by {
            tasks.push(Box::new(move || key.read(rows, at)));
        }
        tasks.push(Box::new(|| self.weight.read(rows, at)));
        let scale = &self.scale;
        for items in &mut self.groups {
            tasks.push(Box::new(move || items.read(rows, at, scale)));
        }
        run(self.threads, tasks)?;
        self.count(before, at)?;
        let by: Vec<&[u32]> = self.by.iter().map(|key| &key.codes_of[..]).collect();
        let stratum = self.stratum.as_ref().map(|key| &key.codes_of[..]);
        let weights = &self.weight.weights[before..];
        self.index.place(stratum, &self.psu.codes_of, &by, weights);
        self.keys().for_each(|key| key.codes_of.clear());
        self.index.within(self.columns.items.len())
    }

    /// Refuses before any sum of these rows could overflow.
    fn count(&mut self, before: usize, at: At<'_>) -> Result<(), WideError> {
        let too_much = || WideError::TooMuch {
            path: at.path.to_owned(),
        };
        let mut weights = self.weight.weights[before..].iter();
        self.rows += weights.len() as u64;
        u32::try_from(self.rows).map_err(|_| too_much())?;
        self.weight_sum = weights
            .try_fold(self.weight_sum, |sum, weight| sum.checked_add(*weight))
            .ok_or_else(too_much)?;
        Ok(())
    }

    /// Sums the waiting rows.
    fn add(&mut self) -> Result<(), WideError> {
        self.index.sort(&self.weight.weights);
        let index = &self.index;
        let tasks = self.groups.iter_mut().map(|items| {
            let add = move || {
                items.add(index);
                Ok(())
            };
            Box::new(add) as Task<'_>
        });
        run(self.threads, tasks.collect())?;
        self.index.clear();
        self.weight.weights.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<PsuSums, WideError> {
        self.add()?;
        let labels = |key: &KeyColumn<'_>| key.codes.labels().to_vec();
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
        let psus: Vec<_> = psus.collect();
        let groups = self.groups.into_iter().map(ItemGroup::finish).collect();
        let mut sums = PsuSums::new(&domains, &psus, self.index.cells(), groups);
        sums.rows = self.rows;
        sums.rounded = self.weight.rounded;
        Ok(sums)
    }
}
