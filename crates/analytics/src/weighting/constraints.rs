//! What calibrated weights must sum to.

use super::base::{WeightError, check_rows};
use super::calibration_error::CalibrationError;
use super::cells::Cells;
use super::margin::{Margin, MissingLevels, to_the_first};
use nalgebra::DMatrix;

/// Auxiliary variables with their population totals.
///
/// Rows with the same values are one pattern, so that sums over rows are taken once.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraints {
    /// One row per pattern, one column per constraint.
    pub(super) x: DMatrix<f64>,
    pub(super) pattern_of_row: Vec<u32>,
    pub(super) totals: Vec<(String, f64)>,
}

impl Constraints {
    /// Any auxiliary variables: `x` has one row per sample row and one column per named total.
    ///
    /// A column of ones with the size of the population makes the weights sum to it.
    ///
    /// # Errors
    /// Another number of totals than of columns, a value or total that is not finite.
    pub fn from_rows(
        x: DMatrix<f64>,
        totals: Vec<(String, f64)>,
    ) -> Result<Self, CalibrationError> {
        check_rows(x.ncols(), totals.len())?;
        for (column, (name, total)) in x.column_iter().zip(&totals) {
            for value in column.iter().chain([total]) {
                if !value.is_finite() {
                    return Err(CalibrationError::NotATotal {
                        constraint: name.clone(),
                        total: *value,
                    });
                }
            }
        }
        let pattern_of_row = (0..).take(x.nrows()).collect();
        Ok(Self {
            x,
            pattern_of_row,
            totals,
        })
    }

    /// The levels of margins, one constraint per level that occurs; `base` is the weight by cell.
    ///
    /// Margins that differ by rounding (up to 10⁻⁶) are brought to the sum of the first.
    ///
    /// # Errors
    /// Levels missing in the sample or the population, margins that contradict each other.
    pub fn from_margins(
        cells: &Cells,
        base: &[f64],
        margins: &[Margin],
    ) -> Result<Self, CalibrationError> {
        let totals = margin_totals(cells, base, margins, MissingLevels::Refuse)?;
        Ok(Self::of_levels(cells, margins, &totals))
    }

    pub(super) fn of_levels(cells: &Cells, margins: &[Margin], totals: &[Vec<f64>]) -> Self {
        let mut columns = Vec::new();
        let mut named = Vec::new();
        for ((margin, totals), levels) in margins.iter().zip(totals).zip(cells.levels()) {
            for (level, total) in totals.iter().enumerate().filter(|(_, total)| **total > 0.0) {
                named.push((margin.level_name(level), *total));
                columns.extend(levels.iter().map(|own| f64::from(u8::from(*own == level))));
            }
        }
        Self {
            x: DMatrix::from_vec(cells.count(), named.len(), columns),
            pattern_of_row: cells.of_row().to_vec(),
            totals: named,
        }
    }

    /// Sums a column of the rows by pattern.
    pub(super) fn sum(&self, column: &[f64]) -> Result<Vec<f64>, WeightError> {
        check_rows(self.pattern_of_row.len(), column.len())?;
        let mut sums = vec![0.0; self.x.nrows()];
        for (pattern, value) in self.pattern_of_row.iter().zip(column) {
            sums[*pattern as usize] += value;
        }
        Ok(sums)
    }
}

/// Totals of each level of each margin, checked against the sample and brought to the sum of the first margin.
pub(super) fn margin_totals(
    cells: &Cells,
    base: &[f64],
    margins: &[Margin],
    missing: MissingLevels,
) -> Result<Vec<Vec<f64>>, CalibrationError> {
    check_rows(cells.levels().len(), margins.len())?;
    check_rows(cells.count(), base.len())?;
    let mut totals = Vec::with_capacity(margins.len());
    for (margin, levels) in margins.iter().zip(cells.levels()) {
        totals.push(margin.totals_for(&sum_by_level(levels, base), missing)?);
    }
    for (totals, factor) in totals.iter_mut().zip(to_the_first(margins)?) {
        totals.iter_mut().for_each(|total| *total *= factor);
    }
    Ok(totals)
}

fn sum_by_level(levels: &[usize], weights: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; levels.iter().max().map_or(0, |most| most + 1)];
    for (level, weight) in levels.iter().zip(weights) {
        sums[*level] += weight;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::margin::tests::margin;
    use super::*;

    #[test]
    fn each_level_is_one_column() {
        let cells = Cells::assign(&[&[0, 1, 1], &[0, 0, 1]]).unwrap();
        let margins = [margin("age", &[4.0, 6.0]), margin("sex", &[3.0, 7.0])];

        let constraints = Constraints::from_margins(&cells, &[1.0; 3], &margins).unwrap();

        #[rustfmt::skip]
        let x = DMatrix::from_row_slice(3, 4, &[
            1.0, 0.0, 1.0, 0.0,
            0.0, 1.0, 1.0, 0.0,
            0.0, 1.0, 0.0, 1.0,
        ]);
        assert_eq!(constraints.x, x);
        assert_eq!(constraints.totals[1], ("age b".to_owned(), 6.0));
    }

    #[test]
    fn a_value_that_is_not_finite_is_refused_by_name() {
        let x = DMatrix::from_row_slice(2, 1, &[1.0, f64::NAN]);

        let refused = Constraints::from_rows(x, vec![("visits".to_owned(), 3.0)]);

        assert!(
            matches!(refused, Err(CalibrationError::NotATotal { constraint, .. }) if constraint == "visits")
        );
    }

    #[test]
    fn each_column_needs_a_total() {
        let x = DMatrix::from_element(2, 2, 1.0);

        assert!(Constraints::from_rows(x, vec![("n".to_owned(), 3.0)]).is_err());
    }
}
