//! The cells of one item.

use super::cell_index::PlacedRow;
use super::whole::whole;

/// Levels of a scale.
pub const LEVELS: usize = 5;
/// Place of "don't know" after the levels.
pub const DONT_KNOW: usize = LEVELS;
const DONT_KNOW_PLACE: u8 = 5;
/// Place of an empty answer; it has no weight sum.
pub(super) const BLANK: u8 = 6;
/// An answer that is none.
pub(super) const OFF_SCALE: u8 = 7;

/// What one PSU answered about one unit on one item: T1 of the methodology.
///
/// Rows of weight zero are in no cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelCell {
    /// Millionths of weight by level, worst first, then "don't know".
    pub weight: [u64; LEVELS + 1],
    /// Answers by level, worst first, then "don't know", then blank.
    pub answers: [u32; LEVELS + 2],
}

/// Cells in order of first appearance, and Σw² of valid answers per domain.
#[derive(Debug, Default)]
pub(super) struct ItemTable {
    pub(super) cells: Vec<LevelCell>,
    pub(super) squares: Vec<u128>,
}

impl ItemTable {
    /// Adds rows; `cells` has the domain of each cell, `places` has one entry per row of the batch, all below [`OFF_SCALE`].
    pub(super) fn add(&mut self, rows: &[PlacedRow], cells: &[(u32, u32)], places: &[u8]) {
        for row in rows {
            let cell = row.cell as usize;
            let sums = &mut self.cells[cell];
            let place = usize::from(places[row.row as usize]);
            sums.answers[place] += 1;
            if let Some(sum) = sums.weight.get_mut(place) {
                *sum += row.weight;
            }
            if place < LEVELS {
                self.squares[cells[cell].1 as usize] +=
                    u128::from(row.weight) * u128::from(row.weight);
            }
        }
    }

    /// Makes room for cells and domains numbered since.
    pub(super) fn grow(&mut self, cells: usize, domains: usize) {
        self.cells.resize(cells, LevelCell::default());
        self.squares.resize(domains, 0);
    }
}

/// Places of the answers of a scale.
pub(super) struct Places {
    by_byte: [u8; 256],
    lowest: i64,
    missing: Vec<i64>,
}

impl Places {
    pub(super) fn new(lowest: i64, missing: &[i64]) -> Self {
        let mut places = Self {
            by_byte: [OFF_SCALE; 256],
            lowest,
            missing: missing.to_vec(),
        };
        places.by_byte = std::array::from_fn(|index| places.search(index as i64 - 128));
        places
    }

    pub(super) fn of(&self, value: i64) -> u8 {
        match usize::try_from(value.wrapping_add(128)) {
            Ok(index) if index < 256 => self.by_byte[index],
            _ => self.search(value),
        }
    }

    /// A whole number; NaN is an empty answer, as data frames write it.
    pub(super) fn of_float(&self, value: f64) -> u8 {
        if value.is_nan() {
            return BLANK;
        }
        whole(value).map_or(OFF_SCALE, |whole| self.of(whole))
    }

    fn search(&self, value: i64) -> u8 {
        if self.missing.contains(&value) {
            return DONT_KNOW_PLACE;
        }
        match value.checked_sub(self.lowest) {
            Some(level @ 0..5) => level.to_le_bytes()[0],
            _ => OFF_SCALE,
        }
    }
}
