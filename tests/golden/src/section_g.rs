//! Section G: calibration and trimming of the persons of the last quarter.

mod jackknife;
mod refusals;
mod respondents;
mod trimming;

use crate::figure::{ERROR, Figure, WHOLE};
use crate::fixture::{Fixture, distinct};
use analytics::estimation::{Linearised, kish, mean, ratio, total, within};
use analytics::weighting::{
    Bounds, Calibrated, CalibrationError, Distance, MissingLevels, Stopping, calibrate,
    post_stratify, rake,
};
use anyhow::Result;
use respondents::Respondents;

/// Tighter than the tolerance of the comparison by far.
const STOPPING: Stopping = Stopping {
    tolerance: 1e-12,
    max_iterations: 500,
};

/// The bounds that golden.R uses.
const LINEAR_BOUNDS: Bounds = Bounds {
    lower: 0.6,
    upper: 1.8,
};
const LOGIT_BOUNDS: Bounds = Bounds {
    lower: 0.4,
    upper: 2.5,
};
const TOO_NARROW: Bounds = Bounds {
    lower: 0.97,
    upper: 1.03,
};

const RAKE_SE: &str = "the standard error of R's rake() takes unweighted margin means from the residuals (methodology A4)";
const R_GIVES_UP: &str = "R's solver gives up within these bounds; ours meets every total";
const EMPTY: &str = "R gives an empty domain a number";

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let sample = Respondents::of_last_quarter(fixture)?;
    let mut figures = sample.response_figures();
    for (name, weights) in calibrations(&sample) {
        match weights {
            Ok(weights) => {
                figures.extend(estimates(&sample, name, &weights)?);
                if matches!(name, "lin_bounded" | "logit") {
                    figures
                        .push(Figure::new(format!("cal/{name}")).trap(&["estimate"], R_GIVES_UP));
                }
            }
            Err(refusal) => figures.push(Figure::refused(format!("cal/{name}"), refusal)),
        }
    }
    figures.extend(refusals::figures(&sample)?);
    figures.extend(trimming::figures(&sample)?);
    figures.extend(jackknife::figures(&sample)?);
    figures.push(two_ways_to_linear(&sample)?);
    Ok(figures)
}

/// Weights with what calibration does to a linearised variable; the base weights do nothing.
enum Weighted {
    Base(Vec<f64>),
    Calibrated(Calibrated),
}

impl Weighted {
    fn weights(&self) -> &[f64] {
        match self {
            Self::Base(weights) => weights,
            Self::Calibrated(calibrated) => calibrated.weights(),
        }
    }

    fn residuals(&self, z: &[f64]) -> Result<Vec<f64>> {
        Ok(match self {
            Self::Base(_) => z.to_vec(),
            Self::Calibrated(calibrated) => calibrated.residuals(z)?,
        })
    }
}

/// Every kind of weights, under its name in golden.R.
fn calibrations(sample: &Respondents) -> Vec<(&'static str, Result<Weighted, CalibrationError>)> {
    let by_age_and_sex = |missing| {
        let margin = &sample.cells_of_age_sex;
        let ids = margin.level_ids(sample.age_sex.iter().map(String::as_str))?;
        post_stratify(&sample.base, &ids, margin, missing)
    };
    let calibrated = |distance| calibrate(&sample.base, sample.constraints()?, distance, STOPPING);
    let all = [
        ("ps", by_age_and_sex(MissingLevels::Refuse)),
        ("ps_partial", by_age_and_sex(MissingLevels::LeaveOut)),
        (
            "rake",
            rake(&sample.base, &sample.cells, &sample.margins, None, STOPPING),
        ),
        ("lin", calibrated(Distance::Linear)),
        (
            "lin_bounded",
            calibrated(Distance::TruncatedLinear(LINEAR_BOUNDS)),
        ),
        ("raking", calibrated(Distance::Raking)),
        ("logit", calibrated(Distance::Logit(LOGIT_BOUNDS))),
        ("logit_infeasible", calibrated(Distance::Logit(TOO_NARROW))),
    ];
    let base = ("nr", Ok(Weighted::Base(sample.base.clone())));
    let all = all.map(|(name, weights)| (name, weights.map(Weighted::Calibrated)));
    std::iter::once(base).chain(all).collect()
}

fn estimates(sample: &Respondents, name: &str, weights: &Weighted) -> Result<Vec<Figure>> {
    let w = weights.weights();
    let zero = |y: &Option<f64>| Some(y.unwrap_or(0.0));
    let filled: Vec<_> = sample.y.iter().map(zero).collect();
    let answered: Vec<_> = sample
        .y
        .iter()
        .map(|y| Some(f64::from(u8::from(y.is_some()))))
        .collect();
    let mut all = vec![
        ("cal_mean/y".to_owned(), mean(w, &sample.y)),
        ("cal_total/visits".to_owned(), total(w, &sample.visits)),
        ("cal_ratio/y".to_owned(), ratio(w, &filled, &answered)),
    ];
    for (prefix, column) in [("district", &sample.district), ("grp_", &sample.grp)] {
        for level in distinct(column) {
            let domain = within(&sample.y, &|row| column[row] == level);
            all.push((format!("cal_mean/y/{prefix}{level}"), mean(w, &domain)));
        }
    }
    let mut figures = vec![weight_figure(sample, name, w)];
    for (prefix, it) in all {
        let figure = estimate(sample, weights, format!("{prefix}/{name}"), it)?;
        figures.push(figure.trap_unless(name != "rake", ERROR, RAKE_SE));
    }
    Ok(figures)
}

fn weight_figure(sample: &Respondents, name: &str, weights: &[f64]) -> Figure {
    let ratios = || weights.iter().zip(&sample.base).map(|(w, base)| w / base);
    let figure = Figure::new(format!("cal_weights/{name}"))
        .number("min_ratio", ratios().fold(f64::INFINITY, f64::min))
        .number("max_ratio", ratios().fold(f64::NEG_INFINITY, f64::max));
    let neff = kish(weights.iter().copied()).map_or(f64::NAN, |it| it.effective_n);
    with_summary(figure, weights).number("neff", neff)
}

/// Adds the sum, the extremes, the sum of squares and Kish's effect.
fn with_summary(figure: Figure, weights: &[f64]) -> Figure {
    let all = || weights.iter().copied();
    figure
        .number("estimate", all().sum())
        .number("min", all().fold(f64::INFINITY, f64::min))
        .number("max", all().fold(f64::NEG_INFINITY, f64::max))
        .number("sumsq", all().map(|w| w * w).sum())
        .number(
            "kish_deff",
            kish(all()).map_or(f64::NAN, |it| it.design_effect),
        )
}

fn estimate(
    sample: &Respondents,
    weights: &Weighted,
    name: String,
    it: Option<Linearised>,
) -> Result<Figure> {
    let Some(it) = it else {
        return Ok(Figure::refused(name, "nobody gave a valid answer").trap(WHOLE, EMPTY));
    };
    let variance = sample.design.variance(&weights.residuals(&it.z)?)?;
    Ok(Figure::new(name).estimate(it.estimate, variance, sample.design.df()))
}

/// The largest difference between linear weights by two sets of constraints that say the same.
fn two_ways_to_linear(sample: &Respondents) -> Result<Figure> {
    let every_level = calibrate(
        &sample.base,
        sample.constraints()?,
        Distance::Linear,
        STOPPING,
    )?;
    let contrasts = calibrate(
        &sample.base,
        sample.contrasts()?,
        Distance::Linear,
        STOPPING,
    )?;
    let largest = every_level
        .weights()
        .iter()
        .zip(contrasts.weights())
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f64::max);
    Ok(Figure::new("calib_sampling/linear")
        .number("estimate", largest)
        .trap_unless(
            largest > 1e-8,
            &["estimate"],
            "the difference of two solvers is noise, there and here",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Value;
    use std::path::Path;

    /// Entries about R's `rake()` are documented, so nothing else would notice a wrong estimate there.
    #[test]
    fn raked_estimates_and_errors_are_those_of_exponential_calibration() {
        let fixture =
            Fixture::read(Path::new(env!("CARGO_MANIFEST_DIR")), "fixture_small").unwrap();
        let figures = figures(&fixture).unwrap();
        let raked: Vec<&Figure> = figures
            .iter()
            .filter(|it| it.name.ends_with("/rake") && it.trap.is_some())
            .collect();

        assert!(!raked.is_empty());
        for figure in raked {
            let twin = figure.name.replace("/rake", "/raking");
            let twin = figures.iter().find(|it| it.name == twin).unwrap();
            for field in ["estimate", "se"] {
                let (Some(Value::Number(ours)), Some(Value::Number(other))) =
                    (figure.value(field), twin.value(field))
                else {
                    panic!("{} has no {field}", figure.name);
                };
                assert!(
                    (ours - other).abs() <= 1e-9 * other,
                    "{} {field}",
                    figure.name
                );
            }
        }
    }
}
