//! A reader with everything that is published, the rule and a linear-programming solver finds no hidden count.

#[path = "support/attacker.rs"]
mod attacker;

use analytics::disclosure::{
    CountTable, DisclosureLimits, ProtectedTable, Zeros, protect, round_table,
};
use attacker::{Release, Target, narrower_than};
use proptest::prelude::*;
use std::num::NonZeroU64;

/// A hundred thousand tables in release; enough of them to notice in a debug build.
const TABLES: u32 = if cfg!(debug_assertions) { 100 } else { 100_000 };

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0), 3 => 1..10_u64, 3 => 10..60_u64, 1 => 60..1_000_u64]
}

fn table() -> impl Strategy<Value = Vec<Vec<u64>>> {
    (1..5_usize, 1..5_usize).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(prop::collection::vec(count(), columns), rows)
    })
}

/// A table and what is added to it twice.
fn growing_table() -> impl Strategy<Value = [Vec<Vec<u64>>; 3]> {
    let growth = || prop_oneof![4 => Just(0), 3 => 1..8_u64, 2 => 8..60_u64];
    (1..3_usize, 1..4_usize).prop_flat_map(move |(rows, columns)| {
        let grid = |cell| prop::collection::vec(prop::collection::vec(cell, columns), rows);
        let more = || prop::collection::vec(prop::collection::vec(growth(), columns), rows);
        (grid(count()), more(), more()).prop_map(|(first, more, still_more)| {
            let second = sum(&first, &more);
            let third = sum(&second, &still_more);
            [first, second, third]
        })
    })
}

fn sum(a: &[Vec<u64>], b: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let add = |(a, b): (&Vec<u64>, &Vec<u64>)| a.iter().zip(b).map(|(a, b)| a + b).collect();
    a.iter().zip(b).map(add).collect()
}

fn limits() -> impl Strategy<Value = DisclosureLimits> {
    (
        0..30_u64,
        1..12_u64,
        1..15_u64,
        prop_oneof![Just(Zeros::Shown), Just(Zeros::Hidden)],
    )
        .prop_map(
            |(minimum_row, minimum_count, protection, zeros)| DisclosureLimits {
                minimum_row,
                minimum_count,
                protection,
                zeros,
            },
        )
}

fn protected(
    rows: &[Vec<u64>],
    limits: &DisclosureLimits,
    earlier: &[ProtectedTable],
) -> ProtectedTable {
    let table = CountTable::new(rows).expect("the rows are of equal length");
    protect(table, limits, earlier).expect("all releases have the same shape")
}

/// Everything the releases hide, and its growth, that readers of all of them know more closely than promised.
fn found(releases: &[Release], protection: u64) -> Vec<(Target, f64, f64)> {
    let hidden = releases.iter().enumerate().flat_map(|(release, table)| {
        let entries = 0..table.entries.len();
        let hidden = entries.filter(|entry| table.entries[*entry].is_none());
        hidden.map(move |entry| (release, entry))
    });
    let targets = hidden.flat_map(|(release, entry)| {
        let growth = (release > 0).then_some(Target::Growth { release, entry });
        [Target::Entry { release, entry }].into_iter().chain(growth)
    });
    narrower_than(protection as f64 - 1e-6, releases, targets)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: TABLES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hidden_count_cannot_be_found_by_subtraction(rows in table(), limits in limits()) {
        let table = protected(&rows, &limits, &[]);

        let found = found(&[Release::of(&table)], limits.protection);

        prop_assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_shown_count_is_true_and_large_enough(rows in table(), limits in limits()) {
        let table = protected(&rows, &limits, &[]);

        for position in table.counts().positions() {
            let (shown, count) = (table.shown(position), table.counts().count(position));
            prop_assert_eq!(shown.is_none(), table.reason(position).is_some());
            if let Some(shown) = shown {
                prop_assert_eq!(Some(shown), count);
                prop_assert!(!limits.is_small(shown));
            }
        }
    }

    #[test]
    fn rounded_tables_add_up_and_stay_within_the_base(rows in table(), base in 1..20_u64) {
        let table = CountTable::new(&rows).unwrap();
        let base = NonZeroU64::new(base).unwrap();

        let rounded = round_table(&table, base).unwrap();

        for position in table.positions() {
            let (count, rounded) = (table.count(position).unwrap(), rounded.count(position).unwrap());
            prop_assert_eq!(rounded % base, 0);
            prop_assert!(rounded.abs_diff(count) < base.get());
        }
        prop_assert_eq!(round_table(&table, base).unwrap(), rounded);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: TABLES, failure_persistence: None, ..ProptestConfig::default() })]

    /// Neither a count of any release nor its growth, to readers who know that answers are only added.
    #[test]
    fn nor_by_comparing_releases(rows in growing_table(), limits in limits()) {
        let mut tables: Vec<ProtectedTable> = Vec::new();
        for rows in &rows {
            tables.push(protected(rows, &limits, &tables));
        }
        let releases: Vec<_> = tables.iter().map(Release::of).collect();

        for last in 0..3_usize {
            for entry in 0..releases[0].entries.len() {
                let shown = |release: usize| releases[release].entries[entry];
                let before = last.checked_sub(1).map(shown);
                if let (Some(Some(before)), Some(now)) = (before, shown(last)) {
                    prop_assert!(now == before || now - before >= limits.minimum_count);
                }
                prop_assert!(before != Some(None) || shown(last).is_none(), "what was hidden stays hidden");
            }
        }
        let found = found(&releases, limits.protection);
        prop_assert!(found.is_empty(), "{found:?}");
    }
}

/// The control: hiding the small cells alone must not withstand the same reader.
#[test]
fn hiding_only_small_cells_is_found_out() {
    let rows = [[3, 20, 40], [19, 30, 50], [60, 7, 80]];
    let table = CountTable::new(&rows).unwrap();
    let entries = table
        .positions()
        .map(|position| table.count(position).filter(|count| *count >= 10));
    let release = Release {
        rows: 3,
        columns: 3,
        entries: entries.collect(),
    };

    let found = found(&[release], 10);

    assert_eq!(
        found,
        [
            (
                Target::Entry {
                    release: 0,
                    entry: 0
                },
                3.0,
                3.0
            ),
            (
                Target::Entry {
                    release: 0,
                    entry: 7
                },
                7.0,
                7.0
            )
        ]
    );
}

/// The control: tables that are each safe alone must not withstand a reader who subtracts them.
#[test]
fn releases_that_do_not_know_each_other_are_found_out() {
    let limits = DisclosureLimits {
        minimum_row: 0,
        minimum_count: 5,
        protection: 5,
        zeros: Zeros::Shown,
    };
    let before = vec![vec![3, 20, 40], vec![19, 30, 50], vec![60, 70, 80]];
    let after = vec![vec![6, 20, 40], vec![19, 30, 50], vec![60, 70, 80]];
    let alone = |rows| Release::of(&protected(rows, &limits, &[]));

    let growth = Target::Growth {
        release: 1,
        entry: 0,
    };
    let found = narrower_than(5.0, &[alone(&before), alone(&after)], [growth]);

    assert_eq!(found.len(), 1);
}
