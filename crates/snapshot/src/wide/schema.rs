//! The columns of an open file.

use super::{WideColumns, WideError};
use crate::positioned_file::PositionedFile;
use parquet::{
    basic::{ConvertedType, Type},
    column::reader::ColumnReader,
    file::{reader::FileReader, serialized_reader::SerializedFileReader},
    schema::types::SchemaDescriptor,
};
use std::path::Path;

/// An open file.
pub(super) struct Schema<'a> {
    pub(super) path: &'a Path,
    pub(super) reader: &'a SerializedFileReader<PositionedFile>,
}

impl Schema<'_> {
    pub(super) fn require(&self, columns: &WideColumns<'_>) -> Result<(), WideError> {
        const WHOLE: [Type; 2] = [Type::INT32, Type::INT64];
        let numbers = [WHOLE[0], WHOLE[1], Type::FLOAT, Type::DOUBLE];
        let keys = columns
            .stratum
            .iter()
            .chain([&columns.psu])
            .chain(columns.by);
        for name in keys {
            self.require_type(name, "分组", &[WHOLE[0], WHOLE[1], Type::BYTE_ARRAY])?;
        }
        self.require_type(columns.weight, "权数", &numbers)?;
        columns
            .items
            .iter()
            .try_for_each(|name| self.require_type(name, "题目", &numbers))
    }

    fn require_type(
        &self,
        name: &str,
        part: &'static str,
        types: &[Type],
    ) -> Result<(), WideError> {
        let column = self.descriptor().column(self.position(name)?);
        let plain = column.max_rep_level() == 0 && column.max_def_level() <= 1;
        let whole = column.converted_type() != ConvertedType::DECIMAL;
        if plain && whole && types.contains(&column.physical_type()) {
            return Ok(());
        }
        Err(WideError::ColumnType {
            path: self.path.to_owned(),
            column: name.to_owned(),
            found: column.physical_type().to_string(),
            part,
        })
    }

    fn descriptor(&self) -> &SchemaDescriptor {
        self.reader.metadata().file_metadata().schema_descr()
    }

    fn position(&self, name: &str) -> Result<usize, WideError> {
        let columns = self.descriptor().columns();
        columns
            .iter()
            .position(|column| column.path().string() == name)
            .ok_or_else(|| WideError::NoColumn {
                path: self.path.to_owned(),
                column: name.to_owned(),
                found: columns
                    .iter()
                    .map(|column| column.path().string())
                    .collect(),
            })
    }

    pub(super) fn column(&self, group: usize, name: &str) -> Result<ColumnReader, WideError> {
        let position = self.position(name)?;
        self.reader
            .get_row_group(group)
            .and_then(|group| group.get_column_reader(position))
            .map_err(|source| WideError::Parquet {
                path: self.path.to_owned(),
                source,
            })
    }
}
