//! The stratified jackknife with raking inside every replicate.

use super::respondents::Respondents;
use crate::figure::{ERROR, Figure};
use analytics::estimation::{Centre, Linearised, Replicates, mean, total, within};
use analytics::weighting::Raking;
use anyhow::Result;

const LOST_LEVEL: &str = "a replicate loses a level of a margin with its only PSU (A5)";
const UNCOMPRESSED: &str =
    "R 4.1-1 garbles uncompressed replicates of a design with a lonely PSU (A5)";

/// `cal_rep*`: means, visits and group means, with the spread over replicates.
///
/// Replicates are raked as often as R rakes them: until the whole sample, not the replicate, has converged.
pub fn figures(sample: &Respondents) -> Result<Vec<Figure>> {
    let cycles = cycles_of_whole(sample)?;
    let jackknife = Replicates::jackknife(&sample.design)?;
    let sound = sample.design.lonely_strata().is_empty();
    let replicated = |name: &str, statistic: &dyn Fn(&[f64]) -> Option<Linearised>| {
        let name = format!("{name}/rake_JKn");
        let result = jackknife.variance(Centre::Mean, |base| {
            Some(statistic(&raked(sample, base, cycles)?)?.estimate)
        });
        let figure = match result {
            None => Figure::refused(name, "no replicate has an estimate"),
            Some(result) => Figure::new(name)
                .number("estimate", result.estimate)
                .number("se", result.variance.sqrt())
                .trap_unless(result.without_estimate == 0, ERROR, LOST_LEVEL),
        };
        figure.trap_unless(sound, ERROR, UNCOMPRESSED)
    };
    let mut figures = vec![
        replicated("cal_rep_mean/y", &|w| mean(w, &sample.y)),
        replicated("cal_rep_total/visits", &|w| total(w, &sample.visits)),
    ];
    for grp in sample.groups() {
        let y = within(&sample.y, &|row| sample.grp[row] == grp);
        figures.push(replicated(&format!("cal_rep_mean/y/grp_{grp}"), &|w| {
            mean(w, &y)
        }));
    }
    Ok(figures)
}

/// R's rule: no cell moves by more than 10⁻¹² of the population, at most 500 cycles.
fn cycles_of_whole(sample: &Respondents) -> Result<usize> {
    let base = sample.cells.sum(&sample.base)?;
    let close = 1e-12 * base.iter().sum::<f64>();
    let mut raking = Raking::new(&base, &sample.cells, &sample.margins, None)?;
    let mut factors = raking.factors();
    for cycle in 1..500 {
        raking.cycle();
        let before = std::mem::replace(&mut factors, raking.factors());
        let moved = (base.iter().zip(before).zip(&factors)).map(|((w, a), b)| (w * (a - b)).abs());
        if moved.fold(0.0, f64::max) < close {
            return Ok(cycle);
        }
    }
    Ok(500)
}

/// Weights of one replicate; `None` when it has lost a level.
fn raked(sample: &Respondents, base: &[f64], cycles: usize) -> Option<Vec<f64>> {
    let sums = sample.cells.sum(base).ok()?;
    let mut raking = Raking::new(&sums, &sample.cells, &sample.margins, None).ok()?;
    (0..cycles).for_each(|_| raking.cycle());
    sample.cells.spread(base, &raking.factors()).ok()
}
