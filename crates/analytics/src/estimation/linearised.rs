//! Estimates with their linearised variables: totals, means, ratios, proportions and what is built from them.

/// An estimate and its linearised variable, the weights already inside, one element per row.
///
/// The variance of the estimate is that of PSU totals of `z`: [`super::SampleDesign::variance`].
#[derive(Clone, Debug, PartialEq)]
pub struct Linearised {
    /// The estimate, in the unit of the variable.
    pub estimate: f64,
    /// One element per row; 0 for rows that do not count.
    pub z: Vec<f64>,
}

/// Keeps the values of the rows in a domain and empties the others.
#[must_use]
pub fn within(y: &[Option<f64>], domain: &dyn Fn(usize) -> bool) -> Vec<Option<f64>> {
    y.iter()
        .enumerate()
        .map(|(row, y)| y.filter(|_| domain(row)))
        .collect()
}

/// Weighted total `Σ w·y` over the rows that have a value.
///
/// `None` when no row has one: an empty domain is not 0. Rows beyond the shorter slice do not count.
///
/// Source: Särndal, Swensson & Wretman 1992, §2.8; methodology A2. Golden numbers: section A, `total/…`.
#[must_use]
pub fn total(weights: &[f64], y: &[Option<f64>]) -> Option<Linearised> {
    weight_sum(weights, y)?;
    let z: Vec<f64> = weights
        .iter()
        .zip(y)
        .map(|(w, y)| y.map_or(0.0, |y| w * y))
        .collect();
    finite(z.iter().sum(), z)
}

/// Weighted mean `Σ w·y ∕ Σ w` over the rows that have a value (don't know and blank are `None`).
///
/// `None` when no row with weight has a value.
///
/// Source: Woodruff 1971; Särndal, Swensson & Wretman 1992, §5.6-5.7; methodology A2. Golden numbers: sections A and C.
#[must_use]
pub fn mean(weights: &[f64], y: &[Option<f64>]) -> Option<Linearised> {
    let whole = weight_sum(weights, y)?;
    let sum: f64 = pairs(weights, y).map(|(w, y)| w * y).sum();
    let estimate = sum / whole;
    let z = weights
        .iter()
        .zip(y)
        .map(|(w, y)| y.map_or(0.0, |y| w * (y - estimate) / whole))
        .collect();
    finite(estimate, z)
}

/// Weighted share of `true` among the rows that have a value, 0 to 1.
///
/// `None` when no row with weight has a value.
///
/// Source: as [`mean`]. Golden numbers: section A, `prop/…`.
#[must_use]
pub fn proportion(weights: &[f64], y: &[Option<bool>]) -> Option<Linearised> {
    let y: Vec<Option<f64>> = y
        .iter()
        .map(|y| y.map(|y| f64::from(u8::from(y))))
        .collect();
    mean(weights, &y)
}

/// Ratio of weighted totals `Σ w·y ∕ Σ w·x` over the rows that have both values.
///
/// `None` when no row has both, or the lower total is 0.
///
/// Source: Särndal, Swensson & Wretman 1992, §5.6; methodology A2. Golden numbers: section A, `ratio/…`.
#[must_use]
pub fn ratio(weights: &[f64], y: &[Option<f64>], x: &[Option<f64>]) -> Option<Linearised> {
    let both: Vec<Option<(f64, f64)>> = y.iter().zip(x).map(|(y, x)| y.zip(*x)).collect();
    let sum = |part: fn((f64, f64)) -> f64| -> f64 {
        let each = weights.iter().zip(&both);
        each.filter_map(|(w, both)| both.map(|both| w * part(both)))
            .sum()
    };
    let (upper, lower) = (sum(|(y, _)| y), sum(|(_, x)| x));
    let estimate = upper / lower;
    let z = weights
        .iter()
        .zip(&both)
        .map(|(w, both)| both.map_or(0.0, |(y, x)| w * (y - estimate * x) / lower))
        .collect();
    finite(estimate, z)
}

/// Any linear combination `Σ c·θ`: differences between departments or quarters, scores over items, composites.
///
/// `None` without terms or when the terms have different numbers of rows.
///
/// Source: methodology A2 (R `svycontrast`). Golden numbers: sections D and E.
#[must_use]
pub fn combination(terms: &[(f64, &Linearised)]) -> Option<Linearised> {
    let estimate = terms.iter().map(|(c, term)| c * term.estimate).sum();
    smooth(estimate, terms)
}

/// A smooth function of estimates: its value, with the linearised variable `Σ ∂f/∂θ·z` ("delta method").
///
/// `terms` are the partial derivatives with the estimates they belong to. `None` as for [`combination`].
///
/// Source: methodology A2 (R `svycontrast` with a quoted expression).
#[must_use]
pub fn smooth(estimate: f64, terms: &[(f64, &Linearised)]) -> Option<Linearised> {
    let (_, first) = terms.first()?;
    let mut z = vec![0.0; first.z.len()];
    for (derivative, term) in terms {
        if term.z.len() != z.len() {
            return None;
        }
        for (sum, z) in z.iter_mut().zip(&term.z) {
            *sum += derivative * z;
        }
    }
    finite(estimate, z)
}

/// `a − b` with its covariance: a department against the whole, one quarter against another.
///
/// `None` when the two have different numbers of rows.
#[must_use]
pub fn difference(a: &Linearised, b: &Linearised) -> Option<Linearised> {
    combination(&[(1.0, a), (-1.0, b)])
}

/// Mean of those estimates that exist, each counting the same: a department's score over its items.
///
/// `None` when none exists. Items nobody answered are left out and their weight is spread over the others.
///
/// Source: methodology B2 and B3. Golden numbers: section D, `dept_score/…`.
#[must_use]
pub fn average(estimates: &[Option<Linearised>]) -> Option<Linearised> {
    let known: Vec<&Linearised> = estimates.iter().flatten().collect();
    let share = 1.0 / known.len() as f64;
    combination(&known.iter().map(|it| (share, *it)).collect::<Vec<_>>())
}

/// Rows that have a value, with their weights.
pub(super) fn pairs<'a>(
    weights: &'a [f64],
    y: &'a [Option<f64>],
) -> impl Iterator<Item = (f64, f64)> + 'a {
    weights
        .iter()
        .zip(y)
        .filter_map(|(w, y)| y.map(|y| (*w, y)))
}

/// `Σ w` over the rows that have a value; `None` when no such row has weight.
pub(super) fn weight_sum(weights: &[f64], y: &[Option<f64>]) -> Option<f64> {
    pairs(weights, y)
        .any(|(w, _)| w.abs() > 0.0)
        .then(|| pairs(weights, y).map(|(w, _)| w).sum())
}

fn finite(estimate: f64, z: Vec<f64>) -> Option<Linearised> {
    let sound = estimate.is_finite() && z.iter().all(|z| z.is_finite());
    sound.then_some(Linearised { estimate, z })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: [f64; 4] = [1.0, 2.0, 1.0, 4.0];
    const Y: [Option<f64>; 4] = [Some(100.0), Some(50.0), None, Some(25.0)];

    fn near(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn totals_means_and_ratios_by_hand() {
        let total = total(&WEIGHTS, &Y).unwrap();
        near(&[total.estimate], &[300.0]);
        near(&total.z, &[100.0, 100.0, 0.0, 100.0]);

        // 300 ∕ 7.
        let mean = mean(&WEIGHTS, &Y).unwrap();
        near(&[mean.estimate], &[300.0 / 7.0]);
        near(&[mean.z[0], mean.z[2]], &[400.0 / 49.0, 0.0]);
        near(&[mean.z.iter().sum::<f64>()], &[0.0]);

        let x = [Some(1.0), Some(1.0), Some(1.0), None];
        let ratio = ratio(&WEIGHTS, &Y, &x).unwrap();
        near(&[ratio.estimate], &[200.0 / 3.0]);
        near(&ratio.z, &[100.0 / 9.0, -100.0 / 9.0, 0.0, 0.0]);
    }

    #[test]
    fn nobody_is_not_zero() {
        let nobody = within(&Y, &|row| row == 2);
        assert_eq!(total(&WEIGHTS, &nobody), None);
        assert_eq!(mean(&WEIGHTS, &nobody), None);
        assert_eq!(mean(&[0.0; 4], &Y), None);
        assert_eq!(proportion(&WEIGHTS, &[None; 4]), None);
        assert_eq!(ratio(&WEIGHTS, &Y, &[Some(0.0); 4]), None);
        assert_eq!(average(&[None, None]), None);
        assert_eq!(combination(&[]), None);
    }

    #[test]
    fn combinations_carry_their_linearised_variables() {
        let a = mean(&WEIGHTS, &Y).unwrap();
        let b = proportion(&WEIGHTS, &[Some(true), Some(false), None, Some(true)]).unwrap();
        near(&[b.estimate], &[5.0 / 7.0]);
        let difference = difference(&a, &b).unwrap();
        near(&[difference.estimate], &[295.0 / 7.0]);
        near(&[difference.z[0]], &[a.z[0] - b.z[0]]);
        let average = average(&[Some(a.clone()), None, Some(b.clone())]).unwrap();
        near(&[average.estimate], &[305.0 / 14.0]);
        near(&[average.z[1]], &[(a.z[1] + b.z[1]) / 2.0]);
        let shorter = mean(&WEIGHTS[..2], &Y[..2]).unwrap();
        assert_eq!(super::difference(&a, &shorter), None);
    }
}
