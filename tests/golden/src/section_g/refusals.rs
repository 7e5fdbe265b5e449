//! What cannot be calibrated, and a raking cut short.

use super::respondents::Respondents;
use super::{STOPPING, with_summary};
use crate::figure::Figure;
use analytics::weighting::{
    Calibrated, CalibrationError, Cells, Margin, MissingLevels, Raking, post_stratify, rake,
};
use anyhow::Result;

const CONTRADICTION: &str =
    "R rakes to the last of two margins that contradict each other; we refuse";

/// Raking after two cycles, contradicting margins, levels missing on either side.
pub fn figures(sample: &Respondents) -> Result<Vec<Figure>> {
    Ok(vec![
        cut_short(sample)?,
        contradicting(sample)?.trap(&["estimate"], CONTRADICTION),
        post_stratified(sample, "cal/ps_missing_level", |levels| {
            levels.remove(0);
        }),
        post_stratified(sample, "cal/ps_extra_level", |levels| {
            levels.push(("00-17".to_owned(), 1000.0));
        }),
    ])
}

fn cut_short(sample: &Respondents) -> Result<Figure> {
    let base = sample.cells.sum(&sample.base)?;
    let mut raking = Raking::new(&base, &sample.cells, &sample.margins, None)?;
    raking.cycle();
    raking.cycle();
    let weights = sample.cells.spread(&sample.base, &raking.factors())?;
    Ok(with_summary(
        Figure::new("cal/rake_nonconvergent"),
        &weights,
    ))
}

/// Age and sex, the totals of sex 2 % too large.
fn contradicting(sample: &Respondents) -> Result<Figure> {
    let mut margins = sample.margins[..2].to_vec();
    for (_, total) in &mut margins[1].levels {
        *total *= 1.02;
    }
    let cells = Cells::assign(&[&sample.columns[0], &sample.columns[1]])?;
    let result = rake(&sample.base, &cells, &margins, None, STOPPING);
    Ok(sum_or_refusal("cal/rake_inconsistent", result))
}

fn post_stratified(
    sample: &Respondents,
    name: &str,
    change: impl Fn(&mut Vec<(String, f64)>),
) -> Figure {
    let age = &sample.margins[0];
    let mut levels = age.levels.clone();
    change(&mut levels);
    let margin = Margin {
        name: age.name.clone(),
        levels,
    };
    let names = sample.columns[0]
        .iter()
        .map(|id| age.levels[*id as usize].0.as_str());
    let result = margin
        .level_ids(names)
        .and_then(|ids| post_stratify(&sample.base, &ids, &margin, MissingLevels::Refuse));
    sum_or_refusal(name, result)
}

fn sum_or_refusal(name: &str, result: Result<Calibrated, CalibrationError>) -> Figure {
    match result {
        Ok(calibrated) => Figure::new(name).number("estimate", calibrated.weights().iter().sum()),
        Err(refusal) => Figure::refused(name, refusal),
    }
}
