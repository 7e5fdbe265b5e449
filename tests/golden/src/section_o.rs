//! Section O: quality indicators.

use crate::figure::Figure;
use crate::fixture::{Fixture, Ratings};
use analytics::comparison::sample_quantile;
use analytics::quality::{
    closest_matches, exact_duplicates, is_straight_line, longstring, response_variability,
    speeders, trailing_counts,
};
use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// Scored answers without which a rating is too short to judge.
const LEAST: usize = 6;
/// Share of the median time below which a rating is too fast.
const SPEED: f64 = 0.3;
/// Seconds of a burst.
const WINDOW: i64 = 600;
/// Share of identical answers that golden_part2.R counts.
const MATCH: f64 = 0.85;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let rows = &fixture.rows;
    let answers = by_row(rows);
    let count = |flags: &mut dyn Iterator<Item = bool>| flags.filter(|flag| *flag).count() as f64;
    let mut runs: Vec<_> = answers.iter().map(|row| longstring(row) as f64).collect();
    let spread: Vec<_> = answers
        .iter()
        .filter_map(|row| response_variability(row))
        .collect();
    let bursts = trailing_counts(&rows.device, &rows.ts, WINDOW);
    let figure =
        |name: &str, number: f64| Figure::new(format!("quality/{name}")).number("estimate", number);
    Ok(vec![
        figure(
            "median_duration",
            sample_quantile(&mut rows.duration_s.clone(), 0.5).context("no ratings")?,
        ),
        figure(
            "n_straight",
            count(&mut answers.iter().map(|row| is_straight_line(row, LEAST))),
        ),
        figure(
            "n_speeder",
            count(&mut speeders(&rows.duration_s, SPEED).into_iter()),
        ),
        figure(
            "n_dup_device",
            count(&mut exact_duplicates(&rows.device, &answers, LEAST).into_iter()),
        ),
        figure(
            "max_burst600",
            bursts.into_iter().max().context("no ratings")? as f64,
        ),
        figure("mean_irv", spread.iter().sum::<f64>() / spread.len() as f64),
        figure(
            "longstring_p99",
            sample_quantile(&mut runs, 0.99).context("no ratings")?,
        ),
        percent_match(rows, &answers),
    ])
}

fn by_row(rows: &Ratings) -> Vec<Vec<Option<u8>>> {
    (0..rows.len())
        .map(|row| rows.answers.iter().map(|item| item[row]).collect())
        .collect()
}

/// In the department with most ratings; the first of several.
fn percent_match(rows: &Ratings, answers: &[Vec<Option<u8>>]) -> Figure {
    let mut departments: BTreeMap<i64, Vec<Vec<Option<u8>>>> = BTreeMap::new();
    for (dept, row) in rows.dept.iter().zip(answers) {
        departments.entry(*dept).or_default().push(row.clone());
    }
    let largest = departments
        .into_values()
        .rev()
        .max_by_key(Vec::len)
        .unwrap_or_default();
    let near = closest_matches(&largest);
    let near = near
        .iter()
        .flatten()
        .filter(|share| **share >= MATCH)
        .count();
    Figure::new("quality/percent_match_ge85")
        .number("estimate", near as f64)
        .number("n_obs", largest.len() as f64)
}
