//! Items summed together: their answers wait packed, a number per row, and their cells lie side by side.

use super::{
    WideError,
    answer_places::{AnswerPlaces, BLANK_PLACE, LEVELS, OFF_SCALE, PLACE_BITS, PLACES},
    cell_index::CellIndex,
    column::{At, Column},
    schema::Schema,
};
use crate::batch::{Batch, Values};

/// Most items of a group: their places fill a `u64`.
pub(super) const MOST_ITEMS: usize = u64::BITS as usize / PLACE_BITS;

/// The bits of one place.
const PLACE_MASK: u64 = (1 << PLACE_BITS) - 1;

/// Rows fetched from all over the batch before they are added: the processor waits for many at once, not for one after the other.
const FETCHED: usize = 1 << 9;

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
    /// Places of the run just decoded.
    places: Vec<u8>,
    /// Places of all items of a waiting row, those of the first item in the lowest bits.
    packed: Vec<u64>,
    /// The next of them in the order of cells.
    fetched: Vec<u64>,
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
            places: Vec::new(),
            packed: Vec::new(),
            fetched: Vec::new(),
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
        at: &At<'_>,
        scale: &AnswerPlaces,
    ) -> Result<(), WideError> {
        let before = self.packed.len();
        self.packed.resize(before + rows, 0);
        for (item, column) in self.columns.iter_mut().enumerate() {
            column.decode(&mut self.batch, rows, at)?;
            self.places.clear();
            spread_places(&self.batch, rows, scale, &mut self.places);
            if self.places.contains(&OFF_SCALE) {
                let before = self.places.iter().take_while(|place| **place != OFF_SCALE);
                return Err(WideError::OffScale {
                    path: at.path.to_owned(),
                    column: column.name.to_owned(),
                    row: at.first_row + before.count() as u64,
                });
            }
            for (packed, place) in self.packed[before..].iter_mut().zip(&self.places) {
                *packed |= u64::from(*place) << (item * PLACE_BITS);
            }
        }
        Ok(())
    }

    /// Adds the waiting rows, which the index has placed.
    pub(super) fn add(&mut self, index: &CellIndex) {
        let items = self.columns.len();
        let sums = &mut self.sums;
        sums.cells.resize(index.cells().len() * items, [0; LEVELS]);
        sums.domains
            .resize(index.domain_count() * items, DomainSums::default());
        for rows in index.rows().chunks(FETCHED) {
            let packed = rows.iter().map(|row| self.packed[row.row as usize]);
            self.fetched.clear();
            self.fetched.extend(packed);
            for (row, places) in rows.iter().zip(&self.fetched) {
                let domain = index.cells()[row.cell as usize].1 as usize;
                let cells = &mut sums.cells[row.cell as usize * items..][..items];
                let domains = &mut sums.domains[domain * items..][..items];
                add_row(row.weight, *places, cells, domains);
            }
        }
        self.packed.clear();
    }

    /// The items and their sums.
    pub(super) fn finish(self) -> (Vec<String>, GroupSums) {
        let names = self.columns.iter().map(|column| column.name.to_owned());
        (names.collect(), self.sums)
    }
}

fn add_row(weight: u64, mut places: u64, cells: &mut [LevelCell], domains: &mut [DomainSums]) {
    let square = u128::from(weight) * u128::from(weight);
    for (cell, domain) in cells.iter_mut().zip(domains) {
        let place = (places & PLACE_MASK) as usize;
        places >>= PLACE_BITS;
        domain.answers[place] += 1;
        // Nothing is added to the first level instead of a branch that would often be guessed wrong.
        let (level, weight, square) = if place < LEVELS {
            (place, weight, square)
        } else {
            (0, 0, 0)
        };
        cell[level] += weight;
        domain.squares += square;
    }
}

fn spread_places(batch: &Batch, rows: usize, scale: &AnswerPlaces, out: &mut Vec<u8>) {
    match batch.values() {
        Values::Int32(values) => {
            batch.spread(values, BLANK_PLACE, out, |v| scale.of(i64::from(*v)));
        }
        Values::Int64(values) => batch.spread(values, BLANK_PLACE, out, |v| scale.of(*v)),
        Values::Float(values) => {
            batch.spread(values, BLANK_PLACE, out, |v| scale.of_float(f64::from(*v)))
        }
        Values::Double(values) => batch.spread(values, BLANK_PLACE, out, |v| scale.of_float(*v)),
        Values::Text(_) => out.resize(rows, OFF_SCALE),
    }
}
