//! One stage of a design, numbered: the unit of each row, the stratum of each unit, what each stratum multiplies.

use super::design::{LonelyPsu, Stage};
use super::design_error::DesignError;
use nalgebra::DMatrix;
use std::collections::HashMap;

/// A share of the frame not sampled below this is none: the stratum is complete.
const COMPLETE: f64 = 1e-7;

/// The units of one stage.
#[derive(Clone, Debug)]
pub(super) struct StageUnits {
    stage: usize,
    /// Unit of each row.
    pub(super) unit_of_row: Vec<usize>,
    /// Stratum of each unit.
    pub(super) stratum_of_unit: Vec<usize>,
    /// Strata in order of appearance.
    pub(super) strata: Vec<Stratum>,
}

/// A stratum of one stage, inside one unit of the stage before.
#[derive(Clone, Debug)]
pub(super) struct Stratum {
    /// The id given, 0 when the stage has no strata.
    id: u32,
    /// Unit of the stage before; 0 at the first stage.
    parent: usize,
    /// Units sampled.
    pub(super) units: usize,
    /// Units in the frame; infinite when not known.
    population: f64,
    /// Product of the sampling fractions of all stages before.
    share: f64,
}

impl Stratum {
    /// The share of the frame that was not sampled.
    pub(super) fn unsampled(&self) -> f64 {
        if self.population.is_infinite() {
            1.0
        } else {
            (self.population - self.units as f64) / self.population
        }
    }

    fn fraction(&self) -> f64 {
        self.units as f64 / self.population
    }
}

/// What a stratum adds to the covariance.
enum Contribution {
    /// Nothing varies, or nothing is in the domain.
    Nothing,
    /// Squares around the stratum mean, times this.
    Centred(f64),
    /// Squares around zero, times this.
    Uncentred(f64),
    /// To be replaced by the average of the others.
    Unknown,
}

impl StageUnits {
    /// Numbers the units and strata of a stage inside the units of the stage before.
    pub(super) fn new(
        stage: usize,
        columns: &Stage<'_>,
        before: Option<&Self>,
        rows: usize,
    ) -> Result<Self, DesignError> {
        check_length("strata", columns.strata.map(<[u32]>::len), rows)?;
        check_length("clusters", columns.clusters.map(<[u32]>::len), rows)?;
        check_length("population", columns.population.map(<[f64]>::len), rows)?;
        let mut built = Self {
            stage,
            unit_of_row: Vec::with_capacity(rows),
            stratum_of_unit: Vec::new(),
            strata: Vec::new(),
        };
        let (mut strata, mut units) = (HashMap::new(), HashMap::new());
        for row in 0..rows {
            let parent = before.map_or(0, |before| before.unit_of_row[row]);
            let id = columns.strata.map_or(0, |ids| ids[row]);
            let population = columns.population.map_or(f64::INFINITY, |sizes| sizes[row]);
            let stratum = *strata
                .entry((parent, id))
                .or_insert_with(|| built.add_stratum(id, parent, population, before));
            built.check_population(stratum, population)?;
            let unit = match columns.clusters {
                None => built.add_unit(stratum),
                Some(ids) => *units
                    .entry((parent, ids[row]))
                    .or_insert_with(|| built.add_unit(stratum)),
            };
            if built.stratum_of_unit[unit] != stratum {
                let cluster = columns.clusters.map_or(0, |ids| ids[row]);
                return Err(DesignError::ClusterAcrossStrata { stage, cluster });
            }
            built.unit_of_row.push(unit);
        }
        built.check_sizes()?;
        Ok(built)
    }

    fn add_stratum(
        &mut self,
        id: u32,
        parent: usize,
        population: f64,
        before: Option<&Self>,
    ) -> usize {
        let share = before.map_or(1.0, |before| {
            let above = &before.strata[before.stratum_of_unit[parent]];
            above.share * above.fraction()
        });
        self.strata.push(Stratum {
            id,
            parent,
            units: 0,
            population,
            share,
        });
        self.strata.len() - 1
    }

    fn add_unit(&mut self, stratum: usize) -> usize {
        self.strata[stratum].units += 1;
        self.stratum_of_unit.push(stratum);
        self.stratum_of_unit.len() - 1
    }

    fn check_population(&self, stratum: usize, population: f64) -> Result<(), DesignError> {
        let stratum = &self.strata[stratum];
        if stratum.population.total_cmp(&population).is_eq() {
            Ok(())
        } else {
            Err(DesignError::PopulationVaries {
                stage: self.stage,
                stratum: stratum.id,
            })
        }
    }

    fn check_sizes(&self) -> Result<(), DesignError> {
        for stratum in &self.strata {
            if stratum.population.is_nan() || stratum.population < stratum.units as f64 {
                return Err(DesignError::PopulationTooSmall {
                    stage: self.stage,
                    stratum: stratum.id,
                    sampled: stratum.units,
                    population: stratum.population,
                });
            }
        }
        Ok(())
    }

    /// Units and strata with a row for which `wanted` is true.
    pub(super) fn count(&self, wanted: &dyn Fn(usize) -> bool) -> (usize, usize) {
        let units = self.units_with(wanted);
        let mut strata = vec![false; self.strata.len()];
        for (unit, there) in units.iter().enumerate() {
            strata[self.stratum_of_unit[unit]] |= there;
        }
        let sum = |flags: &[bool]| flags.iter().filter(|there| **there).count();
        (sum(&units), sum(&strata))
    }

    fn units_with(&self, wanted: &dyn Fn(usize) -> bool) -> Vec<bool> {
        let mut units = vec![false; self.stratum_of_unit.len()];
        for (row, unit) in self.unit_of_row.iter().enumerate() {
            units[*unit] |= wanted(row);
        }
        units
    }

    /// Ids of strata with one unit that is not the whole frame, ascending.
    pub(super) fn lonely_strata(&self) -> Vec<u32> {
        let lonely = |stratum: &&Stratum| stratum.units == 1 && stratum.unsampled() >= COMPLETE;
        let mut ids: Vec<u32> = self
            .strata
            .iter()
            .filter(lonely)
            .map(|stratum| stratum.id)
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The refusal that names a stratum.
    pub(super) fn lonely_psu(&self, h: usize) -> DesignError {
        DesignError::LonelyPsu {
            stage: self.stage,
            stratum: self.strata[h].id,
        }
    }

    /// Sums of each column over the rows of each unit: one row per unit, one element per column.
    fn totals(&self, z: &[&[f64]]) -> Vec<f64> {
        let mut totals = vec![0.0; self.stratum_of_unit.len() * z.len()];
        for (k, column) in z.iter().enumerate() {
            for (unit, value) in self.unit_of_row.iter().zip(*column) {
                totals[unit * z.len() + k] += value;
            }
        }
        totals
    }

    /// Adds what this stage contributes; `present` marks the rows of a domain whose lonely units count as lonely.
    pub(super) fn add_covariance(
        &self,
        z: &[&[f64]],
        present: Option<&[bool]>,
        lonely: LonelyPsu,
        covariance: &mut DMatrix<f64>,
    ) -> Result<(), DesignError> {
        if self.strata.iter().all(|stratum| stratum.share <= 0.0) {
            return Ok(());
        }
        let seen = present.map(|present| self.present_per_stratum(present));
        let contributions = (0..self.strata.len())
            .map(|h| self.contribution(h, seen.as_ref().map(|n| n[h]), lonely))
            .collect::<Result<Vec<_>, _>>()?;
        let factors = self.average_factors(&contributions, seen.as_deref())?;
        let totals = self.totals(z);
        let means = self.stratum_means(&totals, z.len());
        let mut deviation = Vec::with_capacity(z.len());
        for (unit, h) in self.stratum_of_unit.iter().enumerate() {
            let (scale, centred) = match contributions[*h] {
                Contribution::Nothing | Contribution::Unknown => continue,
                Contribution::Centred(scale) => (scale, 1.0),
                Contribution::Uncentred(scale) => (scale, 0.0),
            };
            let stratum = &self.strata[*h];
            let scale = scale * stratum.share * factors[stratum.parent];
            let row = &totals[unit * z.len()..(unit + 1) * z.len()];
            let mean = &means[h * z.len()..(h + 1) * z.len()];
            deviation.clear();
            let deviations = row.iter().zip(mean);
            deviation.extend(deviations.map(|(total, mean)| total - centred * mean));
            add_outer_product(covariance, &deviation, scale);
        }
        Ok(())
    }

    fn present_per_stratum(&self, present: &[bool]) -> Vec<usize> {
        let mut seen = vec![0; self.strata.len()];
        for (unit, there) in self.units_with(&|row| present[row]).iter().enumerate() {
            seen[self.stratum_of_unit[unit]] += usize::from(*there);
        }
        seen
    }

    fn contribution(
        &self,
        h: usize,
        seen: Option<usize>,
        lonely: LonelyPsu,
    ) -> Result<Contribution, DesignError> {
        let stratum = &self.strata[h];
        let unsampled = stratum.unsampled();
        if seen == Some(0) || unsampled < COMPLETE || stratum.share <= 0.0 {
            return Ok(Contribution::Nothing);
        }
        let units = stratum.units as f64;
        let alone_in_domain = seen == Some(1);
        Ok(match (stratum.units, lonely) {
            (1, LonelyPsu::Fail) => {
                return Err(self.lonely_psu(h));
            }
            (1, LonelyPsu::Remove | LonelyPsu::Certainty) => Contribution::Nothing,
            (1, LonelyPsu::Average) => Contribution::Unknown,
            (1, LonelyPsu::Adjust) => Contribution::Uncentred(unsampled),
            (_, LonelyPsu::Average) if alone_in_domain => Contribution::Unknown,
            (_, LonelyPsu::Adjust) if alone_in_domain => {
                Contribution::Uncentred(unsampled * units / (units - 1.0))
            }
            _ => Contribution::Centred(unsampled * units / (units - 1.0)),
        })
    }

    /// Per unit of the stage before: strata ∕ strata whose variance is known.
    fn average_factors(
        &self,
        contributions: &[Contribution],
        seen: Option<&[usize]>,
    ) -> Result<Vec<f64>, DesignError> {
        let parents = self.strata.iter().map(|stratum| stratum.parent + 1).max();
        let mut counts = vec![(0.0, 0.0); parents.unwrap_or(0)];
        for (h, (stratum, contribution)) in self.strata.iter().zip(contributions).enumerate() {
            if seen.is_none_or(|seen| seen[h] > 0) && stratum.share > 0.0 {
                let (all, known) = &mut counts[stratum.parent];
                *all += 1.0;
                *known += f64::from(u8::from(!matches!(contribution, Contribution::Unknown)));
            }
        }
        counts
            .into_iter()
            .map(|(all, known)| match (all > 0.0, known > 0.0) {
                (true, false) => Err(DesignError::NothingToAverage { stage: self.stage }),
                (false, _) => Ok(0.0),
                (true, true) => Ok(all / known),
            })
            .collect()
    }

    fn stratum_means(&self, totals: &[f64], columns: usize) -> Vec<f64> {
        let mut means = vec![0.0; self.strata.len() * columns];
        for (unit, h) in self.stratum_of_unit.iter().enumerate() {
            for k in 0..columns {
                means[h * columns + k] += totals[unit * columns + k];
            }
        }
        for (h, stratum) in self.strata.iter().enumerate() {
            for mean in &mut means[h * columns..(h + 1) * columns] {
                *mean /= stratum.units as f64;
            }
        }
        means
    }
}

fn add_outer_product(covariance: &mut DMatrix<f64>, deviation: &[f64], scale: f64) {
    for (j, right) in deviation.iter().enumerate() {
        let scaled = scale * right;
        for (entry, left) in covariance.column_mut(j).iter_mut().zip(deviation) {
            *entry += left * scaled;
        }
    }
}

fn check_length(what: &'static str, found: Option<usize>, rows: usize) -> Result<(), DesignError> {
    match found {
        Some(found) if found != rows => Err(DesignError::Length { what, rows, found }),
        _ => Ok(()),
    }
}
