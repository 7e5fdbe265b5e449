//! Sums per PSU and domain for every item, in an order that does not depend on the order of rows.

use super::{LevelCell, item_table::ItemTable};
use crate::Key;

/// T1 of a wide file: what each PSU answered about each domain on each item.
#[derive(Debug)]
pub struct PsuSums {
    /// Domains by label; each has one key per column asked for.
    pub domains: Vec<Vec<Key>>,
    /// PSUs of the whole sample with their stratum, by label; those without a row in a domain included.
    pub psus: Vec<(Option<Key>, Key)>,
    /// One entry per item, in the order asked for.
    pub items: Vec<ItemSums>,
    /// Rows read.
    pub rows: u64,
    /// Rows whose weight is no whole number of millionths and was rounded to one.
    pub rounded: u64,
    /// Domain, PSU and place in the tables, by domain and PSU.
    cells: Vec<(usize, usize, usize)>,
}

/// Sums of one item.
#[derive(Debug)]
pub struct ItemSums {
    /// The column.
    pub name: String,
    /// Σw² of valid answers per domain, in millionths squared.
    pub squares: Vec<u128>,
    cells: Vec<LevelCell>,
}

impl PsuSums {
    /// Sorts what the pass numbered in order of appearance.
    pub(super) fn new(
        domains: &[Vec<Key>],
        psus: &[(Option<Key>, Key)],
        cells: &[(u32, u32)],
        tables: Vec<(String, ItemTable)>,
        rows: u64,
        rounded: u64,
    ) -> Self {
        let (domain_order, domain_place) = order(domains);
        let (psu_order, psu_place) = order(psus);
        let mut sorted: Vec<_> = cells
            .iter()
            .enumerate()
            .map(|(place, (psu, domain))| {
                (
                    domain_place[*domain as usize],
                    psu_place[*psu as usize],
                    place,
                )
            })
            .collect();
        sorted.sort_unstable();
        let items = tables.into_iter().map(|(name, mut table)| {
            table.squares.resize(domains.len(), 0);
            ItemSums {
                name,
                squares: domain_order
                    .iter()
                    .map(|domain| table.squares[*domain])
                    .collect(),
                cells: table.cells,
            }
        });
        Self {
            items: items.collect(),
            domains: domain_order
                .iter()
                .map(|domain| domains[*domain].clone())
                .collect(),
            psus: psu_order.iter().map(|psu| psus[*psu].clone()).collect(),
            cells: sorted,
            rows,
            rounded,
        }
    }

    /// Cells of one domain with the number of their PSU, by PSU.
    pub fn domain_cells<'a>(
        &'a self,
        item: &'a ItemSums,
        domain: usize,
    ) -> impl Iterator<Item = (usize, &'a LevelCell)> {
        let start = self.cells.partition_point(|cell| cell.0 < domain);
        let end = self.cells.partition_point(|cell| cell.0 <= domain);
        self.cells[start..end]
            .iter()
            .map(|(_, psu, place)| (*psu, &item.cells[*place]))
    }
}

/// The sorted order of a list, and the place each entry gets in it.
fn order<T: Ord>(list: &[T]) -> (Vec<usize>, Vec<usize>) {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by_key(|index| &list[*index]);
    let mut place = vec![0; list.len()];
    for (sorted, index) in order.iter().enumerate() {
        place[*index] = sorted;
    }
    (order, place)
}
