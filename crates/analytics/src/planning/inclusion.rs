//! Drawing with probability proportional to size.

use super::plan_error::PlanError;

/// Inclusion probabilities proportional to `sizes`, summing to `n`; units that would pass 1 are taken with certainty.
///
/// One probability per unit. After the certain units are set aside, the others share what is left, again and again until
/// none passes 1. A unit of size 0 is never drawn.
///
/// # Errors
/// A size below 0 or missing; more units wanted than have a size.
///
/// **Source**: Särndal, Swensson & Wretman 1992 §3.6.2; methodology A1. Golden numbers: `pps/pi`.
pub fn inclusion_probabilities(sizes: &[f64], n: usize) -> Result<Vec<f64>, PlanError> {
    for (unit, &size) in sizes.iter().enumerate() {
        if !(size >= 0.0 && size.is_finite()) {
            return Err(PlanError::Size { unit, size });
        }
    }
    let available = sizes.iter().filter(|size| **size > 0.0).count();
    if n > available {
        return Err(PlanError::TooMany {
            wanted: n as f64,
            available: available as f64,
        });
    }
    let mut certain = vec![false; sizes.len()];
    loop {
        let taken = certain.iter().filter(|it| **it).count();
        let rest: f64 = sizes
            .iter()
            .zip(&certain)
            .filter(|(_, it)| !**it)
            .map(|(x, _)| x)
            .sum();
        let share = if rest > 0.0 {
            (n - taken) as f64 / rest
        } else {
            0.0
        };
        let mut more = false;
        for (size, certain) in sizes.iter().zip(&mut certain) {
            if !*certain && *size > 0.0 && size * share >= 1.0 {
                *certain = true;
                more = true;
            }
        }
        if !more {
            let probability =
                |(size, certain): (&f64, &bool)| if *certain { 1.0 } else { size * share };
            return Ok(sizes.iter().zip(&certain).map(probability).collect());
        }
    }
}

/// Systematic draw: unit `k` is taken when `start + j` for a whole `j` falls into its stretch `(C_{k−1}, C_k]` of the
/// cumulated probabilities. Ascending indices; the order of units matters, `start` is from 0 to below 1.
///
/// # Errors
/// A probability that is not from 0 to 1, a start that is not from 0 to below 1.
///
/// **Source**: Madow 1949; Särndal, Swensson & Wretman 1992 §3.6.2. Golden numbers: `pps/systematic_u037`.
pub fn systematic_selection(probabilities: &[f64], start: f64) -> Result<Vec<usize>, PlanError> {
    if !(0.0..1.0).contains(&start) {
        return Err(PlanError::Goal {
            what: "the start",
            value: start,
            range: "from 0 to below 1",
        });
    }
    let mut selected = Vec::new();
    let (mut cumulated, mut steps) = (0.0, (-start + ON_THE_POINT).floor());
    for (unit, &probability) in probabilities.iter().enumerate() {
        if !(0.0..=1.0).contains(&probability) {
            return Err(PlanError::Size {
                unit,
                size: probability,
            });
        }
        cumulated += probability;
        let next = (cumulated - start + ON_THE_POINT).floor();
        if next > steps {
            selected.push(unit);
        }
        steps = next;
    }
    Ok(selected)
}

/// Cumulated probabilities this close to a point have reached it.
const ON_THE_POINT: f64 = 1e-12;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_large_unit_is_certain_and_the_rest_share() {
        // 2·6∕10 > 1: certain. Then one more of sizes 1, 3, 0.
        let probabilities = inclusion_probabilities(&[6.0, 1.0, 3.0, 0.0], 2).unwrap();

        assert_eq!(probabilities, [1.0, 0.25, 0.75, 0.0]);
    }

    #[test]
    fn taking_one_out_can_make_another_certain() {
        // 3·90∕134 and then 2·40∕44 pass 1.
        let probabilities = inclusion_probabilities(&[90.0, 40.0, 3.0, 1.0], 3).unwrap();

        assert_eq!(probabilities, [1.0, 1.0, 0.75, 0.25]);
    }

    #[test]
    fn bad_sizes_and_too_many_units_are_refused() {
        assert!(matches!(
            inclusion_probabilities(&[1.0, f64::NAN], 1),
            Err(PlanError::Size { unit: 1, .. })
        ));
        assert_eq!(
            inclusion_probabilities(&[1.0, -2.0], 1),
            Err(PlanError::Size {
                unit: 1,
                size: -2.0
            })
        );
        assert_eq!(
            inclusion_probabilities(&[1.0, 0.0], 2),
            Err(PlanError::TooMany {
                wanted: 2.0,
                available: 1.0
            })
        );
    }

    #[test]
    fn the_points_pick_the_units_they_fall_into() {
        // Stretches (0, .5], (.5, .75], (.75, 1.75], (1.75, 2]; points .6 and 1.6.
        assert_eq!(
            systematic_selection(&[0.5, 0.25, 1.0, 0.25], 0.6),
            Ok(vec![1, 2])
        );
        assert!(systematic_selection(&[0.5], 1.0).is_err());
        assert!(systematic_selection(&[1.5], 0.0).is_err());
    }

    proptest! {
        #[test]
        fn as_many_units_are_drawn_as_wanted(
            sizes in proptest::collection::vec(0.1_f64..50.0, 1..60),
            part in 0.0_f64..1.0,
            start in 0.0_f64..0.999,
        ) {
            let n = sizes.iter().enumerate().filter(|(unit, _)| (*unit as f64) < part * sizes.len() as f64).count();

            let probabilities = inclusion_probabilities(&sizes, n).unwrap();

            prop_assert!((probabilities.iter().sum::<f64>() - n as f64).abs() < 1e-9);
            prop_assert!(probabilities.iter().all(|it| (0.0..=1.0).contains(it)));
            prop_assert_eq!(systematic_selection(&probabilities, start).unwrap().len(), n);
        }
    }
}
