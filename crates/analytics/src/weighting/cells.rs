//! Rows that share the level of every margin are one cell.

use super::base::{WeightError, check_rows};
use std::collections::HashMap;

/// The cells of a table that rows fall into: only those that occur, ordered by the first margin, then the second, …
///
/// Raking and calibration multiply all rows of a cell by the same factor, so a million rows are a few hundred cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    of_row: Vec<u32>,
    levels: Vec<Vec<usize>>,
    count: usize,
}

impl Cells {
    /// Assigns rows to cells; one column of dense level ids per margin.
    ///
    /// # Errors
    /// Columns of different lengths.
    pub fn assign(margins: &[&[u32]]) -> Result<Self, WeightError> {
        let rows = margins.first().map_or(0, |column| column.len());
        let mut keys = Keys {
            of_row: vec![0; rows],
            space: usize::from(rows > 0),
            levels: Vec::new(),
            widths: Vec::new(),
        };
        for column in margins {
            check_rows(rows, column.len())?;
            keys = keys.split_by(column);
        }
        Ok(keys.number())
    }

    /// Cells that occur.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The cell of every row.
    #[must_use]
    pub fn of_row(&self) -> &[u32] {
        &self.of_row
    }

    /// The level of every cell, one column per margin.
    #[must_use]
    pub fn levels(&self) -> &[Vec<usize>] {
        &self.levels
    }

    /// Sums a column of the rows by cell.
    ///
    /// # Errors
    /// A column of another length.
    pub fn sum(&self, column: &[f64]) -> Result<Vec<f64>, WeightError> {
        check_rows(self.of_row.len(), column.len())?;
        let mut sums = vec![0.0; self.count];
        for (cell, value) in self.of_row.iter().zip(column) {
            sums[*cell as usize] += value;
        }
        Ok(sums)
    }

    /// Multiplies a column of the rows by the factor of their cell.
    ///
    /// # Errors
    /// A column of another length.
    pub fn spread(&self, column: &[f64], factors: &[f64]) -> Result<Vec<f64>, WeightError> {
        check_rows(self.of_row.len(), column.len())?;
        check_rows(self.count, factors.len())?;
        Ok(self
            .of_row
            .iter()
            .zip(column)
            .map(|(cell, value)| value * factors[*cell as usize])
            .collect())
    }
}

/// One number per combination of levels, whether it occurs or not.
struct Keys {
    of_row: Vec<usize>,
    /// Keys are below this.
    space: usize,
    /// Levels of the leading part of a key, by margin.
    levels: Vec<Vec<usize>>,
    /// Number of levels of the further margins, whose levels are the rest of a key.
    widths: Vec<usize>,
}

/// Tables up to this size are looked up directly, whatever the number of rows.
const DENSE: usize = 1 << 16;

impl Keys {
    fn split_by(self, column: &[u32]) -> Self {
        let width = column.iter().max().map_or(0, |most| *most as usize + 1);
        let mut keys = self;
        if keys.space.saturating_mul(width) > keys.lookup_limit() {
            keys = keys.number().into();
        }
        for (key, level) in keys.of_row.iter_mut().zip(column) {
            *key = *key * width + *level as usize;
        }
        keys.space = keys.space.saturating_mul(width);
        keys.widths.push(width);
        keys
    }

    fn lookup_limit(&self) -> usize {
        self.of_row.len().max(DENSE)
    }

    /// Leaves out combinations that do not occur.
    fn number(self) -> Cells {
        let (occurring, of_row) = if self.space <= self.lookup_limit() {
            number_by_table(&self.of_row, self.space)
        } else {
            number_by_sorting(&self.of_row)
        };
        let mut leading = occurring.clone();
        let mut further: Vec<Vec<usize>> = Vec::new();
        for width in self.widths.iter().rev() {
            further.push(leading.iter().map(|key| key % width).collect());
            leading.iter_mut().for_each(|key| *key /= width);
        }
        let known = self.levels.iter();
        let mut levels: Vec<Vec<usize>> = known
            .map(|levels| leading.iter().map(|cell| levels[*cell]).collect())
            .collect();
        levels.extend(further.into_iter().rev());
        Cells {
            of_row,
            levels,
            count: occurring.len(),
        }
    }
}

impl From<Cells> for Keys {
    fn from(cells: Cells) -> Self {
        Self {
            of_row: cells.of_row.iter().map(|cell| *cell as usize).collect(),
            space: cells.count,
            levels: cells.levels,
            widths: Vec::new(),
        }
    }
}

/// The distinct keys in their order, and the number of each row's key among them.
fn number_by_table(keys: &[usize], space: usize) -> (Vec<usize>, Vec<u32>) {
    let mut seen = vec![false; space];
    for key in keys {
        seen[*key] = true;
    }
    let occurring: Vec<usize> = (0..space).filter(|key| seen[*key]).collect();
    let mut table = vec![0_u32; space];
    for (number, key) in (0..).zip(&occurring) {
        table[*key] = number;
    }
    let numbers = keys.iter().map(|key| table[*key]).collect();
    (occurring, numbers)
}

fn number_by_sorting(keys: &[usize]) -> (Vec<usize>, Vec<u32>) {
    let mut occurring = keys.to_vec();
    occurring.sort_unstable();
    occurring.dedup();
    let table: HashMap<usize, u32> = occurring.iter().copied().zip(0..).collect();
    let numbers = keys.iter().map(|key| table[key]).collect();
    (occurring, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_same_levels_are_one_cell() {
        let cells = Cells::assign(&[&[1, 0, 1, 1], &[2, 0, 2, 0]]).unwrap();

        assert_eq!(cells.count(), 3);
        assert_eq!(cells.of_row(), [2, 0, 2, 1]);
        assert_eq!(cells.levels(), [vec![0, 1, 1], vec![0, 0, 2]]);
        assert_eq!(cells.sum(&[1.0, 2.0, 3.0, 4.0]), Ok(vec![2.0, 4.0, 4.0]));
        assert_eq!(
            cells.spread(&[1.0, 2.0, 3.0, 4.0], &[10.0, 1.0, 0.5]),
            Ok(vec![0.5, 20.0, 1.5, 4.0])
        );
    }

    #[test]
    fn a_sparse_table_is_numbered_like_a_dense_one() {
        let keys = [7, 3, 7, 900, 3];

        let (occurring, numbers) = number_by_table(&keys, 1_000);

        assert_eq!(occurring, [3, 7, 900]);
        assert_eq!(numbers, [1, 0, 1, 2, 0]);
        assert_eq!(number_by_sorting(&keys), (occurring, numbers));
    }

    #[test]
    fn four_margins_of_a_hundred_thousand_levels_fit() {
        let column: Vec<u32> = (0..100_000).collect();

        let cells = Cells::assign(&[&column, &column, &column, &column]).unwrap();

        assert_eq!(cells.count(), 100_000);
        for levels in cells.levels() {
            assert_eq!(levels[99_999], 99_999);
        }
    }

    #[test]
    fn columns_of_different_lengths_are_refused() {
        let cells = Cells::assign(&[&[0, 1]]).unwrap();

        assert!(Cells::assign(&[&[0, 1], &[0]]).is_err());
        assert!(cells.sum(&[1.0]).is_err());
        assert!(cells.spread(&[1.0, 1.0], &[1.0]).is_err());
    }
}
