//! A column while it is being read.

use super::{MicrodataError, Place};
use analytics::analysis::{ColumnKind, Labels, Table};

pub(super) enum Column {
    Numbers(Vec<Option<f64>>),
    Labels(Labels),
}

/// A cell that should be a number is none.
pub(super) struct NoNumber;

impl Column {
    pub(super) fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Number => Self::Numbers(Vec::new()),
            ColumnKind::Label => Self::Labels(Labels::default()),
        }
    }

    /// Appends a cell of text; blank, `NA`, `NaN` and `.` are blank numbers.
    pub(super) fn push(&mut self, cell: &str) -> Result<(), NoNumber> {
        match self {
            Self::Labels(labels) => labels.push(cell),
            Self::Numbers(values) => values.push(match cell {
                "" | "NA" | "NaN" | "." => None,
                text => {
                    let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
                    Some(value.ok_or(NoNumber)?)
                }
            }),
        }
        Ok(())
    }

    /// Appends a cell that the file holds as a number.
    pub(super) fn push_value(&mut self, cell: &impl Value) -> Result<(), NoNumber> {
        match self {
            Self::Labels(labels) => labels.push(&cell.to_string()),
            Self::Numbers(values) => values.push(match cell.number() {
                value if value.is_nan() => None,
                value if value.is_infinite() => return Err(NoNumber),
                value => Some(value),
            }),
        }
        Ok(())
    }

    pub(super) fn push_blank(&mut self) {
        match self {
            Self::Numbers(values) => values.push(None),
            Self::Labels(labels) => labels.push(""),
        }
    }

    /// Rows so far.
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Labels(labels) => labels.rows(),
        }
    }

    pub(super) fn insert_into(self, table: &mut Table, name: &str) {
        match self {
            Self::Numbers(values) => table.insert_numbers(name, values),
            Self::Labels(labels) => table.insert_labels(name, labels),
        }
    }

    /// The refusal of the cell after those that were appended.
    pub(super) fn refuse(&self, place: &Place<'_>, cell: &str) -> MicrodataError {
        MicrodataError::NotANumber {
            row: self.rows() + 1,
            column: place.name.to_owned(),
            cell: cell.to_owned(),
        }
    }
}

/// A number of a Parquet file.
pub(super) trait Value: ToString {
    fn number(&self) -> f64;
}

impl Value for i32 {
    fn number(&self) -> f64 {
        f64::from(*self)
    }
}

impl Value for i64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "an answer, weight or count is far below 2^53"
    )]
    fn number(&self) -> f64 {
        *self as f64
    }
}

impl Value for f32 {
    fn number(&self) -> f64 {
        f64::from(*self)
    }
}

impl Value for f64 {
    fn number(&self) -> f64 {
        *self
    }
}

impl Value for bool {
    fn number(&self) -> f64 {
        f64::from(u8::from(*self))
    }
}
