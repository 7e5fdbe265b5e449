//! Section F: replicate weights.

use crate::designs::{design, rated_departments};
use crate::figure::{ERROR, Figure};
use crate::fixture::{Fixture, Ratings};
use analytics::estimation::{Centre, LonelyPsu, Replicates, mean, ratio, total, within};
use anyhow::Result;

/// Replicates of the bootstrap, as in golden.R.
const BOOTSTRAP: usize = 1000;

/// Why R's replicates are of no use when a collapsed stratum still has one PSU.
const UNCOMPRESSED: &str =
    "R 4.1-1 garbles uncompressed replicates of a design with a lonely PSU (A5)";

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let mut figures = Vec::new();
    for (name, design_name, centre) in [
        ("JK1", "clu", Centre::Mean),
        ("JKn", "strclu_c", Centre::Mean),
        ("JKnM", "strclu_c", Centre::Estimate),
        ("JKa", "strclu", Centre::Mean),
    ] {
        let design = design(rows, design_name, LonelyPsu::Adjust)?;
        let jackknife = match Replicates::jackknife(&design) {
            Ok(jackknife) => jackknife,
            Err(refusal) => {
                figures.push(Figure::refused(format!("degf/{name}"), refusal));
                continue;
            }
        };
        let mut found =
            vec![Figure::new(format!("degf/{name}")).number("estimate", jackknife.df())];
        found.extend(whole_sample(rows, &jackknife, name, centre));
        if name != "JKa" {
            found.extend(departments(fixture, &jackknife, name, centre));
        }
        let sound = name == "JKa" || design.lonely_strata().is_empty();
        figures.extend(found.into_iter().map(|it| {
            let fields = replicated(&it.name);
            it.trap_unless(sound, fields, UNCOMPRESSED)
        }));
    }
    let design = design(rows, "strclu_c", LonelyPsu::Adjust)?;
    let bootstrap = Replicates::bootstrap(&design, BOOTSTRAP, 42);
    let name = "rep/svymean_s1/bootstrap1000".to_owned();
    let figure = mean_of(name, &bootstrap, Centre::Mean, &rows.points(0));
    figures.push(figure.trap_unless(design.lonely_strata().is_empty(), ERROR, UNCOMPRESSED));
    Ok(figures)
}

fn whole_sample(
    rows: &Ratings,
    jackknife: &Replicates<'_>,
    name: &str,
    centre: Centre,
) -> Vec<Figure> {
    let (first, top_two) = (rows.points(0), rows.top_two(0));
    let second = rows.points(1.min(rows.items() - 1));
    vec![
        mean_of(format!("rep/svymean_s1/{name}"), jackknife, centre, &first),
        mean_of(
            format!("rep/svymean_t1/{name}"),
            jackknife,
            centre,
            &top_two,
        ),
        figure(
            format!("rep/svytotal_s1/{name}"),
            jackknife,
            centre,
            |weights| Some(total(weights, &first)?.estimate),
        ),
        figure(
            format!("rep/svyratio_s2_s1/{name}"),
            jackknife,
            centre,
            |weights| Some(ratio(weights, &second, &first)?.estimate),
        ),
    ]
}

/// Every sixth department that has ratings.
fn departments(
    fixture: &Fixture,
    jackknife: &Replicates<'_>,
    name: &str,
    centre: Centre,
) -> Vec<Figure> {
    let (rows, points) = (&fixture.rows, fixture.rows.points(0));
    let rated = rated_departments(fixture);
    let figure = |dept: &i64| {
        let y = within(&points, &|row| rows.dept[row] == *dept);
        mean_of(
            format!("rep/svymean_s1/dept{dept}/{name}"),
            jackknife,
            centre,
            &y,
        )
    };
    rated.iter().step_by(6).map(figure).collect()
}

fn mean_of(name: String, replicates: &Replicates<'_>, centre: Centre, y: &[Option<f64>]) -> Figure {
    figure(name, replicates, centre, |weights| {
        Some(mean(weights, y)?.estimate)
    })
}

fn figure(
    name: String,
    replicates: &Replicates<'_>,
    centre: Centre,
    statistic: impl Fn(&[f64]) -> Option<f64>,
) -> Figure {
    match replicates.variance(centre, statistic) {
        None => Figure::refused(name, "nobody gave a valid answer"),
        Some(found) => Figure::new(name)
            .number("estimate", found.estimate)
            .number("se", found.variance.sqrt()),
    }
}

/// What R's broken replicates change: the degrees of freedom and the errors, never an estimate.
fn replicated(name: &str) -> &'static [&'static str] {
    if name.starts_with("degf/") {
        &["estimate"]
    } else {
        &["se", "ci_lower", "ci_upper", "df"]
    }
}
