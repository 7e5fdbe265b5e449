//! The best allocation in whole numbers.

use super::allocation::{AllocationRule, PlannedStratum, check_limits, claims};
use super::plan_error::PlanError;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The whole numbers that make the variance of the mean smallest: each further unit goes to the stratum with the highest
/// priority `N·S ∕ √(k(k+1))`, where `k` it has. Equal priorities go to the earlier stratum.
///
/// `strata` have their population as cap and begin with `floor`, or with all their people when they have fewer.
/// The draw of respondents by population alone is `response_collection::allocate`.
///
/// # Errors
/// A stratum whose population or spread is below 0 or missing; floors that exceed the sample, a sample that exceeds the
/// population.
///
/// **Source**: Wright 2012, 2017; methodology A10. Golden numbers: `alloc/wright_exact`.
pub fn neyman_integer(
    strata: &[PlannedStratum],
    n: u32,
    floor: u32,
) -> Result<Vec<u32>, PlanError> {
    let claims = claims(strata, AllocationRule::Neyman)?;
    let mut given: Vec<u32> = strata.iter().map(|stratum| most(floor, stratum)).collect();
    let promised: f64 = given.iter().copied().map(f64::from).sum();
    let available: f64 = strata
        .iter()
        .map(|stratum| stratum.population.floor())
        .sum();
    check_limits(f64::from(n), promised, available)?;
    let mut queue: BinaryHeap<Priority> = (0..strata.len())
        .filter_map(|index| Priority::of(index, &claims, &given, strata))
        .collect();
    let mut left = f64::from(n) - promised;
    while left >= 1.0 {
        let Some(Priority { stratum, .. }) = queue.pop() else {
            break;
        };
        given[stratum] += 1;
        left -= 1.0;
        queue.extend(Priority::of(stratum, &claims, &given, strata));
    }
    Ok(given)
}

/// The floor, but not more than there are people.
fn most(floor: u32, stratum: &PlannedStratum) -> u32 {
    (0..floor)
        .rev()
        .map(|k| k + 1)
        .find(|k| f64::from(*k) <= stratum.population)
        .unwrap_or(0)
}

struct Priority {
    value: f64,
    stratum: usize,
}

impl Priority {
    /// `None` when the stratum has no people left.
    fn of(
        stratum: usize,
        claims: &[f64],
        given: &[u32],
        strata: &[PlannedStratum],
    ) -> Option<Self> {
        let k = f64::from(given[stratum]);
        let value = claims[stratum] / (k * (k + 1.0)).sqrt();
        let room = k + 1.0 <= strata[stratum].population;
        room.then_some(Self {
            value: if value.is_nan() { 0.0 } else { value },
            stratum,
        })
    }
}

impl Ord for Priority {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value
            .total_cmp(&other.value)
            .then_with(|| other.stratum.cmp(&self.stratum))
    }
}

impl PartialOrd for Priority {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Priority {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Priority {}

#[cfg(test)]
mod tests {
    use super::super::allocation::variance_of_mean;
    use super::*;
    use proptest::prelude::*;

    fn strata(numbers: &[(f64, f64)]) -> Vec<PlannedStratum> {
        let stratum = |&(population, sd): &(f64, f64)| PlannedStratum {
            population,
            sd,
            mean: 1.0,
        };
        numbers.iter().map(stratum).collect()
    }

    #[test]
    fn priorities_by_hand() {
        // Claims 30 and 20, one unit each to begin with: 30∕√2, 30∕√6 < 20∕√2, then 30∕√6, 20∕√6, 30∕√12.
        let two = strata(&[(10.0, 3.0), (10.0, 2.0)]);
        for (n, expected) in [
            (2, [1, 1]),
            (3, [2, 1]),
            (4, [2, 2]),
            (5, [3, 2]),
            (6, [4, 2]),
        ] {
            assert_eq!(neyman_integer(&two, n, 1).unwrap(), expected, "{n}");
        }
    }

    #[test]
    fn nobody_is_asked_for_more_people_than_it_has() {
        let small = strata(&[(3.0, 100.0), (50.0, 1.0), (1.0, 1.0)]);

        assert_eq!(neyman_integer(&small, 20, 2), Ok(vec![3, 16, 1]));
        assert_eq!(
            neyman_integer(&small, 55, 2),
            Err(PlanError::TooMany {
                wanted: 55.0,
                available: 54.0
            })
        );
        assert_eq!(
            neyman_integer(&small, 4, 2),
            Err(PlanError::FloorsExceedSample {
                wanted: 4.0,
                promised: 5.0
            })
        );
    }

    #[test]
    fn a_stratum_without_spread_gets_its_floor_alone() {
        let flat = strata(&[(50.0, 0.0), (50.0, 1.0)]);

        assert_eq!(neyman_integer(&flat, 12, 0), Ok(vec![0, 12]));
    }

    proptest! {
        #[test]
        fn moving_one_unit_never_helps(
            numbers in proptest::collection::vec((20.0_f64..400.0, 1.0_f64..30.0), 2..6),
            n in 10_u32..60,
        ) {
            let strata = strata(&numbers);
            let as_f64 = |given: &[u32]| -> Vec<f64> { given.iter().copied().map(f64::from).collect() };

            let best = neyman_integer(&strata, n, 1).unwrap();

            let variance = variance_of_mean(&strata, &as_f64(&best));
            for from in (0..best.len()).filter(|index| best[*index] > 1) {
                for to in (0..best.len()).filter(|to| *to != from && f64::from(best[*to]) + 1.0 <= numbers[*to].0) {
                    let mut other = best.clone();
                    other[from] -= 1;
                    other[to] += 1;
                    prop_assert!(variance_of_mean(&strata, &as_f64(&other)) >= variance * (1.0 - 1e-12));
                }
            }
        }
    }
}
