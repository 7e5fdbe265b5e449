//! The best allocation in whole numbers.

use super::{AllocationRefused, PlannedStratum, check_limits, squared_claims};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use survey_design::AllocationRule;

/// Least and most people of every stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Least; lowered for all strata alike to what the sample allows. A smaller stratum is taken whole.
    pub minimum: u32,
    /// Most; `None` for the stratum itself.
    pub maximum: Option<u32>,
}

/// The whole numbers nearest the rule, one per stratum, summing to `n`: each further person goes to the stratum with the
/// highest priority `claim ∕ √(k(k+1))`, where `k` it has. Equal priorities go to the earlier stratum.
///
/// Under [`AllocationRule::Neyman`] this makes the variance of the mean smallest. Priorities are compared squared, with
/// multiplication and division alone, which every IEEE 754 machine rounds alike.
///
/// # Errors
/// A stratum whose population or spread is below 0 or missing; a sample above the population or the caps; no claim.
///
/// **Source**: Wright, The American Statistician 66 (2012) and 2017; methodology A10. Golden numbers: `alloc/wright_exact`.
pub fn allocate_whole(
    strata: &[PlannedStratum],
    rule: AllocationRule,
    n: u32,
    limits: Limits,
) -> Result<Vec<u32>, AllocationRefused> {
    let squares = squared_claims(strata, rule)?;
    let caps: Vec<u32> = strata
        .iter()
        .map(|stratum| most(limits.maximum.unwrap_or(u32::MAX), stratum.population))
        .collect();
    check_limits(f64::from(n), 0.0, caps.iter().copied().map(f64::from).sum())?;
    let mut given = floors(&caps, limits.minimum, n);
    let claim = |stratum: usize, seats: u32| {
        (seats < caps[stratum]).then(|| Priority::of(stratum, squares[stratum], seats))
    };
    let mut queue: BinaryHeap<Priority> = (0..strata.len())
        .filter_map(|stratum| claim(stratum, given[stratum]))
        .collect();
    let mut left = n - given.iter().sum::<u32>();
    while left > 0 {
        let Some(Priority { stratum, .. }) = queue.pop() else {
            break;
        };
        given[stratum] += 1;
        left -= 1;
        queue.extend(claim(stratum, given[stratum]));
    }
    Ok(given)
}

/// The largest even floor, up to `minimum`, that `n` people allow.
fn floors(caps: &[u32], minimum: u32, n: u32) -> Vec<u32> {
    let of = |least: u32| caps.iter().map(move |cap| least.min(*cap));
    let promised = |least: u32| of(least).map(u64::from).sum::<u64>();
    let (mut low, mut high) = (0, minimum);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if promised(middle) <= u64::from(n) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    of(low).collect()
}

/// The largest whole number up to both.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "populations were checked to be at least 0, and the conversion saturates"
)]
fn most(cap: u32, population: f64) -> u32 {
    cap.min(population as u32)
}

struct Priority {
    /// A stratum with a claim and nobody yet comes before all others.
    first: bool,
    square: f64,
    stratum: usize,
}

impl Priority {
    fn of(stratum: usize, claim: f64, seats: u32) -> Self {
        let seats = f64::from(seats);
        let first = seats == 0.0 && claim > 0.0;
        let square = match seats {
            0.0 => claim,
            _ => claim / (seats * (seats + 1.0)),
        };
        Self {
            first,
            square,
            stratum,
        }
    }
}

impl Ord for Priority {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.first.cmp(&other.first))
            .then_with(|| self.square.total_cmp(&other.square))
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
mod tests;
