//! A two-way table of counts with its margins.

use std::ops::Range;

/// Counts by row (a unit, a group) and column (an answer level, a category), with exact totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountTable {
    rows: usize,
    columns: usize,
    /// Cells row by row, then row totals, column totals and the grand total.
    values: Vec<u64>,
}

/// A place in a table; rows and columns count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// One row and one column.
    Cell {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
    },
    /// Sum of a row.
    RowTotal(usize),
    /// Sum of a column.
    ColumnTotal(usize),
    /// Sum of everything.
    GrandTotal,
}

/// Why counts do not make a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A table needs a row and a column.
    #[error("AN-301: the table has no row or no column")]
    Empty,
    /// All rows need as many counts as the first.
    #[error("AN-302: row {row} has {found} counts, the first row has {expected}")]
    Ragged {
        /// The row, from 0.
        row: usize,
        /// Counts found.
        found: usize,
        /// Counts of the first row.
        expected: usize,
    },
    /// The grand total must stay below 2⁶³.
    #[error("AN-303: the counts sum to more than a table can hold")]
    TooLarge,
    /// The classes to merge must cover all rows or columns in order, without gaps.
    #[error("AN-304: the classes do not cover the rows or columns one after the other")]
    ClassesDoNotCover,
}

impl CountTable {
    /// A table of one slice per row.
    ///
    /// # Errors
    /// No row or column, rows of different length, or a total beyond 2⁶³.
    pub fn new<R: AsRef<[u64]>>(rows: &[R]) -> Result<Self, TableError> {
        let columns = rows.first().map_or(0, |row| row.as_ref().len());
        if columns == 0 {
            return Err(TableError::Empty);
        }
        if let Some((row, counts)) = rows
            .iter()
            .map(AsRef::as_ref)
            .enumerate()
            .find(|(_, counts)| counts.len() != columns)
        {
            return Err(TableError::Ragged {
                row,
                found: counts.len(),
                expected: columns,
            });
        }
        let cells = rows.iter().flat_map(|row| row.as_ref().iter().copied());
        Self::with_margins(rows.len(), columns, cells.collect())
    }

    fn with_margins(rows: usize, columns: usize, cells: Vec<u64>) -> Result<Self, TableError> {
        let total = cells
            .iter()
            .try_fold(0_u64, |sum, count| sum.checked_add(*count))
            .filter(|total| i64::try_from(*total).is_ok())
            .ok_or(TableError::TooLarge)?;
        let row_totals: Vec<u64> = cells.chunks(columns).map(|row| row.iter().sum()).collect();
        let column_totals =
            (0..columns).map(|column| cells.iter().skip(column).step_by(columns).sum());
        let margins: Vec<u64> = row_totals.into_iter().chain(column_totals).collect();
        let values = cells.into_iter().chain(margins).chain([total]).collect();
        Ok(Self {
            rows,
            columns,
            values,
        })
    }

    /// Number of rows and of columns, totals not counted.
    #[must_use]
    pub const fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// The true count; `None` outside the table.
    #[must_use]
    pub fn count(&self, position: Position) -> Option<u64> {
        self.index(position).map(|index| self.values[index])
    }

    /// Totals of the columns, in order: the sizes [`merge_classes`](super::merge_classes) asks for.
    #[must_use]
    pub fn column_totals(&self) -> &[u64] {
        let start = self.rows * self.columns + self.rows;
        &self.values[start..start + self.columns]
    }

    /// Totals of the rows, in order.
    #[must_use]
    pub fn row_totals(&self) -> &[u64] {
        let start = self.rows * self.columns;
        &self.values[start..start + self.rows]
    }

    /// All places: cells row by row, row totals, column totals, the grand total.
    pub fn positions(&self) -> impl Iterator<Item = Position> + use<> {
        let (rows, columns) = self.shape();
        (0..rows)
            .flat_map(move |row| (0..columns).map(move |column| Position::Cell { row, column }))
            .chain((0..rows).map(Position::RowTotal))
            .chain((0..columns).map(Position::ColumnTotal))
            .chain([Position::GrandTotal])
    }

    /// The table with neighbouring columns added up, one column per class.
    ///
    /// # Errors
    /// The classes do not cover the columns in order.
    pub fn with_columns_merged(&self, classes: &[Range<usize>]) -> Result<Self, TableError> {
        covers(classes, self.columns)?;
        let cells = (0..self.rows).flat_map(|row| {
            let counts = self.row(row);
            classes
                .iter()
                .map(move |class| counts[class.clone()].iter().sum())
        });
        Self::with_margins(self.rows, classes.len(), cells.collect())
    }

    /// The table with neighbouring rows added up, one row per class.
    ///
    /// # Errors
    /// The classes do not cover the rows in order.
    pub fn with_rows_merged(&self, classes: &[Range<usize>]) -> Result<Self, TableError> {
        covers(classes, self.rows)?;
        let cells = classes.iter().flat_map(|class| {
            (0..self.columns)
                .map(move |column| class.clone().map(|row| self.row(row)[column]).sum())
        });
        Self::with_margins(classes.len(), self.columns, cells.collect())
    }

    pub(super) fn row(&self, row: usize) -> &[u64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub(super) fn values(&self) -> &[u64] {
        &self.values
    }

    /// Place of a position in the order of [`positions`](Self::positions).
    pub(super) fn index(&self, position: Position) -> Option<usize> {
        let (rows, columns) = self.shape();
        let cells = rows * columns;
        match position {
            Position::Cell { row, column } => {
                (row < rows && column < columns).then(|| row * columns + column)
            }
            Position::RowTotal(row) => (row < rows).then(|| cells + row),
            Position::ColumnTotal(column) => (column < columns).then(|| cells + rows + column),
            Position::GrandTotal => Some(cells + rows + columns),
        }
    }
}

fn covers(classes: &[Range<usize>], length: usize) -> Result<(), TableError> {
    let mut next = 0;
    for class in classes {
        if class.start != next || class.end <= class.start {
            return Err(TableError::ClassesDoNotCover);
        }
        next = class.end;
    }
    if next == length {
        Ok(())
    } else {
        Err(TableError::ClassesDoNotCover)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::merge_classes;

    #[test]
    fn totals_and_merged_classes_by_hand() {
        let table = CountTable::new(&[[1, 2, 3], [4, 5, 6]]).unwrap();

        assert_eq!(table.row_totals(), [6, 15]);
        assert_eq!(table.column_totals(), [5, 7, 9]);
        assert_eq!(table.count(Position::GrandTotal), Some(21));
        assert_eq!(table.count(Position::RowTotal(2)), None);
        let merged = table.with_columns_merged(&[0..2, 2..3]).unwrap();
        assert_eq!(merged, CountTable::new(&[[3, 3], [9, 6]]).unwrap());
        let merged = table
            .with_rows_merged(&merge_classes(&[6, 15], 99))
            .unwrap();
        assert_eq!(merged, CountTable::new(&[[5, 7, 9]]).unwrap());
    }

    #[test]
    fn what_is_no_table_is_named() {
        assert_eq!(
            CountTable::new::<[u64; 0]>(&[[]]).unwrap_err(),
            TableError::Empty
        );
        assert_eq!(
            CountTable::new(&[vec![1, 2], vec![3]]).unwrap_err(),
            TableError::Ragged {
                row: 1,
                found: 1,
                expected: 2
            }
        );
        assert_eq!(
            CountTable::new(&[[u64::MAX, 1]]).unwrap_err(),
            TableError::TooLarge
        );
        let table = CountTable::new(&[[1, 2, 3]]).unwrap();
        for ends in [
            [(0, 1), (1, 2)],
            [(0, 2), (1, 3)],
            [(0, 0), (0, 3)],
            [(0, 1), (1, 4)],
        ] {
            let classes = ends.map(|(start, end)| start..end);
            assert_eq!(
                table.with_columns_merged(&classes).unwrap_err(),
                TableError::ClassesDoNotCover
            );
        }
    }
}
