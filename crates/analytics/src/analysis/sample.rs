//! The rows as a sample: their weights, the units they were drawn in, and the variance that follows.

use super::{AnalysisRefused, DesignColumns, Labels, Note, Request, Table, raked::Raked};
use crate::estimation::{DesignError, LonelyPsu, SampleDesign, Stage};
use nalgebra::DMatrix;
use std::collections::HashMap;

/// A sample: rows with weights, each in a last sampling unit.
pub(super) struct Sample {
    /// One weight per row, people represented; after raking when margins are given.
    pub(super) weights: Vec<f64>,
    pub(super) units: Units,
    unit_of_row: Vec<u32>,
    raked: Option<Raked>,
}

impl Sample {
    pub(super) fn new(table: &Table, request: &Request) -> Result<Self, AnalysisRefused> {
        if table.rows == 0 {
            return Err(AnalysisRefused::NoRows);
        }
        let (columns, lonely) = (&request.design, request.lonely);
        let weights = weights(table, columns.weight.as_deref())?;
        let names = Names::new(table, columns);
        let ids = Ids::new(table, columns)?;
        let whole = SampleDesign::new(&weights, &ids.stages(), lonely);
        whole.map_err(|error| names.refusal(error))?;
        let (unit_of_row, first_rows) = ids.units(table.rows);
        let of_units = ids.pick(&first_rows);
        let units = Units::new(first_rows.len(), &of_units.stages(), lonely, names)?;
        let psus = ids.psus.as_deref().unwrap_or(&unit_of_row);
        let raked = Raked::new(table, &request.margins, &weights, psus)?;
        Ok(Self {
            weights: raked.as_ref().map_or(weights, Raked::weights),
            units,
            unit_of_row,
            raked,
        })
    }

    /// The unit of each of some rows.
    pub(super) fn units_of(&self, rows: &[u32]) -> Vec<u32> {
        let unit = |row: &u32| self.unit_of_row[*row as usize];
        rows.iter().map(unit).collect()
    }

    /// Sums over the units of a linearised variable of some rows; after raking, of its residuals.
    pub(super) fn unit_totals(&self, rows: &[u32], z: &[f64]) -> Result<Vec<f64>, AnalysisRefused> {
        match &self.raked {
            None => Ok(self.units.totals(&self.units_of(rows), z)),
            Some(raked) => Ok(self
                .units
                .totals(&self.unit_of_row, &raked.residuals(rows, z)?)),
        }
    }

    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let zero = |weight: &f64| *weight <= 0.0;
        if let Some(first) = self.weights.iter().position(zero) {
            notes.push(Note::ZeroWeights {
                rows: self.weights.iter().filter(|weight| zero(weight)).count(),
                first: first + 1,
            });
        }
        notes.extend(self.units.lonely_strata());
        if let Some(raked) = &self.raked
            && !raked.thin_levels.is_empty()
        {
            notes.push(Note::ThinLevels(raked.thin_levels.clone()));
        }
        notes
    }
}

/// The last sampling units: only their totals of a linearised variable enter a variance.
pub(super) struct Units {
    design: SampleDesign,
    names: Names,
}

impl Units {
    /// Each stage has one element per unit.
    pub(super) fn new(
        units: usize,
        stages: &[Stage<'_>],
        lonely: LonelyPsu,
        names: Names,
    ) -> Result<Self, AnalysisRefused> {
        match SampleDesign::new(&vec![1.0; units], stages, lonely) {
            Ok(design) => Ok(Self { design, names }),
            Err(error) => Err(names.refusal(error)),
        }
    }

    /// Sums of a linearised variable; `units` is the unit of each of its elements.
    pub(super) fn totals(&self, units: &[u32], z: &[f64]) -> Vec<f64> {
        let mut totals = vec![0.0; self.design.rows()];
        for (unit, z) in units.iter().zip(z) {
            totals[*unit as usize] += z;
        }
        totals
    }

    /// The variance of an estimate from its unit totals.
    pub(super) fn variance(&self, totals: &[f64]) -> Result<f64, AnalysisRefused> {
        let variance = self.design.variance(totals);
        variance.map_err(|error| self.names.refusal(error))
    }

    /// The covariance matrix of estimates from their unit totals.
    pub(super) fn covariance(&self, totals: &[Vec<f64>]) -> Result<DMatrix<f64>, AnalysisRefused> {
        let covariance = self.design.covariance(totals);
        covariance.map_err(|error| self.names.refusal(error))
    }

    /// Degrees of freedom and PSUs of the units given.
    pub(super) fn freedom(&self, units: &[u32]) -> (f64, usize) {
        let mut there = vec![false; self.design.rows()];
        for unit in units {
            there[*unit as usize] = true;
        }
        let (psus, strata) = self.design.domain_psus_and_strata(&|unit| there[unit]);
        (psus as f64 - strata as f64, psus)
    }

    /// The strata with one PSU, if any.
    pub(super) fn lonely_strata(&self) -> Option<Note> {
        let lonely = self.design.lonely_strata();
        let names = lonely.iter().map(|id| self.names.stratum(1, *id));
        (!lonely.is_empty()).then(|| Note::LonelyStrata(names.collect()))
    }
}

fn weights(table: &Table, column: Option<&str>) -> Result<Vec<f64>, AnalysisRefused> {
    let Some(column) = column else {
        return Ok(vec![1.0; table.rows]);
    };
    let weights = complete(table, column)?;
    if let Some(row) = weights.iter().position(|weight| *weight < 0.0) {
        return Err(AnalysisRefused::NegativeWeight {
            row: row + 1,
            weight: weights[row],
        });
    }
    if weights.iter().all(|weight| *weight <= 0.0) {
        return Err(AnalysisRefused::NoWeight);
    }
    Ok(weights)
}

/// A column of numbers without blanks.
fn complete(table: &Table, column: &str) -> Result<Vec<f64>, AnalysisRefused> {
    let cells = table.numbers(column).ok_or_else(|| no_column(column))?;
    let number = |(row, cell): (usize, &Option<f64>)| cell.ok_or_else(|| blank(column, row));
    cells.iter().enumerate().map(number).collect()
}

/// The label numbers of a column without blanks.
pub(super) fn complete_labels(table: &Table, column: &str) -> Result<Vec<u32>, AnalysisRefused> {
    let labels = table.labels(column).ok_or_else(|| no_column(column))?;
    let id = |(row, id): (usize, &Option<u32>)| id.ok_or_else(|| blank(column, row));
    labels.ids().iter().enumerate().map(id).collect()
}

fn no_column(column: &str) -> AnalysisRefused {
    AnalysisRefused::NoColumn(column.to_owned())
}

fn blank(column: &str, row: usize) -> AnalysisRefused {
    AnalysisRefused::BlankCell {
        column: column.to_owned(),
        row: row + 1,
    }
}

/// Strata, clusters and populations of both stages as numbers, one element per row or per unit.
#[derive(Default)]
struct Ids {
    strata: Option<Vec<u32>>,
    psus: Option<Vec<u32>>,
    population: Option<Vec<f64>>,
    second: Option<Vec<u32>>,
    second_population: Option<Vec<f64>>,
}

impl Ids {
    fn new(table: &Table, columns: &DesignColumns) -> Result<Self, AnalysisRefused> {
        let labels = |column: &Option<String>| {
            let column = column.as_deref();
            column
                .map(|column| complete_labels(table, column))
                .transpose()
        };
        let numbers = |column: &Option<String>| {
            let column = column.as_deref();
            column.map(|column| complete(table, column)).transpose()
        };
        let mut ids = Self {
            strata: labels(&columns.strata)?,
            psus: labels(&columns.psu)?,
            population: numbers(&columns.fpc)?,
            second: labels(&columns.second_stage)?,
            second_population: numbers(&columns.second_fpc)?,
        };
        if ids.psus.is_none() && (ids.second.is_some() || ids.second_population.is_some()) {
            return Err(AnalysisRefused::SecondWithoutFirst);
        }
        if let (true, Some(strata), Some(psus)) = (columns.nested, &ids.strata, &mut ids.psus) {
            *psus = numbered(strata.iter().zip(psus.iter()));
        }
        Ok(ids)
    }

    fn stages(&self) -> Vec<Stage<'_>> {
        let mut stages = vec![Stage {
            strata: self.strata.as_deref(),
            clusters: self.psus.as_deref(),
            population: self.population.as_deref(),
        }];
        if self.second.is_some() || self.second_population.is_some() {
            stages.push(Stage {
                strata: None,
                clusters: self.second.as_deref(),
                population: self.second_population.as_deref(),
            });
        }
        stages
    }

    /// The last sampling unit of each row, and the first row of each unit.
    fn units(&self, rows: usize) -> (Vec<u32>, Vec<usize>) {
        let all = || numbered(0..rows);
        let unit_of_row = match (&self.psus, &self.second, &self.second_population) {
            (Some(psus), Some(second), _) => numbered(psus.iter().zip(second)),
            (None, ..) | (_, None, Some(_)) => all(),
            (Some(psus), None, None) => numbered(psus.iter()),
        };
        let mut first_rows = Vec::new();
        for (row, unit) in unit_of_row.iter().enumerate() {
            if *unit as usize == first_rows.len() {
                first_rows.push(row);
            }
        }
        (unit_of_row, first_rows)
    }

    fn pick(&self, rows: &[usize]) -> Self {
        Self {
            strata: picked(self.strata.as_deref(), rows),
            psus: picked(self.psus.as_deref(), rows),
            population: picked(self.population.as_deref(), rows),
            second: picked(self.second.as_deref(), rows),
            second_population: picked(self.second_population.as_deref(), rows),
        }
    }
}

fn picked<T: Copy>(column: Option<&[T]>, rows: &[usize]) -> Option<Vec<T>> {
    column.map(|column| rows.iter().map(|row| column[*row]).collect())
}

/// Numbers things from 0 in order of first appearance.
fn numbered<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> Vec<u32> {
    let mut known = HashMap::new();
    keys.map(|key| {
        let next = known.len();
        let id = *known.entry(key).or_insert(next);
        u32::try_from(id).expect("a file has fewer rows than 2^32")
    })
    .collect()
}

/// What the ids of the engine stand for, to name them in refusals.
pub(super) struct Names {
    pub(super) strata: Option<Labels>,
    pub(super) psus: Option<Labels>,
    pub(super) nested: bool,
}

impl Names {
    fn new(table: &Table, columns: &DesignColumns) -> Self {
        let labels = |column: &Option<String>| {
            let column = column.as_deref();
            column.and_then(|column| table.labels(column)).cloned()
        };
        Self {
            strata: labels(&columns.strata),
            psus: labels(&columns.psu),
            nested: columns.nested,
        }
    }

    fn stratum(&self, stage: usize, id: u32) -> String {
        match &self.strata {
            Some(strata) if stage == 1 => format!("层“{}”", strata.name(id)),
            _ if stage == 1 => "整个样本".to_owned(),
            _ => "第二阶段的某个单元".to_owned(),
        }
    }

    fn refusal(&self, error: DesignError) -> AnalysisRefused {
        match error {
            DesignError::NoRows => AnalysisRefused::NoRows,
            DesignError::ClusterAcrossStrata { cluster, .. } => {
                let psu = match &self.psus {
                    Some(psus) if !self.nested => psus.name(cluster).to_owned(),
                    _ => cluster.to_string(),
                };
                AnalysisRefused::PsuInTwoStrata(psu)
            }
            DesignError::PopulationTooSmall {
                stage,
                stratum,
                sampled,
                population,
            } => AnalysisRefused::PopulationTooSmall {
                stratum: self.stratum(stage, stratum),
                sampled,
                population,
            },
            DesignError::PopulationVaries { stage, stratum } => {
                AnalysisRefused::PopulationVaries(self.stratum(stage, stratum))
            }
            DesignError::LonelyPsu { stage, stratum } => {
                AnalysisRefused::LonelyPsu(self.stratum(stage, stratum))
            }
            DesignError::NothingToAverage { .. } => AnalysisRefused::NothingToAverage,
            other => AnalysisRefused::Design(other),
        }
    }
}
