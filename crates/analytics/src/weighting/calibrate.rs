//! Weights that meet totals of any auxiliary variables, as close to the base weights as a distance says.

use super::base::check_weights;
use super::calibrated::{Calibrated, Convergence, Stopping, rescale, scale_of};
use super::calibration_error::CalibrationError;
use super::constraints::Constraints;
use super::distance::Distance;
use super::redundancy::{PseudoInverse, gram, pseudo_inverse};
use nalgebra::{DMatrix, DVector};

/// Solves `Σ d·F(x'λ)·x = T` by Newton's method with step halving; constraints that follow from others do no harm.
///
/// `base` has one weight `d` per row of the constraints; the result `w = d·F(x'λ)`.
///
/// # Errors
/// Weights below 0 or missing; bounds that do not enclose 1; totals of dependent constraints that contradict each other
/// by more than 10⁻⁶; a total beyond what the bounds allow; no convergence.
///
/// **Source**: Deville & Särndal 1992 eq. 2.1-2.9; methodology A1. Golden numbers: `cal_weights/{lin,lin_bounded,raking,logit}`.
pub fn calibrate(
    base: &[f64],
    constraints: Constraints,
    distance: Distance,
    stopping: Stopping,
) -> Result<Calibrated, CalibrationError> {
    check_weights(base)?;
    distance.check()?;
    let sums = constraints.sum(base)?;
    check_reach(&constraints, &sums, distance)?;
    let (system, base_curvature) = System::new(&constraints, &sums, distance)?;
    let (factors, convergence) = system.solve(&base_curvature, stopping);
    if !convergence.within(stopping.tolerance) {
        return Err(CalibrationError::NotConverged { convergence });
    }
    let weights = base
        .iter()
        .zip(&constraints.pattern_of_row)
        .map(|(weight, pattern)| weight * factors[*pattern as usize])
        .collect();
    Ok(Calibrated::new(base, weights, constraints, convergence)?)
}

/// Refuses a total that no factors in the range of the distance reach.
fn check_reach(
    constraints: &Constraints,
    sums: &[f64],
    distance: Distance,
) -> Result<(), CalibrationError> {
    let (least, most) = distance.range();
    for (column, (name, wanted)) in constraints.x.column_iter().zip(&constraints.totals) {
        let (mut lowest, mut highest) = (0.0, 0.0);
        for product in column.iter().zip(sums).map(|(x, sum)| x * sum) {
            if product != 0.0 {
                lowest += (product * least).min(product * most);
                highest += (product * least).max(product * most);
            }
        }
        let slack = 1e-12 * wanted.abs();
        if *wanted < lowest - slack || *wanted > highest + slack {
            return Err(CalibrationError::Infeasible {
                constraint: name.clone(),
                wanted: *wanted,
                lowest,
                highest,
            });
        }
    }
    Ok(())
}

/// The equations in units in which every constraint has the same size.
struct System<'a> {
    constraints: &'a Constraints,
    sums: &'a [f64],
    distance: Distance,
    scale: DVector<f64>,
    totals: DVector<f64>,
    /// What an error of a total is relative to.
    sizes: DVector<f64>,
}

/// A trial step that leaves the slope steeper than this share, turned downwards, went too far.
const OVERSHOOT: f64 = 0.9;

/// Totals of dependent constraints may differ by this share.
const SAME_TOTAL: f64 = 1e-6;

impl<'a> System<'a> {
    fn new(
        constraints: &'a Constraints,
        sums: &'a [f64],
        distance: Distance,
    ) -> Result<(Self, PseudoInverse), CalibrationError> {
        let gram = gram(&constraints.x, sums);
        let scale = scale_of(&gram);
        let base_curvature = pseudo_inverse(rescale(&gram, &scale));
        let given = constraints.totals.iter().map(|(_, total)| *total);
        let given = DVector::from_iterator(scale.len(), given).component_mul(&scale);
        let totals = without_contradiction(given, &base_curvature, constraints)?;
        let sample = constraints
            .x
            .abs()
            .tr_mul(&DVector::from_column_slice(sums));
        let sizes = sample.component_mul(&scale).sup(&totals.abs());
        let system = Self {
            constraints,
            sums,
            distance,
            scale,
            totals,
            sizes,
        };
        Ok((system, base_curvature))
    }

    /// Factors by pattern, converged or not.
    fn solve(&self, base_curvature: &PseudoInverse, stopping: Stopping) -> (Vec<f64>, Convergence) {
        let mut solution = DVector::zeros(self.totals.len());
        let mut misfit = self.misfit(&solution);
        let mut convergence = self.convergence(0, &misfit);
        while !convergence.within(stopping.tolerance)
            && convergence.iterations < stopping.max_iterations
        {
            let curvature = pseudo_inverse(self.curvature(&solution));
            // Where all rows of a constraint are cut, its own curvature is lost; that of the start still leads uphill.
            let lost = curvature.undetermined.len() > base_curvature.undetermined.len();
            let inverse = if lost { base_curvature } else { &curvature };
            let step = &inverse.inverse * &misfit;
            (solution, misfit) = self.advance(&solution, &misfit, step);
            convergence = self.convergence(convergence.iterations + 1, &misfit);
        }
        let factors = self.predictor(&solution).map(|u| self.distance.factor(u));
        (factors.as_slice().to_vec(), convergence)
    }

    /// Halves the step until it stays finite and does not overshoot the maximum along its direction.
    fn advance(
        &self,
        from: &DVector<f64>,
        misfit: &DVector<f64>,
        mut step: DVector<f64>,
    ) -> (DVector<f64>, DVector<f64>) {
        let mut to = from + &step;
        let mut there = self.misfit(&to);
        for _ in 0..60 {
            if step.dot(&there) >= -OVERSHOOT * step.dot(misfit) {
                break;
            }
            step *= 0.5;
            to = from + &step;
            there = self.misfit(&to);
        }
        (to, there)
    }

    fn predictor(&self, solution: &DVector<f64>) -> DVector<f64> {
        &self.constraints.x * solution.component_mul(&self.scale)
    }

    fn misfit(&self, solution: &DVector<f64>) -> DVector<f64> {
        let mut weights = self.predictor(solution);
        for (u, sum) in weights.iter_mut().zip(self.sums) {
            *u = if *sum > 0.0 {
                sum * self.distance.factor(*u)
            } else {
                0.0
            };
        }
        &self.totals
            - self
                .constraints
                .x
                .tr_mul(&weights)
                .component_mul(&self.scale)
    }

    fn curvature(&self, solution: &DVector<f64>) -> DMatrix<f64> {
        let slopes: Vec<f64> = self
            .predictor(solution)
            .iter()
            .zip(self.sums)
            .map(|(u, sum)| {
                if *sum > 0.0 {
                    sum * self.distance.slope(*u)
                } else {
                    0.0
                }
            })
            .collect();
        rescale(&gram(&self.constraints.x, &slopes), &self.scale)
    }

    fn convergence(&self, iterations: usize, misfit: &DVector<f64>) -> Convergence {
        let names = self.constraints.totals.iter().map(|(name, _)| name.clone());
        let errors = misfit.iter().zip(&self.sizes).map(|(misfit, size)| {
            if *size > 0.0 {
                misfit.abs() / size
            } else {
                misfit.abs()
            }
        });
        Convergence {
            iterations,
            errors: names.zip(errors).collect(),
        }
    }
}

/// Totals freed of what rounding put into directions that no weights can reach.
fn without_contradiction(
    mut totals: DVector<f64>,
    curvature: &PseudoInverse,
    constraints: &Constraints,
) -> Result<DVector<f64>, CalibrationError> {
    for direction in &curvature.undetermined {
        let parts = direction.component_mul(&totals);
        if parts.sum().abs() > SAME_TOTAL * parts.abs().sum() {
            return Err(CalibrationError::DependentTotals {
                constraints: involved(direction, constraints),
            });
        }
    }
    for direction in &curvature.undetermined {
        totals -= direction * direction.dot(&totals);
    }
    Ok(totals)
}

fn involved(direction: &DVector<f64>, constraints: &Constraints) -> Vec<String> {
    direction
        .iter()
        .zip(&constraints.totals)
        .filter(|(part, _)| part.abs() > SAME_TOTAL)
        .map(|(_, (name, _))| name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::distance::Bounds;
    use super::super::raking::tests::{largest_error, populations, table};
    use super::super::{Cells, Margin, rake};
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: Bounds = Bounds {
        lower: 0.5,
        upper: 1.8,
    };
    const STOPPING: Stopping = Stopping {
        tolerance: 1e-10,
        max_iterations: 5_000,
    };

    /// Constraints of one row each.
    fn constraints(rows: usize, values: &[f64], totals: &[(&str, f64)]) -> Constraints {
        let x = DMatrix::from_row_slice(rows, totals.len(), values);
        let totals = totals
            .iter()
            .map(|(name, total)| ((*name).to_owned(), *total));
        Constraints::from_rows(x, totals.collect()).unwrap()
    }

    fn margins_of(cells: &Cells, base: &[f64], margins: &[Margin]) -> Constraints {
        Constraints::from_margins(cells, &cells.sum(base).unwrap(), margins).unwrap()
    }

    #[test]
    fn the_ratio_estimator_by_hand() {
        // One constraint x with total 20, Σ d x = 1·1 + 1·3 = 4: linear λ = (20 − 4)∕(1 + 9), w = 1 + 1.6·x.
        let ratio = constraints(2, &[1.0, 3.0], &[("visits", 20.0)]);

        let result = calibrate(&[1.0, 1.0], ratio, Distance::Linear, STOPPING).unwrap();

        for (weight, expected) in result.weights().iter().zip([2.6, 5.8]) {
            assert!((weight - expected).abs() < 1e-12);
        }
        assert_eq!(result.convergence().iterations, 1);
    }

    #[test]
    fn a_step_that_would_overflow_is_halved() {
        // The first Newton step is λ = 9,999, and e^9999 is no number.
        let far = constraints(1, &[1.0], &[("n", 10_000.0)]);

        let result = calibrate(&[1.0], far, Distance::Raking, STOPPING).unwrap();

        assert!((result.weights()[0] - 10_000.0).abs() < 1e-5);
    }

    #[test]
    fn linear_weights_below_zero_are_counted() {
        // w = 1 + λ·x with λ = (−6 − 2)∕10.
        let total = constraints(2, &[-1.0, 3.0], &[("balance", -6.0)]);

        let result = calibrate(&[1.0, 1.0], total, Distance::Linear, STOPPING).unwrap();

        assert_eq!(result.negative_weights(), 1);
    }

    #[test]
    fn a_total_beyond_the_bounds_is_refused_by_name() {
        for distance in [Distance::Logit(BOUNDS), Distance::TruncatedLinear(BOUNDS)] {
            let far = constraints(2, &[1.0, 3.0], &[("visits", 8.0)]);

            assert_eq!(
                calibrate(&[1.0, 1.0], far, distance, STOPPING),
                Err(CalibrationError::Infeasible {
                    constraint: "visits".to_owned(),
                    wanted: 8.0,
                    lowest: 2.0,
                    highest: 7.2
                })
            );
        }
    }

    #[test]
    fn a_constraint_that_nobody_carries_is_refused() {
        let empty = constraints(2, &[1.0, 0.0, 1.0, 0.0], &[("n", 5.0), ("ships", 1.0)]);

        let refused = calibrate(&[1.0, 1.0], empty, Distance::Raking, STOPPING);

        assert!(
            matches!(refused, Err(CalibrationError::Infeasible { constraint, .. }) if constraint == "ships")
        );
    }

    #[test]
    fn totals_that_cannot_be_met_together_do_not_converge() {
        // Each total alone is within the bounds 0.5 to 1.8, both together ask the rows for 1.7 and 0.1.
        let both = constraints(2, &[1.0, 1.0, 1.0, 2.0], &[("n", 1.8), ("visits", 1.9)]);

        let refused = calibrate(
            &[1.0, 1.0],
            both,
            Distance::Logit(BOUNDS),
            Stopping::default(),
        );

        assert!(
            matches!(refused, Err(CalibrationError::NotConverged { .. })),
            "{refused:?}"
        );
    }

    #[test]
    fn contradicting_dependent_totals_are_refused() {
        let twice = [("n", 5.0), ("people", 5.1)];

        let refused = calibrate(
            &[1.0, 1.0],
            constraints(2, &[1.0; 4], &twice),
            Distance::Linear,
            STOPPING,
        );

        assert_eq!(
            refused,
            Err(CalibrationError::DependentTotals {
                constraints: vec!["n".to_owned(), "people".to_owned()]
            })
        );
    }

    #[test]
    fn bounds_that_do_not_enclose_one_are_refused() {
        let bounds = Bounds {
            lower: 1.2,
            upper: 2.0,
        };

        let refused = calibrate(
            &[1.0],
            constraints(1, &[1.0], &[("n", 1.5)]),
            Distance::Logit(bounds),
            STOPPING,
        );

        assert_eq!(
            refused,
            Err(CalibrationError::Bounds {
                lower: 1.2,
                upper: 2.0
            })
        );
    }

    #[test]
    fn a_calibrated_total_has_no_error() {
        let base = [1.0, 2.0, 1.5];
        let auxiliary = constraints(
            3,
            &[1.0, 4.0, 1.0, 2.0, 1.0, 7.0],
            &[("n", 5.0), ("x", 20.0)],
        );
        let result = calibrate(&base, auxiliary, Distance::Raking, STOPPING).unwrap();

        let z: Vec<f64> = result
            .weights()
            .iter()
            .zip([4.0, 2.0, 7.0])
            .map(|(w, x)| w * x)
            .collect();
        let residuals = result.residuals(&z).unwrap();

        assert!(residuals.iter().all(|residual| residual.abs() < 1e-9));
    }

    proptest! {
        #[test]
        fn every_distance_meets_every_margin(rows in populations()) {
            let (base, cells, margins) = table(&rows);
            for distance in [
                Distance::Linear,
                Distance::Raking,
                Distance::Logit(BOUNDS),
                Distance::TruncatedLinear(BOUNDS),
            ] {
                let constraints = margins_of(&cells, &base, &margins);

                let result = calibrate(&base, constraints, distance, STOPPING);

                let result = result.map_err(|error| TestCaseError::fail(format!("{distance:?} {error}")))?;
                prop_assert!(largest_error(&rows, result.weights(), &margins) < 1e-8, "{distance:?}");
            }
        }

        #[test]
        fn exponential_calibration_is_raking(rows in populations()) {
            let (base, cells, margins) = table(&rows);
            let constraints = margins_of(&cells, &base, &margins);

            let newton = calibrate(&base, constraints, Distance::Raking, STOPPING).unwrap();
            let cycles = rake(&base, &cells, &margins, None, Stopping { max_iterations: 20_000, ..STOPPING }).unwrap();

            for (a, b) in newton.weights().iter().zip(cycles.weights()) {
                prop_assert!((a - b).abs() < 1e-6 * a, "{} {}", a, b);
            }
        }
    }
}
