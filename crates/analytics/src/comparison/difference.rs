//! Differences judged together: significance after correction for many tests, and materiality.

use super::{ComparisonError, benjamini_hochberg_adjusted, covariance::checked, holm_adjusted};
use crate::{Band, interval::t_p_value};
use nalgebra::DMatrix;

/// A difference of two estimates; points on the ruler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// What the difference is.
    pub value: f64,
    /// Its standard error, covariance of the two sides included.
    pub se: f64,
    /// Degrees of freedom of the standard error.
    pub df: f64,
}

impl Difference {
    /// `θ_a − θ_b` with `V = V_a + V_b − 2·C_ab`; rounding never makes the variance negative.
    #[must_use]
    pub fn between(a: (f64, f64), b: (f64, f64), covariance: f64, df: f64) -> Self {
        Self {
            value: a.0 - b.0,
            se: (a.1 + b.1 - 2.0 * covariance).max(0.0).sqrt(),
            df,
        }
    }

    /// Two-sided p-value of the t test; 1 for a difference below a billionth of a point, which is rounding.
    #[must_use]
    pub fn p_value(&self) -> f64 {
        if self.value.abs() < 1e-9 {
            1.0
        } else {
            t_p_value(self.value / self.se, self.df)
        }
    }
}

/// A difference with its p-values and what may be said about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DifferenceTest {
    /// The difference.
    pub difference: Difference,
    /// Two-sided p-value of the t test, before correction.
    pub p_value: f64,
    /// Corrected by Holm over all differences judged together.
    pub p_holm: f64,
    /// Corrected by Benjamini & Hochberg over all differences judged together.
    pub p_bh: f64,
    /// Above or below only when significant after Benjamini-Hochberg and at least as large as the materiality.
    pub band: Band,
}

/// Judges differences together, in the order given.
///
/// `rate` is the false discovery rate, 0 to 1; `materiality` the least difference in points that may be called one.
///
/// Source: methodology A7, B8. Golden numbers: section I `band/*`.
#[must_use]
pub fn judge_differences(
    differences: &[Difference],
    rate: f64,
    materiality: f64,
) -> Vec<DifferenceTest> {
    let p_values: Vec<_> = differences.iter().map(Difference::p_value).collect();
    let (holm, bh) = (
        holm_adjusted(&p_values),
        benjamini_hochberg_adjusted(&p_values),
    );
    differences
        .iter()
        .enumerate()
        .map(|(i, difference)| DifferenceTest {
            difference: *difference,
            p_value: p_values[i],
            p_holm: holm[i],
            p_bh: bh[i],
            band: if bh[i] <= rate {
                material_band(difference.value, materiality)
            } else {
                Band::Same
            },
        })
        .collect()
}

fn material_band(difference: f64, materiality: f64) -> Band {
    if difference.abs() + 1e-9 < materiality {
        Band::Same
    } else if difference > 0.0 {
        Band::Above
    } else {
        Band::Below
    }
}

/// Each unit less the unweighted mean of all of them, covariance included: `V(x_j − x̄) = V_jj − 2·V̄_j· + V̄··`.
///
/// # Errors
/// [`ComparisonError`] when the matrix does not belong to the estimates or holds something that is not a number.
///
/// Source: methodology B8: every unit counts once in the mean.
pub fn class_mean_differences(
    estimates: &[f64],
    covariance: &DMatrix<f64>,
    df: f64,
) -> Result<Vec<Difference>, ComparisonError> {
    checked(estimates, covariance)?;
    let m = estimates.len() as f64;
    let mean = estimates.iter().sum::<f64>() / m;
    let rows: Vec<_> = covariance
        .row_iter()
        .map(|row| row.iter().sum::<f64>() / m)
        .collect();
    let whole = rows.iter().sum::<f64>() / m;
    Ok(estimates
        .iter()
        .enumerate()
        .map(|(j, estimate)| {
            let own = (*estimate, covariance[(j, j)]);
            Difference::between(own, (mean, whole), rows[j], df)
        })
        .collect())
}

/// The arrow beside a score that is compared with the quarter before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrow {
    /// Demonstrably and noticeably higher.
    Up,
    /// No demonstrable change.
    None,
    /// Demonstrably and noticeably lower.
    Down,
}

/// The arrows of all units, judged together; ranks of two quarters are never compared.
///
/// An arrow needs significance after Benjamini-Hochberg at `rate`, which contains the plain t test, and the materiality.
///
/// Source: methodology B10.
#[must_use]
pub fn arrows(changes: &[Difference], rate: f64, materiality: f64) -> Vec<Arrow> {
    judge_differences(changes, rate, materiality)
        .iter()
        .map(|test| match test.band {
            Band::Above => Arrow::Up,
            Band::Same => Arrow::None,
            Band::Below => Arrow::Down,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(value: f64, se: f64) -> Difference {
        Difference {
            value,
            se,
            df: 100.0,
        }
    }

    #[test]
    fn shared_raters_make_a_difference_more_certain() {
        let apart = Difference::between((80.0, 9.0), (70.0, 16.0), 0.0, 10.0);
        let shared = Difference::between((80.0, 9.0), (70.0, 16.0), 8.0, 10.0);

        assert!((apart.value - 10.0).abs() < 1e-15 && (apart.se - 5.0).abs() < 1e-15);
        assert!((shared.se - 3.0).abs() < 1e-15);
        assert!(
            Difference::between((1.0, 1.0), (0.0, 1.0), 1.5, 1.0)
                .se
                .abs()
                < 1e-15
        );
    }

    #[test]
    fn an_arrow_needs_significance_and_a_noticeable_change() {
        let changes = [
            difference(5.0, 1.0),
            difference(-5.0, 1.0),
            difference(1.9, 0.1),
            difference(5.0, 4.0),
            difference(0.0, 0.0),
        ];

        assert_eq!(
            arrows(&changes, 0.05, 2.0),
            [
                Arrow::Up,
                Arrow::Down,
                Arrow::None,
                Arrow::None,
                Arrow::None
            ]
        );
    }

    #[test]
    fn a_lone_significant_change_among_many_is_not_enough() {
        // t = 2.2 has p = 0.03: an arrow alone, none among ten.
        let lone = difference(4.4, 2.0);
        let mut many = vec![difference(0.1, 2.0); 9];
        many.push(lone);

        assert_eq!(arrows(&[lone], 0.05, 2.0), [Arrow::Up]);
        assert_eq!(arrows(&many, 0.05, 2.0)[9], Arrow::None);
    }

    #[test]
    fn the_mean_of_the_class_knows_its_members() {
        // x̄ = (x₁ + x₂)/2, x₁ − x̄ = (x₁ − x₂)/2, variance (9 + 16 − 2·4)/4.
        let covariance = DMatrix::from_row_slice(2, 2, &[9.0, 4.0, 4.0, 16.0]);

        let found = class_mean_differences(&[90.0, 80.0], &covariance, 7.0).unwrap();

        assert!((found[0].value - 5.0).abs() < 1e-12);
        assert!((found[0].se - 17.0_f64.sqrt() / 2.0).abs() < 1e-12);
        assert!((found[1].se - found[0].se).abs() < 1e-12);
    }
}
