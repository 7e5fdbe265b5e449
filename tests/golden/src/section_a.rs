//! Section A: designs and statistics.

use crate::designs::{NAMES, design};
use crate::figure::{Figure, Value};
use crate::fixture::{Fixture, Ratings};
use analytics::estimation::{
    DesignError, Linearised, LonelyPsu, ProportionInterval, QuantileEstimate, QuantileInterval,
    QuantileRule, Reference, SampleDesign, design_effect, mean, population_variance,
    quantile_estimate, ratio, total,
};
use anyhow::Result;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let mut figures = Vec::new();
    for name in NAMES {
        let design = design(rows, name, LonelyPsu::Adjust)?;
        figures.extend(statistics(rows, &design, name));
    }
    figures.extend(lonely(rows)?);
    figures.extend(quantiles(rows)?);
    Ok(figures)
}

fn statistics(rows: &Ratings, design: &SampleDesign, name: &str) -> Vec<Figure> {
    let weights = design.weights();
    let everyone = vec![Some(1.0); rows.len()];
    let first = rows.points(0);
    let item = |k: usize| mean(weights, &rows.points(k));
    let mut figures = vec![Figure::new(format!("degf/{name}")).number("estimate", design.df())];
    for k in 0..rows.items() {
        figures.push(figure(format!("mean/q{}/{name}", k + 1), design, item(k)));
    }
    for (statistic, estimate) in [
        ("total/q1", total(weights, &first)),
        ("total/n_pop", total(weights, &everyone)),
        ("prop/top2_q1", mean(weights, &rows.top_two(0))),
        ("ratio/q2_q1", second_to_first(rows, design)),
    ] {
        figures.push(figure(format!("{statistic}/{name}"), design, estimate));
    }
    for (statistic, reference) in [
        ("deff", Reference::WithoutReplacement),
        ("deff_replace", Reference::WithReplacement),
    ] {
        let figure = figure(format!("{statistic}/q1/{name}"), design, item(0));
        let effect = item(0)
            .and_then(|mean| design.variance(&mean.z).ok())
            .and_then(|variance| design_effect(variance, weights, &first, reference));
        figures.push(figure.with("deff", number_or(effect, "nothing to compare with")));
    }
    figures
}

/// Points of item 2 over points of item 1 among those who rated both.
fn second_to_first(rows: &Ratings, design: &SampleDesign) -> Option<Linearised> {
    (rows.items() >= 2)
        .then(|| ratio(design.weights(), &rows.points(1), &rows.points(0)))
        .flatten()
}

/// An estimate with its standard error and t interval on the degrees of freedom of the design.
fn figure(name: String, design: &SampleDesign, estimate: Option<Linearised>) -> Figure {
    let Some(estimate) = estimate else {
        return Figure::refused(name, "nobody gave a valid answer");
    };
    match design.variance(&estimate.z) {
        Err(refusal @ DesignError::NothingToAverage { .. }) => Figure::new(name)
            .number("estimate", estimate.estimate)
            .with("se", Value::Refused(refusal.to_string()))
            .number("df", design.df()),
        Err(refusal) => Figure::refused(name, refusal),
        Ok(variance) => Figure::new(name).estimate(estimate.estimate, variance, design.df()),
    }
}

fn lonely(rows: &Ratings) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (option, lonely) in [
        ("remove", LonelyPsu::Remove),
        ("certainty", LonelyPsu::Certainty),
        ("average", LonelyPsu::Average),
        ("fail", LonelyPsu::Fail),
    ] {
        for name in ["strclu", "strclu_fpc", "twostage_fpc"] {
            let design = design(rows, name, lonely)?;
            let weights = design.weights();
            for (statistic, estimate) in [
                ("svymean_s1", mean(weights, &rows.points(0))),
                ("svytotal_s1", total(weights, &rows.points(0))),
                ("svymean_t1", mean(weights, &rows.top_two(0))),
                ("svyratio_s1", second_to_first(rows, &design)),
            ] {
                let name = format!("{statistic}/{name}__lonely_{option}");
                figures.push(figure(name, &design, estimate));
            }
        }
    }
    Ok(figures)
}

const RULES: [(&str, QuantileRule); 3] = [
    ("math", QuantileRule::Math),
    ("school", QuantileRule::School),
    ("hf7", QuantileRule::HyndmanFan7),
];

fn quantiles(rows: &Ratings) -> Result<Vec<Figure>> {
    let seconds: Vec<Option<f64>> = rows.duration_s.iter().map(|it| Some(*it)).collect();
    let mut figures = Vec::new();
    for name in ["wgt", "strclu", "twostage_fpc"] {
        let design = design(rows, name, LonelyPsu::Adjust)?;
        for (interval, method) in [
            ("mean", ProportionInterval::Mean),
            ("beta", ProportionInterval::Beta),
            ("xlogit", ProportionInterval::XLogit),
        ] {
            for (rule_name, rule) in RULES {
                for p in [0.1, 0.25, 0.5, 0.75, 0.9] {
                    let found = quantile_estimate(&design, &seconds, p, rule, method, 0.95)?;
                    figures.push(quantile(
                        format!("quantile/duration/{p}/{name}/{interval}/{rule_name}"),
                        &design,
                        found,
                    ));
                }
            }
        }
    }
    let (design, points) = (design(rows, "strclu", LonelyPsu::Adjust)?, rows.points(0));
    for (rule_name, rule) in &RULES[..2] {
        for p in [0.25, 0.5, 0.75] {
            let method = ProportionInterval::Mean;
            let found = quantile_estimate(&design, &points, p, *rule, method, 0.95)?;
            let name = format!("quantile/s1/{p}/strclu/mean/{rule_name}");
            figures.push(quantile(name, &design, found));
        }
    }
    let variance = population_variance(design.weights(), &points)
        .map(|variance| variance * as_if_all_answered(&design, &points));
    let variance = number_or(variance, "fewer than two answers");
    figures.push(Figure::new("var/s1/strclu").with("estimate", variance));
    Ok(figures)
}

/// R `svyvar` corrects by `n∕(n−1)` with `n` the rows of the design, answered or not; ours are the answered ones.
fn as_if_all_answered(design: &SampleDesign, y: &[Option<f64>]) -> f64 {
    let weighted = |row: &usize| design.weights()[*row] > 0.0;
    let all = (0..design.rows()).filter(weighted).count() as f64;
    let answered = (0..design.rows()).filter(|row| weighted(row) && y[*row].is_some());
    let valid = answered.count() as f64;
    all / (all - 1.0) * (valid - 1.0) / valid
}

fn quantile(name: String, design: &SampleDesign, found: Option<QuantileEstimate>) -> Figure {
    let Some(found) = found else {
        return Figure::refused(name, "nobody gave a valid answer");
    };
    let reason = "the interval of the share leaves 0 to 1";
    let end = |part: fn(QuantileInterval) -> f64| number_or(found.interval.map(part), reason);
    Figure::new(name)
        .number("estimate", found.estimate)
        .with("ci_lower", end(|it| it.lower))
        .with("ci_upper", end(|it| it.upper))
        .with("se", end(|it| it.se))
        .number("df", design.df())
}

fn number_or(number: Option<f64>, reason: &str) -> Value {
    number.map_or_else(|| Value::Refused(reason.to_owned()), Value::Number)
}
