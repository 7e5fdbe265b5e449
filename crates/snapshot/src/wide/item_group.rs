//! Items summed together: their answers wait packed, a number per row, and their cells lie side by side.

use super::{
    WideError,
    answer_places::{AnswerPlaces, BLANK_PLACE, LEVELS, OFF_SCALE, PLACE_BITS},
    cell_index::CellIndex,
    column::{At, Column},
    schema::Schema,
};
use crate::batch::{Batch, Values};

/// Most items of a group: each doubles the patterns that a domain has sums of.
pub(super) const MOST_ITEMS: usize = 6;

/// The bits of one place.
const PLACE_MASK: u32 = (1 << PLACE_BITS) - 1;

/// The lowest bit of each place.
const LOWEST_BITS: u32 = 0o1_111_111_111;

/// What one PSU answered about one unit on one item: millionths of weight by level, worst first. T1 of the methodology.
///
/// Rows of weight zero are in no cell.
pub type LevelCell = [u64; LEVELS];

/// What was answered about one unit on one item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DomainSums {
    /// Answers that are a level, with weight.
    pub answers: u32,
    /// "Don't know" and blank, with weight.
    pub silent: u32,
    /// Σw² of answers that are a level, in millionths squared.
    pub squares: u128,
}

/// The rows of a domain that left the same items of a group without a level.
#[derive(Clone, Copy, Debug, Default)]
struct PatternSums {
    rows: u32,
    /// Σw², in millionths squared.
    squares: u128,
}

/// Some items, their waiting rows and their sums.
pub(super) struct ItemGroup<'a> {
    columns: Vec<Column<'a>>,
    batch: Batch,
    /// Places of all items of a waiting row, those of the first item in the lowest bits.
    packed: Vec<u32>,
    /// The same in the order in which they are added.
    arranged: Vec<u32>,
    sums: GroupSums,
}

/// Cells in order of first appearance, one entry per item in each, and domains in order of their numbers, one entry per
/// pattern in each: a bit for every item without a level.
///
/// Most of what is counted of a domain is the same for all items of a row, so that a row is added to one pattern and not to every item.
#[derive(Debug, Default)]
pub(super) struct GroupSums {
    items: usize,
    pub(super) cells: Vec<LevelCell>,
    patterns: Vec<PatternSums>,
}

impl<'a> ItemGroup<'a> {
    pub(super) fn new(items: &[&'a str]) -> Self {
        Self {
            columns: items.iter().map(|name| Column::new(name)).collect(),
            batch: Batch::new(),
            packed: Vec::new(),
            arranged: Vec::new(),
            sums: GroupSums {
                items: items.len(),
                ..GroupSums::default()
            },
        }
    }

    pub(super) fn open(&mut self, schema: &Schema<'_>, group: usize) -> Result<(), WideError> {
        let mut columns = self.columns.iter_mut();
        columns.try_for_each(|column| column.open(schema, group))
    }

    pub(super) fn read(
        &mut self,
        rows: usize,
        at: At<'_>,
        scale: &AnswerPlaces,
    ) -> Result<(), WideError> {
        let mut runs = at.runs(rows);
        runs.try_for_each(|(at, rows)| self.read_run(rows, at, scale))
    }

    fn read_run(&mut self, rows: usize, at: At<'_>, scale: &AnswerPlaces) -> Result<(), WideError> {
        let before = self.packed.len();
        self.packed.resize(before + rows, 0);
        let packed = &mut self.packed[before..];
        for (item, column) in self.columns.iter_mut().enumerate() {
            column.decode(&mut self.batch, rows, at)?;
            let shift = u32::try_from(item * PLACE_BITS).unwrap_or(0);
            pack_places(&self.batch, scale, packed, shift);
        }
        let found = packed
            .iter()
            .fold(0, |any, places| any | off_scale(*places));
        if found == 0 {
            return Ok(());
        }
        let item = found.trailing_zeros() as usize / PLACE_BITS;
        let bad = |places: &u32| (off_scale(*places) >> (item * PLACE_BITS)) & 1 == 1;
        Err(WideError::OffScale {
            path: at.path.to_owned(),
            column: self.columns[item].name.to_owned(),
            row: at.first_row + packed.iter().position(bad).unwrap_or(0) as u64,
        })
    }

    /// Adds the waiting rows, which the index has placed.
    pub(super) fn add(&mut self, index: &CellIndex) {
        index.arrange(&self.packed, &mut self.arranged);
        self.packed.clear();
        self.sums.add(index, &self.arranged);
    }

    /// The items and their sums.
    pub(super) fn finish(self) -> (Vec<String>, GroupSums) {
        let names = self.columns.iter().map(|column| column.name.to_owned());
        (names.collect(), self.sums)
    }
}

impl GroupSums {
    /// Adds the rows of the index, whose places these are.
    fn add(&mut self, index: &CellIndex, places: &[u32]) {
        let (items, cells) = (self.items, index.cells());
        self.cells.resize(cells.len() * items, [0; LEVELS]);
        let patterns = index.domain_count() << items;
        self.patterns.resize(patterns, PatternSums::default());
        for ((cell, weight), places) in index.rows().zip(places) {
            let pattern = add_row(weight, *places, &mut self.cells[cell * items..][..items]);
            let domain = cells[cell].1 as usize;
            self.patterns[domain << items | pattern].add(weight);
        }
    }

    /// What was answered about a domain on an item.
    pub(super) fn domain(&self, domain: usize, item: usize) -> DomainSums {
        let mut sums = DomainSums::default();
        let patterns = self.patterns[domain << self.items..].iter();
        for (pattern, found) in patterns.take(1 << self.items).enumerate() {
            if (pattern >> item) & 1 == 0 {
                sums.answers += found.rows;
                sums.squares += found.squares;
            } else {
                sums.silent += found.rows;
            }
        }
        sums
    }
}

impl PatternSums {
    const fn add(&mut self, weight: u64) {
        self.rows = self.rows.wrapping_add(1);
        self.squares = self.squares.wrapping_add(weight as u128 * weight as u128);
    }
}

/// The row's pattern. No sum overflows: the pass has refused more rows or weight than fit.
fn add_row(weight: u64, mut places: u32, cells: &mut [LevelCell]) -> usize {
    let mut pattern = 0;
    for (item, cell) in cells.iter_mut().enumerate() {
        let place = (places & PLACE_MASK) as usize;
        places >>= PLACE_BITS;
        // Nothing is added to the first level instead of a branch that would often be guessed wrong.
        let (level, weight) = if place < LEVELS {
            (place, weight)
        } else {
            (0, 0)
        };
        cell[level] = cell[level].wrapping_add(weight);
        pattern |= usize::from(place >= LEVELS) << item;
    }
    pattern
}

/// The lowest bit of each place that is [`OFF_SCALE`], which has all its bits.
const fn off_scale(places: u32) -> u32 {
    places & (places >> 1) & (places >> 2) & LOWEST_BITS
}

/// Packs the places of one item beside those of others.
fn pack_places(batch: &Batch, scale: &AnswerPlaces, packed: &mut [u32], shift: u32) {
    let put = |packed: &mut u32, place: u8| *packed |= u32::from(place).wrapping_shl(shift);
    match batch.values() {
        Values::Int32(values) => {
            let place = |v: &i32| scale.of(i64::from(*v));
            batch.each(values, BLANK_PLACE, packed, place, put);
        }
        Values::Int64(values) => batch.each(values, BLANK_PLACE, packed, |v| scale.of(*v), put),
        Values::Float(values) => {
            let place = |v: &f32| scale.of_float(f64::from(*v));
            batch.each(values, BLANK_PLACE, packed, place, put);
        }
        Values::Double(values) => {
            batch.each(values, BLANK_PLACE, packed, |v| scale.of_float(*v), put);
        }
        Values::Text(_) => packed.iter_mut().for_each(|packed| put(packed, OFF_SCALE)),
    }
}
