//! A reader with a linear-programming solver who looks for hidden counts.

use analytics::disclosure::ProtectedTable;
use microlp::{ComparisonOp, Error, LinearExpr, OptimizationDirection, Problem, Variable};

/// What readers see of one release: entries in the order of `CountTable::positions`.
#[derive(Clone, Debug)]
pub struct Release {
    pub rows: usize,
    pub columns: usize,
    pub entries: Vec<Option<u64>>,
}

impl Release {
    pub fn of(table: &ProtectedTable) -> Self {
        let (rows, columns) = table.counts().shape();
        let entries = table
            .counts()
            .positions()
            .map(|position| table.shown(position));
        Self {
            rows,
            columns,
            entries: entries.collect(),
        }
    }

    /// Entries that add up to an entry: cells to totals, row totals and column totals to the grand total.
    fn sums(&self) -> Vec<(usize, Vec<usize>)> {
        let (rows, columns) = (self.rows, self.columns);
        let cells = rows * columns;
        let whole = cells + rows + columns;
        let mut sums: Vec<(usize, Vec<usize>)> = Vec::new();
        for row in 0..rows {
            sums.push((
                cells + row,
                (0..columns).map(|column| row * columns + column).collect(),
            ));
        }
        for column in 0..columns {
            sums.push((
                cells + rows + column,
                (0..rows).map(|row| row * columns + column).collect(),
            ));
        }
        sums.push((whole, (cells..cells + rows).collect()));
        sums.push((whole, (cells + rows..whole).collect()));
        sums
    }
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An entry of a release.
    Entry { release: usize, entry: usize },
    /// By how much an entry grew since the release before.
    Growth { release: usize, entry: usize },
}

/// Lowest and highest value of the target that fit everything published: counts are not negative, tables add up, and from
/// one release to the next answers are only added.
pub fn range(releases: &[Release], target: Target) -> (f64, f64) {
    (
        best(releases, target, OptimizationDirection::Minimize),
        best(releases, target, OptimizationDirection::Maximize),
    )
}

fn best(releases: &[Release], target: Target, direction: OptimizationDirection) -> f64 {
    let coefficient = |release, entry| match target {
        _ if target == (Target::Entry { release, entry }) => 1.0,
        _ if target == (Target::Growth { release, entry }) => 1.0,
        _ if target
            == (Target::Growth {
                release: release + 1,
                entry,
            }) =>
        {
            -1.0
        }
        _ => 0.0,
    };
    let mut problem = Problem::new(direction);
    let mut constant = 0.0;
    let mut variables: Vec<Vec<Result<Variable, f64>>> = Vec::new();
    for (place, release) in releases.iter().enumerate() {
        let entries = release
            .entries
            .iter()
            .enumerate()
            .map(|(entry, shown)| match shown {
                Some(count) => {
                    constant += coefficient(place, entry) * *count as f64;
                    Err(*count as f64)
                }
                None => Ok(problem.add_var(coefficient(place, entry), (0.0, f64::INFINITY))),
            });
        variables.push(entries.collect());
    }
    for (release, entries) in releases.iter().zip(&variables) {
        for (whole, parts) in release.sums() {
            let terms = parts
                .iter()
                .map(|part| (entries[*part], 1.0))
                .chain([(entries[whole], -1.0)]);
            constrain(&mut problem, terms, ComparisonOp::Eq);
        }
    }
    for pair in variables.windows(2) {
        for (before, after) in pair[0].iter().zip(&pair[1]) {
            constrain(
                &mut problem,
                [(*after, 1.0), (*before, -1.0)],
                ComparisonOp::Ge,
            );
        }
    }
    match problem
        .solve()
        .map(|outcome| outcome.into_solution().expect("no time limit"))
    {
        Ok(solution) => solution.objective() + constant,
        Err(Error::Unbounded) => match direction {
            OptimizationDirection::Minimize => f64::NEG_INFINITY,
            OptimizationDirection::Maximize => f64::INFINITY,
        },
        Err(error) => panic!("the truth fits, so there is a solution: {error:?}"),
    }
}

/// `Σ terms` compared with 0; what is known goes to the right side.
fn constrain(
    problem: &mut Problem,
    terms: impl IntoIterator<Item = (Result<Variable, f64>, f64)>,
    comparison: ComparisonOp,
) {
    let mut left = LinearExpr::empty();
    let (mut unknown, mut right) = (0, 0.0);
    for (term, sign) in terms {
        match term {
            Ok(variable) => {
                left.add(variable, sign);
                unknown += 1;
            }
            Err(count) => right -= sign * count,
        }
    }
    if unknown > 0 {
        problem.add_constraint(left, comparison, right);
    }
}
