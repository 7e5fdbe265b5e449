//! Sums per PSU and level instead of rows, where they are enough.

use crate::{ItemSums, Key, PsuSums, WideColumns, WideError, psu_sums};
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
    let domain = |keys: &Vec<Key>| {
        let labels: Vec<_> = keys.iter().map(text).collect();
        (!labels.is_empty()).then(|| labels.join(","))
    };
    LevelCells {
        psus: sums
            .psus
            .iter()
            .map(|(stratum, psu)| (stratum.as_ref().map(text), text(psu)))
            .collect(),
        domains: sums.domains.iter().map(domain).collect(),
        items: sums
            .items
            .iter()
            .map(|item| item_cells(sums, item))
            .collect(),
    }
}

fn item_cells(sums: &PsuSums, item: &ItemSums) -> ItemCells {
    let domains = item.squares.iter().enumerate().map(|(domain, squares)| {
        let mut found = DomainCells {
            squares: millionths(millionths(*squares as f64)),
            ..DomainCells::default()
        };
        for (psu, cell) in sums.domain_cells(item, domain) {
            let (valid, silent) = cell.answers.split_at(crate::LEVELS);
            found.answers += count(valid);
            found.silent += count(silent);
            let weights = std::array::from_fn(|level| millionths(cell.weight[level] as f64));
            let psu = u32::try_from(psu).expect("PSUs are numbered by u32 in the pass");
            found.cells.push((psu, weights));
        }
        found
    });
    ItemCells {
        name: item.name.clone(),
        domains: domains.collect(),
    }
}

fn count(answers: &[u32]) -> usize {
    answers.iter().map(|answers| *answers as usize).sum()
}

fn millionths(value: f64) -> f64 {
    value / 1e6
}
