//! The designs that golden.R names, built from a fixture, and what most sections estimate with them.

use crate::fixture::{Fixture, Ratings};
use analytics::estimation::{
    DesignError, Linearised, LonelyPsu, SampleDesign, Stage, mean, within,
};
use std::collections::{BTreeMap, HashMap};

/// The designs of section A, by name, in its order.
pub const NAMES: [&str; 9] = [
    "srs_unw",
    "srs_fpc",
    "wgt",
    "str",
    "clu",
    "strclu",
    "strclu_c",
    "strclu_fpc",
    "twostage_fpc",
];

/// Persons in the frame of the design `srs_fpc`.
const FRAME: f64 = 50_000.0;

/// A design by its name in golden.R; names not listed there are `wgt`, rows drawn with replacement.
pub fn design(rows: &Ratings, name: &str, lonely: LonelyPsu) -> Result<SampleDesign, DesignError> {
    let (strata, collapsed, psus) = (
        dense(&rows.stratum),
        dense(&rows.stratum_c),
        dense(&rows.psu),
    );
    let (persons, frame) = (dense(&rows.pid), vec![FRAME; rows.len()]);
    let strata = match name {
        "str" | "strclu" | "strclu_fpc" | "twostage_fpc" => Some(strata.as_slice()),
        "strclu_c" => Some(collapsed.as_slice()),
        _ => None,
    };
    let clusters = match name {
        "srs_unw" | "srs_fpc" | "wgt" | "str" => None,
        _ => Some(psus.as_slice()),
    };
    let population = match name {
        "srs_fpc" => Some(frame.as_slice()),
        "strclu_fpc" | "twostage_fpc" => Some(rows.fpc1.as_slice()),
        _ => None,
    };
    let first = Stage {
        strata,
        clusters,
        population,
    };
    let second = Stage {
        strata: None,
        clusters: Some(&persons),
        population: Some(&rows.fpc2),
    };
    let weights = match name {
        "srs_unw" => vec![1.0; rows.len()],
        "srs_fpc" => vec![FRAME / rows.len() as f64; rows.len()],
        _ => rows.w.clone(),
    };
    let stages = [first, second];
    let used = if name == "twostage_fpc" { 2 } else { 1 };
    SampleDesign::new(&weights, &stages[..used], lonely)
}

/// Numbers texts from 0 in order of appearance.
pub fn dense(column: &[String]) -> Vec<u32> {
    let mut ids = HashMap::new();
    column
        .iter()
        .map(|text| {
            let next = u32::try_from(ids.len()).expect("fewer than 2^32 rows");
            *ids.entry(text.as_str()).or_insert(next)
        })
        .collect()
}

/// Mean of item `k` over the rows of a domain; `None` when nobody gave a valid answer.
pub fn domain_mean(
    rows: &Ratings,
    design: &SampleDesign,
    k: usize,
    domain: &dyn Fn(usize) -> bool,
) -> Option<Linearised> {
    mean(design.weights(), &within(&rows.points(k), domain))
}

/// Departments with valid answers to the first item, ascending (`dn` in golden.R).
pub fn rated_departments(fixture: &Fixture) -> Vec<i64> {
    let rows = &fixture.rows;
    let mut rated: Vec<i64> = rows
        .points(0)
        .iter()
        .zip(&rows.dept)
        .filter(|(points, _)| points.is_some())
        .map(|(_, dept)| *dept)
        .collect();
    rated.sort_unstable();
    rated.dedup();
    rated
}

/// Mean of the first item in each rated department, on a design (`IFd` in golden.R).
pub fn department_means(fixture: &Fixture, design: &SampleDesign) -> Vec<(i64, Linearised)> {
    let rows = &fixture.rows;
    rated_departments(fixture)
        .into_iter()
        .filter_map(|dept| {
            let mean = domain_mean(rows, design, 0, &|row| rows.dept[row] == dept)?;
            Some((dept, mean))
        })
        .collect()
}

/// The first item, and the first department in it, for which `wanted` holds of the valid points.
fn first_domain(rows: &Ratings, wanted: fn(&[f64]) -> bool) -> Option<(usize, i64)> {
    (0..rows.items()).find_map(|k| {
        let mut valid: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
        for (points, dept) in rows.points(k).into_iter().zip(&rows.dept) {
            valid.entry(*dept).or_default().extend(points);
        }
        let found = valid.iter().find(|(_, points)| wanted(points));
        found.map(|(dept, _)| (k, *dept))
    })
}

/// Item and department where nobody gave a valid answer.
pub fn silent_domain(rows: &Ratings) -> Option<(usize, i64)> {
    first_domain(rows, <[f64]>::is_empty)
}

/// Item and department where more than five valid answers are all equal.
pub fn unanimous_domain(rows: &Ratings) -> Option<(usize, i64)> {
    first_domain(rows, |points| {
        points.len() > 5 && points.iter().all(|it| it.total_cmp(&points[0]).is_eq())
    })
}
