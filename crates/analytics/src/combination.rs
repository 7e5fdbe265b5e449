//! Weighted means of parts of which some may be missing.

use vocabulary::Weight;

/// One part of a combination.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Nominal weight; zero and less takes no part.
    pub weight: Weight,
    /// Value and variance, or nothing when the part is missing.
    pub value: Option<(f64, f64)>,
}

/// A combination of the parts that are there.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// `Σ w·x / Σ w` over the parts that are there.
    pub value: f64,
    /// `Σ (w/Σw)²·V`: parts are independent.
    pub variance: f64,
    /// Weight each part has in the end, 0-100, in the order given; zero for a missing one.
    pub used: Vec<f64>,
    /// Share of the nominal weight that is there, 0-100.
    pub covered: f64,
}

/// Combines parts in proportion to their weights; the weight of missing parts goes to the others in proportion.
///
/// `None` when no part is there.
///
/// Source: domain D.2 and D.9; variance methodology B5.
#[must_use]
pub fn combine(terms: &[Term]) -> Option<Combination> {
    let steps = |term: &Term| term.weight.steps().max(0);
    let nominal: i64 = terms.iter().map(steps).sum();
    let there: i64 = terms
        .iter()
        .filter(|term| term.value.is_some())
        .map(steps)
        .sum();
    if there == 0 {
        return None;
    }
    let (mut value, mut variance, mut used) = (0.0, 0.0, Vec::with_capacity(terms.len()));
    for term in terms {
        let weight = term.value.map_or(0, |_| steps(term)) as f64;
        let (x, v) = term.value.unwrap_or_default();
        value += weight * x;
        variance += (weight / there as f64).powi(2) * v;
        used.push(100.0 * weight / there as f64);
    }
    Some(Combination {
        value: value / there as f64,
        variance,
        used,
        covered: 100.0 * there as f64 / nominal as f64,
    })
}
