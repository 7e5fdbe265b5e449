//! Ratings files, column by column, as a [`Tally`]: the kernel behind the sums of a round.

use crate::{
    Key, SnapshotError, Tally,
    batch::{Batch, Values},
    codes::{Codes, NONE},
    positioned_file::PositionedFile,
    ratings_file::COLUMNS,
    tally::TooMuch,
};
use parquet::{
    column::reader::ColumnReader,
    errors::ParquetError,
    file::{
        reader::{FileReader, RowGroupReader},
        serialized_reader::SerializedFileReader,
    },
};
use std::{
    num::NonZeroUsize,
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
};
use vocabulary::{Channel, Level, RaterGroup, Weight};

/// Rows decoded at a time.
const BATCH: u64 = 1 << 16;

/// Tallies the survey rows of ratings files on so many threads.
///
/// The files may be parts of one, cut anywhere and in any order: the sums are the same.
///
/// # Errors
/// SN-101, SN-103 when a file cannot be read or lacks a column; SN-104 when a value is outside the vocabulary.
///
/// **Source**: methodology C1 (T1) and C4.
pub fn tally_ratings(
    files: &[impl AsRef<Path>],
    threads: NonZeroUsize,
) -> Result<Tally, SnapshotError> {
    let files: Vec<RatingsFile<'_>> = files
        .iter()
        .map(|file| RatingsFile::open(file.as_ref()))
        .collect::<Result<_, _>>()?;
    let groups = files
        .iter()
        .flat_map(|file| (0..file.reader.num_row_groups()).map(move |group| (file, group)));
    let queue = Mutex::new(groups);
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut tally = Tally::default();
        while let Some((file, group)) = next() {
            file.tally_group(group, &mut tally)?;
        }
        Ok(tally)
    };
    let parts: Vec<Result<Tally, SnapshotError>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.get()).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| {
            worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        joined.collect()
    });
    let mut parts = parts.into_iter();
    let mut whole = parts.next().unwrap_or_else(|| Ok(Tally::default()))?;
    for part in parts {
        whole
            .absorb(&part?)
            .map_err(|TooMuch| SnapshotError::TooMuch)?;
    }
    Ok(whole)
}

struct RatingsFile<'a> {
    path: &'a Path,
    reader: SerializedFileReader<PositionedFile>,
    columns: [usize; 8],
    /// Rows before each row group.
    before: Vec<u64>,
}

impl<'a> RatingsFile<'a> {
    fn open(path: &'a Path) -> Result<Self, SnapshotError> {
        let file = PositionedFile::open(path).map_err(SnapshotError::io(path))?;
        let name = path.display().to_string();
        let failed = SnapshotError::parquet(&name);
        let reader = SerializedFileReader::new(file).map_err(&failed)?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let mut columns = [0; 8];
        for (column, name) in columns.iter_mut().zip(COLUMNS) {
            *column = schema
                .columns()
                .iter()
                .position(|found| found.path().string() == name && found.max_rep_level() == 0)
                .ok_or_else(|| failed(ParquetError::General(format!("no column {name}"))))?;
        }
        let mut before = vec![0];
        for group in reader.metadata().row_groups() {
            let rows = u64::try_from(group.num_rows()).unwrap_or(0);
            before.push(before[before.len() - 1] + rows);
        }
        Ok(Self {
            path,
            reader,
            columns,
            before,
        })
    }

    fn tally_group(&self, group: usize, tally: &mut Tally) -> Result<(), SnapshotError> {
        let name = self.path.display().to_string();
        let failed = SnapshotError::parquet(&name);
        let reader = self.reader.get_row_group(group).map_err(&failed)?;
        let mut rows = Rows::open(reader.as_ref(), self.columns).map_err(&failed)?;
        let (mut row, end) = (self.before[group], self.before[group + 1]);
        while row < end {
            let many = BATCH.min(end - row);
            rows.read(usize::try_from(many).unwrap_or(0))
                .map_err(&failed)?;
            rows.tally(tally).map_err(|fault| match fault {
                Fault::TooMuch => SnapshotError::TooMuch,
                Fault::Value { index, column } => SnapshotError::BadRow {
                    file: name.clone(),
                    row: usize::try_from(row).unwrap_or(usize::MAX) + index + 1,
                    column,
                },
            })?;
            row += many;
        }
        Ok(())
    }
}

enum Fault {
    TooMuch,
    Value { index: usize, column: &'static str },
}

/// Decoded rows of one row group.
struct Rows {
    readers: Vec<ColumnReader>,
    batches: [Batch; 8],
    texts: [Text; 5],
    psus: Vec<Option<u64>>,
    weights: Vec<Option<i64>>,
    levels: Vec<Option<Level>>,
}

#[derive(Default)]
struct Text {
    codes: Codes,
    codes_of: Vec<u32>,
}

impl Rows {
    fn open(group: &dyn RowGroupReader, columns: [usize; 8]) -> Result<Self, ParquetError> {
        let readers = columns.map(|column| group.get_column_reader(column));
        Ok(Self {
            readers: readers.into_iter().collect::<Result<_, _>>()?,
            batches: std::array::from_fn(|_| Batch::new()),
            texts: Default::default(),
            psus: Vec::new(),
            weights: Vec::new(),
            levels: Vec::new(),
        })
    }

    fn read(&mut self, rows: usize) -> Result<(), ParquetError> {
        for (batch, reader) in self.batches.iter_mut().zip(&mut self.readers) {
            batch.read(reader, rows)?;
        }
        let [unit, item, channel, group, stratum, psu, weight, level] = &self.batches;
        for (text, batch) in self
            .texts
            .iter_mut()
            .zip([unit, item, channel, group, stratum])
        {
            let Text { codes, codes_of } = text;
            match batch.values() {
                Values::Text(values) => {
                    codes_of.clear();
                    batch.spread(values, NONE, codes_of, |text| codes.text(text.data()));
                }
                _ => return Err(ParquetError::General("a name is no text".to_owned())),
            }
        }
        whole(psu, &mut self.psus, |number| Some(number.cast_unsigned()))?;
        whole(weight, &mut self.weights, Some)?;
        whole(level, &mut self.levels, |code| {
            i16::try_from(code).ok().and_then(Level::from_code)
        })
    }

    fn tally(&self, tally: &mut Tally) -> Result<(), Fault> {
        let [units, items, channels, groups, strata] = &self.texts;
        let channel_of = channels.known(Channel::from_code);
        let group_of = groups.known(RaterGroup::from_code);
        for index in 0..self.psus.len() {
            let fault = |column| Fault::Value { index, column };
            let channel = channels.one(&channel_of, index).ok_or(fault("channel"))?;
            let group = groups.one(&group_of, index).ok_or(fault("rater_group"))?;
            let unit = units.label(index).ok_or(fault("unit"))?;
            let item = items.label(index).ok_or(fault("item"))?;
            let stratum = strata.label(index).ok_or(fault("stratum"))?;
            let psu = self.psus[index].ok_or(fault("psu"))?;
            let weight = self.weights[index].ok_or(fault("weight_millionths"))?;
            let level = self.levels[index].ok_or(fault("level"))?;
            if channel == Channel::Survey {
                let cell = (tally.place(unit, group, stratum), psu, tally.item(item));
                tally
                    .add_answer(cell, level, Weight::from_steps(weight))
                    .map_err(|TooMuch| Fault::TooMuch)?;
            }
        }
        Ok(())
    }
}

impl Text {
    fn label(&self, row: usize) -> Option<&str> {
        match self.codes.labels().get(self.codes_of[row] as usize)? {
            Key::Text(text) => Some(text),
            Key::Number(_) => None,
        }
    }

    /// What each label stands for.
    fn known<T>(&self, of: fn(&str) -> Option<T>) -> Vec<Option<T>> {
        self.codes
            .labels()
            .iter()
            .map(|label| of(&label.to_string()))
            .collect()
    }

    fn one<T: Copy>(&self, known: &[Option<T>], row: usize) -> Option<T> {
        *known.get(self.codes_of[row] as usize)?
    }
}

fn whole<T: Copy>(
    batch: &Batch,
    out: &mut Vec<Option<T>>,
    of: impl Fn(i64) -> Option<T>,
) -> Result<(), ParquetError> {
    out.clear();
    match batch.values() {
        Values::Int32(values) => batch.spread(values, None, out, |value| of(i64::from(*value))),
        Values::Int64(values) => batch.spread(values, None, out, |value| of(*value)),
        _ => return Err(ParquetError::General("a number is not whole".to_owned())),
    }
    Ok(())
}
