//! Section L: over-dispersed z-scores and heterogeneity.

use crate::figure::Figure;
use crate::fixture::Fixture;
use crate::ranked::Ranked;
use analytics::comparison::{funnel, heterogeneity};
use anyhow::Result;

/// Share of z-scores winsorised on each side.
const TRIM: f64 = 0.1;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let ranked = Ranked::new(fixture)?;
    let errors: Vec<_> = ranked
        .covariance
        .diagonal()
        .iter()
        .map(|v| v.sqrt())
        .collect();
    let funnel = funnel(&ranked.estimates, &errors, TRIM)?;
    let between = heterogeneity(&ranked.estimates, &errors)?;
    let units = funnel.units.len() as f64;
    let reliability = funnel
        .units
        .iter()
        .map(|unit| unit.reliability)
        .sum::<f64>()
        / units;
    let single = |name: &str, estimate: f64| Figure::new(name).number("estimate", estimate);
    let mut figures = vec![
        single("funnel/target", funnel.target),
        single("funnel/phi", funnel.phi),
        single("funnel/tau2", funnel.tau2),
        single("heterogeneity/Q", between.q).number("df", between.df),
        single("heterogeneity/tau2_DL", between.tau2),
        single("heterogeneity/I2", between.i2),
        single("reliability/mean", reliability),
    ];
    for (dept, unit) in ranked.ids.iter().zip(&funnel.units) {
        figures.push(
            single(&format!("funnel/dept{dept}"), unit.z_additive)
                .number("z_raw", unit.z)
                .number("z_mult", unit.z_multiplicative),
        );
    }
    Ok(figures)
}
