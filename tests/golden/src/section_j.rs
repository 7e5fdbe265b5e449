//! Section J: the Fay-Herriot model over departments in the last quarter.

use crate::designs::{design, domain_mean, rated_departments};
use crate::figure::Figure;
use crate::fixture::Fixture;
use analytics::comparison::{
    FayHerriot, FayHerriotError, ModelVariance, fay_herriot, smooth_variances,
};
use analytics::estimation::LonelyPsu;
use anyhow::{Context, Result};
use nalgebra::DMatrix;

/// Areas with fewer answers or less variance stay out of the model.
const LEAST_ANSWERS: usize = 5;
const LEAST_VARIANCE: f64 = 1e-8;

const METHODS: [(&str, ModelVariance); 3] = [
    ("REML", ModelVariance::Reml),
    ("ML", ModelVariance::MaximumLikelihood),
    ("FH", ModelVariance::Moment),
];

/// What the model is fitted to: `FHIN` of golden_part2.R.
struct Areas {
    ids: Vec<i64>,
    ratings: Vec<f64>,
    estimates: Vec<f64>,
    variances: Vec<f64>,
    covariates: DMatrix<f64>,
}

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let areas = Areas::new(fixture)?;
    let smooth =
        smooth_variances(&areas.ratings, &areas.variances).context("no area has ratings")?;
    let mut figures = Vec::new();
    for (source, variances) in [("direct", &areas.variances), ("smooth", &smooth)] {
        for (name, method) in METHODS {
            let name = format!("fh/{name}/{source}");
            match fay_herriot(&areas.estimates, variances, &areas.covariates, method) {
                Ok(fit) => figures.extend(areas.figures(&name, &fit, variances)),
                Err(why) => figures.push(Figure::refused(format!("{name}/A"), why)),
            }
        }
    }
    figures.push(
        areas
            .without_variance_between()
            .unwrap_or_else(|why| Figure::refused("fh/zero_variance/A", why)),
    );
    Ok(figures)
}

impl Areas {
    fn new(fixture: &Fixture) -> Result<Self> {
        let rows = &fixture.rows;
        let design = design(rows, "strclu_c", LonelyPsu::Adjust)?;
        let quarters = fixture.quarters();
        let last = *quarters.last().context("no quarter")?;
        let points = rows.points(0);
        let mut areas = Self {
            ids: Vec::new(),
            ratings: Vec::new(),
            estimates: Vec::new(),
            variances: Vec::new(),
            covariates: DMatrix::zeros(0, 3),
        };
        let mut covariates = Vec::new();
        for dept in rated_departments(fixture) {
            let inside = |row: usize| rows.dept[row] == dept && rows.quarter[row] == last;
            let answers = (0..rows.len())
                .filter(|row| inside(*row) && points[*row].is_some())
                .count();
            let Some(mean) = domain_mean(rows, &design, 0, &inside) else {
                continue;
            };
            let variance = design.variance(&mean.z)?;
            if answers < LEAST_ANSWERS || variance <= LEAST_VARIANCE {
                continue;
            }
            let known = fixture.depts.iter().find(|known| known.dept == dept);
            let known = known.with_context(|| format!("department {dept} has no covariates"))?;
            covariates.extend([1.0, known.x_complaints.ln(), known.x_ontime]);
            areas.ids.push(dept);
            areas.ratings.push(answers as f64);
            areas.estimates.push(mean.estimate);
            areas.variances.push(variance);
        }
        areas.covariates = DMatrix::from_row_slice(areas.ids.len(), 3, &covariates);
        Ok(areas)
    }

    fn figures(&self, name: &str, fit: &FayHerriot, variances: &[f64]) -> Vec<Figure> {
        let mut figures = vec![Figure::new(format!("{name}/A")).number("estimate", fit.variance)];
        for (k, beta) in (1..).zip(&fit.coefficients) {
            figures.push(Figure::new(format!("{name}/beta{k}")).number("estimate", *beta));
        }
        for (i, (dept, area)) in self.ids.iter().zip(&fit.areas).enumerate() {
            figures.push(
                Figure::new(format!("{name}/dept{dept}"))
                    .number("estimate", area.eblup)
                    .number("se", area.mse.sqrt())
                    .number("gamma", area.gamma)
                    .number("direct", self.estimates[i])
                    .number("psi", variances[i])
                    .number("n_obs", self.ratings[i]),
            );
        }
        figures
    }

    /// Areas that lie on the regression line but for a thousandth of a point.
    fn without_variance_between(&self) -> Result<Figure, FayHerriotError> {
        let fit = |estimates: &[f64]| {
            fay_herriot(
                estimates,
                &self.variances,
                &self.covariates,
                ModelVariance::Reml,
            )
        };
        let line = fit(&self.estimates)?.areas;
        let near: Vec<_> = (1_u32..)
            .zip(&line)
            .map(|(i, area)| area.synthetic + 1e-3 * f64::from(i).sin())
            .collect();
        let flat = fit(&near)?;
        Ok(Figure::new("fh/zero_variance/A")
            .number("estimate", flat.variance)
            .number("eblup1", flat.areas[0].eblup))
    }
}
