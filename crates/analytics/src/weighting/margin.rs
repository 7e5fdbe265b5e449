//! Population totals by level of one characteristic.

use super::calibration_error::CalibrationError;

/// One characteristic of the population with the total of each level.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// Name for reports: `age`.
    pub name: String,
    /// Name and population total of each level; its position is the level id of the rows.
    pub levels: Vec<(String, f64)>,
}

/// What to do about a population level that nobody in the sample carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingLevels {
    /// Refuse, naming them.
    Refuse,
    /// Leave them out; the weights then sum to the rest of the population.
    LeaveOut,
}

impl Margin {
    /// Level ids of a text column.
    ///
    /// # Errors
    /// [`CalibrationError::LevelNotInPopulation`] names all values without a total.
    pub fn level_ids<'a>(
        &self,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<u32>, CalibrationError> {
        let mut missing: Vec<String> = Vec::new();
        let mut ids = Vec::new();
        for value in values {
            let position = (0..).zip(&self.levels).find(|(_, (name, _))| name == value);
            match position {
                Some((id, _)) => ids.push(id),
                None if !missing.iter().any(|name| name == value) => missing.push(value.to_owned()),
                None => {}
            }
        }
        self.refuse_if_any(missing)?;
        Ok(ids)
    }

    pub(super) fn population(&self) -> f64 {
        self.levels.iter().map(|(_, total)| total).sum()
    }

    pub(super) fn level_name(&self, level: usize) -> String {
        match self.levels.get(level) {
            Some((name, _)) => format!("{} {name}", self.name),
            None => format!("{} #{level}", self.name),
        }
    }

    fn refuse_if_any(&self, levels: Vec<String>) -> Result<(), CalibrationError> {
        if levels.is_empty() {
            return Ok(());
        }
        Err(CalibrationError::LevelNotInPopulation {
            margin: self.name.clone(),
            levels,
        })
    }

    /// Totals with a sample to carry them. `sample` is the weight by level, maybe of more levels than the margin knows.
    pub(super) fn totals_for(
        &self,
        sample: &[f64],
        missing: MissingLevels,
    ) -> Result<Vec<f64>, CalibrationError> {
        for (level, (_, total)) in self.levels.iter().enumerate() {
            if !(*total >= 0.0 && total.is_finite()) {
                return Err(CalibrationError::NotATotal {
                    constraint: self.level_name(level),
                    total: *total,
                });
            }
        }
        let total = |level: usize| self.levels.get(level).map_or(0.0, |(_, total)| *total);
        let short_name = |level: usize| match self.levels.get(level) {
            Some((name, _)) => name.clone(),
            None => format!("#{level}"),
        };
        self.refuse_if_any(
            (0..sample.len())
                .filter(|level| sample[*level] > 0.0 && total(*level) <= 0.0)
                .map(short_name)
                .collect(),
        )?;
        let carried = |level: &usize| sample.get(*level).is_some_and(|weight| *weight > 0.0);
        let uncarried: Vec<String> = (0..self.levels.len())
            .filter(|level| !carried(level) && total(*level) > 0.0)
            .map(short_name)
            .collect();
        if missing == MissingLevels::Refuse && !uncarried.is_empty() {
            return Err(CalibrationError::LevelNotInSample {
                margin: self.name.clone(),
                levels: uncarried,
            });
        }
        Ok((0..self.levels.len())
            .map(|level| if carried(&level) { total(level) } else { 0.0 })
            .collect())
    }
}

/// Totals that differ by less than this share are rounded counts of the same population.
const SAME_POPULATION: f64 = 1e-6;

/// The factor that brings each margin to the sum of the first.
pub(super) fn to_the_first(margins: &[Margin]) -> Result<Vec<f64>, CalibrationError> {
    let Some(first) = margins.first() else {
        return Ok(Vec::new());
    };
    let first_total = first.population();
    margins
        .iter()
        .map(|margin| {
            let total = margin.population();
            if (total - first_total).abs() > SAME_POPULATION * first_total.abs() {
                return Err(CalibrationError::ContradictingTotals {
                    margin: margin.name.clone(),
                    total,
                    first: first.name.clone(),
                    first_total,
                });
            }
            Ok(first_total / total)
        })
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Margin `name` with the totals of levels a, b, c, …
    pub fn margin(name: &str, totals: &[f64]) -> Margin {
        Margin {
            name: name.to_owned(),
            levels: ('a'..)
                .map(String::from)
                .zip(totals.iter().copied())
                .collect(),
        }
    }

    #[test]
    fn values_become_ids_and_strangers_are_named_once() {
        let age = margin("age", &[5.0, 6.0]);

        assert_eq!(age.level_ids(["b", "a", "b"]), Ok(vec![1, 0, 1]));
        assert_eq!(
            age.level_ids(["x", "a", "y", "x"]),
            Err(CalibrationError::LevelNotInPopulation {
                margin: "age".to_owned(),
                levels: vec!["x".to_owned(), "y".to_owned()]
            })
        );
    }

    #[test]
    fn a_sample_level_without_total_is_refused() {
        let age = margin("age", &[5.0, 0.0]);

        let refused = age.totals_for(&[1.0, 2.0, 3.0], MissingLevels::LeaveOut);

        assert_eq!(
            refused,
            Err(CalibrationError::LevelNotInPopulation {
                margin: "age".to_owned(),
                levels: vec!["b".to_owned(), "#2".to_owned()]
            })
        );
    }

    #[test]
    fn a_population_level_without_sample_is_refused_or_left_out() {
        let age = margin("age", &[5.0, 6.0, 0.0]);

        assert_eq!(
            age.totals_for(&[1.0], MissingLevels::Refuse),
            Err(CalibrationError::LevelNotInSample {
                margin: "age".to_owned(),
                levels: vec!["b".to_owned()]
            })
        );
        assert_eq!(
            age.totals_for(&[1.0], MissingLevels::LeaveOut),
            Ok(vec![5.0, 0.0, 0.0])
        );
    }

    #[test]
    fn what_is_no_total_is_named() {
        for total in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                margin("age", &[5.0, total]).totals_for(&[1.0, 1.0], MissingLevels::Refuse),
                Err(CalibrationError::NotATotal { constraint, .. }) if constraint == "age b"
            ));
        }
    }

    #[test]
    fn contradicting_margins_are_refused_and_rounded_ones_rescaled() {
        let age = margin("age", &[400_000.0, 600_000.0]);

        let refused = to_the_first(&[age.clone(), margin("sex", &[510_000.0, 510_000.0])]);
        let rounded = to_the_first(&[age, margin("sex", &[500_000.0, 500_000.5])]).unwrap();

        assert_eq!(
            refused,
            Err(CalibrationError::ContradictingTotals {
                margin: "sex".to_owned(),
                total: 1_020_000.0,
                first: "age".to_owned(),
                first_total: 1_000_000.0
            })
        );
        assert!((rounded[1] * 1_000_000.5 - 1e6).abs() < 1e-9);
    }
}
