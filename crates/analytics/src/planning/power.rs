//! What a comparison can find, and how many people it needs.

use super::noncentral_t::upper_tail;
use super::plan_error::{PlanError, inside, positive, share};
use crate::{normal_quantile, t_quantile};

/// How sure a two-sided test is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerGoal {
    /// Confidence of the test, as a share: 0.95 for 5 %.
    pub confidence: f64,
    /// Chance to find a difference that is there, above ½: 0.8.
    pub power: f64,
}

/// Two means to be told apart: two units, or two quarters of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Standard deviations of the score on both sides, in points.
    pub sds: [f64; 2],
    /// Design effect expected.
    pub design_effect: f64,
    /// Correlation of both means, from shared PSUs or a panel; 0 for separate samples.
    pub correlation: f64,
}

impl Comparison {
    /// Variance of the difference times the people per side.
    fn unit_variance(&self) -> Result<f64, PlanError> {
        let [a, b] = self.sds;
        positive("a standard deviation", a)?;
        positive("a standard deviation", b)?;
        positive("the design effect", self.design_effect)?;
        inside(
            "the correlation",
            self.correlation,
            (-1.0, 1.0),
            "between −1 and 1",
        )?;
        Ok((a * a + b * b - 2.0 * self.correlation * a * b) * self.design_effect)
    }
}

impl PowerGoal {
    fn check(self) -> Result<(), PlanError> {
        share("the confidence", self.confidence)?;
        inside("the power", self.power, (0.5, 1.0), "between ½ and 1")
    }

    /// `z_{1−α∕2}` and `z_{1−β}`.
    fn quantiles(self) -> Result<(f64, f64), PlanError> {
        self.check()?;
        let power = normal_quantile(2.0 * self.power - 1.0);
        Ok((normal_quantile(self.confidence), power))
    }
}

/// People per side that find a difference of `difference` points: `(z_{1−α∕2}+z_{1−β})²·(S₁²+S₂²−2ρS₁S₂)·deff ∕ δ²`.
///
/// # Errors
/// A number outside its range.
///
/// **Source**: methodology A10. Golden numbers: `power/mean_z`.
pub fn people_per_side(
    comparison: &Comparison,
    difference: f64,
    goal: PowerGoal,
) -> Result<f64, PlanError> {
    positive("the difference", difference)?;
    let (test, power) = goal.quantiles()?;
    Ok(((test + power) / difference).powi(2) * comparison.unit_variance()?)
}

/// The smallest difference, in points, that `people` per side find: `(z_{1−α∕2}+z_{1−β})·√((S₁²+S₂²−2ρS₁S₂)·deff ∕ n)`.
///
/// # Errors
/// A number outside its range.
///
/// **Source**: methodology A10. Golden numbers: `mdd/mean`.
pub fn detectable_difference(
    comparison: &Comparison,
    people: f64,
    goal: PowerGoal,
) -> Result<f64, PlanError> {
    positive("the number of people", people)?;
    let (test, power) = goal.quantiles()?;
    Ok((test + power) * (comparison.unit_variance()? / people).sqrt())
}

/// People per side that tell two shares apart, simple random sampling:
/// `((z_{1−α∕2}·√(2p̄(1−p̄)) + z_{1−β}·√(p₁(1−p₁)+p₂(1−p₂))) ∕ (p₁−p₂))²`.
///
/// # Errors
/// A share not between 0 and 1, two equal shares, a goal outside its range.
///
/// **Source**: Fleiss 1981 ch. 3 (R `power.prop.test`). Golden numbers: `power/prop`.
pub fn people_for_shares([p, q]: [f64; 2], goal: PowerGoal) -> Result<f64, PlanError> {
    share("a share", p)?;
    share("a share", q)?;
    positive("the difference", (p - q).abs())?;
    let (test, power) = goal.quantiles()?;
    let middle = (p + q) / 2.0;
    let together = (2.0 * middle * (1.0 - middle)).sqrt();
    let apart = (p * (1.0 - p) + q * (1.0 - q)).sqrt();
    Ok(((test * together + power * apart) / (p - q)).powi(2))
}

/// People per side for a t test of two means, simple random sampling, equal standard deviations `sd`; unrounded.
///
/// Matters below about 30 per side; [`people_per_side`] is simpler. At least two.
///
/// # Errors
/// A number outside its range.
///
/// **Source**: power by the noncentral t distribution (R `power.t.test`). Golden numbers: `power/mean_t`.
pub fn people_for_t_test(sd: f64, difference: f64, goal: PowerGoal) -> Result<f64, PlanError> {
    positive("a standard deviation", sd)?;
    positive("the difference", difference)?;
    goal.check()?;
    let power_of = |people: f64| {
        let df = 2.0 * (people - 1.0);
        let shift = (people / 2.0).sqrt() * difference / sd;
        upper_tail(t_quantile(df, goal.confidence), df, shift)
    };
    let (mut few, mut many) = (2.0, 4.0);
    while power_of(many) < goal.power {
        (few, many) = (many, 2.0 * many);
    }
    while many - few > 1e-10 * many {
        let middle = 0.5 * (few + many);
        if power_of(middle) < goal.power {
            few = middle;
        } else {
            many = middle;
        }
    }
    Ok(many)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOAL: PowerGoal = PowerGoal {
        confidence: 0.95,
        power: 0.8,
    };
    const SAME: Comparison = Comparison {
        sds: [25.0, 25.0],
        design_effect: 1.0,
        correlation: 0.0,
    };

    #[test]
    fn people_and_differences_by_hand() {
        // (1.95996 + 0.84162)² = 7.8489; ·1250∕9 = 1090.1.
        let people = people_per_side(&SAME, 3.0, GOAL).unwrap();

        assert!((people - 1090.122).abs() < 1e-3, "{people}");
        let difference = detectable_difference(&SAME, people, GOAL).unwrap();
        assert!((difference - 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_panel_sees_smaller_changes_and_clusters_larger_ones() {
        let of = |design_effect, correlation| {
            let comparison = Comparison {
                design_effect,
                correlation,
                ..SAME
            };
            detectable_difference(&comparison, 400.0, GOAL).unwrap()
        };

        assert!((of(1.0, 0.75) / of(1.0, 0.0) - 0.5).abs() < 1e-12);
        assert!((of(4.0, 0.0) / of(1.0, 0.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn the_t_test_needs_a_few_more_than_the_normal_one() {
        // R: power.t.test(delta = 1, sd = 1, power = .8) gives 16.71 per group, normal theory 15.70.
        let exact = people_for_t_test(1.0, 1.0, GOAL).unwrap();

        assert!((exact - 16.714_72).abs() < 1e-4, "{exact}");
    }

    #[test]
    fn shares_by_hand() {
        // 0.5 against 0.4: (1.95996·√0.495 + 0.84162·√0.49)²∕0.01 = 387.3.
        let people = people_for_shares([0.5, 0.4], GOAL).unwrap();

        assert!((people - 387.338).abs() < 1e-2, "{people}");
    }

    #[test]
    fn numbers_outside_their_range_are_refused() {
        assert!(people_per_side(&SAME, 0.0, GOAL).is_err());
        assert!(people_for_shares([0.5, 0.5], GOAL).is_err());
        assert!(people_for_shares([0.5, 1.0], GOAL).is_err());
        assert!(detectable_difference(&SAME, f64::NAN, GOAL).is_err());
        assert!(people_for_t_test(1.0, 1.0, PowerGoal { power: 1.0, ..GOAL }).is_err());
        for comparison in [
            Comparison {
                sds: [0.0, 1.0],
                ..SAME
            },
            Comparison {
                design_effect: 0.0,
                ..SAME
            },
            Comparison {
                correlation: 1.0,
                ..SAME
            },
        ] {
            assert!(
                people_per_side(&comparison, 3.0, GOAL).is_err(),
                "{comparison:?}"
            );
        }
    }
}
