//! Sums per PSU and domain for every item, in an order that does not depend on the order of rows.

use super::{
    LevelCell,
    item_group::{DomainSums, GroupSums},
};
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
    groups: Vec<Group>,
    /// Domain, PSU and place in the cells of a group, by domain and PSU.
    cells: Vec<(usize, usize, usize)>,
}

/// Sums of one item.
#[derive(Debug)]
pub struct ItemSums {
    /// The column.
    pub name: String,
    /// One entry per domain.
    pub domains: Vec<DomainSums>,
    group: usize,
    place: usize,
}

/// The cells of some items side by side.
#[derive(Debug)]
struct Group {
    items: usize,
    cells: Vec<LevelCell>,
}

impl PsuSums {
    /// Sorts what the pass numbered in order of appearance.
    pub(super) fn new(
        domains: &[Vec<Key>],
        psus: &[(Option<Key>, Key)],
        cells: &[(u32, u32)],
        groups: Vec<(Vec<String>, GroupSums)>,
    ) -> Self {
        let (domain_order, domain_place) = order(domains);
        let (psu_order, psu_place) = order(psus);
        let place = |(place, (psu, domain)): (usize, &(u32, u32))| {
            let domain = domain_place[*domain as usize];
            (domain, psu_place[*psu as usize], place)
        };
        let mut sorted: Vec<_> = cells.iter().enumerate().map(place).collect();
        sorted.sort_unstable();
        let mut sums = Self {
            domains: domain_order.iter().map(|&d| domains[d].clone()).collect(),
            psus: psu_order.iter().map(|&psu| psus[psu].clone()).collect(),
            items: Vec::new(),
            rows: 0,
            rounded: 0,
            groups: Vec::new(),
            cells: sorted,
        };
        for (group, (names, found)) in groups.into_iter().enumerate() {
            let items = names.len();
            for (place, name) in names.into_iter().enumerate() {
                let domains = domain_order
                    .iter()
                    .map(|domain| found.domain(*domain, place));
                sums.items.push(ItemSums {
                    name,
                    domains: domains.collect(),
                    group,
                    place,
                });
            }
            sums.groups.push(Group {
                items,
                cells: found.cells,
            });
        }
        sums
    }

    /// Number of the PSU and place of each cell of a domain, by PSU.
    pub fn domain_cells(&self, domain: usize) -> impl ExactSizeIterator<Item = (usize, usize)> {
        let start = self.cells.partition_point(|cell| cell.0 < domain);
        let end = self.cells.partition_point(|cell| cell.0 <= domain);
        let cells = self.cells[start..end].iter();
        cells.map(|(_, psu, place)| (*psu, *place))
    }

    /// The cell of an item at a place of [`Self::domain_cells`].
    #[must_use]
    pub fn cell(&self, item: &ItemSums, place: usize) -> &LevelCell {
        let group = &self.groups[item.group];
        &group.cells[place * group.items + item.place]
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
