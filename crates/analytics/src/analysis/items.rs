//! Which answers count, and how many points each is worth.

use super::{AnalysisRefused, Table};

/// The rule that turns cells into answers; it holds for every analysed column, never for weights and design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ruler {
    /// First and last level; a cell outside that is no missing code is refused.
    pub scale: Option<(i32, i32)>,
    /// Codes that are no answer, such as 9 for "don't know".
    pub missing: Vec<f64>,
    /// Points of each level from the first to the last, used by means only; empty for the levels themselves.
    pub points: Vec<f64>,
}

impl Ruler {
    /// The answers of a column of numbers: `None` for a blank cell or a missing code.
    ///
    /// # Errors
    /// When a cell is outside the scale; the first such row is named.
    pub(super) fn answers(
        &self,
        table: &Table,
        column: &str,
    ) -> Result<Vec<Option<f64>>, AnalysisRefused> {
        let cells = table
            .numbers(column)
            .ok_or_else(|| AnalysisRefused::NoColumn(column.to_owned()))?;
        cells
            .iter()
            .enumerate()
            .map(|(row, cell)| match cell {
                Some(value) if self.missing.contains(value) => Ok(None),
                Some(value) if self.off_scale(*value) => Err(AnalysisRefused::OffScale {
                    column: column.to_owned(),
                    row: row + 1,
                    value: *value,
                }),
                answer => Ok(*answer),
            })
            .collect()
    }

    /// The points of the answers of a column.
    ///
    /// # Errors
    /// As [`Ruler::answers`].
    pub(super) fn points(
        &self,
        table: &Table,
        column: &str,
    ) -> Result<Vec<Option<f64>>, AnalysisRefused> {
        let answers = self.answers(table, column)?;
        if self.points.is_empty() {
            return Ok(answers);
        }
        let (levels, points) = (self.levels(), self.points_of_levels()?);
        let points = |answer: f64| {
            let level = levels.iter().position(|level| *level == answer)?;
            Some(points[level])
        };
        Ok(answers
            .into_iter()
            .map(|answer| answer.and_then(points))
            .collect())
    }

    /// The points of each level: the level itself when no points are given.
    ///
    /// # Errors
    /// When there is not one number of points per level.
    pub(super) fn points_of_levels(&self) -> Result<Vec<f64>, AnalysisRefused> {
        let levels = self.levels();
        if self.points.is_empty() {
            return Ok(levels);
        }
        if levels.len() != self.points.len() {
            return Err(AnalysisRefused::Points {
                levels: levels.len(),
                points: self.points.len(),
            });
        }
        Ok(self.points.clone())
    }

    /// The levels of the scale, lowest first; none without a scale.
    pub(super) fn levels(&self) -> Vec<f64> {
        self.scale
            .map(|(first, last)| (first..=last).map(f64::from).collect())
            .unwrap_or_default()
    }

    /// Whether a label is one of the missing codes.
    pub(super) fn is_missing(&self, label: &str) -> bool {
        label
            .parse::<f64>()
            .is_ok_and(|value| self.missing.contains(&value))
    }

    fn off_scale(&self, value: f64) -> bool {
        self.scale.is_some_and(|(first, last)| {
            value < f64::from(first) || value > f64::from(last) || value.fract() != 0.0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[Option<f64>]) -> Table {
        let mut table = Table::new(cells.len());
        table.insert_numbers("q1", cells.to_vec());
        table
    }

    #[test]
    fn a_missing_code_and_a_blank_are_no_answers() {
        let ruler = Ruler {
            scale: Some((1, 5)),
            missing: vec![9.0],
            points: vec![0.0, 25.0, 50.0, 75.0, 100.0],
        };
        let table = table(&[Some(1.0), Some(9.0), None, Some(4.0)]);

        assert_eq!(
            ruler.answers(&table, "q1").unwrap(),
            [Some(1.0), None, None, Some(4.0)]
        );
        assert_eq!(
            ruler.points(&table, "q1").unwrap(),
            [Some(0.0), None, None, Some(75.0)]
        );
    }

    #[test]
    fn each_level_needs_its_points() {
        let ruler = Ruler {
            scale: Some((1, 3)),
            missing: vec![],
            points: vec![0.0, 100.0],
        };

        assert_eq!(
            ruler.points(&table(&[Some(1.0)]), "q1"),
            Err(AnalysisRefused::Points {
                levels: 3,
                points: 2
            })
        );
    }

    #[test]
    fn a_value_off_the_scale_is_refused_with_its_row() {
        let ruler = Ruler {
            scale: Some((1, 5)),
            ..Ruler::default()
        };

        for value in [0.0, 6.0, 2.5] {
            assert_eq!(
                ruler.answers(&table(&[Some(5.0), Some(value)]), "q1"),
                Err(AnalysisRefused::OffScale {
                    column: "q1".into(),
                    row: 2,
                    value
                })
            );
        }
    }
}
