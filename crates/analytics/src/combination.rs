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

/// One part of a combination whose weight is no rule but a number of an indicator table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Nominal weight in any unit; zero, less and NaN take no part.
    pub weight: f64,
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
    // Steps of a weight are whole numbers far below 2^53: their sums are exact.
    let parts: Vec<_> = terms
        .iter()
        .map(|term| Part {
            weight: term.weight.steps() as f64,
            value: term.value,
        })
        .collect();
    combine_parts(&parts)
}

/// The same for weights that are plain numbers.
///
/// Source: methodology B5. Golden numbers: section K `composite/*`.
#[must_use]
pub fn combine_parts(parts: &[Part]) -> Option<Combination> {
    let nominal: f64 = parts.iter().map(|part| part.weight.max(0.0)).sum();
    let weights: Vec<_> = parts
        .iter()
        .map(|part| part.value.map_or(0.0, |_| part.weight.max(0.0)))
        .collect();
    let there: f64 = weights.iter().sum();
    if there <= 0.0 {
        return None;
    }
    let (mut value, mut variance) = (0.0, 0.0);
    for (part, weight) in parts.iter().zip(&weights) {
        let (x, v) = part.value.unwrap_or_default();
        value += weight * x;
        variance += (weight / there).powi(2) * v;
    }
    Some(Combination {
        value: value / there,
        variance,
        used: weights
            .iter()
            .map(|weight| 100.0 * weight / there)
            .collect(),
        covered: 100.0 * there / nominal,
    })
}
