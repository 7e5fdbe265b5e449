//! Section M: allocation, sample sizes, power.

use crate::figure::{Figure, Value};
use crate::fixture::{Fixture, distinct, points};
use analytics::planning::{
    Comparison, PowerGoal, SizeGoal, detectable_difference, optimal_take, people_for_shares,
    people_for_t_test, people_per_side, sample_size,
};
use anyhow::Result;
use response_collection::allocation::{
    Limits, PlannedStratum, allocate, allocate_whole, allocate_within, variance_of_mean,
};
use survey_design::AllocationRule;

/// People in the samples that golden.R allocates.
const SAMPLE: u32 = 1200;
/// At least so many per stratum.
const FLOOR: f64 = 30.0;
/// 95 % confidence, 80 % power.
const GOAL: PowerGoal = PowerGoal {
    confidence: 0.95,
    power: 0.8,
};

const IMPOSSIBLE: &str = "golden.R allocates more than the sample, or than there are people";
const TOO_SMALL: &str = "golden.R raises a stratum to a floor above its population";

/// The fields of an allocation.
const ALLOCATION: &[&str] = &["estimate", "alloc", "alloc_min30", "var_mean"];

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let mut figures = allocations(fixture)?;
    figures.extend(sizes()?);
    figures.extend(powers()?);
    Ok(figures)
}

fn allocations(fixture: &Fixture) -> Result<Vec<Figure>> {
    let names = distinct(&fixture.persons.stratum);
    let strata: Vec<PlannedStratum> = names.iter().map(|name| planned(fixture, name)).collect();
    let list =
        |number: fn(&PlannedStratum) -> f64| Value::List(strata.iter().map(number).collect());
    let texts = names.iter().map(|name| (*name).to_owned()).collect();
    let mut figures = vec![
        Figure::new("alloc/input")
            .number("estimate", strata.len() as f64)
            .with("strata", Value::Texts(texts))
            .with("N", list(|it| it.population))
            .with("S", list(|it| it.sd))
            .with("Ybar", list(|it| it.mean)),
    ];
    let n = f64::from(SAMPLE);
    let enough = |people: f64| strata.iter().all(|stratum| stratum.population >= people);
    for (name, rule) in [
        ("proportional", AllocationRule::Proportional),
        ("neyman", AllocationRule::Neyman),
        ("power_q05", AllocationRule::Power),
        ("sqrt", AllocationRule::SquareRoot),
        ("equal", AllocationRule::Equal),
    ] {
        let name = format!("alloc/{name}");
        let both = allocate(&strata, rule, n)
            .and_then(|free| Ok((free, allocate_within(&strata, rule, n, FLOOR)?)));
        figures.push(match both {
            Err(refusal) => Figure::refused(name, refusal).trap(ALLOCATION, IMPOSSIBLE),
            Ok((free, limited)) => Figure::new(name)
                .number("estimate", n)
                .number("var_mean", variance_of_mean(&strata, &limited))
                .with("alloc", Value::List(free))
                .with("alloc_min30", Value::List(limited))
                .trap_unless(enough(FLOOR), &["alloc_min30", "var_mean"], TOO_SMALL),
        });
    }
    let two = Limits {
        minimum: 2,
        maximum: None,
    };
    figures.push(
        match allocate_whole(&strata, AllocationRule::Neyman, SAMPLE, two) {
            Err(refusal) => {
                Figure::refused("alloc/wright_exact", refusal).trap(ALLOCATION, IMPOSSIBLE)
            }
            Ok(whole) => {
                let whole: Vec<f64> = whole.into_iter().map(f64::from).collect();
                Figure::new("alloc/wright_exact")
                    .number("estimate", n)
                    .number("var_mean", variance_of_mean(&strata, &whole))
                    .with("alloc", Value::List(whole))
                    .trap_unless(enough(2.0), &["alloc", "var_mean"], TOO_SMALL)
            }
        },
    );
    Ok(figures)
}

/// Population of the last quarter; spread and mean of the overall answer in all quarters; rounded as golden.R does.
fn planned(fixture: &Fixture, stratum: &str) -> PlannedStratum {
    let persons = &fixture.persons;
    let last = fixture.quarters().last().copied().unwrap_or_default();
    let rows = || (0..persons.pid.len()).filter(|row| persons.stratum[*row] == stratum);
    let population: f64 = rows()
        .filter(|row| persons.quarter[*row] == last)
        .map(|row| persons.w_base[row])
        .sum();
    let scores: Vec<f64> = rows()
        .filter_map(|row| points(persons.overall[row]))
        .collect();
    let n = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let squares: f64 = scores.iter().map(|score| (score - mean).powi(2)).sum();
    PlannedStratum {
        population: population.round_ties_even(),
        sd: six_digits((squares / (n - 1.0)).sqrt()),
        mean: six_digits(mean),
    }
}

/// R's `round(x, 6)`: the closer of both neighbours as they are stored, the even one when neither is.
fn six_digits(number: f64) -> f64 {
    let below = (number * 1e6).floor();
    let (low, high) = (below / 1e6, (number * 1e6).ceil() / 1e6);
    let to_low = (number - low) - (high - number);
    let even = below.rem_euclid(2.0) < 0.5;
    if to_low < 0.0 || (to_low <= 0.0 && even) {
        low
    } else {
        high
    }
}

fn sizes() -> Result<Vec<Figure>> {
    let simple = SizeGoal {
        variance: 625.0,
        half_width: 2.0,
        confidence: 0.95,
        design_effect: 1.0,
        population: Some(5000.0),
        response_rate: 0.75,
    };
    let mean = sample_size(&simple)?;
    let clustered = sample_size(&SizeGoal {
        design_effect: 1.8,
        ..simple
    })?;
    let share = sample_size(&SizeGoal {
        variance: 0.25,
        half_width: 0.05,
        population: Some(2000.0),
        ..simple
    })?;
    Ok(vec![
        Figure::new("size/mean")
            .number("estimate", mean.simple)
            .number("n_fpc", mean.answers)
            .number("n_deff", clustered.answers)
            .number("n_issue", clustered.invitations),
        Figure::new("size/prop")
            .number("estimate", share.simple)
            .number("n_fpc", share.answers),
        Figure::new("twostage/m_opt").number("estimate", optimal_take(800.0, 40.0, 0.05)?),
    ])
}

fn powers() -> Result<Vec<Figure>> {
    let separate = Comparison {
        sds: [25.0, 25.0],
        design_effect: 1.0,
        correlation: 0.0,
    };
    let panel = Comparison {
        design_effect: 1.8,
        correlation: 0.3,
        ..separate
    };
    Ok([
        ("power/prop", people_for_shares([0.80, 0.75], GOAL)?),
        ("power/mean_t", people_for_t_test(25.0, 3.0, GOAL)?),
        ("power/mean_z", people_per_side(&separate, 3.0, GOAL)?),
        ("mdd/mean", detectable_difference(&panel, 400.0, GOAL)?),
    ]
    .map(|(name, number)| Figure::new(name).number("estimate", number))
    .to_vec())
}
