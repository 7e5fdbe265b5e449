//! Replicate weights: an estimate recomputed with one PSU left out at a time, or with PSUs drawn again.

use super::design::{LonelyPsu, SampleDesign};
use super::design_error::DesignError;
use super::stage_units::StageUnits;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Around what the replicate estimates are squared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centre {
    /// Their mean: R's default.
    Mean,
    /// The estimate of the whole sample, which also sees a bias (R `mse = TRUE`).
    Estimate,
}

/// An estimate with its replicate variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replicated {
    /// The estimate of the whole sample.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
    /// Replicates that had no estimate, as when the PSU left out was the whole domain; they do not count.
    pub without_estimate: usize,
}

/// Sets of weights made from one design. Only the first stage varies.
#[derive(Clone, Debug)]
pub struct Replicates<'a> {
    design: &'a SampleDesign,
    plans: Vec<Plan>,
    df: f64,
}

/// One set of weights and what its squared deviation is multiplied with.
#[derive(Clone, Debug)]
struct Plan {
    change: Change,
    scale: f64,
}

#[derive(Clone, Debug)]
enum Change {
    /// Leaves out a PSU and multiplies the others of its stratum.
    LeaveOut { unit: usize, others: f64 },
    /// Leaves out the only PSU of its stratum and multiplies all others.
    LeaveOutLonely { unit: usize, others: f64 },
    /// Multiplies each PSU.
    Multiply(Vec<f64>),
}

impl Change {
    fn factor(&self, unit: usize, units: &StageUnits) -> f64 {
        let stratum = |unit: usize| units.stratum_of_unit[unit];
        match self {
            Self::LeaveOut { unit: out, .. } | Self::LeaveOutLonely { unit: out, .. }
                if *out == unit =>
            {
                0.0
            }
            Self::LeaveOut { unit: out, others } if stratum(*out) == stratum(unit) => *others,
            Self::LeaveOut { .. } => 1.0,
            Self::LeaveOutLonely { others, .. } => *others,
            Self::Multiply(factors) => factors[unit],
        }
    }
}

impl<'a> Replicates<'a> {
    /// Leaves out one PSU at a time: JK1 for a design of one stratum, JKn for several.
    ///
    /// The others of its stratum weigh `n_h∕(n_h−1)` times as much; squares count `(n_h−1)∕n_h`, times the share of the frame
    /// not sampled where the population is known. A lonely PSU is left out of the whole under [`LonelyPsu::Adjust`] (all
    /// others `H∕(H−1)`, squares `(H−1)∕H` for `H` strata) and stays in under the rules that count nothing for it.
    ///
    /// Source: Wolter 2007, ch. 4; Rust & Rao 1996; methodology A5. Golden numbers: section F.
    ///
    /// # Errors
    /// A lonely PSU under [`LonelyPsu::Fail`] or [`LonelyPsu::Average`], or as the only stratum.
    pub fn jackknife(design: &'a SampleDesign) -> Result<Self, DesignError> {
        let units = design.first_stage();
        let strata = units.strata.len() as f64;
        let mut plans = Vec::new();
        let mut lonely = 0.0;
        for (unit, h) in units.stratum_of_unit.iter().enumerate() {
            let stratum = &units.strata[*h];
            let n = stratum.units as f64;
            if stratum.units > 1 {
                plans.push(Plan {
                    change: Change::LeaveOut {
                        unit,
                        others: n / (n - 1.0),
                    },
                    scale: (n - 1.0) / n * stratum.unsampled(),
                });
                continue;
            }
            match design.lonely() {
                LonelyPsu::Remove | LonelyPsu::Certainty => {}
                LonelyPsu::Adjust if strata > 1.0 => {
                    lonely += 1.0;
                    plans.push(Plan {
                        change: Change::LeaveOutLonely {
                            unit,
                            others: strata / (strata - 1.0),
                        },
                        scale: (strata - 1.0) / strata * stratum.unsampled(),
                    });
                }
                _ => return Err(units.lonely_psu(*h)),
            }
        }
        let df = design.df() + lonely;
        Ok(Self { design, plans, df })
    }

    /// Draws `n_h − 1` PSUs with replacement in each stratum, `count` times; a lonely PSU stays as it is.
    ///
    /// The same seed draws the same PSUs on every machine.
    ///
    /// Source: Rao & Wu 1988; golden number `rep/svymean_s1/bootstrap1000`.
    #[must_use]
    pub fn bootstrap(design: &'a SampleDesign, count: usize, seed: u64) -> Self {
        let units = design.first_stage();
        let mut members = vec![Vec::new(); units.strata.len()];
        for (unit, h) in units.stratum_of_unit.iter().enumerate() {
            members[*h].push(unit);
        }
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        let plans = (0..count)
            .map(|_| Plan {
                change: Change::Multiply(drawn_again(&members, &mut generator)),
                scale: 1.0 / (count as f64 - 1.0),
            })
            .collect();
        let df = design.df();
        Self { design, plans, df }
    }

    /// How many sets of weights there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.plans.len()
    }

    /// Degrees of freedom: PSUs − strata, and one more for each lonely PSU that is left out.
    #[must_use]
    pub fn df(&self) -> f64 {
        self.df
    }

    /// One set of weights, one element per row; `None` when there is no such replicate.
    #[must_use]
    pub fn weights(&self, replicate: usize) -> Option<Vec<f64>> {
        let plan = self.plans.get(replicate)?;
        let units = self.design.first_stage();
        let factors: Vec<f64> = (0..units.stratum_of_unit.len())
            .map(|unit| plan.change.factor(unit, units))
            .collect();
        let rows = self.design.weights().iter().zip(&units.unit_of_row);
        Some(rows.map(|(w, unit)| w * factors[*unit]).collect())
    }

    /// Any statistic of the weights with its replicate variance; calibrating inside `statistic` calibrates every replicate.
    ///
    /// `None` when the whole sample has no estimate, or no replicate has.
    pub fn variance(
        &self,
        centre: Centre,
        statistic: impl Fn(&[f64]) -> Option<f64>,
    ) -> Option<Replicated> {
        let estimate = statistic(self.design.weights())?;
        let replicates: Vec<(f64, f64)> = (0..self.count())
            .filter_map(|replicate| {
                let value = statistic(&self.weights(replicate)?)?;
                Some((self.plans[replicate].scale, value))
            })
            .collect();
        let centre = match centre {
            Centre::Estimate => estimate,
            Centre::Mean => {
                let sum: f64 = replicates.iter().map(|(_, value)| value).sum();
                sum / replicates.len() as f64
            }
        };
        let squares = |(scale, value): &(f64, f64)| scale * (value - centre).powi(2);
        (!replicates.is_empty()).then(|| Replicated {
            estimate,
            variance: replicates.iter().map(squares).sum(),
            without_estimate: self.count() - replicates.len(),
        })
    }
}

/// Per PSU: how often it was drawn among `n − 1` of its stratum, times `n∕(n−1)`.
fn drawn_again(members: &[Vec<usize>], generator: &mut ChaCha8Rng) -> Vec<f64> {
    let units = members.iter().map(Vec::len).sum();
    let mut factors = vec![0.0; units];
    for stratum in members {
        let n = stratum.len();
        if let [lonely] = stratum[..] {
            factors[lonely] = 1.0;
            continue;
        }
        for _ in 1..n {
            factors[stratum[generator.random_range(0..n)]] += n as f64 / (n as f64 - 1.0);
        }
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimation::{Stage, total};

    const Y: [Option<f64>; 4] = [Some(1.0), Some(3.0), Some(4.0), Some(8.0)];

    fn design(strata: &[u32], lonely: LonelyPsu) -> SampleDesign {
        let stage = Stage {
            strata: Some(strata),
            ..Stage::default()
        };
        SampleDesign::new(&[1.0; 4], &[stage], lonely).unwrap()
    }

    fn sum(weights: &[f64]) -> Option<f64> {
        total(weights, &Y).map(|total| total.estimate)
    }

    #[test]
    fn the_jackknife_of_a_total_is_its_linearised_variance() {
        for strata in [[1, 1, 2, 2], [1, 1, 1, 1]] {
            let design = design(&strata, LonelyPsu::Fail);
            let linearised = total(design.weights(), &Y).unwrap();
            let expected = design.variance(&linearised.z).unwrap();
            let jackknife = Replicates::jackknife(&design).unwrap();
            for centre in [Centre::Mean, Centre::Estimate] {
                let found = jackknife.variance(centre, sum).unwrap();
                assert!((found.variance - expected).abs() < 1e-12, "{found:?}");
                assert!((found.estimate - 16.0).abs() < 1e-12);
            }
            assert!((jackknife.df() - design.df()).abs() < 1e-12);
        }
    }

    #[test]
    fn a_lonely_psu_is_left_out_of_the_whole_or_refused() {
        // Strata {1, 3, 4} and {8}: 18.5, 15.5 and 14 without 1, 3 and 4; 2·8 without 8. 2/3·(2.5² + 0.5² + 2²) + 1/2·0² = 7.
        let strata = [1, 1, 1, 2];
        let adjusted = design(&strata, LonelyPsu::Adjust);
        let jackknife = Replicates::jackknife(&adjusted).unwrap();
        assert_eq!(jackknife.count(), 4);
        assert_eq!(jackknife.weights(3), Some(vec![2.0, 2.0, 2.0, 0.0]));
        assert_eq!(jackknife.weights(4), None);
        let found = jackknife.variance(Centre::Estimate, sum).unwrap().variance;
        assert!((found - 7.0).abs() < 1e-12, "{found}");

        let refused = design(&strata, LonelyPsu::Fail);
        assert!(matches!(
            Replicates::jackknife(&refused),
            Err(DesignError::LonelyPsu { stratum: 2, .. })
        ));
        let kept = design(&strata, LonelyPsu::Remove);
        assert_eq!(Replicates::jackknife(&kept).unwrap().count(), 3);
    }

    #[test]
    fn replicates_without_an_estimate_are_counted_not_guessed() {
        let design = design(&[1, 1, 2, 2], LonelyPsu::Fail);
        let jackknife = Replicates::jackknife(&design).unwrap();
        let only_first = |weights: &[f64]| (weights[0] > 0.0).then_some(weights[0]);
        let found = jackknife.variance(Centre::Mean, only_first).unwrap();
        assert_eq!(found.without_estimate, 1);
        assert_eq!(jackknife.variance(Centre::Mean, |_| None), None);
    }

    #[test]
    fn the_bootstrap_repeats_itself_and_keeps_every_stratum_as_large() {
        let design = design(&[1, 1, 1, 2], LonelyPsu::Adjust);
        let draws = |seed| Replicates::bootstrap(&design, 50, seed);
        for replicate in 0..50 {
            let weights = draws(7).weights(replicate).unwrap();
            assert_eq!(Some(&weights), draws(7).weights(replicate).as_ref());
            assert!((weights.iter().sum::<f64>() - 4.0).abs() < 1e-12);
            assert!((weights[3] - 1.0).abs() < 1e-12);
        }
        let all = |seed| {
            (0..50)
                .map(|it| draws(seed).weights(it))
                .collect::<Vec<_>>()
        };
        assert_ne!(all(7), all(8));
    }
}
