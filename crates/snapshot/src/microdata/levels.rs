//! Sums per PSU and level instead of rows, where they are enough.

use crate::{DomainSums, ItemSums, Key, LEVELS, PsuSums, WideColumns, WideError, psu_sums};
use analytics::analysis::{DomainCells, ItemCells, LevelCells, Request};
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
) -> Result<Option<LevelCells>, WideError> {
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
        Ok(sums) => Ok(Some(cells(&sums))),
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

fn cells(sums: &PsuSums) -> LevelCells {
    let text = |key: &Key| key.to_string();
    let name = |keys: &Vec<Key>| {
        let labels: Vec<_> = keys.iter().map(text).collect();
        (!labels.is_empty()).then(|| labels.join(","))
    };
    let psu = |(stratum, psu): &(Option<Key>, Key)| (stratum.as_ref().map(text), text(psu));
    let mut items: Vec<ItemCells> = sums.items.iter().map(without_cells).collect();
    for domain in 0..sums.domains.len() {
        let cells = sums.domain_cells(domain);
        for item in &mut items {
            item.domains[domain].cells.reserve_exact(cells.len());
        }
        // All items at once, for their cells lie side by side.
        for (psu, place) in cells {
            let psu = u32::try_from(psu).expect("PSUs are numbered by u32 in the pass");
            for (item, found) in items.iter_mut().zip(&sums.items) {
                let cell = sums.cell(found, place);
                let weights = cell.map(|weight| millionths(weight as f64));
                item.domains[domain].cells.push((psu, weights));
            }
        }
    }
    LevelCells {
        psus: sums.psus.iter().map(psu).collect(),
        domains: sums.domains.iter().map(name).collect(),
        items,
    }
}

fn without_cells(item: &ItemSums) -> ItemCells {
    let domain = |found: &DomainSums| {
        let (valid, silent) = found.answers.split_at(LEVELS);
        DomainCells {
            answers: count(valid),
            silent: count(silent),
            squares: millionths(millionths(found.squares as f64)),
            cells: Vec::new(),
        }
    };
    ItemCells {
        name: item.name.clone(),
        domains: item.domains.iter().map(domain).collect(),
    }
}

fn count(answers: &[u32]) -> usize {
    answers.iter().map(|answers| *answers as usize).sum()
}

fn millionths(value: f64) -> f64 {
    value / 1e6
}
