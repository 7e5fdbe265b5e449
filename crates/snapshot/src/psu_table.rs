//! T1 as a file: one row per unit, item, layer, stratum and PSU, as CSV or Parquet from any engine.

use crate::{SnapshotError, Tally};
use analytics::PsuTotal;
use bytes::Bytes;
use parquet::file::{reader::FileReader, serialized_reader::SerializedFileReader};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fs, path::Path};
use vocabulary::RaterGroup;

/// The columns: whose answers, about what; counts by level, best first, then 不了解 and rows without weight; weights
/// in millionths in the same order.
pub(crate) const COLUMNS: [&str; 18] = [
    "unit",
    "item",
    "rater_group",
    "stratum",
    "psu",
    "n_5",
    "n_4",
    "n_3",
    "n_2",
    "n_1",
    "n_dk",
    "left_out",
    "w_5",
    "w_4",
    "w_3",
    "w_2",
    "w_1",
    "w_dk",
];

/// Reads the sums any engine wrote, CSV with a header or Parquet, in any order of rows and columns.
///
/// Several files are parts of one result; a cell that comes more than once is added up.
///
/// # Errors
/// SN-101, SN-103, SN-113 when a file cannot be read; SN-104 for a value that is none; SN-112 when the sums are too
/// large; SN-114 for a column that is not there; SN-115 when the same file is given twice.
pub fn read_psu_table(files: &[impl AsRef<Path>]) -> Result<Tally, SnapshotError> {
    let mut tally = Tally::default();
    let mut seen = BTreeSet::new();
    for path in files.iter().map(AsRef::as_ref) {
        let bytes = fs::read(path).map_err(SnapshotError::io(path))?;
        if !seen.insert(Sha256::digest(&bytes)) {
            return Err(SnapshotError::SameFile(path.to_owned()));
        }
        let mut table = Table::new(path, &mut tally);
        if bytes.starts_with(b"PAR1") {
            table.add_parquet(bytes.into())?;
        } else {
            table.add_csv(&bytes)?;
        }
    }
    Ok(tally)
}

/// Writes the sums as CSV with a header, sorted by unit, layer, stratum, PSU, item.
///
/// # Errors
/// SN-101 or SN-113 when the file cannot be written.
pub fn write_psu_table(path: &Path, tally: Tally) -> Result<u64, SnapshotError> {
    let failed = SnapshotError::csv(path);
    let rows = tally.into_rows().map_err(|_| SnapshotError::TooMuch)?;
    let mut writer = csv::Writer::from_path(path).map_err(&failed)?;
    writer.write_record(COLUMNS).map_err(&failed)?;
    for (cell, psu, item, total) in &rows {
        let keys = [
            cell.unit.as_str(),
            item.as_str(),
            cell.group.code(),
            cell.stratum.as_str(),
        ];
        let counts = [*psu]
            .into_iter()
            .chain(total.answers)
            .chain([total.dont_know, total.left_out]);
        let weights = total.weight.into_iter().chain([total.weight_dont_know]);
        let numbers = counts.chain(weights).map(|number| number.to_string());
        let record = keys.map(str::to_owned).into_iter().chain(numbers);
        writer.write_record(record).map_err(&failed)?;
    }
    writer.flush().map_err(SnapshotError::io(path))?;
    Ok(rows.len() as u64)
}

/// A file being read.
struct Table<'a> {
    path: &'a Path,
    tally: &'a mut Tally,
    rows: usize,
}

impl<'a> Table<'a> {
    fn new(path: &'a Path, tally: &'a mut Tally) -> Self {
        Self {
            path,
            tally,
            rows: 0,
        }
    }

    fn add_csv(&mut self, bytes: &[u8]) -> Result<(), SnapshotError> {
        let failed = SnapshotError::csv(self.path);
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader = csv::Reader::from_reader(text);
        let names: Vec<String> = reader
            .headers()
            .map_err(&failed)?
            .iter()
            .map(str::to_owned)
            .collect();
        let places = self.places(&names)?;
        for record in reader.records() {
            let record = record.map_err(&failed)?;
            self.add_row(places.map(|place| record.get(place).unwrap_or_default()))?;
        }
        Ok(())
    }

    fn add_parquet(&mut self, bytes: Bytes) -> Result<(), SnapshotError> {
        let name = self.path.display().to_string();
        let failed = SnapshotError::parquet(&name);
        let reader = SerializedFileReader::new(bytes).map_err(&failed)?;
        let columns = reader.metadata().file_metadata().schema_descr().columns();
        let names: Vec<String> = columns
            .iter()
            .map(|column| column.path().string())
            .collect();
        let places = self.places(&names)?;
        for row in reader.get_row_iter(None).map_err(&failed)? {
            let row = row.map_err(&failed)?;
            let cells: Vec<String> = row
                .get_column_iter()
                .map(|(_, field)| plain(field))
                .collect();
            self.add_row(places.map(|place| cells.get(place).map_or("", String::as_str)))?;
        }
        Ok(())
    }

    fn places(&self, names: &[String]) -> Result<[usize; 18], SnapshotError> {
        let mut places = [0; 18];
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            let found = names.iter().position(|name| name == column);
            *place = found.ok_or_else(|| SnapshotError::NoColumn {
                file: self.path.display().to_string(),
                column,
            })?;
        }
        Ok(places)
    }

    fn add_row(&mut self, cells: [&str; 18]) -> Result<(), SnapshotError> {
        self.rows += 1;
        let fault = |column| SnapshotError::BadRow {
            file: self.path.display().to_string(),
            row: self.rows,
            column,
        };
        let number = |column: usize| {
            cells[column]
                .parse::<u64>()
                .map_err(|_| fault(COLUMNS[column]))
        };
        let group = RaterGroup::from_code(cells[2]).ok_or_else(|| fault(COLUMNS[2]))?;
        let mut total = PsuTotal {
            dont_know: number(10)?,
            left_out: number(11)?,
            weight_dont_know: number(17)?,
            ..PsuTotal::default()
        };
        for level in 0..5 {
            total.answers[level] = number(5 + level)?;
            total.weight[level] = number(12 + level)?;
        }
        let psu = number(4)?;
        let place = self.tally.place(cells[0], group, cells[3]);
        let item = self.tally.item(cells[1]);
        self.tally
            .add_total((place, psu, item), &total)
            .map_err(|_| SnapshotError::TooMuch)
    }
}

/// A field as CSV would have it.
fn plain(field: &parquet::record::Field) -> String {
    match field {
        parquet::record::Field::Str(text) => text.clone(),
        other => other.to_string(),
    }
}
