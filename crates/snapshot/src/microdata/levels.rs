//! Sums per PSU and level instead of rows, where they are enough.

use crate::{DomainSums, ItemSums, Key, PsuSums, WideColumns, WideError, psu_sums};
use analytics::analysis::{DomainCells, ItemCounts, LevelSample, Request};
use std::{num::NonZeroUsize, path::Path};

/// The sums of a Parquet file that answer a request by [`analytics::analysis::analyze_cells`], in one pass on so many threads;
/// `None` when the request or the types of the columns need the rows, or the file is no Parquet.
///
/// Weights are kept in whole millionths, so that neither threads nor the order of rows change a digit.
///
/// # Errors
/// As [`psu_sums`].
pub fn level_cells(
    path: &Path,
    request: &Request,
    threads: NonZeroUsize,
) -> Result<Option<LevelSums>, WideError> {
    let design = &request.design;
    let (Some(items), Some(psu), Some(weight), Some((lowest, _))) = (
        request.items_of_levels(),
        design.psu.as_deref(),
        design.weight.as_deref(),
        request.ruler.scale,
    ) else {
        return Ok(None);
    };
    if !super::is_parquet(path).unwrap_or(false) {
        return Ok(None);
    }
    let by: Vec<&str> = request.by.iter().map(String::as_str).collect();
    let Some(missing) = whole(&request.ruler.missing) else {
        return Ok(None);
    };
    let columns = WideColumns {
        stratum: design.strata.as_deref(),
        psu,
        by: &by,
        weight,
        items: &items,
        lowest: i64::from(lowest),
        missing: &missing,
    };
    match psu_sums(&[path], &columns, threads) {
        Ok(sums) => Ok(Some(LevelSums::new(sums))),
        Err(
            WideError::NoColumn { .. }
            | WideError::ColumnType { .. }
            | WideError::TooManyCells { .. }
            | WideError::TooMuch { .. },
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Codes as whole numbers, when all are.
fn whole(codes: &[f64]) -> Option<Vec<i64>> {
    codes
        .iter()
        .map(|code| format!("{code:.0}").parse().ok())
        .collect()
}

/// Sums of a file, handed on domain by domain.
#[derive(Debug)]
pub struct LevelSums {
    sample: LevelSample,
    sums: PsuSums,
}

impl LevelSums {
    fn new(sums: PsuSums) -> Self {
        let text = |key: &Key| key.to_string();
        let psu = |(stratum, psu): &(Option<Key>, Key)| (stratum.as_ref().map(text), text(psu));
        let sample = LevelSample {
            psus: sums.psus.iter().map(psu).collect(),
            items: sums.items.iter().map(|item| item.name.clone()).collect(),
        };
        Self { sample, sums }
    }

    /// The sample they are of.
    #[must_use]
    pub const fn sample(&self) -> &LevelSample {
        &self.sample
    }

    /// The domains in order.
    pub fn domains(&self) -> impl Iterator<Item = DomainCells> {
        (0..self.sums.domains.len()).map(|domain| self.domain(domain))
    }

    fn domain(&self, domain: usize) -> DomainCells {
        let sums = &self.sums;
        let labels: Vec<_> = sums.domains[domain].iter().map(Key::to_string).collect();
        let found = sums.domain_cells(domain);
        let counts = |item: &ItemSums| counts(&item.domains[domain]);
        let mut cells = DomainCells {
            name: (!labels.is_empty()).then(|| labels.join(",")),
            psus: Vec::with_capacity(found.len()),
            items: sums.items.iter().map(counts).collect(),
            cells: vec![Vec::with_capacity(found.len()); sums.items.len()],
        };
        for (psu, place) in found {
            let psu = u32::try_from(psu).expect("PSUs are numbered by u32 in the pass");
            cells.psus.push(psu);
            for (item, cells) in sums.items.iter().zip(&mut cells.cells) {
                cells.push(sums.cell(item, place).map(|w| millionths(w as f64)));
            }
        }
        cells
    }
}

const fn counts(found: &DomainSums) -> ItemCounts {
    ItemCounts {
        answers: found.answers as usize,
        silent: found.silent as usize,
        squares: millionths(millionths(found.squares as f64)),
    }
}

const fn millionths(value: f64) -> f64 {
    value / 1e6
}
