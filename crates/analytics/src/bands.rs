//! Bands: clearly above, clearly below, or not to be told apart from the mean of the class.

use crate::{Estimate, interval::t_p_value};
use serde::{Deserialize, Serialize};
use survey_design::BandRules;
use vocabulary::Points;

/// Where a unit stands against the mean of its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Demonstrably and noticeably above.
    Above,
    /// Not demonstrably, or not noticeably, different.
    Same,
    /// Demonstrably and noticeably below.
    Below,
}

/// The test behind a band.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandTest {
    /// Score less the class mean, points.
    pub difference: f64,
    /// Standard error of the difference; the unit's own share in the mean is taken into account.
    pub se: f64,
    /// Two-sided p-value of the t test, before the correction for many tests.
    pub p_value: f64,
    /// The band.
    pub band: Band,
}

/// Tests each unit of a class against the unweighted mean of the class, in the order given.
///
/// `V(x_i − x̄) = V_i·(1 − 2/m) + Σ_k V_k/m²`, units independent. A band other than *same* needs both: significance after
/// Benjamini-Hochberg at the false discovery rate, and a difference of at least the materiality.
///
/// Source: methodology A7 and B8; domain D.8.
#[must_use]
pub fn bands(units: &[Estimate], rules: &BandRules) -> Vec<BandTest> {
    let m = units.len() as f64;
    let mean = units.iter().map(|unit| unit.value).sum::<f64>() / m;
    let shared = units.iter().map(|unit| unit.se * unit.se).sum::<f64>() / (m * m);
    let mut tests: Vec<_> = units
        .iter()
        .map(|unit| {
            let variance = unit.se * unit.se * (1.0 - 2.0 / m) + shared;
            test(unit.value - mean, variance.max(0.0).sqrt(), unit.df)
        })
        .collect();
    let p_values: Vec<_> = tests.iter().map(|test| test.p_value).collect();
    let significant = benjamini_hochberg(&p_values, rules.false_discovery_rate.as_f64());
    for (test, significant) in tests.iter_mut().zip(significant) {
        if significant {
            test.band = material_band(test.difference, rules.materiality);
        }
    }
    tests
}

fn test(difference: f64, se: f64, df: f64) -> BandTest {
    // A difference below a billionth of a point is rounding, not a difference.
    let p_value = if difference.abs() < 1e-9 {
        1.0
    } else {
        t_p_value(difference / se, df)
    };
    BandTest {
        difference,
        se,
        p_value,
        band: Band::Same,
    }
}

fn material_band(difference: f64, materiality: Points) -> Band {
    if difference.abs() + 1e-9 < materiality.as_f64() {
        Band::Same
    } else if difference > 0.0 {
        Band::Above
    } else {
        Band::Below
    }
}

/// Which hypotheses the Benjamini-Hochberg step-up procedure rejects, in the order given.
///
/// Rejected are all p-values up to the largest `p_(k) ≤ k/m·rate`.
///
/// Source: Benjamini & Hochberg 1995.
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64], rate: f64) -> Vec<bool> {
    let mut sorted = p_values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let m = sorted.len() as f64;
    let limit = sorted
        .iter()
        .zip(1_u32..)
        .filter(|(p, k)| **p <= f64::from(*k) / m * rate)
        .map(|(p, _)| *p)
        .last();
    p_values
        .iter()
        .map(|p| limit.is_some_and(|limit| *p <= limit))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Weight;

    fn rules(materiality: i32) -> BandRules {
        BandRules {
            confidence: Weight::parse("0.95").unwrap(),
            false_discovery_rate: Weight::parse("0.05").unwrap(),
            materiality: Points::whole(materiality),
            stream_overdispersion: Weight::parse("1.5").unwrap(),
        }
    }

    fn unit(value: f64, se: f64) -> Estimate {
        Estimate::with_t(value, se * se, 100.0, Weight::parse("0.95").unwrap())
    }

    fn found(units: &[Estimate], materiality: i32) -> Vec<Band> {
        bands(units, &rules(materiality))
            .iter()
            .map(|test| test.band)
            .collect()
    }

    #[test]
    fn the_step_up_procedure_takes_all_below_the_last_crossing() {
        // Benjamini & Hochberg 1995, section 4: 15 tests of a trial at 5 %; the four smallest are rejected.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let rejected = benjamini_hochberg(&p, 0.05);
        assert_eq!(rejected.iter().filter(|r| **r).count(), 4);
        // 0.04 alone misses 0.025, but the later crossing at 0.05 takes both.
        assert_eq!(benjamini_hochberg(&[0.04, 0.05], 0.05), [true, true]);
        assert_eq!(benjamini_hochberg(&[], 0.05), [false; 0]);
    }

    #[test]
    fn a_band_needs_significance_and_a_noticeable_difference() {
        let apart = [unit(90.0, 0.2), unit(86.0, 0.2), unit(82.0, 0.2)];

        assert_eq!(found(&apart, 2), [Band::Above, Band::Same, Band::Below]);
        assert_eq!(found(&apart, 5), [Band::Same; 3]);
        assert_eq!(
            found(&apart.map(|u| unit(u.value, 9.0)), 2),
            [Band::Same; 3]
        );
    }

    #[test]
    fn the_difference_knows_that_the_unit_is_part_of_the_mean() {
        // m = 2: x₁ − x̄ = (x₁ − x₂)/2, variance (9 + 16)/4.
        let tests = bands(&[unit(90.0, 3.0), unit(80.0, 4.0)], &rules(2));

        assert!((tests[0].difference - 5.0).abs() < 1e-12);
        assert!((tests[0].se - 2.5).abs() < 1e-12);
        assert!((tests[1].se - 2.5).abs() < 1e-12);
    }

    #[test]
    fn a_unit_alone_in_its_class_is_the_mean() {
        assert_eq!(found(&[unit(90.0, 0.0)], 2), [Band::Same]);
    }
}
