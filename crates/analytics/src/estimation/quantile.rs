//! Quantiles of a variable in the population, with intervals by test inversion.

use super::design::SampleDesign;
use super::design_error::DesignError;
use super::linearised::mean;
use super::proportion_interval::{ProportionInterval, ProportionSample, proportion_interval};
use crate::t_quantile;

/// Which value is the quantile where the weighted distribution has a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantileRule {
    /// The smallest value with at least the share `p` of the weight up to it ("math", Hyndman & Fan 1).
    Math,
    /// The same, but halfway to the next value where the share is exactly `p` ("school", Hyndman & Fan 2).
    School,
    /// Linear between the values ("hf7", Hyndman & Fan 7). Among equal values the order of rows decides.
    HyndmanFan7,
}

/// A quantile with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantileEstimate {
    /// The quantile, in the unit of the variable.
    pub estimate: f64,
    /// `None` where the interval of the share leaves 0 to 1 or there are no degrees of freedom.
    pub interval: Option<QuantileInterval>,
}

/// The interval of a quantile, in the unit of the variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantileInterval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Half the width over the t quantile.
    pub se: f64,
}

/// The value below which the share `p` (0 to 1) of the weight lies; `None` when no row with weight has a value.
///
/// Source: Hyndman & Fan 1996; methodology A2. Golden numbers: section A, `quantile/…`.
#[must_use]
pub fn quantile(weights: &[f64], y: &[Option<f64>], p: f64, rule: QuantileRule) -> Option<f64> {
    Distribution::new(weights, y)?.quantile(p, rule)
}

/// A quantile with its interval: the interval of the share below the quantile, mapped back by the same rule.
///
/// `Ok(None)` when no row with weight has a value. `confidence` is a share, 0 to 1.
///
/// Source: Woodruff 1952; Francisco & Fuller 1991; methodology A2. Golden numbers: section A, `quantile/…`.
///
/// # Errors
/// As [`SampleDesign::variance`].
pub fn quantile_estimate(
    design: &SampleDesign,
    y: &[Option<f64>],
    p: f64,
    rule: QuantileRule,
    method: ProportionInterval,
    confidence: f64,
) -> Result<Option<QuantileEstimate>, DesignError> {
    let weights = design.weights();
    let Some(distribution) = Distribution::new(weights, y) else {
        return Ok(None);
    };
    let Some(estimate) = distribution.quantile(p, rule) else {
        return Ok(None);
    };
    let below: Vec<Option<f64>> = y
        .iter()
        .map(|y| y.map(|y| f64::from(u8::from(y <= estimate))))
        .collect();
    let Some(share) = mean(weights, &below) else {
        return Ok(None);
    };
    let df = design.domain_df(&|row| y[row].is_some());
    let sample = ProportionSample {
        estimate: share.estimate,
        variance: design.variance(&share.z)?,
        n: y.iter().flatten().count(),
        df,
    };
    let interval = proportion_interval(&sample, method, confidence)
        .filter(|(low, high)| *low >= 0.0 && *high <= 1.0)
        .and_then(|(low, high)| {
            let lower = distribution.quantile(low, rule)?;
            let upper = distribution.quantile(high, rule)?;
            let se = (upper - lower) / (2.0 * t_quantile(df, confidence));
            Some(QuantileInterval { lower, upper, se })
        });
    Ok(Some(QuantileEstimate { estimate, interval }))
}

/// Values in ascending order with the weight up to and including each.
struct Distribution {
    values: Vec<f64>,
    cumulated: Vec<f64>,
}

impl Distribution {
    fn new(weights: &[f64], y: &[Option<f64>]) -> Option<Self> {
        let rows = weights.iter().zip(y);
        let mut sorted: Vec<(f64, f64)> = rows
            .filter_map(|(w, y)| y.filter(|y| *w > 0.0 && y.is_finite()).map(|y| (y, *w)))
            .collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0.0;
        let cumulated = sorted
            .iter()
            .map(|(_, w)| {
                sum += w;
                sum
            })
            .collect();
        (sum > 0.0).then(|| Self {
            values: sorted.into_iter().map(|(y, _)| y).collect(),
            cumulated,
        })
    }

    fn quantile(&self, p: f64, rule: QuantileRule) -> Option<f64> {
        match rule {
            QuantileRule::HyndmanFan7 => self.interpolated(p),
            _ => self.step(p, rule),
        }
    }

    fn step(&self, p: f64, rule: QuantileRule) -> Option<f64> {
        let wanted = p * self.cumulated.last()?;
        let reached = self.cumulated.partition_point(|sum| *sum <= wanted);
        let next = *self.values.get(reached).or(self.values.last())?;
        let Some(last) = reached.checked_sub(1) else {
            return Some(next);
        };
        if self.cumulated[last] < wanted {
            return Some(next);
        }
        Some(match rule {
            QuantileRule::School => f64::midpoint(self.values[last], next),
            _ => self.values[last],
        })
    }

    /// The k-th value lies at the share of the weight before it in the weight without the last value.
    fn interpolated(&self, p: f64) -> Option<f64> {
        let last = self.values.len().checked_sub(1)?;
        if last == 0 {
            return Some(self.values[0]);
        }
        let wanted = p * self.cumulated[last - 1];
        let above = self.cumulated[..last].partition_point(|sum| *sum < wanted) + 1;
        if above > last {
            return Some(self.values[last]);
        }
        let start = if above == 1 {
            0.0
        } else {
            self.cumulated[above - 2]
        };
        let share = (wanted - start) / (self.cumulated[above - 1] - start);
        let (low, high) = (self.values[above - 1], self.values[above]);
        Some(low + share.max(0.0) * (high - low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_differ_where_the_distribution_is_flat() {
        let (weights, y) = ([1.0; 4], [4.0, 1.0, 3.0, 2.0].map(Some));
        for (p, math, school, hf7) in [
            (0.5, 2.0, 2.5, 2.5),
            (0.6, 3.0, 3.0, 2.8),
            (0.1, 1.0, 1.0, 1.3),
            (1.0, 4.0, 4.0, 4.0),
            (0.0, 1.0, 1.0, 1.0),
        ] {
            for (rule, expected) in [
                (QuantileRule::Math, math),
                (QuantileRule::School, school),
                (QuantileRule::HyndmanFan7, hf7),
            ] {
                let found = quantile(&weights, &y, p, rule).unwrap();
                assert!((found - expected).abs() < 1e-12, "{p} {rule:?}: {found}");
            }
        }
    }

    #[test]
    fn weights_move_the_median_and_nobody_has_none() {
        let y = [Some(1.0), Some(2.0), None];
        let median = |weights: &[f64]| quantile(weights, &y, 0.5, QuantileRule::Math);
        assert_eq!(median(&[3.0, 1.0, 9.0]), Some(1.0));
        assert_eq!(median(&[1.0, 3.0, 9.0]), Some(2.0));
        assert_eq!(median(&[0.0, 0.0, 9.0]), None);
    }

    #[test]
    fn an_interval_that_leaves_the_distribution_has_no_ends() {
        let design = SampleDesign::new(&[1.0; 3], &[], crate::estimation::LonelyPsu::Adjust);
        let y = [1.0, 2.0, 3.0].map(Some);
        let found = quantile_estimate(
            &design.unwrap(),
            &y,
            0.5,
            QuantileRule::Math,
            ProportionInterval::Mean,
            0.95,
        );
        let expected = QuantileEstimate {
            estimate: 2.0,
            interval: None,
        };
        assert_eq!(found, Ok(Some(expected)));
    }
}
