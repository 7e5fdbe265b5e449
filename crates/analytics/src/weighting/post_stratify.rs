//! Weights scaled to the population of each post-stratum, exactly and in one pass.

use super::base::check_weights;
use super::calibrated::{Calibrated, Convergence};
use super::calibration_error::CalibrationError;
use super::cells::Cells;
use super::constraints::{Constraints, margin_totals};
use super::margin::{Margin, MissingLevels};

/// Post-stratified weights `w·N_g ∕ Σ_g w`; `strata` holds the level id of every row.
///
/// # Errors
/// Weights below 0 or missing; a level of the sample without total; unless left out, a level of the population without
/// sample.
///
/// **Source**: Holt & Smith 1979; methodology A1. Golden numbers: `cal_weights/ps`, `cal_weights/ps_partial`.
pub fn post_stratify(
    base: &[f64],
    strata: &[u32],
    margin: &Margin,
    missing: MissingLevels,
) -> Result<Calibrated, CalibrationError> {
    check_weights(base)?;
    let cells = Cells::assign(&[strata])?;
    let sums = cells.sum(base)?;
    let margins = std::slice::from_ref(margin);
    let totals = margin_totals(&cells, &sums, margins, missing)?;
    let factors: Vec<f64> = cells.levels()[0]
        .iter()
        .zip(&sums)
        .map(|(level, sum)| {
            if *sum > 0.0 {
                totals[0][*level] / sum
            } else {
                1.0
            }
        })
        .collect();
    let weights = cells.spread(base, &factors)?;
    let convergence = Convergence {
        iterations: 1,
        errors: vec![(margin.name.clone(), 0.0)],
    };
    let constraints = Constraints::of_levels(&cells, margins, &totals);
    Ok(Calibrated::new(base, weights, constraints, convergence)?)
}

#[cfg(test)]
mod tests {
    use super::super::margin::tests::margin;
    use super::*;

    #[test]
    fn each_stratum_is_scaled_to_its_population() {
        // Stratum a: 1 + 3 for 8 people, stratum b: 2 for 1.
        let age = margin("age", &[8.0, 1.0]);

        let result =
            post_stratify(&[1.0, 3.0, 2.0], &[0, 0, 1], &age, MissingLevels::Refuse).unwrap();

        assert_eq!(result.weights(), [2.0, 6.0, 1.0]);
    }

    #[test]
    fn the_population_size_of_a_stratum_has_no_error() {
        let age = margin("age", &[8.0, 1.0]);
        let result =
            post_stratify(&[1.0, 3.0, 2.0], &[0, 0, 1], &age, MissingLevels::Refuse).unwrap();

        // The total of 1 over stratum a has z = w there; the residual is 0.
        let residuals = result.residuals(&[2.0, 6.0, 0.0]).unwrap();

        assert!(residuals.iter().all(|residual| residual.abs() < 1e-12));
    }

    #[test]
    fn residuals_are_taken_from_the_mean_by_base_weight() {
        // u = 10 and 2 with d = 1 and 3: mean (10 + 6)∕4 = 4; w = 2 and 6.
        let result = post_stratify(
            &[1.0, 3.0],
            &[0, 0],
            &margin("all", &[8.0]),
            MissingLevels::Refuse,
        )
        .unwrap();

        let residuals = result.residuals(&[20.0, 12.0]).unwrap();

        assert!((residuals[0] - 12.0).abs() < 1e-12, "{residuals:?}");
        assert!((residuals[1] + 12.0).abs() < 1e-12, "{residuals:?}");
    }

    #[test]
    fn a_missing_level_is_refused_or_left_out() {
        let age = margin("age", &[8.0, 1.0, 5.0]);
        let strata = [0, 0, 1];
        let base = [1.0, 3.0, 2.0];

        let refused = post_stratify(&base, &strata, &age, MissingLevels::Refuse);
        let partial = post_stratify(&base, &strata, &age, MissingLevels::LeaveOut).unwrap();

        assert_eq!(
            refused,
            Err(CalibrationError::LevelNotInSample {
                margin: "age".to_owned(),
                levels: vec!["c".to_owned()]
            })
        );
        assert_eq!(partial.weights(), [2.0, 6.0, 1.0]);
    }
}
