//! The departments that are compared with each other: `x`, `S`, `id` of golden_part2.R.

use crate::designs::{department_means, design};
use crate::fixture::Fixture;
use analytics::estimation::{Linearised, LonelyPsu, SampleDesign};
use anyhow::Result;
use nalgebra::DMatrix;

/// Departments with at least this many valid answers are compared.
const LEAST_ANSWERS: usize = 10;
/// Variances below this are noise around zero.
const NO_VARIANCE: f64 = 1e-8;

/// Departments with enough answers and some variance, on the design `strclu_c`.
pub struct Ranked {
    /// Their numbers, ascending.
    pub ids: Vec<i64>,
    /// Mean of the first item.
    pub means: Vec<Linearised>,
    /// The estimates alone.
    pub estimates: Vec<f64>,
    /// Covariance of the estimates.
    pub covariance: DMatrix<f64>,
    /// The design.
    pub design: SampleDesign,
}

impl Ranked {
    /// Leaves out departments with few answers or without variance.
    pub fn new(fixture: &Fixture) -> Result<Self> {
        let rows = &fixture.rows;
        let design = design(rows, "strclu_c", LonelyPsu::Adjust)?;
        let points = rows.points(0);
        let answers = |wanted: i64| {
            let dept = rows.dept.iter().zip(&points);
            dept.filter(|(dept, points)| **dept == wanted && points.is_some())
                .count()
        };
        let (mut ids, mut means) = (Vec::new(), Vec::new());
        for (dept, mean) in department_means(fixture, &design) {
            if answers(dept) >= LEAST_ANSWERS && design.variance(&mean.z)? > NO_VARIANCE {
                ids.push(dept);
                means.push(mean);
            }
        }
        let z: Vec<_> = means.iter().map(|mean| mean.z.clone()).collect();
        Ok(Self {
            ids,
            estimates: means.iter().map(|mean| mean.estimate).collect(),
            means,
            covariance: design.covariance(&z)?,
            design,
        })
    }
}
