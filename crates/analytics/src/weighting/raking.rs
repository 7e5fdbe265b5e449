//! Raking on the table of cells (iterative proportional fitting), with or without bounds.

use super::base::check_weights;
use super::calibrated::{Calibrated, Convergence, Stopping};
use super::calibration_error::CalibrationError;
use super::cells::Cells;
use super::constraints::{Constraints, margin_totals};
use super::distance::Bounds;
use super::margin::{Margin, MissingLevels};

/// A raking under way: one factor per cell, improved by every cycle over the margins.
#[derive(Clone, Debug)]
pub struct Raking<'a> {
    margins: &'a [Margin],
    totals: Vec<Vec<f64>>,
    /// Cells of each level of each margin.
    members: Vec<Vec<Vec<usize>>>,
    base: &'a [f64],
    bounds: Option<Bounds>,
    /// Product of all adjustments, before bounds.
    factors: Vec<f64>,
    cycles: usize,
}

impl<'a> Raking<'a> {
    /// Starts from the base weight of every cell; margins in the order of the columns that made the cells.
    ///
    /// # Errors
    /// Weights below 0 or missing; levels missing in the sample or the population; margins that contradict each other;
    /// bounds that do not enclose 1 or cannot meet the total of a level.
    pub fn new(
        base: &'a [f64],
        cells: &Cells,
        margins: &'a [Margin],
        bounds: Option<Bounds>,
    ) -> Result<Self, CalibrationError> {
        check_weights(base)?;
        let totals = margin_totals(cells, base, margins, MissingLevels::Refuse)?;
        let members: Vec<_> = cells
            .levels()
            .iter()
            .zip(&totals)
            .map(|(levels, totals)| members(levels, totals.len(), base))
            .collect();
        let raking = Self {
            margins,
            totals,
            members,
            base,
            bounds,
            factors: vec![1.0; base.len()],
            cycles: 0,
        };
        raking.check_bounds()?;
        Ok(raking)
    }

    /// Adjusts to every margin once, in order.
    pub fn cycle(&mut self) {
        for (totals, members) in self.totals.iter().zip(&self.members) {
            for (total, cells) in totals
                .iter()
                .zip(members)
                .filter(|(total, _)| **total > 0.0)
            {
                let adjustment = match self.bounds {
                    None => total / weight_of(cells, self.base, &self.factors),
                    Some(bounds) => {
                        bounded_adjustment(*total, cells, self.base, &self.factors, bounds)
                    }
                };
                for cell in cells {
                    self.factors[*cell] *= adjustment;
                }
            }
        }
        self.cycles += 1;
    }

    /// Cycles done and the largest relative error of each margin now.
    #[must_use]
    pub fn convergence(&self) -> Convergence {
        let factors = self.factors();
        let errors = self.margins.iter().zip(&self.totals).zip(&self.members);
        Convergence {
            iterations: self.cycles,
            errors: errors
                .map(|((margin, totals), members)| {
                    let error = totals
                        .iter()
                        .zip(members)
                        .filter(|(total, _)| **total > 0.0)
                        .map(|(total, cells)| {
                            (weight_of(cells, self.base, &factors) / total - 1.0).abs()
                        })
                        .fold(0.0, f64::max);
                    (margin.name.clone(), error)
                })
                .collect(),
        }
    }

    /// The factor of every cell, inside the bounds.
    #[must_use]
    pub fn factors(&self) -> Vec<f64> {
        match self.bounds {
            None => self.factors.clone(),
            Some(Bounds { lower, upper }) => self
                .factors
                .iter()
                .map(|factor| factor.clamp(lower, upper))
                .collect(),
        }
    }

    fn check_bounds(&self) -> Result<(), CalibrationError> {
        let Some(bounds) = self.bounds else {
            return Ok(());
        };
        bounds.check()?;
        for ((margin, totals), members) in self.margins.iter().zip(&self.totals).zip(&self.members)
        {
            for (level, (wanted, cells)) in totals.iter().zip(members).enumerate() {
                let base: f64 = cells.iter().map(|cell| self.base[*cell]).sum();
                let (lowest, highest) = (bounds.lower * base, bounds.upper * base);
                if *wanted < lowest || *wanted > highest {
                    return Err(CalibrationError::Infeasible {
                        constraint: margin.level_name(level),
                        wanted: *wanted,
                        lowest,
                        highest,
                    });
                }
            }
        }
        Ok(())
    }
}

/// Weighted cells of each level.
fn members(levels: &[usize], count: usize, base: &[f64]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); count];
    for (cell, level) in levels.iter().enumerate() {
        if base[cell] > 0.0 {
            members[*level].push(cell);
        }
    }
    members
}

fn weight_of(cells: &[usize], base: &[f64], factors: &[f64]) -> f64 {
    cells.iter().map(|cell| base[*cell] * factors[*cell]).sum()
}

/// The adjustment after which the bounded weights of these cells sum to `total`, by halving; it exists, as
/// [`Raking::new`] has checked.
fn bounded_adjustment(
    total: f64,
    cells: &[usize],
    base: &[f64],
    factors: &[f64],
    Bounds { lower, upper }: Bounds,
) -> f64 {
    let sum = |adjustment: f64| -> f64 {
        cells
            .iter()
            .map(|cell| base[*cell] * (adjustment * factors[*cell]).clamp(lower, upper))
            .sum()
    };
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for cell in cells {
        low = low.min(lower / factors[*cell]);
        high = high.max(upper / factors[*cell]);
    }
    while high - low > 1e-15 * high {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if sum(middle) < total {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Rakes the base weights of cells: the factor of every cell, and how the iteration went.
///
/// # Errors
/// As [`Raking::new`]; no convergence.
///
/// **Source**: Deming & Stephan 1940; with bounds, truncated raking of Deville, Särndal & Sautory 1993; methodology A1.
pub fn rake_cells(
    base: &[f64],
    cells: &Cells,
    margins: &[Margin],
    bounds: Option<Bounds>,
    stopping: Stopping,
) -> Result<(Vec<f64>, Convergence), CalibrationError> {
    let mut raking = Raking::new(base, cells, margins, bounds)?;
    let mut convergence = raking.convergence();
    while !convergence.within(stopping.tolerance) {
        if convergence.iterations >= stopping.max_iterations {
            return Err(CalibrationError::NotConverged { convergence });
        }
        raking.cycle();
        convergence = raking.convergence();
    }
    Ok((raking.factors(), convergence))
}

/// Rakes the weights of rows to margins, in the order of the columns that made the cells.
///
/// # Errors
/// As [`rake_cells`].
///
/// **Source**: as [`rake_cells`]. Golden numbers: `cal_weights/rake`.
pub fn rake(
    base: &[f64],
    cells: &Cells,
    margins: &[Margin],
    bounds: Option<Bounds>,
    stopping: Stopping,
) -> Result<Calibrated, CalibrationError> {
    check_weights(base)?;
    let sums = cells.sum(base)?;
    let (factors, convergence) = rake_cells(&sums, cells, margins, bounds, stopping)?;
    let constraints = Constraints::from_margins(cells, &sums, margins)?;
    let weights = cells.spread(base, &factors)?;
    Ok(Calibrated::new(base, weights, constraints, convergence)?)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::margin::tests::margin;
    use super::*;
    use proptest::prelude::*;

    const STOPPING: Stopping = Stopping {
        tolerance: 1e-10,
        max_iterations: 20_000,
    };

    /// Four rows, one per cell of a two by two table.
    fn square() -> Cells {
        Cells::assign(&[&[0, 0, 1, 1], &[0, 1, 0, 1]]).unwrap()
    }

    #[test]
    fn two_margins_by_hand() {
        // Equal weights and independent margins: each cell is row share times column share of 100.
        let margins = [margin("age", &[40.0, 60.0]), margin("sex", &[30.0, 70.0])];

        let raked = rake(&[1.0; 4], &square(), &margins, None, STOPPING).unwrap();

        for (weight, expected) in raked.weights().iter().zip([12.0, 28.0, 18.0, 42.0]) {
            assert!((weight - expected).abs() < 1e-9, "{weight} {expected}");
        }
        assert!(raked.convergence().within(1e-10));
        assert_eq!(raked.convergence().iterations, 1);
    }

    #[test]
    fn contradicting_margins_are_refused() {
        let margins = [margin("age", &[40.0, 60.0]), margin("sex", &[30.0, 72.0])];

        let refused = rake(&[1.0; 4], &square(), &margins, None, STOPPING);

        assert!(
            matches!(refused, Err(CalibrationError::ContradictingTotals { margin, .. }) if margin == "sex")
        );
    }

    #[test]
    fn levels_missing_on_either_side_are_refused() {
        let age = margin("age", &[40.0, 60.0]);
        let short = [margin("age", &[100.0]), margin("sex", &[30.0, 70.0])];
        let long = [age, margin("sex", &[30.0, 60.0, 10.0])];

        let no_total = rake(&[1.0; 4], &square(), &short, None, STOPPING);
        let no_sample = rake(&[1.0; 4], &square(), &long, None, STOPPING);

        assert!(
            matches!(no_total, Err(CalibrationError::LevelNotInPopulation { levels, .. }) if levels == ["#1"])
        );
        assert!(
            matches!(no_sample, Err(CalibrationError::LevelNotInSample { levels, .. }) if levels == ["c"])
        );
    }

    #[test]
    fn margins_that_no_cells_can_meet_do_not_converge() {
        // Only the diagonal occurs, so both margins would have to agree.
        let cells = Cells::assign(&[&[0, 1], &[0, 1]]).unwrap();
        let margins = [margin("age", &[40.0, 60.0]), margin("sex", &[30.0, 70.0])];

        let refused = rake(&[1.0; 2], &cells, &margins, None, Stopping::default());

        let Err(CalibrationError::NotConverged { convergence }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(convergence.iterations, 500);
        assert!(convergence.worst().starts_with("age"), "{convergence:?}");
    }

    #[test]
    fn bounds_too_narrow_for_a_level_are_refused_by_name() {
        let margins = [margin("age", &[2.0, 2.0]), margin("sex", &[1.0, 3.0])];
        let bounds = Bounds {
            lower: 0.8,
            upper: 1.4,
        };

        let refused = rake(&[1.0; 4], &square(), &margins, Some(bounds), STOPPING);

        assert_eq!(
            refused,
            Err(CalibrationError::Infeasible {
                constraint: "sex a".to_owned(),
                wanted: 1.0,
                lowest: 1.6,
                highest: 2.8
            })
        );
    }

    #[test]
    fn a_weight_below_zero_is_refused_by_row() {
        let margins = [margin("age", &[2.0, 2.0]), margin("sex", &[1.0, 3.0])];

        let refused = rake(&[1.0, 1.0, -1.0, 1.0], &square(), &margins, None, STOPPING);

        assert_eq!(
            refused,
            Err(super::super::WeightError::NotAWeight {
                row: 2,
                weight: -1.0
            }
            .into())
        );
    }

    #[test]
    fn the_order_of_margins_does_not_matter() {
        let (age, sex) = (margin("age", &[40.0, 60.0]), margin("sex", &[30.0, 70.0]));
        let base = [1.0, 2.0, 3.0, 5.0];
        let turned = Cells::assign(&[&[0, 1, 0, 1], &[0, 0, 1, 1]]).unwrap();

        let one = rake(
            &base,
            &square(),
            &[age.clone(), sex.clone()],
            None,
            STOPPING,
        )
        .unwrap();
        let other = rake(&base, &turned, &[sex, age], None, STOPPING).unwrap();

        for (a, b) in one.weights().iter().zip(other.weights()) {
            assert!((a - b).abs() < 1e-7, "{a} {b}");
        }
    }

    /// Rows of three margins with a base weight and the factor of a population that exists.
    pub fn populations() -> impl Strategy<Value = Vec<([u32; 3], f64, f64)>> {
        let levels = (0_u32..3, 0_u32..4, 0_u32..2).prop_map(|(a, b, c)| [a, b, c]);
        proptest::collection::vec((levels, 0.5_f64..5.0, 0.6_f64..1.6), 12..60)
    }

    /// Base weights, cells, and the margins that the population has.
    pub fn table(rows: &[([u32; 3], f64, f64)]) -> (Vec<f64>, Cells, Vec<Margin>) {
        let base: Vec<f64> = rows.iter().map(|(_, weight, _)| *weight).collect();
        let column = |k: usize| -> Vec<u32> { rows.iter().map(|(levels, ..)| levels[k]).collect() };
        let columns = [column(0), column(1), column(2)];
        let cells = Cells::assign(&[&columns[0], &columns[1], &columns[2]]).unwrap();
        let margins = [("age", 0, 3), ("district", 1, 4), ("sex", 2, 2)].map(|(name, k, count)| {
            let mut totals = vec![0.0; count];
            for (levels, weight, factor) in rows {
                totals[levels[k] as usize] += weight * factor;
            }
            margin(name, &totals)
        });
        (base, cells, margins.to_vec())
    }

    /// The largest relative error of any level, from the rows.
    pub fn largest_error(
        rows: &[([u32; 3], f64, f64)],
        weights: &[f64],
        margins: &[Margin],
    ) -> f64 {
        let mut largest = 0.0_f64;
        for (k, margin) in margins.iter().enumerate() {
            for (level, (_, total)) in (0..).zip(&margin.levels) {
                let own = rows
                    .iter()
                    .zip(weights)
                    .filter(|((levels, ..), _)| levels[k] == level);
                let sum: f64 = own.map(|(_, weight)| weight).sum();
                largest = largest.max((sum - total).abs() / total.max(1.0));
            }
        }
        largest
    }

    proptest! {
        #[test]
        fn raked_weights_meet_every_margin(rows in populations()) {
            let (base, cells, margins) = table(&rows);

            let raked = rake(&base, &cells, &margins, None, STOPPING).unwrap();

            prop_assert!(largest_error(&rows, raked.weights(), &margins) < 1e-8);
        }

        #[test]
        fn bounded_raking_meets_margins_and_bounds(rows in populations()) {
            let (base, cells, margins) = table(&rows);
            let bounds = Bounds { lower: 0.5, upper: 1.8 };

            let raked = rake(&base, &cells, &margins, Some(bounds), STOPPING).unwrap();

            prop_assert!(largest_error(&rows, raked.weights(), &margins) < 1e-8);
            for (weight, base) in raked.weights().iter().zip(&base) {
                prop_assert!((0.5 - 1e-12..=1.8 + 1e-12).contains(&(weight / base)));
            }
        }
    }
}
