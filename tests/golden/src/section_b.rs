//! Section B: confidence intervals.

use crate::designs::{design, unanimous_domain};
use crate::figure::{ENDS, Figure, Value, WHOLE};
use crate::fixture::Fixture;
use crate::r_likelihood::r_likelihood_interval;
use analytics::estimation::{
    LonelyPsu, ProportionInterval, ProportionSample, SampleDesign, likelihood_interval, mean,
    proportion_interval, within,
};
use anyhow::Result;

const EMPTY: &str = "R gives 0 for a domain without valid answers; it has no share (A11)";
const UNANIMOUS: &str = "R divides rounding by rounding where all answers are equal; such a share has no interval of this kind (A6)";
const NO_DF: &str = "without degrees of freedom there is no interval (A3)";

/// The product's exact likelihood interval must be this near to R's interpolated one.
const INTERPOLATION: f64 = 1e-3;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let mut figures = Vec::new();
    let top_two = rows.top_two(0);
    for name in ["strclu", "wgt", "twostage_fpc"] {
        let design = design(rows, name, LonelyPsu::Adjust)?;
        figures.extend(intervals(&format!("ciprop/t1/{name}"), &design, &top_two)?);
    }
    let design = design(rows, "strclu", LonelyPsu::Adjust)?;
    for department in fixture.depts.iter().step_by(5) {
        let dept = department.dept;
        let y = within(&top_two, &|row| rows.dept[row] == dept);
        let name = format!("ciprop/t1/dept{dept}/strclu");
        figures.extend(intervals(&name, &design, &y)?);
    }
    if let Some((k, dept)) = unanimous_domain(rows) {
        let y = within(&rows.top_two(k), &|row| rows.dept[row] == dept);
        figures.extend(intervals("edge/ciprop_p_equals_1", &design, &y)?);
    }
    Ok(figures)
}

/// One share by every method.
fn intervals(name: &str, design: &SampleDesign, y: &[Option<f64>]) -> Result<Vec<Figure>> {
    let methods = ["logit", "likelihood", "asin", "beta", "mean", "xlogit"];
    let figure_name = |method: &str| format!("{name}/{method}");
    let Some(share) = mean(design.weights(), y) else {
        let refused =
            |method| Figure::refused(figure_name(method), "nobody answered").trap(WHOLE, EMPTY);
        return Ok(methods.into_iter().map(refused).collect());
    };
    let sample = ProportionSample {
        estimate: share.estimate,
        variance: design.variance(&share.z)?,
        n: y.iter().flatten().count(),
        df: design.domain_df(&|row| y[row].is_some()),
    };
    let why = if sample.df > 0.0 { UNANIMOUS } else { NO_DF };
    Ok(methods
        .into_iter()
        .map(|method| {
            let ends = match method {
                "logit" => proportion_interval(&sample, ProportionInterval::Logit, 0.95),
                "xlogit" => proportion_interval(&sample, ProportionInterval::XLogit, 0.95),
                "asin" => proportion_interval(&sample, ProportionInterval::Asin, 0.95),
                "beta" => proportion_interval(&sample, ProportionInterval::Beta, 0.95),
                "mean" => proportion_interval(&sample, ProportionInterval::Mean, 0.95),
                _ => likelihood(&sample, design.weights(), y),
            };
            figure(figure_name(method), &sample, ends, why)
        })
        .collect())
}

fn figure(
    name: String,
    sample: &ProportionSample,
    ends: Option<(f64, f64)>,
    why: &'static str,
) -> Figure {
    if ends.is_none() && name.ends_with("/likelihood") {
        return Figure::refused(name, why).trap(WHOLE, why);
    }
    let end = |part: fn((f64, f64)) -> f64| {
        ends.map_or_else(
            || Value::Refused(why.to_owned()),
            |ends| Value::Number(part(ends)),
        )
    };
    Figure::new(name)
        .number("estimate", sample.estimate)
        .number("se", sample.variance.sqrt())
        .with("ci_lower", end(|ends| ends.0))
        .with("ci_upper", end(|ends| ends.1))
        .trap_unless(ends.is_some(), ENDS, why)
}

/// R's interpolated ends, provided that the product's exact ones are next to them; otherwise the product's.
fn likelihood(sample: &ProportionSample, weights: &[f64], y: &[Option<f64>]) -> Option<(f64, f64)> {
    let exact = likelihood_interval(sample, 0.95)?;
    let (weights, answers): (Vec<f64>, Vec<f64>) = weights
        .iter()
        .zip(y)
        .filter_map(|(w, y)| y.map(|y| (*w, y)))
        .unzip();
    let near = |a: f64, b: f64| (a - b).abs() < INTERPOLATION;
    r_likelihood_interval(sample, &weights, &answers)
        .filter(|it| near(it.0, exact.0) && near(it.1, exact.1))
        .or(Some(exact))
}
