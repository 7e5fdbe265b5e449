//! Items summed together: their answers wait packed, a number per row, and their cells lie side by side.

use super::{
    WideError,
    answer_places::{AnswerPlaces, BLANK_PLACE, LEVELS, OFF_SCALE, PLACE_BITS, PLACES},
    cell_index::CellIndex,
    column::{At, Column},
    schema::Schema,
};
use crate::batch::{Batch, Values};

/// Most items of a group: their places fill a `u32`.
pub(super) const MOST_ITEMS: usize = u32::BITS as usize / PLACE_BITS;

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
    /// Answers with weight by place.
    pub answers: [u32; PLACES],
    /// Σw² of answers that are a level, in millionths squared.
    pub squares: u128,
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

/// Cells in order of first appearance and domains in order of their numbers; in each, one entry per item.
#[derive(Debug, Default)]
pub(super) struct GroupSums {
    pub(super) cells: Vec<LevelCell>,
    pub(super) domains: Vec<DomainSums>,
}

impl<'a> ItemGroup<'a> {
    pub(super) fn new(items: &[&'a str]) -> Self {
        Self {
            columns: items.iter().map(|name| Column::new(name)).collect(),
            batch: Batch::new(),
            packed: Vec::new(),
            arranged: Vec::new(),
            sums: GroupSums::default(),
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
            pack_places(&self.batch, scale, packed, item * PLACE_BITS);
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
        let items = self.columns.len();
        let sums = &mut self.sums;
        sums.cells.resize(index.cells().len() * items, [0; LEVELS]);
        let places = index.domain_count() * items;
        sums.domains.resize(places, DomainSums::default());
        index.arrange(&self.packed, &mut self.arranged);
        for (row, places) in index.rows().iter().zip(&self.arranged) {
            let domain = index.cells()[row.cell as usize].1 as usize;
            let cells = &mut sums.cells[row.cell as usize * items..][..items];
            let domains = &mut sums.domains[domain * items..][..items];
            add_row(row.weight, *places, cells, domains);
        }
        self.packed.clear();
    }

    /// The items and their sums.
    pub(super) fn finish(self) -> (Vec<String>, GroupSums) {
        let names = self.columns.iter().map(|column| column.name.to_owned());
        (names.collect(), self.sums)
    }
}

/// No sum overflows: the pass has refused more rows or weight than fit.
fn add_row(weight: u64, mut places: u32, cells: &mut [LevelCell], domains: &mut [DomainSums]) {
    let square = u128::from(weight) * u128::from(weight);
    for (cell, domain) in cells.iter_mut().zip(domains) {
        let place = (places & PLACE_MASK) as usize;
        places >>= PLACE_BITS;
        domain.answers[place] = domain.answers[place].wrapping_add(1);
        // Nothing is added to the first level instead of a branch that would often be guessed wrong.
        let (level, weight, square) = if place < LEVELS {
            (place, weight, square)
        } else {
            (0, 0, 0)
        };
        cell[level] = cell[level].wrapping_add(weight);
        domain.squares = domain.squares.wrapping_add(square);
    }
}

/// The lowest bit of each place that is [`OFF_SCALE`], which has all its bits.
const fn off_scale(places: u32) -> u32 {
    places & (places >> 1) & (places >> 2) & LOWEST_BITS
}

/// Packs the places of one item beside those of others.
fn pack_places(batch: &Batch, scale: &AnswerPlaces, packed: &mut [u32], shift: usize) {
    let put = |packed: &mut u32, place: u8| *packed |= u32::from(place) << shift;
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
