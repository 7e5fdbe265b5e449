//! Section C: domains.

use crate::designs::{design, domain_mean};
use crate::figure::{Figure, Value, WHOLE};
use crate::fixture::{Fixture, Ratings, distinct};
use analytics::estimation::{Linearised, LonelyPsu, SampleDesign, kish, mean, total, within};
use anyhow::Result;

/// Why we have no number where R has 0.
const EMPTY: &str = "R gives 0 ± 0 for a domain without valid answers; it has no mean (A11)";

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let mut figures = Vec::new();
    for name in ["strclu", "strclu_c", "twostage_fpc"] {
        let design = design(rows, name, LonelyPsu::Adjust)?;
        let items = if name == "strclu" {
            rows.items()
        } else {
            rows.items().min(2)
        };
        for department in &fixture.depts {
            for k in 0..items {
                figures.push(department_item(rows, &design, name, department.dept, k)?);
            }
        }
    }
    figures.extend(departments(fixture)?);
    figures.extend(categories(fixture)?);
    figures.extend(lonely_in_domain(fixture)?);
    figures.extend(dont_know_rates(fixture)?);
    Ok(figures)
}

/// Mean of one item in one department, with the degrees of freedom of the domain.
fn department_item(
    rows: &Ratings,
    design: &SampleDesign,
    name: &str,
    dept: i64,
    k: usize,
) -> Result<Figure> {
    let points = rows.points(k);
    let valid = |row: usize| rows.dept[row] == dept && points[row].is_some();
    let count = |answer: Option<u8>| {
        let of_dept = (0..rows.len()).filter(|row| rows.dept[*row] == dept);
        of_dept
            .filter(|row| rows.answers[k][*row] == answer)
            .count() as f64
    };
    let weights = || {
        (0..rows.len())
            .filter(|row| valid(*row))
            .map(|row| rows.w[row])
    };
    let name = format!("domain_mean/dept{dept}/q{}/{name}", k + 1);
    let figure = match domain_mean(rows, design, k, &valid) {
        None => Figure::refused(name, "nobody gave a valid answer").trap(WHOLE, EMPTY),
        Some(mean) => {
            let (variance, df) = (design.variance(&mean.z)?, design.domain_df(&valid));
            Figure::new(name).estimate(mean.estimate, variance, df)
        }
    };
    Ok(figure
        .number("df_full", design.df())
        .number("n_obs", weights().count() as f64)
        .number("n_dk", count(Some(9)))
        .number("n_missing", count(None))
        .number(
            "neff_kish",
            kish(weights()).map_or(0.0, |it| it.effective_n),
        )
        .number("sum_w", weights().sum()))
}

/// Shares, totals and quarters of each department that has a valid answer to the first item.
fn departments(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let plain = design(rows, "strclu", LonelyPsu::Adjust)?;
    let collapsed = design(rows, "strclu_c", LonelyPsu::Adjust)?;
    let (points, top_two) = (rows.points(0), rows.top_two(0));
    let mut figures = Vec::new();
    for department in &fixture.depts {
        let dept = department.dept;
        let of_dept = |row: usize| rows.dept[row] == dept;
        let Some(sum) = total(plain.weights(), &within(&points, &of_dept)) else {
            continue;
        };
        let share = mean(plain.weights(), &within(&top_two, &of_dept));
        let name = format!("domain_prop/dept{dept}/t1/strclu");
        figures.push(estimate(name, &plain, share)?);
        let name = format!("domain_total/dept{dept}/s1/strclu");
        figures.push(estimate(name, &plain, Some(sum))?);
        for quarter in fixture.quarters() {
            let domain = |row: usize| of_dept(row) && rows.quarter[row] == quarter;
            let valid = (0..rows.len()).filter(|row| domain(*row) && points[*row].is_some());
            let name = format!("domain_mean/dept{dept}/q1/{quarter}/strclu_c");
            let mean = domain_mean(rows, &collapsed, 0, &domain);
            let figure = estimate(name, &collapsed, mean)?;
            figures.push(figure.number("n_obs", valid.count() as f64));
        }
    }
    Ok(figures)
}

/// Category of the department by group of the rater.
fn categories(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let design = design(rows, "strclu_c", LonelyPsu::Adjust)?;
    let categories: Vec<String> = fixture.depts.iter().map(|it| it.cat.clone()).collect();
    let mut figures = Vec::new();
    for category in distinct(&categories) {
        for group in distinct(&rows.grp) {
            for k in 0..rows.items().min(2) {
                let mean = domain_mean(rows, &design, k, &|row| {
                    rows.cat[row] == category && rows.grp[row] == group
                });
                let name = format!("domain_mean/cat{category}/{group}/q{}/strclu_c", k + 1);
                figures.push(estimate(name, &design, mean)?);
            }
        }
    }
    Ok(figures)
}

/// Every sixth department, with strata lonely inside it treated as lonely.
fn lonely_in_domain(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let points = rows.points(0);
    let mut figures = Vec::new();
    for (option, lonely) in [
        ("adjust", LonelyPsu::Adjust),
        ("average", LonelyPsu::Average),
    ] {
        let design = design(rows, "strclu", lonely)?;
        for department in fixture.depts.iter().skip(1).step_by(6) {
            let dept = department.dept;
            let valid = |row: usize| rows.dept[row] == dept && points[row].is_some();
            let name = format!("domain_mean/dept{dept}/q1/strclu__domainlonely_{option}");
            let Some(mean) = domain_mean(rows, &design, 0, &valid) else {
                figures
                    .push(Figure::refused(name, "nobody gave a valid answer").trap(WHOLE, EMPTY));
                continue;
            };
            figures.push(match design.domain_variance(&mean.z, &valid) {
                Ok(variance) => Figure::new(name).estimate(mean.estimate, variance, design.df()),
                Err(refusal) => Figure::new(name)
                    .number("estimate", mean.estimate)
                    .with("se", Value::Refused(refusal.to_string()))
                    .number("df", design.df()),
            });
        }
    }
    Ok(figures)
}

/// Share of don't-know among those who answered the first item; department 0 is everyone.
fn dont_know_rates(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let design = design(rows, "strclu", LonelyPsu::Adjust)?;
    let dont_know: Vec<Option<f64>> = rows.answers[0]
        .iter()
        .map(|answer| answer.map(|answer| f64::from(u8::from(answer == 9))))
        .collect();
    let departments = fixture.depts.iter().step_by(4).map(|it| it.dept);
    std::iter::once(0)
        .chain(departments)
        .map(|dept| {
            let share = mean(
                design.weights(),
                &within(&dont_know, &|row| dept == 0 || rows.dept[row] == dept),
            );
            estimate(format!("dk_rate/dept{dept}/q1/strclu"), &design, share)
        })
        .collect()
}

/// An estimate with its t interval on the degrees of freedom of the whole design.
fn estimate(name: String, design: &SampleDesign, it: Option<Linearised>) -> Result<Figure> {
    let Some(it) = it else {
        return Ok(Figure::refused(name, "nobody gave a valid answer").trap(WHOLE, EMPTY));
    };
    let variance = design.variance(&it.z)?;
    Ok(Figure::new(name).estimate(it.estimate, variance, design.df()))
}
