//! Rounding counts so that the table still adds up.

use super::{
    CountTable, TableError,
    network::{Arc, arcs, flow, nodes},
};
use std::num::NonZeroU64;

/// Rounds every count and total up or down to a neighbouring multiple of `base`, so that all totals still add up.
///
/// Multiples of `base` stay as they are, and nothing moves by a whole `base`. Such a rounding exists for every two-way
/// table (Causey, Cox & Ernst 1985). It starts from the nearest multiples (half goes up) and moves few and cheap
/// entries to the other side until everything adds up; the same table gives the same result. Publish the base with it.
///
/// # Errors
/// The rounded total is beyond 2⁶³.
///
/// Source: Causey, Cox & Ernst 1985 (JASA 80, 903-909); Cox 1987 (JASA 82, 520-524).
pub fn round_table(table: &CountTable, base: NonZeroU64) -> Result<CountTable, TableError> {
    let base = base.get();
    let halves = |count: u64| 2 * u128::from(count % base);
    let goes_up = |count: u64| halves(count) >= u128::from(base);
    let mut steps: Vec<i128> = table
        .values()
        .iter()
        .map(|count| i128::from(count / base) + i128::from(goes_up(*count)))
        .collect();
    let mut network = arcs(table);
    for (arc, count) in network.iter_mut().zip(table.values()) {
        let moves = i128::from(count % base != 0);
        (arc.rise, arc.fall) = if goes_up(*count) {
            (0, moves)
        } else {
            (moves, 0)
        };
        // What the distance grows by when the count goes to its other neighbour.
        arc.cost = base.abs_diff(2 * (count % base));
    }
    let nodes = nodes(table);
    let (source, sink) = (nodes, nodes + 1);
    let excess = excess(&network, &steps, nodes);
    let wanted = excess.iter().filter(|excess| **excess > 0).sum();
    for (node, excess) in excess.into_iter().enumerate() {
        network.push(if excess > 0 {
            Arc::feeding(source, node, excess)
        } else {
            Arc::feeding(node, sink, -excess)
        });
    }
    let repair = flow(&network, nodes + 2, (source, sink), wanted);
    for (step, change) in steps.iter_mut().zip(repair.change) {
        *step += change;
    }
    let (rows, columns) = table.shape();
    let rounded = |step: &i128| {
        u64::try_from(*step)
            .ok()
            .and_then(|step| step.checked_mul(base))
            .ok_or(TableError::TooLarge)
    };
    let cells: Vec<u64> = steps[..rows * columns]
        .iter()
        .map(rounded)
        .collect::<Result<_, _>>()?;
    CountTable::new(&cells.chunks(columns).collect::<Vec<_>>())
}

/// What flows into each node less what flows out.
fn excess(arcs: &[Arc], steps: &[i128], nodes: usize) -> Vec<i128> {
    let mut excess = vec![0; nodes];
    for (arc, step) in arcs.iter().zip(steps) {
        let (from, to) = arc.ends();
        excess[from] -= step;
        excess[to] += step;
    }
    excess
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded<const C: usize>(rows: &[[u64; C]], base: u64) -> CountTable {
        let table = CountTable::new(rows).unwrap();
        round_table(&table, NonZeroU64::new(base).unwrap()).unwrap()
    }

    #[test]
    fn counts_go_to_a_neighbouring_multiple_and_totals_still_add_up() {
        // Alone, 1 1 1 would become 0 0 0 with total 5. Two totals of 3 go to 0 (each 1 further than to 5) rather than a cell
        // and its column total from 1 to 5 (each 3 further than to 0).
        assert_eq!(
            rounded(&[[1, 1, 1]], 5),
            CountTable::new(&[[0, 0, 0]]).unwrap()
        );
        // 2 2 2 against 6: one cell goes to 5, the first of equals.
        assert_eq!(
            rounded(&[[2, 2, 2]], 5),
            CountTable::new(&[[5, 0, 0]]).unwrap()
        );
        // Nearest multiples add up already.
        assert_eq!(
            rounded(&[[12, 24], [33, 41]], 5),
            CountTable::new(&[[10, 25], [35, 40]]).unwrap()
        );
    }

    #[test]
    fn multiples_do_not_move() {
        let table = [[10, 25], [0, 1_000_000_000]];

        assert_eq!(rounded(&table, 5), CountTable::new(&table).unwrap());
        assert_eq!(
            rounded(&[[3, 1], [4, 1]], 1),
            CountTable::new(&[[3, 1], [4, 1]]).unwrap()
        );
    }
}
