//! Columns of a Parquet file, read row group by row group.

use super::{
    MicrodataError, Place,
    column::{Column, NoNumber, Value},
};
use analytics::analysis::Table;
use parquet::{
    basic::{LogicalType, Type},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
    file::{reader::FileReader, serialized_reader::SerializedFileReader},
    schema::types::ColumnDescriptor,
};
use std::{fs::File, path::Path};

/// Cells decoded at a time.
const BATCH: usize = 1 << 14;

pub(super) fn column_names(path: &Path) -> Result<Vec<String>, MicrodataError> {
    let reader = open(path)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    Ok(schema
        .columns()
        .iter()
        .map(|column| column.path().string())
        .collect())
}

pub(super) fn read(path: &Path, places: &[Place<'_>]) -> Result<Table, MicrodataError> {
    let reader = open(path)?;
    let mut columns = places
        .iter()
        .map(|place| read_column(path, &reader, place))
        .collect::<Result<Vec<_>, _>>()?;
    let rows = columns.iter().map(Column::rows).max().unwrap_or(0);
    if columns.iter().any(|column| column.rows() != rows) {
        let uneven = ParquetError::General("the columns are not of one length".to_owned());
        return Err(MicrodataError::parquet(path)(uneven));
    }
    let mut table = Table::new(rows);
    for (column, place) in columns.drain(..).zip(places) {
        column.insert_into(&mut table, place.name);
    }
    Ok(table)
}

fn open(path: &Path) -> Result<SerializedFileReader<File>, MicrodataError> {
    let file = File::open(path).map_err(|source| MicrodataError::io(path, source))?;
    SerializedFileReader::new(file).map_err(MicrodataError::parquet(path))
}

fn read_column(
    path: &Path,
    reader: &SerializedFileReader<File>,
    place: &Place<'_>,
) -> Result<Column, MicrodataError> {
    let schema = reader.metadata().file_metadata().schema_descr();
    let descriptor = schema.column(place.index);
    require_plain(&descriptor, place)?;
    let nullable = descriptor.max_def_level() == 1;
    let mut column = Column::new(place.kind);
    for group in 0..reader.num_row_groups() {
        let cells = reader
            .get_row_group(group)
            .and_then(|group| group.get_column_reader(place.index))
            .map_err(MicrodataError::parquet(path))?;
        append(&mut column, place, cells, nullable).map_err(|error| match error {
            Stopped::Parquet(source) => MicrodataError::parquet(path)(source),
            Stopped::Refused(refused) => *refused,
        })?;
    }
    Ok(column)
}

/// Numbers, truth values and texts; no decimals, dates, lists or structures.
fn require_plain(descriptor: &ColumnDescriptor, place: &Place<'_>) -> Result<(), MicrodataError> {
    let logical = descriptor.logical_type_ref();
    let plain = match descriptor.physical_type() {
        Type::INT32 | Type::INT64 => match logical {
            None => true,
            Some(LogicalType::Integer(integer)) => integer.is_signed || integer.bit_width < 32,
            Some(_) => false,
        },
        Type::BOOLEAN | Type::FLOAT | Type::DOUBLE => true,
        Type::BYTE_ARRAY => !matches!(logical, Some(LogicalType::Decimal(_))),
        Type::INT96 | Type::FIXED_LEN_BYTE_ARRAY => false,
    };
    if plain && descriptor.max_rep_level() == 0 && descriptor.max_def_level() <= 1 {
        return Ok(());
    }
    Err(MicrodataError::OtherType {
        column: place.name.to_owned(),
        found: logical.map_or_else(
            || descriptor.physical_type().to_string(),
            |logical| format!("{logical:?}"),
        ),
    })
}

enum Stopped {
    Parquet(ParquetError),
    Refused(Box<MicrodataError>),
}

fn append(
    column: &mut Column,
    place: &Place<'_>,
    cells: ColumnReader,
    nullable: bool,
) -> Result<(), Stopped> {
    match cells {
        ColumnReader::BoolColumnReader(cells) => append_values(column, place, cells, nullable),
        ColumnReader::Int32ColumnReader(cells) => append_values(column, place, cells, nullable),
        ColumnReader::Int64ColumnReader(cells) => append_values(column, place, cells, nullable),
        ColumnReader::FloatColumnReader(cells) => append_values(column, place, cells, nullable),
        ColumnReader::DoubleColumnReader(cells) => append_values(column, place, cells, nullable),
        ColumnReader::ByteArrayColumnReader(cells) => each(cells, nullable, |cell| {
            let Some(cell) = cell else {
                column.push_blank();
                return Ok(());
            };
            let text = text(cell)?;
            let pushed = column.push(text);
            refused(column, place, pushed, || text.to_owned())
        }),
        ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {
            Ok(())
        }
    }
}

fn append_values<T: DataType>(
    column: &mut Column,
    place: &Place<'_>,
    cells: ColumnReaderImpl<T>,
    nullable: bool,
) -> Result<(), Stopped>
where
    T::T: Value,
{
    each(cells, nullable, |cell| {
        let Some(cell) = cell else {
            column.push_blank();
            return Ok(());
        };
        let pushed = column.push_value(cell);
        refused(column, place, pushed, || cell.to_string())
    })
}

fn refused(
    column: &Column,
    place: &Place<'_>,
    pushed: Result<(), NoNumber>,
    cell: impl FnOnce() -> String,
) -> Result<(), Stopped> {
    pushed.map_err(|_| Stopped::Refused(Box::new(column.refuse(place, &cell()))))
}

fn text(cell: &ByteArray) -> Result<&str, Stopped> {
    cell.as_utf8().map(str::trim).map_err(Stopped::Parquet)
}

/// Gives every cell of a column chunk in order; a null is `None`.
fn each<T: DataType>(
    mut cells: ColumnReaderImpl<T>,
    nullable: bool,
    mut take: impl FnMut(Option<&T::T>) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let (mut values, mut levels) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    loop {
        values.clear();
        levels.clear();
        let (rows, _, _) = cells
            .read_records(BATCH, Some(&mut levels), None, &mut values)
            .map_err(Stopped::Parquet)?;
        if rows == 0 {
            return Ok(());
        }
        let mut present = values.iter();
        if nullable {
            for level in &levels {
                take(if *level == 1 { present.next() } else { None })?;
            }
        } else {
            for cell in present {
                take(Some(cell))?;
            }
        }
    }
}
