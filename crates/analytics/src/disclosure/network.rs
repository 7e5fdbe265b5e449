//! A table as a network: what can move between its entries while all sums stay as they are.
//!
//! Rows and columns are nodes, and so are the corner of all row totals and the corner of all column totals. A cell is an
//! arc from its row to its column, a row total an arc into its row, a column total an arc out of its column, the grand total
//! an arc between the corners. A table adds up exactly when as much flows into every node as out of it, so that
//! every way to change a table is a flow in circles.
//!
//! Source: Cox 1995 (JASA 90, 1453-1462); Causey, Cox & Ernst 1985 (JASA 80, 903-909).

use super::CountTable;

/// An entry of the table that may move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    from: usize,
    to: usize,
    /// How far the entry may rise and fall.
    pub(super) rise: i128,
    pub(super) fall: i128,
    /// Price of moving it at all.
    pub(super) cost: u64,
}

/// Further than any table reaches, and small enough to add.
pub(super) const UNBOUNDED: i128 = i128::MAX / 4;

/// One arc per entry, in the order of the table's positions, none of them free to move.
pub(super) fn arcs(table: &CountTable) -> Vec<Arc> {
    let (rows, columns) = table.shape();
    let (row_corner, column_corner) = (rows + columns, rows + columns + 1);
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, rows + column)));
    cells
        .chain((0..rows).map(|row| (row_corner, row)))
        .chain((0..columns).map(|column| (rows + column, column_corner)))
        .chain([(column_corner, row_corner)])
        .map(|(from, to)| Arc {
            from,
            to,
            rise: 0,
            fall: 0,
            cost: 0,
        })
        .collect()
}

/// Number of nodes of a table's network.
pub(super) fn nodes(table: &CountTable) -> usize {
    table.shape().0 + table.shape().1 + 2
}

impl Arc {
    /// An arc beside the table, from one node to another, that may rise by `rise`.
    pub(super) const fn feeding(from: usize, to: usize, rise: i128) -> Self {
        Self {
            from,
            to,
            rise,
            fall: 0,
            cost: 0,
        }
    }

    /// Keeps the entry from moving.
    pub(super) const fn close(&mut self) {
        (self.rise, self.fall) = (0, 0);
    }

    pub(super) const fn ends(&self) -> (usize, usize) {
        (self.from, self.to)
    }
}

/// A flow between two nodes.
#[derive(Debug)]
pub(super) struct Flow {
    /// How much of what was wanted arrives.
    pub(super) amount: i128,
    /// Change of each arc.
    pub(super) change: Vec<i128>,
}

/// Sends up to `wanted` from `source` to `sink`, by cheap ways that carry much at once.
///
/// The amount is the largest possible up to `wanted` (Ford & Fulkerson: ways are looked for until none carries a single
/// unit more); the cost is low, not always the lowest. The order of the arcs decides between equal ways.
pub(super) fn flow(
    arcs: &[Arc],
    nodes: usize,
    (source, sink): (usize, usize),
    wanted: i128,
) -> Flow {
    let mut flow = Flow {
        amount: 0,
        change: vec![0; arcs.len()],
    };
    let mut step = wanted;
    while flow.amount < wanted && step > 0 {
        step = step.min(wanted - flow.amount);
        if let Some(way) = cheapest_way(arcs, &flow.change, nodes, (source, sink), step) {
            for (arc, direction) in way {
                flow.change[arc] += direction * step;
            }
            flow.amount += step;
        } else {
            step /= 2;
        }
    }
    flow
}

/// Arcs of the cheapest way that still carries `step`, each with +1 (rising) or −1 (falling); Bellman & Ford.
fn cheapest_way(
    arcs: &[Arc],
    change: &[i128],
    nodes: usize,
    (source, sink): (usize, usize),
    step: i128,
) -> Option<Vec<(usize, i128)>> {
    let mut price = vec![u64::MAX; nodes];
    let mut last: Vec<Option<(usize, i128)>> = vec![None; nodes];
    price[source] = 0;
    let mut improved = true;
    // Nothing is cheaper than a way that costs nothing.
    while improved && price[sink] > 0 {
        improved = false;
        for (index, arc) in arcs.iter().enumerate() {
            let cost = if change[index] == 0 { arc.cost } else { 0 };
            let ways = [
                (arc.from, arc.to, 1, arc.rise - change[index]),
                (arc.to, arc.from, -1, arc.fall + change[index]),
            ];
            for (from, to, direction, room) in ways {
                let offer = price[from].saturating_add(cost);
                if room >= step && offer < price[to] {
                    price[to] = offer;
                    last[to] = Some((index, direction));
                    improved = true;
                }
            }
        }
    }
    let mut way = Vec::new();
    let mut node = sink;
    while node != source {
        let (index, direction) = last[node]?;
        way.push((index, direction));
        node = if direction > 0 {
            arcs[index].from
        } else {
            arcs[index].to
        };
    }
    Some(way)
}
