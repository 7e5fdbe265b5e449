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

/// Values of all entries of all releases that fit everything published.
type Guess = Vec<Vec<f64>>;

impl Target {
    fn value(self, guess: &Guess) -> f64 {
        match self {
            Self::Entry { release, entry } => guess[release][entry],
            Self::Growth { release, entry } => guess[release][entry] - guess[release - 1][entry],
        }
    }

    /// How the value depends on an entry.
    fn coefficient(self, release: usize, entry: usize) -> f64 {
        match self {
            Self::Growth {
                release: r,
                entry: e,
            } if (r, e) == (release + 1, entry) => -1.0,
            Self::Entry {
                release: r,
                entry: e,
            }
            | Self::Growth {
                release: r,
                entry: e,
            } if (r, e) == (release, entry) => 1.0,
            _ => 0.0,
        }
    }

    /// Lowest and highest value in the guesses.
    fn range(self, guesses: &[Guess]) -> (f64, f64) {
        let values = guesses.iter().map(|guess| self.value(guess));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    }
}

/// The targets whose lowest and highest value that fit everything published are less than `protection` apart, with both:
/// counts are not negative, tables add up, and from one release to the next answers are only added.
///
/// What fits is kept: two guesses that are far enough apart settle a target without solving for it.
pub fn narrower_than(
    protection: f64,
    releases: &[Release],
    targets: impl IntoIterator<Item = Target>,
) -> Vec<(Target, f64, f64)> {
    let mut guesses: Vec<Guess> = Vec::new();
    let mut narrow = |target: Target| {
        for direction in [
            OptimizationDirection::Maximize,
            OptimizationDirection::Minimize,
        ] {
            let (low, high) = target.range(&guesses);
            if high - low >= protection {
                return None;
            }
            guesses.push(best(releases, target, direction)?);
        }
        let (low, high) = target.range(&guesses);
        (high - low < protection).then_some((target, low, high))
    };
    targets.into_iter().filter_map(&mut narrow).collect()
}

/// What fits with the least or greatest value of the target; `None` when there is no limit to it.
fn best(releases: &[Release], target: Target, direction: OptimizationDirection) -> Option<Guess> {
    let mut problem = Problem::new(direction);
    let mut variables: Vec<Vec<Result<Variable, f64>>> = Vec::new();
    for (place, release) in releases.iter().enumerate() {
        let entries = release
            .entries
            .iter()
            .enumerate()
            .map(|(entry, shown)| match shown {
                Some(count) => Err(*count as f64),
                None => Ok(problem.add_var(target.coefficient(place, entry), (0.0, f64::INFINITY))),
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
    let solution = match problem.solve() {
        Ok(outcome) => outcome.into_solution().expect("no time limit"),
        Err(Error::Unbounded) => return None,
        Err(error) => panic!("the truth fits, so there is a solution: {error:?}"),
    };
    let value = |entry: &Result<Variable, f64>| entry.map_or_else(|count| count, |v| solution[v]);
    let release = |entries: &Vec<_>| entries.iter().map(value).collect();
    Some(variables.iter().map(release).collect())
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
