//! How many people each stratum gets: as unrounded shares of a planned sample, and in whole numbers for a draw.

mod whole;

pub use whole::{Limits, allocate_whole};

use std::fmt;
use survey_design::AllocationRule;

/// What is known about a stratum when a sample is planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlannedStratum {
    /// People in the frame.
    pub population: f64,
    /// Standard deviation of the score, in points.
    pub sd: f64,
    /// Mean of the score, in points; only [`AllocationRule::Power`] needs it.
    pub mean: f64,
}

/// Why a sample cannot be split over its strata.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AllocationRefused {
    /// A number of a stratum cannot be planned with.
    Stratum {
        /// Stratum, from 0.
        stratum: usize,
        /// What was given.
        value: f64,
    },
    /// No stratum has a claim: all sizes or spreads are 0.
    NoClaim,
    /// Fewer people wanted than the floors promise.
    FloorsExceedSample {
        /// Wanted.
        wanted: f64,
        /// Sum of the floors.
        promised: f64,
    },
    /// More people wanted than the strata, or their caps, allow.
    TooMany {
        /// Wanted.
        wanted: f64,
        /// People that can be had.
        available: f64,
    },
}

impl fmt::Display for AllocationRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stratum { stratum, value } => {
                let stratum = stratum + 1;
                write!(
                    f,
                    "第 {stratum} 层的人数、均值或标准差不能用于分配（{value}） / stratum {stratum}: {value} is no size or spread"
                )
            }
            Self::NoClaim => {
                f.write_str("各层的人数或标准差都是 0，无法分配 / no stratum has a claim")
            }
            Self::FloorsExceedSample { wanted, promised } => write!(
                f,
                "要抽 {wanted} 人，各层下限合计 {promised} 人；请降低下限或增加人数 / {wanted} wanted, floors promise {promised}"
            ),
            Self::TooMany { wanted, available } => write!(
                f,
                "要抽 {wanted} 人，各层上限合计只有 {available} 人；请提高上限或减少人数 / {wanted} wanted, {available} can be had"
            ),
        }
    }
}

impl std::error::Error for AllocationRefused {}

/// The square of a stratum's claim; squares need no root, so every machine and language computes the same digits.
///
/// Source: Cochran 1977 ch. 5; Bankier 1988 (power, exponent one half); methodology A10.
fn squared_claim(rule: AllocationRule, stratum: &PlannedStratum) -> f64 {
    let PlannedStratum {
        population,
        sd,
        mean,
    } = *stratum;
    match rule {
        AllocationRule::Proportional => population * population,
        AllocationRule::Equal => 1.0,
        AllocationRule::SquareRoot => population,
        AllocationRule::Neyman => (population * sd) * (population * sd),
        AllocationRule::Power => population * ((sd / mean) * (sd / mean)),
    }
}

/// The sample of `n` split by `rule`, unrounded and unlimited; one number per stratum.
///
/// # Errors
/// A stratum whose numbers give no claim (below 0 or not finite); no stratum with a claim.
///
/// **Source**: Cochran 1977 ch. 5; Bankier 1988 (power); methodology A10. Golden numbers: `alloc/*`.
pub fn allocate(
    strata: &[PlannedStratum],
    rule: AllocationRule,
    n: f64,
) -> Result<Vec<f64>, AllocationRefused> {
    let claims = claims(strata, rule)?;
    let whole: f64 = claims.iter().sum();
    if whole > 0.0 {
        Ok(claims.iter().map(|claim| n * claim / whole).collect())
    } else {
        Err(AllocationRefused::NoClaim)
    }
}

/// As [`allocate`], with at least `floor` per stratum and at most its population; a stratum smaller than the floor is
/// taken whole.
///
/// Strata over their population are capped first, then those below the floor are raised; the rest is split again.
///
/// # Errors
/// As [`allocate`]; floors that exceed the sample, a sample that exceeds the population.
///
/// **Source**: methodology A10. Golden numbers: `alloc/*`, field `alloc_min30`.
pub fn allocate_within(
    strata: &[PlannedStratum],
    rule: AllocationRule,
    n: f64,
    floor: f64,
) -> Result<Vec<f64>, AllocationRefused> {
    let claims = claims(strata, rule)?;
    let caps: Vec<f64> = strata.iter().map(|stratum| stratum.population).collect();
    let floors: Vec<f64> = caps.iter().map(|cap| floor.min(*cap)).collect();
    check_limits(n, floors.iter().sum(), caps.iter().sum())?;
    let mut fixed: Vec<Option<f64>> = vec![None; strata.len()];
    loop {
        let shares = split_the_rest(&claims, &fixed, n)?;
        let over = |index: usize| fixed[index].is_none() && shares[index] > caps[index];
        let under = |index: usize| fixed[index].is_none() && shares[index] < floors[index];
        let overs: Vec<usize> = (0..strata.len()).filter(|index| over(*index)).collect();
        let unders: Vec<usize> = (0..strata.len()).filter(|index| under(*index)).collect();
        let (limited, limits) = if overs.is_empty() {
            (unders, &floors)
        } else {
            (overs, &caps)
        };
        if limited.is_empty() {
            return Ok(shares);
        }
        for index in limited {
            fixed[index] = Some(limits[index]);
        }
    }
}

/// Variance of the estimated population mean under simple random sampling in each stratum:
/// `Σ N²·(1 − n∕N)·S²∕n ∕ (ΣN)²`, in squared points. `allocation` has one number above 0 per stratum.
///
/// **Source**: Cochran 1977 §5.4. Golden numbers: `alloc/*`, field `var_mean`.
#[must_use]
pub fn variance_of_mean(strata: &[PlannedStratum], allocation: &[f64]) -> f64 {
    let whole: f64 = strata.iter().map(|stratum| stratum.population).sum();
    let sum: f64 = strata
        .iter()
        .zip(allocation)
        .map(|(stratum, n)| {
            let PlannedStratum { population, sd, .. } = *stratum;
            population * population * (1.0 - n / population) * sd * sd / n
        })
        .sum();
    sum / (whole * whole)
}

fn check_limits(n: f64, promised: f64, available: f64) -> Result<(), AllocationRefused> {
    if promised > n {
        return Err(AllocationRefused::FloorsExceedSample {
            wanted: n,
            promised,
        });
    }
    if available < n {
        return Err(AllocationRefused::TooMany {
            wanted: n,
            available,
        });
    }
    Ok(())
}

/// The claim of every stratum, refused when it is none.
fn claims(strata: &[PlannedStratum], rule: AllocationRule) -> Result<Vec<f64>, AllocationRefused> {
    let squares = squared_claims(strata, rule)?;
    Ok(squares.into_iter().map(f64::sqrt).collect())
}

fn squared_claims(
    strata: &[PlannedStratum],
    rule: AllocationRule,
) -> Result<Vec<f64>, AllocationRefused> {
    let mut squares = Vec::with_capacity(strata.len());
    for (index, stratum) in strata.iter().enumerate() {
        let square = squared_claim(rule, stratum);
        let unusable = |value: &f64| !(*value >= 0.0 && value.is_finite());
        if let Some(value) = [stratum.population, square].into_iter().find(unusable) {
            return Err(AllocationRefused::Stratum {
                stratum: index,
                value,
            });
        }
        squares.push(square);
    }
    Ok(squares)
}

/// Fixed strata keep theirs; the others split the rest by claim, evenly when none of them has one.
fn split_the_rest(
    claims: &[f64],
    fixed: &[Option<f64>],
    n: f64,
) -> Result<Vec<f64>, AllocationRefused> {
    let rest = n - fixed.iter().flatten().sum::<f64>();
    let open = || {
        claims
            .iter()
            .zip(fixed)
            .filter(|(_, fixed)| fixed.is_none())
    };
    let whole: f64 = open().map(|(claim, _)| claim).sum();
    if whole <= 0.0 && open().count() > 0 {
        return Err(AllocationRefused::NoClaim);
    }
    Ok(claims
        .iter()
        .zip(fixed)
        .map(|(claim, fixed)| fixed.unwrap_or(rest * claim / whole))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strata(numbers: &[(f64, f64, f64)]) -> Vec<PlannedStratum> {
        let stratum = |&(population, sd, mean): &(f64, f64, f64)| PlannedStratum {
            population,
            sd,
            mean,
        };
        numbers.iter().map(stratum).collect()
    }

    fn three() -> Vec<PlannedStratum> {
        strata(&[(100.0, 10.0, 50.0), (400.0, 5.0, 80.0), (900.0, 20.0, 60.0)])
    }

    #[test]
    fn each_rule_by_hand() {
        for (rule, n, expected) in [
            (AllocationRule::Proportional, 140.0, [10.0, 40.0, 90.0]),
            (AllocationRule::Equal, 30.0, [10.0; 3]),
            (AllocationRule::SquareRoot, 60.0, [10.0, 20.0, 30.0]),
            (AllocationRule::Neyman, 210.0, [10.0, 20.0, 180.0]),
            // 10·10∕50 = 2, 20·5∕80 = 1.25, 30·20∕60 = 10.
            (AllocationRule::Power, 13.25, [2.0, 1.25, 10.0]),
        ] {
            let allocated = allocate(&three(), rule, n).unwrap();
            for (found, expected) in allocated.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{rule:?}: {allocated:?}");
            }
        }
    }

    #[test]
    fn floors_and_caps_send_the_rest_to_the_others() {
        // Proportional 3∕30∕30 of 63 become 10 for the first and 53∕2 for the others; 5 people are taken whole.
        let raised = strata(&[(30.0, 1.0, 1.0), (300.0, 1.0, 1.0), (300.0, 1.0, 1.0)]);
        let small = strata(&[(5.0, 1.0, 1.0), (300.0, 1.0, 1.0)]);

        assert_eq!(
            allocate_within(&raised, AllocationRule::Proportional, 63.0, 10.0),
            Ok(vec![10.0, 26.5, 26.5])
        );
        assert_eq!(
            allocate_within(&small, AllocationRule::Equal, 63.0, 10.0),
            Ok(vec![5.0, 58.0])
        );
    }

    #[test]
    fn impossible_plans_are_refused() {
        let within = |n, floor| allocate_within(&three(), AllocationRule::Equal, n, floor);

        assert_eq!(
            within(20.0, 10.0),
            Err(AllocationRefused::FloorsExceedSample {
                wanted: 20.0,
                promised: 30.0
            })
        );
        assert_eq!(
            within(1401.0, 10.0),
            Err(AllocationRefused::TooMany {
                wanted: 1401.0,
                available: 1400.0
            })
        );
        assert!(matches!(
            allocate(
                &strata(&[(10.0, f64::NAN, 1.0)]),
                AllocationRule::Neyman,
                5.0
            ),
            Err(AllocationRefused::Stratum { stratum: 0, .. })
        ));
        assert_eq!(
            allocate(&strata(&[(10.0, 0.0, 1.0)]), AllocationRule::Neyman, 5.0),
            Err(AllocationRefused::NoClaim)
        );
    }

    #[test]
    fn the_variance_of_a_plan_by_hand() {
        // 100²·(1 − 0.1)·100∕10 + 400²·(1 − 0.1)·25∕40 = 90,000 + 90,000; ∕ 500².
        let variance = variance_of_mean(&three()[..2], &[10.0, 40.0]);

        assert!((variance - 0.72).abs() < 1e-12);
    }
}
