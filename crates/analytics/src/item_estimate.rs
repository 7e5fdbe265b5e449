//! Estimates per item, for microdata of a survey agency.

use crate::{
    DomainMean, Estimate, ItemCell, LevelScale, LevelSums, Moments, StratumDesign, StratumPart,
    design::DesignIndex, domain_mean,
};
use serde::{Deserialize, Serialize};
use survey_design::Ruler;
use vocabulary::{ItemId, UnitId, Weight};

/// What all raters together say about a unit on one item; no group weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemEstimate {
    /// The unit.
    pub unit: UnitId,
    /// The item.
    pub item: ItemId,
    /// Valid answers.
    pub n: u64,
    /// Answers 不了解.
    pub n_dk: u64,
    /// Weighted mean of the levels, 1 to 5; none when nobody gave a valid answer.
    pub mean_level: Option<f64>,
    /// Weighted mean of the points with its interval.
    pub score: Option<Estimate>,
    /// Weighted share of 非常满意 and 满意, 0 to 1.
    pub top2: Option<f64>,
    /// Valid answers by level, best first, not weighted.
    pub distribution: [u64; 5],
}

/// One estimate per unit and item, sorted by unit, then item.
///
/// Sums are integers; only the last division of each figure rounds.
#[must_use]
pub fn item_estimates(
    moments: &Moments,
    design: &[StratumDesign],
    ruler: &Ruler,
    confidence: Weight,
) -> Vec<ItemEstimate> {
    let design = DesignIndex::new(design);
    let cells: Vec<_> = moments.item_cells().collect();
    cells
        .chunk_by(|(a, _), (b, _)| a.unit == b.unit && a.item == b.item)
        .map(|cells| item_estimate(cells, &design, ruler, confidence))
        .collect()
}

fn item_estimate(
    cells: &[(&ItemCell, &LevelSums)],
    design: &DesignIndex<'_>,
    ruler: &Ruler,
    confidence: Weight,
) -> ItemEstimate {
    let parts: Vec<_> = cells
        .iter()
        .map(|(cell, sums)| StratumPart {
            stratum: &cell.stratum,
            psus: design.psus(cell.group, &cell.stratum, sums.psus),
            sums,
        })
        .collect();
    let mean = |scale: LevelScale| domain_mean(&parts, &scale);
    let mut all = LevelSums::default();
    for part in &parts {
        all.merge(part.sums);
    }
    ItemEstimate {
        unit: cells[0].0.unit.clone(),
        item: cells[0].0.item.clone(),
        n: all.valid(),
        n_dk: all.dont_know,
        mean_level: mean(LevelScale::LEVELS).map(|levels| levels.mean),
        score: mean(LevelScale::ruler(ruler)).map(|points| estimate(&points, confidence)),
        top2: mean(LevelScale::TOP_TWO).map(|top| top.mean),
        distribution: all.answers,
    }
}

fn estimate(points: &DomainMean, confidence: Weight) -> Estimate {
    Estimate::with_t(points.mean, points.variance, points.df, confidence)
}
