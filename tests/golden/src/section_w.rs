//! Section W: Kish design effects.

use crate::figure::Figure;
use crate::fixture::Fixture;
use analytics::estimation::kish;
use anyhow::Result;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let mut figures = Vec::new();
    if let Some(all) = kish(rows.w.iter().copied()) {
        for (name, number) in [
            ("deff", all.design_effect),
            ("neff", all.effective_n),
            ("n", all.n as f64),
            ("cv", all.cv),
        ] {
            figures.push(Figure::new(format!("kish/{name}/all")).number("estimate", number));
        }
    }
    let points = rows.points(0);
    for department in &fixture.depts {
        let valid = (0..rows.len())
            .filter(|row| rows.dept[*row] == department.dept && points[*row].is_some())
            .map(|row| rows.w[row]);
        if let Some(kish) = kish(valid) {
            figures.push(
                Figure::new(format!("kish/q1/dept{}", department.dept))
                    .number("estimate", kish.design_effect)
                    .number("neff", kish.effective_n)
                    .number("n_obs", kish.n as f64),
            );
        }
    }
    Ok(figures)
}
