//! Section N: drawing with probability proportional to size.

use crate::figure::{Figure, Value};
use crate::fixture::Fixture;
use anyhow::{Context, Result};
use response_collection::selection::Certainty;

/// The figures of the section, which golden.R computes from a wave of sizes and not from the fixture.
pub fn figures(_fixture: &Fixture) -> Result<Vec<Figure>> {
    let wave =
        (1..=40).map(|unit| (1000.0 * (1.2 * f64::from(unit).sin()).exp()).round_ties_even());
    let sizes: Vec<u64> = wave
        .map(|size| format!("{size}").parse())
        .collect::<Result<_, _>>()
        .context("sizes are whole")?;
    let found = Certainty::of(&sizes, 15);
    let chance = |(size, certain): (&u64, &bool)| match certain {
        true => 1.0,
        false => found.chance(*size, 0, 0).as_f64(),
    };
    let chances: Vec<f64> = sizes.iter().zip(&found.certain).map(chance).collect();
    let certain = (0..sizes.len()).filter(|unit| found.certain[*unit]);
    let met = found.systematic(&sizes, found.total * 37 / 100, (0, 0));
    let mut selected: Vec<usize> = certain.chain(met.iter().map(|(unit, _)| *unit)).collect();
    selected.sort_unstable();
    let n_certainty = found.certain.iter().filter(|it| **it).count();
    Ok(vec![
        Figure::new("pps/pi")
            .number("estimate", chances.iter().sum())
            .number("n_certainty", n_certainty as f64)
            .with(
                "mos",
                Value::List(sizes.iter().map(|size| *size as f64).collect()),
            )
            .with("pi", Value::List(chances)),
        Figure::new("pps/systematic_u037")
            .number("estimate", selected.len() as f64)
            .with(
                "selected",
                Value::List(selected.iter().map(|unit| *unit as f64 + 1.0).collect()),
            ),
    ])
}
