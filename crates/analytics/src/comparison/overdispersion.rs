//! Z-scores that allow for more variation between units than sampling explains.

use super::{ComparisonError, sample_quantile};

/// A funnel: units against a target, with the over-dispersion among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Funnel {
    /// Unweighted mean of the units, points: what they are compared with.
    pub target: f64,
    /// φ: mean square of the winsorised z-scores; 1 without over-dispersion.
    pub phi: f64,
    /// τ²: additional variance between units, points squared; 0 when sampling explains everything.
    pub tau2: f64,
    /// One entry per unit.
    pub units: Vec<FunnelUnit>,
}

/// A unit in the funnel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FunnelUnit {
    /// `(y − t)/s`.
    pub z: f64,
    /// `z/√max(φ, 1)`.
    pub z_multiplicative: f64,
    /// `(y − t)/√(s² + τ²)`: the one that bands use.
    pub z_additive: f64,
    /// `τ²/(τ² + s²)`: share of the unit's variation that is signal, 0 to 1.
    pub reliability: f64,
}

/// Puts units into a funnel.
///
/// Z-scores are winsorised at the quantiles `trim` and `1 − trim` (type 7; the usual trim is 0.1) before φ is taken.
/// `τ² = max(0, (p·φ − (p − 1))/(Σω − Σω²/Σω))` with `ω = 1/s²`; 0 with a single unit.
///
/// # Errors
/// [`ComparisonError`]: nothing to compare or columns of different lengths, an estimate that is no number, a standard error that is not above 0.
///
/// Source: Spiegelhalter 2005 (Stat. Med. 24:1185); methodology A8. Golden numbers: section L `funnel/*`.
pub fn funnel(
    estimates: &[f64],
    standard_errors: &[f64],
    trim: f64,
) -> Result<Funnel, ComparisonError> {
    let precisions = precisions(estimates, standard_errors)?;
    let units = estimates.len() as f64;
    let target = estimates.iter().sum::<f64>() / units;
    let z: Vec<_> = estimates
        .iter()
        .zip(standard_errors)
        .map(|(y, s)| (y - target) / s)
        .collect();
    let mut sorted = z.clone();
    let (low, high) = sample_quantile(&mut sorted, trim)
        .zip(sample_quantile(&mut sorted, 1.0 - trim))
        .unwrap_or_default();
    let winsorised = z.iter().map(|z| z.max(low).min(high));
    let phi = winsorised.map(|z| z * z).sum::<f64>() / units;
    let tau2 = between_variance(units * phi, &precisions);
    Ok(Funnel {
        target,
        phi,
        tau2,
        units: estimates
            .iter()
            .zip(standard_errors)
            .zip(z)
            .map(|((y, s), z)| FunnelUnit {
                z,
                z_multiplicative: z / phi.max(1.0).sqrt(),
                z_additive: (y - target) / (s * s + tau2).sqrt(),
                reliability: tau2 / (tau2 + s * s),
            })
            .collect(),
    })
}

/// Whether units differ by more than chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heterogeneity {
    /// Cochran's Q: `Σ ω·(y − ȳ_ω)²`.
    pub q: f64,
    /// Units less one.
    pub df: f64,
    /// DerSimonian-Laird variance between units, points squared.
    pub tau2: f64,
    /// `max(0, (Q − df)/Q)`, 0 to 1; 0 when all are equal.
    pub i2: f64,
}

/// Cochran's Q, the DerSimonian-Laird variance and I².
///
/// # Errors
/// As [`funnel`].
///
/// Source: Cochran 1954; DerSimonian & Laird 1986; Higgins & Thompson 2002; methodology A8. Golden numbers: section L
/// `heterogeneity/*`.
pub fn heterogeneity(
    estimates: &[f64],
    standard_errors: &[f64],
) -> Result<Heterogeneity, ComparisonError> {
    let precisions = precisions(estimates, standard_errors)?;
    let weighted = |f: &dyn Fn(f64) -> f64| -> f64 {
        estimates
            .iter()
            .zip(&precisions)
            .map(|(y, w)| w * f(*y))
            .sum()
    };
    let mean = weighted(&|y| y) / weighted(&|_| 1.0);
    let q = weighted(&|y| (y - mean) * (y - mean));
    let df = estimates.len() as f64 - 1.0;
    Ok(Heterogeneity {
        q,
        df,
        tau2: between_variance(q, &precisions),
        i2: if q > df { (q - df) / q } else { 0.0 },
    })
}

/// `max(0, (Q − (p − 1))/(Σω − Σω²/Σω))`.
fn between_variance(q: f64, precisions: &[f64]) -> f64 {
    let df = precisions.len() as f64 - 1.0;
    let sum: f64 = precisions.iter().sum();
    let squares: f64 = precisions.iter().map(|w| w * w).sum();
    if q > df && df > 0.0 {
        (q - df) / (sum - squares / sum)
    } else {
        0.0
    }
}

fn precisions(estimates: &[f64], standard_errors: &[f64]) -> Result<Vec<f64>, ComparisonError> {
    if estimates.len() != standard_errors.len() || estimates.is_empty() {
        return Err(ComparisonError::Shape {
            estimates: estimates.len(),
            rows: standard_errors.len(),
            columns: 1,
        });
    }
    let precision = |(unit, (y, s)): (usize, (&f64, &f64))| {
        if !y.is_finite() || !s.is_finite() {
            Err(ComparisonError::NotFinite { unit })
        } else if *s <= 0.0 {
            let variance = s * s.abs();
            Err(ComparisonError::Variance { unit, variance })
        } else {
            Ok((s * s).recip())
        }
    };
    estimates
        .iter()
        .zip(standard_errors)
        .enumerate()
        .map(precision)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_errors_give_the_numbers_by_hand() {
        // Units 60, 70, 80 with s = 2: z = −5, 0, 5. Untrimmed φ = 50/3; τ² = (50 − 2)/(3/4 − 1/4) = 96; √(4 + 96) = 10.
        let found = funnel(&[60.0, 70.0, 80.0], &[2.0; 3], 0.0).unwrap();

        assert!((found.target - 70.0).abs() < 1e-12);
        assert!((found.phi - 50.0 / 3.0).abs() < 1e-12);
        assert!((found.tau2 - 96.0).abs() < 1e-10);
        assert!((found.units[2].z - 5.0).abs() < 1e-12);
        assert!((found.units[2].z_additive - 1.0).abs() < 1e-12);
        assert!((found.units[0].z_multiplicative + 5.0 / (50.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!((found.units[0].reliability - 0.96).abs() < 1e-12);
    }

    #[test]
    fn winsorising_keeps_one_outlier_from_hiding_all_others() {
        let estimates = [70.0, 70.5, 69.5, 70.2, 69.8, 70.1, 69.9, 70.0, 70.3, 99.0];
        let phi = |trim| funnel(&estimates, &[1.0; 10], trim).unwrap().phi;

        assert!(phi(0.1) < phi(0.0) / 4.0);
    }

    #[test]
    fn what_chance_explains_leaves_no_variance_between_units() {
        let found = funnel(&[70.0, 70.1], &[5.0, 5.0], 0.1).unwrap();
        assert!(found.tau2.abs() < 1e-15 && found.units[0].reliability.abs() < 1e-15);
        assert!((found.units[0].z_multiplicative - found.units[0].z).abs() < 1e-15);

        let same = heterogeneity(&[70.0, 70.0], &[5.0, 5.0]).unwrap();
        assert!(same.q.abs() < 1e-15 && same.i2.abs() < 1e-15 && same.tau2.abs() < 1e-15);
    }

    #[test]
    fn heterogeneity_by_hand() {
        // Q = (25 + 0 + 25) = 50, df = 2, I² = 48/50.
        let found = heterogeneity(&[60.0, 70.0, 80.0], &[2.0; 3]).unwrap();

        assert!((found.q - 50.0).abs() < 1e-12 && (found.df - 2.0).abs() < 1e-15);
        assert!((found.i2 - 0.96).abs() < 1e-12 && (found.tau2 - 96.0).abs() < 1e-10);
    }

    #[test]
    fn a_unit_without_error_is_refused_by_its_place() {
        assert!(matches!(
            funnel(&[1.0, 2.0], &[1.0, 0.0], 0.1),
            Err(ComparisonError::Variance { unit: 1, .. })
        ));
        assert!(matches!(
            heterogeneity(&[f64::NAN], &[1.0]),
            Err(ComparisonError::NotFinite { unit: 0 })
        ));
        assert!(matches!(
            funnel(&[], &[], 0.1),
            Err(ComparisonError::Shape { .. })
        ));
    }
}
