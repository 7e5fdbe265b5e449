//! The text above each column, put together from one to four header rows.

use crate::cell::{folded, plain_text};
use crate::sheet::{Merge, Sheet};

/// One label per column; the parts of a header of several rows are joined by `/`.
pub(crate) fn joined_labels(sheet: &Sheet, start: usize, depth: usize) -> Vec<String> {
    let rows = &sheet.rows[start..start + depth];
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let (first, last) = (rows[0].number, rows[depth - 1].number);
    // An area that starts above the header belongs to what stands above it.
    let merges: Vec<&Merge> = sheet
        .merges
        .iter()
        .filter(|merge| merge.first_row >= first && merge.first_row <= last)
        .collect();
    let mut levels: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            (0..width)
                .map(|column| text_at(sheet, row.number, column, &merges))
                .collect()
        })
        .collect();
    for upper in 0..depth - 1 {
        spread_to_the_right(&mut levels, upper);
    }
    (0..width)
        .map(|column| joined(levels.iter().map(|level| level[column].as_str())))
        .collect()
}

/// The cell, or the top left cell of the merged area it lies in.
fn text_at(sheet: &Sheet, row: u32, column: usize, merges: &[&Merge]) -> String {
    let own = cell_text(sheet, row, column);
    if !own.is_empty() {
        return own;
    }
    merges
        .iter()
        .find(|merge| {
            (merge.first_row..=merge.last_row).contains(&row)
                && (merge.first_column..=merge.last_column).contains(&column)
        })
        .map_or_else(String::new, |merge| {
            cell_text(sheet, merge.first_row, merge.first_column)
        })
}

fn cell_text(sheet: &Sheet, row: u32, column: usize) -> String {
    sheet
        .rows
        .binary_search_by_key(&row, |found| found.number)
        .map_or_else(
            |_| String::new(),
            |index| folded(&plain_text(sheet.rows[index].cell(column))),
        )
}

/// A group stands above its first column only, where CSV lost the merged area: it also holds for the
/// columns to its right that have a label of their own below.
fn spread_to_the_right(levels: &mut [Vec<String>], upper: usize) {
    for column in 1..levels[upper].len() {
        let below = levels[upper + 1..]
            .iter()
            .any(|level| !level[column].is_empty());
        if levels[upper][column].is_empty() && below {
            levels[upper][column] = levels[upper][column - 1].clone();
        }
    }
}

fn joined<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for part in parts {
        if !part.is_empty() && kept.last() != Some(&part) {
            kept.push(part);
        }
    }
    kept.join("/")
}
