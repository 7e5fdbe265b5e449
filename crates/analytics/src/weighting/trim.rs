//! Extreme weights are capped; what they lose, the others carry.

use super::base::{WeightError, check_weights};
use thiserror::Error;

/// Why weights cannot be trimmed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum TrimError {
    /// The weights themselves are wrong.
    #[error(transparent)]
    Weights(#[from] WeightError),
    /// No set of weights within the limits has this sum.
    #[error("{rows} weights between {lower} and {upper} cannot sum to {sum}: widen the limits")]
    Infeasible {
        /// Weights.
        rows: usize,
        /// Lower limit.
        lower: f64,
        /// Upper limit.
        upper: f64,
        /// Their sum, which trimming keeps.
        sum: f64,
    },
    /// All weights are outside the limits, so nobody can take over.
    #[error("every weight is outside {lower} to {upper}: widen the limits")]
    NobodyLeft {
        /// Lower limit.
        lower: f64,
        /// Upper limit.
        upper: f64,
    },
}

/// How often to trim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trimming {
    /// Once; carrying the rest may push a weight over its limit.
    Once,
    /// Until no weight is outside.
    Strict,
}

/// Weights capped to `lower..=upper`; the difference is spread equally (added) over the weights inside, the sum is kept.
///
/// # Errors
/// Weights below 0 or missing; limits that no weights of this sum can meet, checked first; all weights outside.
///
/// **Source**: Potter 1990; methodology A1. Golden numbers: `trim/once`, `trim/strict` (R `trimWeights`).
pub fn trim(
    weights: &[f64],
    lower: f64,
    upper: f64,
    trimming: Trimming,
) -> Result<Vec<f64>, TrimError> {
    check_weights(weights)?;
    check_feasible(weights, lower, upper)?;
    let mut trimmed = weights.to_vec();
    let mut rounds = match trimming {
        Trimming::Once => 1,
        Trimming::Strict => STRICT_ROUNDS,
    };
    while rounds > 0 && trimmed.iter().any(|weight| outside(*weight, lower, upper)) {
        trim_once(&mut trimmed, lower, upper)?;
        rounds -= 1;
    }
    if trimming == Trimming::Strict {
        // What is still outside is so by rounding only.
        for weight in &mut trimmed {
            *weight = weight.clamp(lower, upper);
        }
    }
    Ok(trimmed)
}

/// Each round hands on a share of the excess of the one before; this many leave nothing a double can hold.
const STRICT_ROUNDS: usize = 10_000;

fn outside(weight: f64, lower: f64, upper: f64) -> bool {
    weight < lower || weight > upper
}

fn check_feasible(weights: &[f64], lower: f64, upper: f64) -> Result<(), TrimError> {
    let sum: f64 = weights.iter().sum();
    let rows = weights.len();
    let reachable = lower * rows as f64 <= sum && sum <= upper * rows as f64;
    if lower <= upper && reachable {
        return Ok(());
    }
    Err(TrimError::Infeasible {
        rows,
        lower,
        upper,
        sum,
    })
}

fn trim_once(weights: &mut [f64], lower: f64, upper: f64) -> Result<(), TrimError> {
    let (mut excess, mut inside) = (0.0, 0_usize);
    for weight in weights.iter() {
        if outside(*weight, lower, upper) {
            excess += weight - weight.clamp(lower, upper);
        } else {
            inside += 1;
        }
    }
    if inside == 0 {
        return Err(TrimError::NobodyLeft { lower, upper });
    }
    let share = excess / inside as f64;
    for weight in weights {
        if outside(*weight, lower, upper) {
            *weight = weight.clamp(lower, upper);
        } else {
            *weight += share;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_excess_is_shared_equally() {
        // 10 → 6 loses 4: the two others gain 2 each.
        assert_eq!(
            trim(&[1.0, 3.0, 10.0], 0.0, 6.0, Trimming::Once),
            Ok(vec![3.0, 5.0, 6.0])
        );
    }

    #[test]
    fn strict_goes_on_where_once_stops() {
        // Once: 10 → 6 pushes 5 to 7. Strict: 7 → 6 gives 0.5 to each of the two inside, one of them 6 again, and so on.
        let weights = [1.0, 5.0, 10.0];

        let once = trim(&weights, 0.0, 6.0, Trimming::Once).unwrap();
        let strict = trim(&weights, 0.0, 6.0, Trimming::Strict).unwrap();

        assert_eq!(once, [3.0, 7.0, 6.0]);
        for (weight, expected) in strict.iter().zip([4.0, 6.0, 6.0]) {
            assert!((weight - expected).abs() < 1e-12, "{strict:?}");
        }
    }

    #[test]
    fn limits_that_cannot_hold_the_sum_are_refused() {
        for (lower, upper) in [(0.0, 2.0), (6.0, 9.0), (5.0, 4.0), (f64::NAN, 9.0)] {
            assert!(matches!(
                trim(&[1.0, 5.0, 10.0], lower, upper, Trimming::Strict),
                Err(TrimError::Infeasible { rows: 3, .. })
            ));
        }
    }

    #[test]
    fn nobody_inside_is_refused() {
        assert_eq!(
            trim(&[1.0, 9.0], 2.0, 8.0, Trimming::Once),
            Err(TrimError::NobodyLeft {
                lower: 2.0,
                upper: 8.0
            })
        );
    }

    proptest! {
        #[test]
        fn strict_keeps_the_sum_and_the_limits(
            weights in proptest::collection::vec(0.5_f64..2.0, 2..40),
            upper in 1.3_f64..1.9,
        ) {
            let sum: f64 = weights.iter().sum();
            let limit = upper.max(sum / weights.len() as f64 + 0.01);

            if let Ok(trimmed) = trim(&weights, 0.4, limit, Trimming::Strict) {
                prop_assert!((trimmed.iter().sum::<f64>() - sum).abs() < 1e-9 * sum);
                prop_assert!(trimmed.iter().all(|weight| (0.4..=limit).contains(weight)));
            }
        }
    }
}
