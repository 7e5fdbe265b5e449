//! Bands: clearly above, clearly below, or not to be told apart from the mean of the class.

use crate::{
    Estimate,
    comparison::{Difference, DifferenceTest, judge_differences},
};
use serde::{Deserialize, Serialize};
use survey_design::BandRules;

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

/// Tests each unit of a class against the unweighted mean of the class, in the order given.
///
/// `V(x_i − x̄) = V_i·(1 − 2/m) + Σ_k V_k/m²`, units independent. A band other than *same* needs both: significance after
/// Benjamini-Hochberg at the false discovery rate, and a difference of at least the materiality.
///
/// Source: methodology A7 and B8; domain D.8.
#[must_use]
pub fn bands(units: &[Estimate], rules: &BandRules) -> Vec<DifferenceTest> {
    let m = units.len() as f64;
    let mean = units.iter().map(|unit| unit.value).sum::<f64>() / m;
    let shared = units.iter().map(|unit| unit.se * unit.se).sum::<f64>() / (m * m);
    let differences: Vec<_> = units
        .iter()
        .map(|unit| {
            let variance = unit.se * unit.se * (1.0 - 2.0 / m) + shared;
            Difference {
                value: unit.value - mean,
                se: variance.max(0.0).sqrt(),
                df: unit.df,
            }
        })
        .collect();
    judge_differences(
        &differences,
        rules.false_discovery_rate.as_f64(),
        rules.materiality.as_f64(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{Points, Weight};

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

        assert!((tests[0].difference.value - 5.0).abs() < 1e-12);
        assert!((tests[0].difference.se - 2.5).abs() < 1e-12);
        assert!((tests[1].difference.se - 2.5).abs() < 1e-12);
    }

    #[test]
    fn a_unit_alone_in_its_class_is_the_mean() {
        assert_eq!(found(&[unit(90.0, 0.0)], 2), [Band::Same]);
    }
}
