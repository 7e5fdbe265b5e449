//! How many units each stratum gets, as unrounded shares of the sample.

use super::plan_error::PlanError;

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

/// What a stratum's share of the sample is proportional to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AllocationRule {
    /// Its population.
    Proportional,
    /// The same for each.
    Equal,
    /// The square root of its population.
    SquareRoot,
    /// Population times standard deviation: the smallest variance of the overall mean.
    Neyman,
    /// `N^q·S∕Ȳ`: between equal precision (`q = 0`) and Neyman (`q = 1`).
    Power {
        /// Usually ½.
        exponent: f64,
    },
}

impl AllocationRule {
    fn claim(self, stratum: &PlannedStratum) -> f64 {
        let PlannedStratum {
            population,
            sd,
            mean,
        } = *stratum;
        match self {
            Self::Proportional => population,
            Self::Equal => 1.0,
            Self::SquareRoot => population.sqrt(),
            Self::Neyman => population * sd,
            Self::Power { exponent } => population.powf(exponent) * sd / mean,
        }
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
) -> Result<Vec<f64>, PlanError> {
    let claims = claims(strata, rule)?;
    let whole: f64 = claims.iter().sum();
    if whole > 0.0 {
        Ok(claims.iter().map(|claim| n * claim / whole).collect())
    } else {
        Err(PlanError::NoClaim)
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
) -> Result<Vec<f64>, PlanError> {
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

pub(super) fn check_limits(n: f64, promised: f64, available: f64) -> Result<(), PlanError> {
    if promised > n {
        return Err(PlanError::FloorsExceedSample {
            wanted: n,
            promised,
        });
    }
    if available < n {
        return Err(PlanError::TooMany {
            wanted: n,
            available,
        });
    }
    Ok(())
}

/// The claim of every stratum, refused when it is none.
pub(super) fn claims(
    strata: &[PlannedStratum],
    rule: AllocationRule,
) -> Result<Vec<f64>, PlanError> {
    let mut claims = Vec::with_capacity(strata.len());
    for (index, stratum) in strata.iter().enumerate() {
        let claim = rule.claim(stratum);
        for (what, value) in [("the population", stratum.population), ("the claim", claim)] {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(PlanError::Stratum {
                    stratum: index,
                    what,
                    value,
                });
            }
        }
        claims.push(claim);
    }
    Ok(claims)
}

/// Fixed strata keep theirs; the others split the rest by claim, evenly when none of them has one.
fn split_the_rest(claims: &[f64], fixed: &[Option<f64>], n: f64) -> Result<Vec<f64>, PlanError> {
    let rest = n - fixed.iter().flatten().sum::<f64>();
    let open = || {
        claims
            .iter()
            .zip(fixed)
            .filter(|(_, fixed)| fixed.is_none())
    };
    let whole: f64 = open().map(|(claim, _)| claim).sum();
    if whole <= 0.0 && open().count() > 0 {
        return Err(PlanError::NoClaim);
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
            (
                AllocationRule::Power { exponent: 0.5 },
                13.25,
                [2.0, 1.25, 10.0],
            ),
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
            Err(PlanError::FloorsExceedSample {
                wanted: 20.0,
                promised: 30.0
            })
        );
        assert_eq!(
            within(1401.0, 10.0),
            Err(PlanError::TooMany {
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
            Err(PlanError::Stratum {
                stratum: 0,
                what: "the claim",
                ..
            })
        ));
        assert_eq!(
            allocate(&strata(&[(10.0, 0.0, 1.0)]), AllocationRule::Neyman, 5.0),
            Err(PlanError::NoClaim)
        );
    }

    #[test]
    fn the_variance_of_a_plan_by_hand() {
        // 100²·(1 − 0.1)·100∕10 + 400²·(1 − 0.1)·25∕40 = 90,000 + 90,000; ∕ 500².
        let variance = variance_of_mean(&three()[..2], &[10.0, 40.0]);

        assert!((variance - 0.72).abs() < 1e-12);
    }
}
