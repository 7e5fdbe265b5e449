//! Section E: change between quarters.

use crate::designs::{design, domain_mean, rated_departments};
use crate::figure::Figure;
use crate::fixture::Fixture;
use analytics::estimation::{LonelyPsu, SampleDesign, difference};
use anyhow::Result;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let [.., before, after] = fixture.quarters()[..] else {
        return Ok(Vec::new());
    };
    let design = design(&fixture.rows, "strclu_c", LonelyPsu::Adjust)?;
    let change = |name: &str, domain: &dyn Fn(usize) -> bool| {
        change(fixture, &design, [before, after], name, domain)
    };
    let mut figures = Vec::new();
    for dept in rated_departments(fixture) {
        let domain = |row: usize| fixture.rows.dept[row] == dept;
        figures.extend(change(&format!("change/dept{dept}/q1/strclu_c"), &domain)?);
    }
    for name in ["change/all/q1/strclu_c", "change_svyby/all/q1/strclu_c"] {
        figures.extend(change(name, &|_| true)?);
    }
    Ok(figures)
}

/// `None` when a quarter has no valid answer.
fn change(
    fixture: &Fixture,
    design: &SampleDesign,
    [before, after]: [&str; 2],
    name: &str,
    domain: &dyn Fn(usize) -> bool,
) -> Result<Option<Figure>> {
    let rows = &fixture.rows;
    let in_quarter = |quarter: &str| {
        domain_mean(rows, design, 0, &|row| {
            domain(row) && rows.quarter[row] == quarter
        })
    };
    let (Some(before), Some(after)) = (in_quarter(before), in_quarter(after)) else {
        return Ok(None);
    };
    let Some(change) = difference(&after, &before) else {
        return Ok(None);
    };
    let variance = design.variance(&change.z)?;
    let covariance = design.covariance(&[after.z, before.z])?;
    Ok(Some(
        Figure::new(name)
            .estimate(change.estimate, variance, design.df())
            .number("cov", covariance[(0, 1)])
            .number("se_independent", covariance.trace().sqrt()),
    ))
}
