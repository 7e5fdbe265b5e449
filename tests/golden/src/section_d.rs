//! Section D: covariances, contrasts, department scores.

use crate::designs::{department_means, design, domain_mean};
use crate::figure::{Figure, WHOLE};
use crate::fixture::Fixture;
use analytics::estimation::{Linearised, LonelyPsu, SampleDesign, average, difference};
use anyhow::Result;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let design = design(&fixture.rows, "strclu_c", LonelyPsu::Adjust)?;
    let means = department_means(fixture, &design);
    let mut figures = contrasts(&design, &means)?;
    if let Some(overall) = domain_mean(&fixture.rows, &design, 0, &|_| true) {
        for (dept, mean) in &means {
            let name = format!("dept_minus_overall/dept{dept}/q1/strclu_c");
            if let Some(contrast) = difference(mean, &overall) {
                figures.push(interval(&name, &design, &contrast)?);
            }
        }
    }
    figures.extend(scores(fixture, &design, &means)?);
    Ok(figures)
}

/// Every third department against the next one.
fn contrasts(design: &SampleDesign, means: &[(i64, Linearised)]) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for pair in means.windows(2).step_by(3) {
        let [(first, a), (second, b)] = pair else {
            continue;
        };
        let name = format!("contrast/dept{first}-dept{second}/q1/strclu_c");
        if let Some(contrast) = difference(a, b) {
            let covariance = design.covariance(&[a.z.clone(), b.z.clone()])?;
            let figure = interval(&name, design, &contrast)?;
            figures.push(figure.number("cov", covariance[(0, 1)]));
        }
    }
    Ok(figures)
}

/// Mean over the items of each department; the first one a second time, as R does by the delta method.
fn scores(
    fixture: &Fixture,
    design: &SampleDesign,
    means: &[(i64, Linearised)],
) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let mut figures = Vec::new();
    for (index, (dept, _)) in means.iter().enumerate() {
        let items: Vec<Option<Linearised>> = (0..rows.items())
            .map(|k| domain_mean(rows, design, k, &|row| rows.dept[row] == *dept))
            .collect();
        let used = items.iter().flatten().count();
        let Some(score) = average(&items) else {
            continue;
        };
        let name = format!("dept_score/dept{dept}/strclu_c");
        let figure = interval(&name, design, &score)?;
        figures.push(figure.number("items_used", used as f64));
        if index == 0 {
            let name = format!("dept_score_delta/dept{dept}/strclu_c");
            let all = used == items.len();
            figures.push(interval(&name, design, &score)?.trap_unless(
                all,
                WHOLE,
                "R divides by every item, also by one nobody answered",
            ));
        }
    }
    Ok(figures)
}

fn interval(name: &str, design: &SampleDesign, it: &Linearised) -> Result<Figure> {
    let variance = design.variance(&it.z)?;
    Ok(Figure::new(name).estimate(it.estimate, variance, design.df()))
}
