//! Trimming of the raked weights.

use super::respondents::Respondents;
use super::{RAKE_SE, STOPPING, with_summary};
use crate::figure::{ERROR, Figure};
use analytics::estimation::mean;
use analytics::weighting::{Trimming, rake, trim};
use anyhow::Result;

/// Methodology F: where R ends in an error, the entry does not count.
const ENDLESS: &str =
    "R 4.1-1 may trim without end a weight that its rounding puts beyond the limit";

/// `trim/*` and `trim_mean/*`; nothing when the margins cannot be raked.
pub fn figures(sample: &Respondents) -> Result<Vec<Figure>> {
    let Ok(raked) = rake(&sample.base, &sample.cells, &sample.margins, None, STOPPING) else {
        return Ok(Vec::new());
    };
    let weights = raked.weights();
    let (lower, upper) = (quantile(weights, 0.04), quantile(weights, 0.94));
    let outside = weights
        .iter()
        .filter(|w| **w < lower || **w > upper)
        .count();
    let mut figures = Vec::new();
    for (name, trimming) in [("once", Trimming::Once), ("strict", Trimming::Strict)] {
        match trim(weights, lower, upper, trimming) {
            Err(refusal) => figures.push(
                Figure::refused(format!("trim/{name}"), refusal)
                    .number("upper", upper)
                    .number("lower", lower),
            ),
            Ok(trimmed) => {
                let figure = Figure::new(format!("trim/{name}"))
                    .number("upper", upper)
                    .number("lower", lower)
                    .number("n_trimmed", outside as f64);
                let once = trimming == Trimming::Once;
                figures.push(with_summary(figure, &trimmed).trap_unless(
                    once,
                    &["estimate"],
                    ENDLESS,
                ));
                if let Some(mean) = mean(&trimmed, &sample.y) {
                    let se = sample.design.variance(&raked.residuals(&mean.z)?)?.sqrt();
                    figures.push(
                        Figure::new(format!("trim_mean/y/{name}"))
                            .number("estimate", mean.estimate)
                            .number("se", se)
                            .trap(ERROR, RAKE_SE),
                    );
                }
            }
        }
    }
    Ok(figures)
}

/// R's quantile of type 7.
fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = p * (sorted.len() - 1) as f64;
    let below = sorted
        .iter()
        .enumerate()
        .rev()
        .find(|(index, _)| *index as f64 <= position);
    let Some((index, value)) = below else {
        return f64::NAN;
    };
    let next = sorted.get(index + 1).unwrap_or(value);
    value + (position - index as f64) * (next - value)
}
