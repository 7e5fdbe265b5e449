//! Hiding small counts, and as many others as it takes that they cannot be found by subtraction.

use super::{
    CountTable, DisclosureLimits, Position,
    network::{Arc, UNBOUNDED, arcs, flow, nodes},
};
use serde::{Deserialize, Serialize};

/// Why a count is hidden (`suppressed_reason`, 隐藏原因).
///
/// For the office's own record. Readers get one sign for all: who knows that a count is hidden for being small, knows
/// that it is small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HiddenReason {
    /// 样本不足: too few people.
    Primary,
    /// 评价一致: all answers of the row, or of the whole table, are equal.
    Unanimity,
    /// 防差分: it changed by too few people since an earlier release, or was hidden there.
    Differencing,
    /// 补充隐藏: it would give away another hidden count by subtraction.
    Complementary,
}

impl HiddenReason {
    /// The stored and exchanged name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Unanimity => "unanimity",
            Self::Differencing => "differencing",
            Self::Complementary => "complementary",
        }
    }
}

/// A table with hidden entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedTable {
    counts: CountTable,
    hidden: Vec<Option<HiddenReason>>,
}

/// Why a table cannot be compared with earlier ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// Releases are compared place by place.
    #[error(
        "AN-311: earlier release {release} has {found:?} rows and columns, this table {expected:?}; \
         give every release the same units and categories in the same order"
    )]
    ShapeChanged {
        /// The earlier release, from 0.
        release: usize,
        /// Its rows and columns.
        found: (usize, usize),
        /// Rows and columns of the table.
        expected: (usize, usize),
    },
}

/// Earlier releases a table is compared with.
const RELEASES: usize = 4;

/// Hides what must not be read, and what would give it away.
///
/// Hidden at first are small counts and totals, rows with too few answers, rows (and column totals) whose answers are
/// all equal, and what would show a change by too few people since one of the last four earlier releases. `earlier`
/// are releases that counted some of the *same* answers (an earlier state of the round, a bulletin corrected since, year to
/// date), oldest first; quarters asked separately are not.
///
/// Then, for each hidden entry, the exact range its readers could compute from all visible cells and totals is found
/// by maximum flow, and while it is narrower than `limits.protection`, the entries on a cheap closed way through it
/// are hidden too: cells before totals, few before many, small before large. In the end **every hidden entry, whatever its
/// reason, could be any of at least `protection + 1` counts**. This holds against readers who know the rule, who know
/// every earlier release *completely* and know that answers are only ever added; and it keeps what earlier releases hid.
/// Where a count fell since, readers are taken not to know which way it moved.
///
/// The same table gives the same result. Worst case: everything is hidden, the grand total included.
///
/// # Errors
/// An earlier release has other rows or columns.
///
/// Source: Cox 1995 (JASA 90); Castro 2012 (EJOR 216, "Recent advances in optimization techniques for statistical tabular
/// data protection"); Fischetti & Salazar 2001 (Management Science 47, sliding protection); reliability C8.
pub fn protect(
    counts: CountTable,
    limits: &DisclosureLimits,
    earlier: &[ProtectedTable],
) -> Result<ProtectedTable, DisclosureError> {
    let expected = counts.shape();
    for (release, table) in earlier.iter().enumerate() {
        let found = table.counts.shape();
        if found != expected {
            return Err(DisclosureError::ShapeChanged {
                release,
                found,
                expected,
            });
        }
    }
    let earlier = &earlier[earlier.len().saturating_sub(RELEASES)..];
    let hidden = counts
        .positions()
        .enumerate()
        .map(|(index, position)| first_reason(&counts, limits, earlier, index, position))
        .collect();
    let mut table = ProtectedTable { counts, hidden };
    let known = earlier.last().map(|release| release.counts.values());
    while table.extend(limits.protection, known) {}
    Ok(table)
}

fn first_reason(
    counts: &CountTable,
    limits: &DisclosureLimits,
    earlier: &[ProtectedTable],
    index: usize,
    position: Position,
) -> Option<HiddenReason> {
    let count = counts.values()[index];
    let (too_few, unanimous) = match position {
        Position::Cell { row, .. } => (
            counts.row_totals()[row] < limits.minimum_row,
            is_unanimous(counts.row(row)),
        ),
        Position::RowTotal(_) => (count < limits.minimum_row, false),
        Position::ColumnTotal(_) => (false, is_unanimous(counts.column_totals())),
        Position::GrandTotal => (false, false),
    };
    let differs = |release: &ProtectedTable| {
        let change = count.abs_diff(release.counts.values()[index]);
        release.hidden[index].is_some() || (change > 0 && change < limits.minimum_count)
    };
    if too_few || limits.is_small(count) {
        Some(HiddenReason::Primary)
    } else if unanimous {
        Some(HiddenReason::Unanimity)
    } else {
        earlier
            .iter()
            .any(differs)
            .then_some(HiddenReason::Differencing)
    }
}

/// Whether all answers are of one of several kinds.
fn is_unanimous(counts: &[u64]) -> bool {
    counts.len() > 1 && counts.iter().filter(|count| **count > 0).count() == 1
}

impl ProtectedTable {
    /// What readers see: the count, or `None` for a hidden one.
    #[must_use]
    pub fn shown(&self, position: Position) -> Option<u64> {
        let index = self.counts.index(position)?;
        self.hidden[index]
            .is_none()
            .then(|| self.counts.values()[index])
    }

    /// Why a count is hidden; `None` when it is shown.
    #[must_use]
    pub fn reason(&self, position: Position) -> Option<HiddenReason> {
        self.hidden[self.counts.index(position)?]
    }

    /// The true counts.
    #[must_use]
    pub const fn counts(&self) -> &CountTable {
        &self.counts
    }

    /// Hidden places with their reasons, in the order of [`CountTable::positions`].
    pub fn hidden(&self) -> impl Iterator<Item = (Position, HiddenReason)> {
        self.counts
            .positions()
            .zip(&self.hidden)
            .filter_map(|(position, reason)| reason.map(|reason| (position, reason)))
    }

    /// Widens every hidden entry that is known too closely; whether more had to be hidden.
    fn extend(&mut self, protection: u64, known: Option<&[u64]>) -> bool {
        let wanted = i128::from(protection);
        let nodes = nodes(&self.counts);
        let mut grew = false;
        for index in 0..self.hidden.len() {
            if self.hidden[index].is_none() {
                continue;
            }
            let mut network = self.network(known, Visible::Fixed);
            let (from, to) = network[index].ends();
            let fall = network[index].fall.min(wanted);
            network[index].close();
            let down = flow(&network, nodes, (from, to), fall).amount;
            let missing = wanted - down;
            if flow(&network, nodes, (to, from), missing).amount == missing {
                continue;
            }
            let mut network = self.network(known, Visible::AtACost);
            network[index].close();
            let up = flow(&network, nodes, (to, from), missing);
            for (hidden, change) in self.hidden.iter_mut().zip(up.change) {
                if change != 0 && hidden.is_none() {
                    *hidden = Some(HiddenReason::Complementary);
                    grew = true;
                }
            }
        }
        grew
    }

    /// Hidden entries rise without bound and fall to 0, or to what is known to be contained in them.
    fn network(&self, known: Option<&[u64]>, visible: Visible) -> Vec<Arc> {
        let mut arcs = arcs(&self.counts);
        let (rows, columns) = self.counts.shape();
        let total_cost = (rows * columns) as u64 * CELL_COST;
        for (index, arc) in arcs.iter_mut().enumerate() {
            let count = self.counts.values()[index];
            if self.hidden[index].is_none() {
                if visible == Visible::Fixed {
                    continue;
                }
                arc.cost = CELL_COST + count.min(CELL_COST);
                if index >= rows * columns {
                    arc.cost += total_cost;
                }
            }
            let contained = known.map_or(0, |known| known[index]);
            arc.rise = UNBOUNDED;
            arc.fall = i128::from(count.checked_sub(contained).unwrap_or(count));
        }
        arcs
    }
}

/// Price of hiding one more cell, in people hidden with it.
const CELL_COST: u64 = 1 << 32;

/// What visible entries may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visible {
    /// They are what they are.
    Fixed,
    /// They move, and are hidden for it.
    AtACost,
}

#[cfg(test)]
mod tests {
    use super::HiddenReason::{Complementary, Differencing, Primary, Unanimity};
    use super::*;
    use crate::disclosure::Zeros;

    const LIMITS: DisclosureLimits = DisclosureLimits {
        minimum_row: 10,
        minimum_count: 5,
        protection: 5,
        zeros: Zeros::Shown,
    };

    fn protected<const C: usize>(rows: &[[u64; C]], earlier: &[ProtectedTable]) -> ProtectedTable {
        protect(CountTable::new(rows).unwrap(), &LIMITS, earlier).unwrap()
    }

    /// Initials of the reasons, `.` for what is shown; rows end with their total, the last row is the column totals.
    fn picture(table: &ProtectedTable) -> Vec<String> {
        let (rows, columns) = table.counts().shape();
        let letter = |position| {
            table
                .reason(position)
                .map_or('.', |reason| reason.code().chars().next().unwrap_or('?'))
        };
        let cell = |row| (0..columns).map(move |column| Position::Cell { row, column });
        let mut lines: Vec<String> = (0..rows)
            .map(|row| {
                cell(row)
                    .chain([Position::RowTotal(row)])
                    .map(letter)
                    .collect()
            })
            .collect();
        let totals = (0..columns).map(Position::ColumnTotal);
        lines.push(totals.chain([Position::GrandTotal]).map(letter).collect());
        lines
    }

    #[test]
    fn a_small_cell_takes_the_smallest_rectangle_with_it() {
        // 3 can fall by 3 and must rise by 2: 20 gives 2 to it, 9 gives 2, 30 takes 2. The way through 40 and 50 is dearer.
        let table = protected(&[[3, 20, 40], [9, 30, 50], [60, 70, 80]], &[]);

        assert_eq!(picture(&table), ["pc..", "cc..", "....", "...."]);
        assert_eq!(table.shown(Position::Cell { row: 0, column: 2 }), Some(40));
        assert_eq!(table.shown(Position::Cell { row: 0, column: 1 }), None);
        assert_eq!(
            table.reason(Position::Cell { row: 0, column: 1 }),
            Some(Complementary)
        );
    }

    #[test]
    fn two_small_cells_that_only_protect_each_other_pairwise_are_widened() {
        // Row totals 13 and 13 leave 3 + 1 and 1 + 3: alone, each could only be 0 to 4.
        let table = protected(&[[3, 1, 9], [1, 3, 9], [50, 50, 50]], &[]);

        let hidden = table.hidden().count();
        assert!(hidden > 4, "{:?}", picture(&table));
        assert!(
            picture(&table)[..2]
                .iter()
                .all(|line| line.starts_with("pp"))
        );
    }

    #[test]
    fn a_small_row_is_hidden_with_its_total_and_cannot_be_the_rest_of_the_column() {
        // Nine answers in the second row: without a second hidden row, column totals would give them back.
        let table = protected(&[[20, 30], [4, 5], [40, 50]], &[]);

        assert_eq!(picture(&table), ["ccc", "ppp", "...", "..."]);
    }

    #[test]
    fn when_all_say_the_same_nobody_reads_what_they_said() {
        let table = protected(&[[0, 40], [30, 20], [50, 60]], &[]);

        assert_eq!(picture(&table), ["uu.", "cc.", "...", "..."]);
        assert_eq!(table.shown(Position::RowTotal(0)), Some(40));
    }

    #[test]
    fn when_the_whole_table_says_the_same_its_totals_are_silent_too() {
        let table = protected(&[[0, 40], [0, 20]], &[]);

        assert_eq!(picture(&table), ["uu.", "uu.", "uu."]);
    }

    #[test]
    fn one_category_is_a_list_of_sizes_and_may_agree() {
        assert_eq!(picture(&protected(&[[40], [20]], &[])), ["..", "..", ".."]);
    }

    #[test]
    fn a_single_hidden_row_of_a_column_takes_the_totals_with_it() {
        // Nothing beside it can move: the column total and the grand total are hidden, as a last resort.
        let table = protected(&[[4]], &[]);

        assert_eq!(picture(&table), ["pp", "pp"]);
    }

    #[test]
    fn a_change_by_three_people_is_hidden_and_so_is_what_was_hidden_before() {
        let before = protected(&[[3, 20, 40], [9, 30, 50], [60, 70, 80]], &[]);
        let table = protected(&[[30, 50, 80], [40, 60, 90], [60, 73, 180]], &[before]);

        let lines = picture(&table);
        assert_eq!(&lines[0][..2], "dd");
        assert_eq!(&lines[1][..2], "dd");
        assert_eq!(&lines[2][1..2], "d", "70 became 73");
        assert_eq!(&lines[2][..1], ".", "60 stayed 60");
    }

    #[test]
    fn an_entry_falls_no_further_than_what_was_known_before() {
        // The four that were hidden have not grown, so none of them can fall: 3 must rise by 5 at the cost of entries that grew.
        let before = protected(&[[3, 20, 40], [9, 30, 50], [60, 70, 80]], &[]);
        let rows = [[3, 20, 80], [9, 30, 100], [120, 140, 160]];

        assert_eq!(
            picture(&protected(&rows, &[])),
            ["pc..", "cc..", "....", "...."]
        );
        assert_eq!(
            picture(&protected(&rows, &[before])),
            ["pdc.", "ddc.", "ccc.", "...."]
        );
    }

    #[test]
    fn releases_of_other_units_are_refused() {
        let before = protected(&[[30, 20]], &[]);
        let error = protect(CountTable::new(&[[1], [2]]).unwrap(), &LIMITS, &[before]).unwrap_err();

        assert_eq!(
            error,
            DisclosureError::ShapeChanged {
                release: 0,
                found: (1, 2),
                expected: (2, 1)
            }
        );
    }

    #[test]
    fn every_reason_has_its_own_code() {
        let codes = [Primary, Unanimity, Differencing, Complementary].map(HiddenReason::code);

        assert_eq!(
            codes,
            ["primary", "unanimity", "differencing", "complementary"]
        );
        for reason in [Primary, Unanimity, Differencing, Complementary] {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }

    #[test]
    fn a_billion_answers_are_protected_like_a_hundred() {
        let big = 1_000_000_000;
        let table = protected(&[[3, big], [big, big]], &[]);

        assert_eq!(picture(&table), ["pc.", "cc.", "..."]);
    }
}
