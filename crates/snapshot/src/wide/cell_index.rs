//! Which cell each row is in.

use super::{LevelCell, WideError};
use crate::{
    Key,
    codes::{NONE, Pairs},
};

/// Most bytes of cells, over all items.
const MOST_BYTES: usize = 2 << 30;

/// Bits of a cell's number sorted by at a time.
const DIGIT_BITS: u32 = 11;

/// A row that counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PlacedRow {
    pub(super) weight: u64,
    /// Number in the batch.
    pub(super) row: u32,
    pub(super) cell: u32,
}

/// Numbers of PSUs, domains and cells, and which cell each row of the batch is in.
pub(super) struct CellIndex {
    psus: Pairs,
    /// Combination of the first domain columns with the next one, one per column.
    by: Vec<Pairs>,
    cells: Pairs,
    placed: Vec<PlacedRow>,
    /// Room for sorting.
    sorted: Vec<PlacedRow>,
}

impl CellIndex {
    pub(super) fn new(by: usize) -> Self {
        Self {
            psus: Pairs::default(),
            by: (0..by).map(|_| Pairs::default()).collect(),
            cells: Pairs::default(),
            placed: Vec::new(),
            sorted: Vec::new(),
        }
    }

    /// Rows without weight or domain make their PSU known and stay in no cell.
    pub(super) fn place(
        &mut self,
        stratum: Option<&[u32]>,
        psu: &[u32],
        by: &[&[u32]],
        weights: &[u64],
    ) {
        self.placed.clear();
        for (row, number) in (0..psu.len()).zip(0..) {
            let psu = self
                .psus
                .number(stratum.map_or(0, |codes| codes[row]), psu[row]);
            let mut domain = 0;
            for (pairs, codes) in self.by.iter_mut().zip(by) {
                domain = match (domain, codes[row]) {
                    (NONE, _) | (_, NONE) => NONE,
                    (domain, code) => pairs.number(domain, code),
                };
            }
            if domain != NONE && weights[row] > 0 {
                self.placed.push(PlacedRow {
                    weight: weights[row],
                    row: number,
                    cell: self.cells.number(psu, domain),
                });
            }
        }
        self.sort();
    }

    /// Sorts the rows by cell (radix, lowest digits first), so that adding them walks the tables from end to end
    /// instead of jumping: most of the time of a pass goes into waiting for memory.
    fn sort(&mut self) {
        self.sorted.resize(self.placed.len(), PlacedRow::default());
        let mut shift = 0;
        while shift == 0 || self.cells.list().len() >> shift > 0 {
            sort_by_digit(&self.placed, &mut self.sorted, shift);
            std::mem::swap(&mut self.placed, &mut self.sorted);
            shift += DIGIT_BITS;
        }
    }

    /// Rows of the batch that count, by cell.
    pub(super) fn rows(&self) -> &[PlacedRow] {
        &self.placed
    }

    /// PSU and domain of each cell numbered so far.
    pub(super) fn cells(&self) -> &[(u32, u32)] {
        self.cells.list()
    }

    /// Stratum and PSU by number.
    pub(super) fn psus(&self) -> &[(u32, u32)] {
        self.psus.list()
    }

    pub(super) fn domain_count(&self) -> usize {
        self.by.last().map_or(1, |pairs| pairs.list().len())
    }

    /// Labels of the domains in the order of their numbers.
    pub(super) fn domains(&self, labels: &[Vec<Key>]) -> Vec<Vec<Key>> {
        let mut domains = vec![Vec::new()];
        for (pairs, labels) in self.by.iter().zip(labels) {
            let longer = pairs.list().iter().map(|(domain, code)| {
                let mut label = domains[*domain as usize].clone();
                label.push(labels[*code as usize].clone());
                label
            });
            domains = longer.collect();
        }
        domains
    }

    pub(super) fn within(&self, items: usize) -> Result<(), WideError> {
        let limit = MOST_BYTES / (size_of::<LevelCell>() * items.max(1));
        let tables = self.psus.places() + self.cells.places();
        if self.cells.list().len() > limit || tables * size_of::<u32>() > MOST_BYTES {
            return Err(WideError::TooManyCells { limit });
        }
        Ok(())
    }
}

fn sort_by_digit(rows: &[PlacedRow], sorted: &mut [PlacedRow], shift: u32) {
    const DIGITS: usize = 1 << DIGIT_BITS;
    let digit = |row: &PlacedRow| (row.cell >> shift) as usize % DIGITS;
    let mut next = [0_usize; DIGITS];
    for row in rows {
        next[digit(row)] += 1;
    }
    let mut before = 0;
    for start in &mut next {
        before += std::mem::replace(start, before);
    }
    for row in rows {
        let place = &mut next[digit(row)];
        sorted[*place] = *row;
        *place += 1;
    }
}
