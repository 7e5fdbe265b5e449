//! Ratings without identity as Parquet: columns any engine reads, the same bytes for the same rows.

use crate::{SnapshotError, manifest::file};
use analytics::RatingRow;
use parquet::{
    basic::{Compression, ZstdLevel},
    column::reader::get_typed_column_reader,
    data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type},
    errors::{ParquetError, Result as ParquetResult},
    file::{
        properties::{EnabledStatistics, WriterProperties},
        reader::{FileReader, RowGroupReader},
        serialized_reader::SerializedFileReader,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::parser::parse_message_type,
};
use std::{fs::File, path::Path, sync::Arc};
use vocabulary::{Channel, Level, RaterGroup, Weight};

/// The columns; weights are whole millionths, levels 5 to 1, 0 for 不了解 and -1 for 弃权.
const SCHEMA: &str = "message rating {
    required binary unit (string);
    required binary item (string);
    required binary channel (string);
    required binary rater_group (string);
    required binary stratum (string);
    required int64 psu (integer(64, false));
    required int64 weight_millionths;
    required int32 level;
}";

/// Names of the columns, in the order of the file.
pub(crate) const COLUMNS: [&str; 8] = [
    "unit",
    "item",
    "channel",
    "rater_group",
    "stratum",
    "psu",
    "weight_millionths",
    "level",
];

/// Most rows of one row group.
const ROW_GROUP: usize = 1 << 20;

/// Fixed, so that the same rows give the same bytes with every version of the program.
const CREATED_BY: &str = "huiyin";

/// Writes the rows in sorted order; returns how many.
///
/// # Errors
/// SN-101 or SN-103 when the file cannot be written.
pub fn write_ratings(path: &Path, rows: &[RatingRow]) -> Result<u64, SnapshotError> {
    let mut sorted: Vec<&RatingRow> = rows.iter().collect();
    sorted.sort_unstable();
    let file = File::create(path).map_err(SnapshotError::io(path))?;
    write_sorted(&file, &sorted).map_err(SnapshotError::parquet(file::RATINGS))?;
    file.sync_all().map_err(SnapshotError::io(path))?;
    Ok(sorted.len() as u64)
}

/// Writes the rows in sorted order as CSV with the columns of the Parquet file; returns how many.
///
/// # Errors
/// SN-101 or SN-113 when the file cannot be written.
pub fn write_ratings_csv(path: &Path, rows: &[RatingRow]) -> Result<u64, SnapshotError> {
    let mut sorted: Vec<&RatingRow> = rows.iter().collect();
    sorted.sort_unstable();
    let failed = SnapshotError::csv(path);
    let mut writer = csv::Writer::from_path(path).map_err(&failed)?;
    writer.write_record(COLUMNS).map_err(&failed)?;
    for row in &sorted {
        let numbers = [
            row.psu.to_string(),
            row.weight.steps().to_string(),
            row.level.code().to_string(),
        ];
        let texts = [
            row.unit.as_str(),
            row.item.as_str(),
            row.channel.code(),
            row.group.code(),
            row.stratum.as_str(),
        ];
        let record = texts.into_iter().chain(numbers.iter().map(String::as_str));
        writer.write_record(record).map_err(&failed)?;
    }
    writer.flush().map_err(SnapshotError::io(path))?;
    Ok(sorted.len() as u64)
}

fn write_sorted(file: &File, rows: &[&RatingRow]) -> ParquetResult<()> {
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_dictionary_enabled(true)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .build();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
    for chunk in rows.chunks(ROW_GROUP) {
        let mut group = writer.next_row_group()?;
        write_columns(&mut group, chunk)?;
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn write_columns(
    group: &mut SerializedRowGroupWriter<'_, &File>,
    rows: &[&RatingRow],
) -> ParquetResult<()> {
    let texts = |text: fn(&RatingRow) -> &str| -> Vec<ByteArray> {
        rows.iter().map(|row| ByteArray::from(text(row))).collect()
    };
    write_column::<ByteArrayType>(group, &texts(|row| row.unit.as_str()))?;
    write_column::<ByteArrayType>(group, &texts(|row| row.item.as_str()))?;
    write_column::<ByteArrayType>(group, &texts(|row| row.channel.code()))?;
    write_column::<ByteArrayType>(group, &texts(|row| row.group.code()))?;
    write_column::<ByteArrayType>(group, &texts(|row| row.stratum.as_str()))?;
    let psus: Vec<i64> = rows.iter().map(|row| row.psu.cast_signed()).collect();
    write_column::<Int64Type>(group, &psus)?;
    let weights: Vec<i64> = rows.iter().map(|row| row.weight.steps()).collect();
    write_column::<Int64Type>(group, &weights)?;
    let levels: Vec<i32> = rows.iter().map(|row| i32::from(row.level.code())).collect();
    write_column::<Int32Type>(group, &levels)
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &File>,
    values: &[T::T],
) -> ParquetResult<()> {
    let mut column = group
        .next_column()?
        .ok_or_else(|| ParquetError::General("the schema has no further column".to_owned()))?;
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}

/// Reads all rating rows of a file.
///
/// # Errors
/// SN-101, SN-103 when it cannot be read; SN-104 when a value is outside the vocabulary.
pub fn read_ratings(path: &Path) -> Result<Vec<RatingRow>, SnapshotError> {
    let opened = File::open(path).map_err(SnapshotError::io(path))?;
    let failed = SnapshotError::parquet(file::RATINGS);
    let reader = SerializedFileReader::new(opened).map_err(&failed)?;
    require_schema(&reader).map_err(&failed)?;
    let mut rows = Vec::new();
    for index in 0..reader.num_row_groups() {
        let group = reader.get_row_group(index).map_err(&failed)?;
        let columns = Columns::read(group.as_ref()).map_err(&failed)?;
        columns.append_to(&mut rows)?;
    }
    Ok(rows)
}

fn require_schema(reader: &SerializedFileReader<File>) -> ParquetResult<()> {
    let found = reader.metadata().file_metadata().schema();
    if *found == parse_message_type(SCHEMA)? {
        Ok(())
    } else {
        Err(ParquetError::General(
            "the columns are not those of a ratings file".to_owned(),
        ))
    }
}

/// One row group, column by column.
struct Columns {
    units: Vec<ByteArray>,
    items: Vec<ByteArray>,
    channels: Vec<ByteArray>,
    groups: Vec<ByteArray>,
    strata: Vec<ByteArray>,
    psus: Vec<i64>,
    weights: Vec<i64>,
    levels: Vec<i32>,
}

impl Columns {
    fn read(group: &dyn RowGroupReader) -> ParquetResult<Self> {
        Ok(Self {
            units: read_column::<ByteArrayType>(group, 0)?,
            items: read_column::<ByteArrayType>(group, 1)?,
            channels: read_column::<ByteArrayType>(group, 2)?,
            groups: read_column::<ByteArrayType>(group, 3)?,
            strata: read_column::<ByteArrayType>(group, 4)?,
            psus: read_column::<Int64Type>(group, 5)?,
            weights: read_column::<Int64Type>(group, 6)?,
            levels: read_column::<Int32Type>(group, 7)?,
        })
    }

    fn append_to(&self, rows: &mut Vec<RatingRow>) -> Result<(), SnapshotError> {
        for index in 0..self.units.len() {
            let row = self.row(index).map_err(|column| SnapshotError::BadRow {
                file: file::RATINGS.to_owned(),
                row: rows.len() + 1,
                column,
            })?;
            rows.push(row);
        }
        Ok(())
    }

    fn row(&self, index: usize) -> Result<RatingRow, &'static str> {
        let level = i16::try_from(self.levels[index])
            .ok()
            .and_then(Level::from_code);
        Ok(RatingRow {
            unit: text(&self.units[index], "unit")?.into(),
            item: text(&self.items[index], "item")?.into(),
            channel: Channel::from_code(text(&self.channels[index], "channel")?)
                .ok_or("channel")?,
            group: RaterGroup::from_code(text(&self.groups[index], "rater_group")?)
                .ok_or("rater_group")?,
            stratum: text(&self.strata[index], "stratum")?.into(),
            psu: self.psus[index].cast_unsigned(),
            weight: Weight::from_steps(self.weights[index]),
            level: level.ok_or("level")?,
        })
    }
}

fn text<'a>(bytes: &'a ByteArray, column: &'static str) -> Result<&'a str, &'static str> {
    bytes.as_utf8().map_err(|_| column)
}

fn read_column<T: DataType>(group: &dyn RowGroupReader, index: usize) -> ParquetResult<Vec<T::T>> {
    let rows = usize::try_from(group.metadata().num_rows()).map_err(|_| {
        ParquetError::General("a row group with a negative number of rows".to_owned())
    })?;
    let mut values = Vec::new();
    let mut column = get_typed_column_reader::<T>(group.get_column_reader(index)?);
    while values.len() < rows {
        let (read, _, _) = column.read_records(rows - values.len(), None, None, &mut values)?;
        if read == 0 {
            return Err(ParquetError::General(
                "a column ends before its row group".to_owned(),
            ));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn rows() -> Vec<RatingRow> {
        let row = |unit: &str, psu, level| RatingRow {
            unit: unit.into(),
            item: "overall".into(),
            channel: Channel::Survey,
            group: RaterGroup::Citizens,
            stratum: "citizens-东城".into(),
            psu,
            weight: Weight::parse("12.345678").unwrap(),
            level,
        };
        vec![
            row("D02", u64::MAX, Level::DontKnow),
            row("D01", 1, Level::VerySatisfied),
            row("D01", 0, Level::Abstain),
        ]
    }

    #[test]
    fn rows_come_back_sorted_and_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ratings.parquet");

        assert_eq!(write_ratings(&path, &rows()).unwrap(), 3);

        let mut expected = rows();
        expected.sort();
        assert_eq!(read_ratings(&path).unwrap(), expected);
    }

    #[test]
    fn the_same_rows_in_any_order_give_the_same_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (dir.path().join("1"), dir.path().join("2"));
        let mut turned = rows();
        turned.reverse();

        write_ratings(&one, &rows()).unwrap();
        write_ratings(&other, &turned).unwrap();

        assert_eq!(fs::read(one).unwrap(), fs::read(other).unwrap());
    }

    #[test]
    fn no_rows_are_a_file_too() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ratings.parquet");

        write_ratings(&path, &[]).unwrap();

        assert!(read_ratings(&path).unwrap().is_empty());
    }

    #[test]
    fn something_else_is_refused_without_a_panic() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ratings.parquet");
        fs::write(&path, b"PAR1 no parquet PAR1").unwrap();

        assert!(matches!(
            read_ratings(&path),
            Err(SnapshotError::Parquet { .. })
        ));
        assert!(matches!(
            read_ratings(dir.path()),
            Err(SnapshotError::Io { .. } | SnapshotError::Parquet { .. })
        ));
    }
}
