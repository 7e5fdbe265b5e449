//! Section N: drawing with probability proportional to size.

use crate::figure::{Figure, Value};
use crate::fixture::Fixture;
use analytics::planning::{inclusion_probabilities, systematic_selection};
use anyhow::Result;

/// The figures of the section, which golden.R computes from a wave of sizes and not from the fixture.
pub fn figures(_fixture: &Fixture) -> Result<Vec<Figure>> {
    let wave =
        (1..=40).map(|unit| (1000.0 * (1.2 * f64::from(unit).sin()).exp()).round_ties_even());
    let sizes: Vec<f64> = wave.collect();
    let probabilities = inclusion_probabilities(&sizes, 15)?;
    let selected = systematic_selection(&probabilities, 0.37)?;
    let certain = probabilities.iter().filter(|it| **it >= 1.0).count();
    Ok(vec![
        Figure::new("pps/pi")
            .number("estimate", probabilities.iter().sum())
            .number("n_certainty", certain as f64)
            .with("mos", Value::List(sizes))
            .with("pi", Value::List(probabilities)),
        Figure::new("pps/systematic_u037")
            .number("estimate", selected.len() as f64)
            .with(
                "selected",
                Value::List(selected.iter().map(|unit| *unit as f64 + 1.0).collect()),
            ),
    ])
}
