//! Weights raked to the margins of the population.

use super::{AnalysisRefused, Table, sample::complete_labels};
use crate::weighting::{Calibrated, Cells, Margin, Stopping, SupportRule, rake, thin_levels};

/// The raked weights and what they do to a standard error.
pub(super) struct Raked {
    calibrated: Calibrated,
    /// Margin, level, PSUs and respondents of levels that rest on too few.
    pub(super) thin_levels: Vec<(String, String, usize, usize)>,
}

impl Raked {
    /// `None` without margins. `psus` is one id per row.
    pub(super) fn new(
        table: &Table,
        margins: &[Margin],
        weights: &[f64],
        psus: &[u32],
    ) -> Result<Option<Self>, AnalysisRefused> {
        if margins.is_empty() {
            return Ok(None);
        }
        let mut columns = Vec::new();
        let mut thin = Vec::new();
        for margin in margins {
            let levels = levels(table, margin)?;
            let count = margin.levels.len();
            for found in thin_levels(&levels, psus, count, SupportRule::default())? {
                let level = margin.levels[found.level].0.clone();
                thin.push((margin.name.clone(), level, found.psus, found.respondents));
            }
            columns.push(levels);
        }
        let columns: Vec<&[u32]> = columns.iter().map(Vec::as_slice).collect();
        let cells = Cells::assign(&columns)?;
        Ok(Some(Self {
            calibrated: rake(weights, &cells, margins, None, Stopping::default())?,
            thin_levels: thin,
        }))
    }

    pub(super) fn weights(&self) -> Vec<f64> {
        self.calibrated.weights().to_vec()
    }

    /// The residuals of all rows, from the linearised variable of some.
    pub(super) fn residuals(&self, rows: &[u32], z: &[f64]) -> Result<Vec<f64>, AnalysisRefused> {
        let mut all = vec![0.0; self.calibrated.weights().len()];
        for (row, z) in rows.iter().zip(z) {
            all[*row as usize] = *z;
        }
        Ok(self.calibrated.residuals(&all)?)
    }
}

/// The margin's level number of each row.
fn levels(table: &Table, margin: &Margin) -> Result<Vec<u32>, AnalysisRefused> {
    let ids = complete_labels(table, &margin.name)?;
    let labels = table.labels(&margin.name);
    let labels = labels.ok_or_else(|| AnalysisRefused::NoColumn(margin.name.clone()))?;
    let of_label = margin.level_ids(labels.names())?;
    Ok(ids.into_iter().map(|id| of_label[id as usize]).collect())
}
