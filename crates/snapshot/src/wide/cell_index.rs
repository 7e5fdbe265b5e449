//! Which cell each row is in.

use super::{LevelCell, WideError};
use crate::{
    Key,
    codes::{NONE, Pairs},
};

/// Most bytes of cells, over all items.
const MOST_BYTES: usize = 2 << 30;

/// Bits of a cell's number that tell cells of one block apart: a block of sums stays near the processor while its rows are added.
const BLOCK_BITS: u32 = 8;

/// Numbers of PSUs, domains and cells, and which cell each row of the batch is in.
pub(super) struct CellIndex {
    psus: Pairs,
    /// Combination of the first domain columns with the next one, one per column.
    by: Vec<Pairs>,
    cells: Pairs,
    /// Cell of each row of the batch, then its place among the rows that count; or none.
    place_of: Vec<u32>,
    /// Weight of each row that counts, block of cells by block.
    weights: Vec<u64>,
    /// The cells of these rows.
    cell_of: Vec<u32>,
}

impl CellIndex {
    pub(super) fn new(by: usize) -> Self {
        Self {
            psus: Pairs::default(),
            by: (0..by).map(|_| Pairs::default()).collect(),
            cells: Pairs::default(),
            place_of: Vec::new(),
            weights: Vec::new(),
            cell_of: Vec::new(),
        }
    }

    /// Numbers the next rows of the batch; rows without weight or domain make their PSU known and stay in no cell.
    pub(super) fn place(
        &mut self,
        stratum: Option<&[u32]>,
        psu: &[u32],
        by: &[&[u32]],
        weights: &[u64],
    ) {
        for row in 0..psu.len() {
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
            self.place_of.push(if domain == NONE || weights[row] == 0 {
                NONE
            } else {
                self.cells.number(psu, domain)
            });
        }
    }

    /// Brings rows of one block of cells together, so that adding them walks the sums block by block instead of jumping:
    /// most of the time of a pass goes into waiting for memory.
    pub(super) fn sort(&mut self, weights: &[u64]) {
        let mut next = vec![0; block_of(self.cells.list().len()) + 1];
        for cell in self.place_of.iter().filter(|cell| **cell != NONE) {
            next[block_of(*cell as usize)] += 1;
        }
        let mut before = 0;
        for start in &mut next {
            before += std::mem::replace(start, before);
        }
        self.weights.resize(before as usize, 0);
        self.cell_of.resize(before as usize, 0);
        for (place, weight) in self.place_of.iter_mut().zip(weights) {
            if *place != NONE {
                let cell = *place;
                let next = &mut next[block_of(cell as usize)];
                *place = *next;
                *next += 1;
                self.weights[*place as usize] = *weight;
                self.cell_of[*place as usize] = cell;
            }
        }
    }

    /// The next rows are those of another batch.
    pub(super) fn clear(&mut self) {
        self.place_of.clear();
    }

    /// Cell and weight of the rows of the batch that count, block of cells by block.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, u64)> {
        let cells = self.cell_of.iter().map(|cell| *cell as usize);
        cells.zip(self.weights.iter().copied())
    }

    /// Brings what belongs to the rows of the batch into the order of [`Self::rows`].
    pub(super) fn arrange(&self, of_rows: &[u32], arranged: &mut Vec<u32>) {
        arranged.resize(self.cell_of.len(), 0);
        for (place, value) in self.place_of.iter().zip(of_rows) {
            if *place != NONE {
                arranged[*place as usize] = *value;
            }
        }
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

const fn block_of(cell: usize) -> usize {
    cell >> BLOCK_BITS
}
