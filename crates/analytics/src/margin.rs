//! The mean of a domain and its sampling variance.

use crate::{LevelScale, LevelSums};
use vocabulary::StratumId;

/// What one stratum contributes to a domain.
#[derive(Clone, Copy, Debug)]
pub struct StratumPart<'a> {
    /// The stratum.
    pub stratum: &'a StratumId,
    /// PSUs of the stratum in the whole sample, those without rows in the domain included.
    pub psus: u64,
    /// Sums of the domain in the stratum.
    pub sums: &'a LevelSums,
}

/// A weighted mean with its variance.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainMean {
    /// `Σ w·y / Σ w` over valid answers, in the unit of the scale.
    pub mean: f64,
    /// Variance of the mean between PSUs.
    pub variance: f64,
    /// PSUs less strata, counting those with valid answers in the domain.
    pub df: f64,
    /// Strata with one single PSU in the whole sample; they contribute uncentred ("adjust").
    pub lone_strata: Vec<StratumId>,
}

/// Weighted mean of a domain with the with-replacement variance of PSU totals ("ultimate cluster").
///
/// `V = Σ_h n_h/(n_h−1)·(S2_h − S1_h²/n_h)` with `S1 = Σ_j z_j`, `S2 = Σ_j z_j²` and `z_j = Σ_a (y_a − ȳ)·W_ja / Σ W`;
/// a stratum of one PSU adds `S2`. `None` when nobody gave a valid answer: such a domain is empty, never 0.
///
/// Source: Woodruff 1971; Hansen, Hurwitz & Madow 1953; methodology A2, A3, A11 and C2. Golden numbers: R `survey`
/// 4.1-1 `svyby(svymean)` with `lonely.psu = "adjust"`.
#[must_use]
pub fn domain_mean(parts: &[StratumPart<'_>], scale: &LevelScale) -> Option<DomainMean> {
    let mut weight = [0_u128; 5];
    for part in parts {
        for (sum, more) in weight.iter_mut().zip(&part.sums.weight) {
            *sum += u128::from(*more);
        }
    }
    let mean = scale.mean(&weight)?;
    let whole = weight.iter().sum::<u128>() as f64;
    let deviations = scale.values().map(|value| value - mean);
    let answered: Vec<_> = parts.iter().filter(|part| part.sums.psus > 0).collect();
    Some(DomainMean {
        mean,
        variance: answered
            .iter()
            .map(|part| stratum_variance(part, &deviations, whole))
            .sum(),
        df: answered.iter().map(|part| part.sums.psus - 1).sum::<u64>() as f64,
        lone_strata: answered
            .iter()
            .filter(|part| part.psus <= 1)
            .map(|part| part.stratum.clone())
            .collect(),
    })
}

fn stratum_variance(part: &StratumPart<'_>, deviations: &[f64; 5], whole: f64) -> f64 {
    let squares = part.sums.squared_totals(deviations) / (whole * whole);
    if part.psus <= 1 {
        return squares.max(0.0);
    }
    let sum: f64 = deviations
        .iter()
        .zip(&part.sums.weight)
        .map(|(deviation, weight)| deviation * *weight as f64)
        .sum::<f64>()
        / whole;
    let psus = part.psus as f64;
    (psus / (psus - 1.0) * (squares - sum * sum / psus)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PsuTotal;
    use vocabulary::{Level, Weight};

    fn sums(psus: &[&[(Level, i32)]]) -> LevelSums {
        let mut sums = LevelSums::default();
        for psu in psus {
            let mut total = PsuTotal::default();
            for (level, weight) in *psu {
                total.add(*level, Weight::whole(*weight));
            }
            sums.add_psu(&total);
        }
        sums
    }

    #[test]
    fn two_strata_by_hand() {
        // Levels 5,3 | 4 with weights 1,1 | 2: mean (5 + 3 + 8)/4 = 4, z = 1/4, −1/4 | 0.
        // Stratum a: 3 PSUs, one silent about this domain: 3/2·(1/16 + 1/16 − 0) = 3/16. Stratum b: 0.
        let a = sums(&[&[(Level::VerySatisfied, 1)], &[(Level::Fair, 1)]]);
        let b = sums(&[&[(Level::Satisfied, 2)]]);
        let (sa, sb) = (StratumId::from("a"), StratumId::from("b"));
        let parts = [
            StratumPart {
                stratum: &sa,
                psus: 3,
                sums: &a,
            },
            StratumPart {
                stratum: &sb,
                psus: 2,
                sums: &b,
            },
        ];

        let estimate = domain_mean(&parts, &LevelScale::LEVELS).unwrap();

        assert!((estimate.mean - 4.0).abs() < 1e-15);
        assert!((estimate.variance - 3.0 / 16.0).abs() < 1e-15);
        assert!((estimate.df - 1.0).abs() < 1e-15);
        assert!(estimate.lone_strata.is_empty());
    }

    #[test]
    fn a_lone_psu_counts_uncentred_and_is_named() {
        // Levels 5 | 1,1 with weights 2 | 1,1: mean 3, z = 1 | −1/2, −1/2. Lone a: 1. b: 2·(1/2 − 1/2) = 0.
        let a = sums(&[&[(Level::VerySatisfied, 2)]]);
        let b = sums(&[
            &[(Level::VeryDissatisfied, 1)],
            &[(Level::VeryDissatisfied, 1)],
        ]);
        let (sa, sb) = (StratumId::from("a"), StratumId::from("b"));
        let parts = [
            StratumPart {
                stratum: &sa,
                psus: 1,
                sums: &a,
            },
            StratumPart {
                stratum: &sb,
                psus: 2,
                sums: &b,
            },
        ];

        let estimate = domain_mean(&parts, &LevelScale::LEVELS).unwrap();

        assert!((estimate.mean - 3.0).abs() < 1e-15);
        assert!((estimate.variance - 1.0).abs() < 1e-15);
        assert_eq!(estimate.lone_strata, [sa]);
    }

    #[test]
    fn a_domain_of_dont_knows_is_empty_not_zero() {
        let sums = sums(&[&[(Level::DontKnow, 1)]]);
        let stratum = StratumId::from("a");
        let part = StratumPart {
            stratum: &stratum,
            psus: 9,
            sums: &sums,
        };

        assert_eq!(domain_mean(&[part], &LevelScale::TOP_TWO), None);
    }
}
