//! How many people to ask.

use super::plan_error::{PlanError, inside, positive, share};
use crate::normal_quantile;

/// What a sample is to achieve, and what is known beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeGoal {
    /// Variance of the score, in squared points; `p(1−p)` for a share.
    pub variance: f64,
    /// Half the width of the interval wanted, in points; in shares for a share.
    pub half_width: f64,
    /// Confidence, as a share: 0.95.
    pub confidence: f64,
    /// Design effect expected; 1 for simple random sampling.
    pub design_effect: f64,
    /// People in the frame; `None` when there are very many.
    pub population: Option<f64>,
    /// Share of people asked who answer.
    pub response_rate: f64,
}

/// Sizes that achieve a goal, unrounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleSize {
    /// For simple random sampling from a very large population.
    pub simple: f64,
    /// Answers needed: with the design effect and the size of the population.
    pub answers: f64,
    /// People to ask for them.
    pub invitations: f64,
}

/// `n₀ = z²S²∕e²`, `n = n₀·deff ∕ (1 + n₀·deff∕N)`, asked `n∕r`.
///
/// # Errors
/// A number of the goal outside its range.
///
/// **Source**: Cochran 1977 ch. 4; methodology A10. Golden numbers: `size/*`.
pub fn sample_size(goal: &SizeGoal) -> Result<SampleSize, PlanError> {
    positive("the variance", goal.variance)?;
    positive("the half width", goal.half_width)?;
    positive("the design effect", goal.design_effect)?;
    share("the confidence", goal.confidence)?;
    inside(
        "the response rate",
        goal.response_rate,
        (0.0, 1.0 + f64::EPSILON),
        "above 0 and at most 1",
    )?;
    let z = normal_quantile(goal.confidence);
    let simple = z * z * goal.variance / (goal.half_width * goal.half_width);
    let inflated = simple * goal.design_effect;
    let answers = match goal.population {
        None => inflated,
        Some(population) => {
            positive("the population", population)?;
            inflated / (1.0 + inflated / population)
        }
    };
    Ok(SampleSize {
        simple,
        answers,
        invitations: answers / goal.response_rate,
    })
}

/// People to take per PSU when a PSU costs `psu_cost`, a person `person_cost`, and answers within a PSU correlate by `rho`:
/// `√(c₁∕c₂·(1−ρ)∕ρ)`, unrounded.
///
/// # Errors
/// A cost that is not above 0, a correlation that is not between 0 and 1.
///
/// **Source**: Cochran 1977 §10.6; methodology A10. Golden numbers: `twostage/m_opt`.
pub fn optimal_take(psu_cost: f64, person_cost: f64, rho: f64) -> Result<f64, PlanError> {
    positive("the cost of a PSU", psu_cost)?;
    positive("the cost of a person", person_cost)?;
    share("the correlation", rho)?;
    Ok((psu_cost / person_cost * (1.0 - rho) / rho).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOAL: SizeGoal = SizeGoal {
        variance: 625.0,
        half_width: 2.0,
        confidence: 0.95,
        design_effect: 2.0,
        population: None,
        response_rate: 0.5,
    };

    #[test]
    fn sizes_by_hand() {
        // 1.96²·625∕4 = 600.2.
        let size = sample_size(&GOAL).unwrap();
        assert!((size.simple - 600.228).abs() < 1e-3);
        assert!((size.answers / size.simple - 2.0).abs() < 1e-12);
        assert!((size.invitations / size.answers - 2.0).abs() < 1e-12);

        // As many people as answers wanted: half of them do.
        let small = SizeGoal {
            population: Some(size.answers),
            ..GOAL
        };
        let capped = sample_size(&small).unwrap().answers;
        assert!((capped / size.answers - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_take_per_psu_by_hand() {
        // √(90∕10·0.5∕0.5).
        assert!((optimal_take(90.0, 10.0, 0.5).unwrap() - 3.0).abs() < 1e-12);
        assert!(optimal_take(90.0, 10.0, 0.0).is_err());
    }

    #[test]
    fn goals_outside_their_range_are_refused_by_name() {
        let refused = |goal| match sample_size(&goal) {
            Err(PlanError::Goal { what, .. }) => what,
            other => panic!("{other:?}"),
        };

        assert_eq!(
            refused(SizeGoal {
                variance: f64::NAN,
                ..GOAL
            }),
            "the variance"
        );
        assert_eq!(
            refused(SizeGoal {
                half_width: 0.0,
                ..GOAL
            }),
            "the half width"
        );
        assert_eq!(
            refused(SizeGoal {
                confidence: 1.0,
                ..GOAL
            }),
            "the confidence"
        );
        assert_eq!(
            refused(SizeGoal {
                design_effect: -1.0,
                ..GOAL
            }),
            "the design effect"
        );
        assert_eq!(
            refused(SizeGoal {
                response_rate: 1.1,
                ..GOAL
            }),
            "the response rate"
        );
        assert_eq!(
            refused(SizeGoal {
                population: Some(0.0),
                ..GOAL
            }),
            "the population"
        );
        assert!(
            sample_size(&SizeGoal {
                response_rate: 1.0,
                ..GOAL
            })
            .is_ok()
        );
    }
}
