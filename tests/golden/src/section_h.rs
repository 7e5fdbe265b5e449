//! Section H: edge cases. R's behaviour is recorded there, not recommended: methodology A11 says what we do instead.

use crate::designs::{dense, design, domain_mean, silent_domain, unanimous_domain};
use crate::figure::{Figure, WHOLE};
use crate::fixture::{Fixture, Ratings};
use analytics::estimation::{DesignError, LonelyPsu, SampleDesign, Stage};
use anyhow::Result;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let plain = design(rows, "strclu", LonelyPsu::Adjust)?;
    let everyone = |_: usize| true;
    let empty = "R gives 0 ± 0 for a domain without valid answers; it has no mean (A11)";
    let negative = "R accepts negative weights; they are refused (A11)";
    let mut figures = vec![
        reweighted(rows, "zero_weights", 50, 0.0),
        reweighted(rows, "negative_weights", 5, -1.0).trap(WHOLE, negative),
        missing_weight(rows),
        available_case(rows, &plain, "missing_not_removed").trap(
            WHOLE,
            "R gives NaN unless told to drop blanks; a mean is always over valid answers (A11)",
        ),
        available_case(rows, &plain, "listwise_two_vars").trap(
            WHOLE,
            "R drops whoever skipped the other item; each item keeps its own valid answers (A11)",
        ),
        clustered_by(rows, "psu_in_two_strata", &dense(&rows.district), None),
        clustered_by(
            rows,
            "fpc_smaller_than_n",
            &dense(&rows.psu),
            Some(&rows.fpc2),
        ),
    ];
    let (k, silent) = silent_domain(rows).unwrap_or((0, 0));
    let in_silent = |row: usize| rows.dept[row] == silent;
    figures.push(domain(rows, &plain, "all_dont_know_domain", k, &in_silent).trap(WHOLE, empty));
    figures.push(domain(rows, &plain, "empty_domain", 0, &|row| !everyone(row)).trap(WHOLE, empty));
    let first = rows.points(0).iter().position(Option::is_some);
    figures.push(domain(rows, &plain, "single_row_domain", 0, &|row| {
        Some(row) == first
    }));
    if let Some((k, dept)) = unanimous_domain(rows) {
        let unanimous = |row: usize| rows.dept[row] == dept;
        figures.push(domain(rows, &plain, "zero_variance_domain", k, &unanimous));
    }
    Ok(figures)
}

/// Mean of the first item after the first rows got another weight.
fn reweighted(rows: &Ratings, name: &str, first: usize, weight: f64) -> Figure {
    let mut weights = rows.w.clone();
    weights.iter_mut().take(first).for_each(|w| *w = weight);
    with_weights(rows, name, &weights)
}

fn missing_weight(rows: &Ratings) -> Figure {
    let mut weights = rows.w.clone();
    weights
        .iter_mut()
        .skip(2)
        .take(1)
        .for_each(|w| *w = f64::NAN);
    with_weights(rows, "na_weights", &weights)
}

fn with_weights(rows: &Ratings, name: &str, weights: &[f64]) -> Figure {
    let stage = Stage {
        strata: Some(&dense(&rows.stratum)),
        clusters: Some(&dense(&rows.psu)),
        population: None,
    };
    on(
        rows,
        name,
        SampleDesign::new(weights, &[stage], LonelyPsu::Adjust),
    )
}

fn clustered_by(
    rows: &Ratings,
    name: &str,
    clusters: &[u32],
    population: Option<&[f64]>,
) -> Figure {
    let stage = Stage {
        strata: Some(&dense(&rows.stratum)),
        clusters: Some(clusters),
        population,
    };
    on(
        rows,
        name,
        SampleDesign::new(&rows.w, &[stage], LonelyPsu::Adjust),
    )
}

fn on(rows: &Ratings, name: &str, design: Result<SampleDesign, DesignError>) -> Figure {
    match design {
        Ok(design) => available_case(rows, &design, name),
        Err(refusal) => Figure::refused(format!("edge/{name}"), refusal),
    }
}

fn available_case(rows: &Ratings, design: &SampleDesign, name: &str) -> Figure {
    domain(rows, design, name, 0, &|_| true)
}

fn domain(
    rows: &Ratings,
    design: &SampleDesign,
    name: &str,
    k: usize,
    domain: &dyn Fn(usize) -> bool,
) -> Figure {
    let name = format!("edge/{name}");
    let Some(mean) = domain_mean(rows, design, k, domain) else {
        return Figure::refused(name, "nobody gave a valid answer");
    };
    match design.variance(&mean.z) {
        Err(refusal) => Figure::refused(name, refusal),
        Ok(variance) => Figure::new(name)
            .number("estimate", mean.estimate)
            .number("se", variance.sqrt()),
    }
}
