//! Ballots of one item.

use crate::support::row;
use analytics::RatingRow;
use vocabulary::{Level, RaterGroup};

/// Rows of one group: so many of each level, best first, one PSU each.
pub fn rows(unit: &str, group: RaterGroup, counts: [u64; 5]) -> Vec<RatingRow> {
    let levels = Level::SCORED
        .into_iter()
        .zip(counts)
        .flat_map(|(level, n)| (0..n).map(move |_| level));
    levels
        .zip(0..)
        .map(|(level, psu)| row(unit, group, psu, level))
        .collect()
}
