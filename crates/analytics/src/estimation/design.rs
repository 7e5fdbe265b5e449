//! The sample design: who was drawn with whom, and the variance that follows.

use super::design_error::DesignError;
use super::stage_units::StageUnits;
use nalgebra::DMatrix;

/// What a stratum with one single sampled unit adds to a variance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LonelyPsu {
    /// No variance at all: the stratum is named in the error.
    Fail,
    /// Nothing; too small on purpose, for comparison only.
    Remove,
    /// The square of its total, not centred: conservative.
    #[default]
    Adjust,
    /// The average of the other strata.
    Average,
    /// Nothing, since the unit was taken with certainty.
    Certainty,
}

/// One stage of the draw, one element per row; ids need not be dense.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stage<'a> {
    /// Stratum of the row; `None` = one stratum (inside each unit of the stage before).
    pub strata: Option<&'a [u32]>,
    /// Sampled unit of the row; `None` = each row is a unit.
    pub clusters: Option<&'a [u32]>,
    /// Units of this stage in the frame of the row's stratum; `None` = drawn with replacement or not known.
    pub population: Option<&'a [f64]>,
}

/// A validated design with its weights: strata, units and populations of each stage, row by row.
///
/// Variances are those of unit totals of linearised variables. A later stage adds to them only where the populations of
/// all stages before it are known, as in R `survey`; otherwise the first stage alone counts ("ultimate cluster").
///
/// Source: Särndal, Swensson & Wretman 1992, result 4.3.1; Hansen, Hurwitz & Madow 1953; methodology A3.
/// Golden numbers: `tests/golden`, section A.
#[derive(Clone, Debug)]
pub struct SampleDesign {
    weights: Vec<f64>,
    stages: Vec<StageUnits>,
    lonely: LonelyPsu,
}

impl SampleDesign {
    /// A design of rows with these weights (persons represented; 0 keeps a row in the design but out of every estimate).
    ///
    /// # Errors
    /// No row; a column of another length; a weight that is negative or no number; a unit in two strata; a population
    /// that varies inside a stratum or is smaller than its sample.
    pub fn new(
        weights: &[f64],
        stages: &[Stage<'_>],
        lonely: LonelyPsu,
    ) -> Result<Self, DesignError> {
        if weights.is_empty() {
            return Err(DesignError::NoRows);
        }
        if let Some(row) = weights.iter().position(|w| !w.is_finite() || *w < 0.0) {
            let weight = weights[row];
            return Err(DesignError::Weight { row, weight });
        }
        let mut built: Vec<StageUnits> = Vec::new();
        for (index, stage) in stages.iter().enumerate() {
            let units = StageUnits::new(index + 1, stage, built.last(), weights.len())?;
            built.push(units);
        }
        if built.is_empty() {
            built.push(StageUnits::new(1, &Stage::default(), None, weights.len())?);
        }
        Ok(Self {
            weights: weights.to_vec(),
            stages: built,
            lonely,
        })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.weights.len()
    }

    /// The weights, one per row.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Degrees of freedom of the whole sample: PSUs − strata, of rows with weight.
    #[must_use]
    pub fn df(&self) -> f64 {
        self.domain_df(&|_| true)
    }

    /// Degrees of freedom of a domain: PSUs − strata, of rows with weight for which `domain` is true; 0 when there are none.
    ///
    /// Source: R `degf(subset())`; methodology A3.
    #[must_use]
    pub fn domain_df(&self, domain: &dyn Fn(usize) -> bool) -> f64 {
        let (psus, strata) = self.domain_psus_and_strata(domain);
        psus as f64 - strata as f64
    }

    /// PSUs and strata with rows for which `domain` is true and the weight is not 0.
    #[must_use]
    pub fn domain_psus_and_strata(&self, domain: &dyn Fn(usize) -> bool) -> (usize, usize) {
        self.stages[0].count(&|row| self.weights[row] > 0.0 && domain(row))
    }

    /// Stratum ids of the first stage that have one single PSU and are not taken with certainty, ascending.
    #[must_use]
    pub fn lonely_strata(&self) -> Vec<u32> {
        self.stages[0].lonely_strata()
    }

    /// Variances and covariances of estimates, from one linearised variable per estimate (weights inside, one element per row).
    ///
    /// # Errors
    /// A column of another length or with something that is no number; [`LonelyPsu::Fail`] with such a stratum;
    /// [`LonelyPsu::Average`] with no other stratum.
    pub fn covariance(&self, z: &[Vec<f64>]) -> Result<DMatrix<f64>, DesignError> {
        self.covariance_of(&z.iter().map(Vec::as_slice).collect::<Vec<_>>(), None)
    }

    /// Variance of one estimate, from its linearised variable.
    ///
    /// # Errors
    /// As [`Self::covariance`].
    pub fn variance(&self, z: &[f64]) -> Result<f64, DesignError> {
        Ok(self.covariance_of(&[z], None)?[(0, 0)])
    }

    /// Variance of a domain estimate where strata with one single PSU *inside the domain* count as lonely too.
    ///
    /// `z` is 0 outside the domain. Strata without rows in the domain are left out of [`LonelyPsu::Average`].
    ///
    /// Source: R option `survey.adjust.domain.lonely`; golden numbers `…__domainlonely_…`.
    ///
    /// # Errors
    /// As [`Self::covariance`].
    pub fn domain_variance(
        &self,
        z: &[f64],
        domain: &dyn Fn(usize) -> bool,
    ) -> Result<f64, DesignError> {
        let present: Vec<bool> = (0..self.rows()).map(domain).collect();
        Ok(self.covariance_of(&[z], Some(&present))?[(0, 0)])
    }

    fn covariance_of(
        &self,
        z: &[&[f64]],
        present: Option<&[bool]>,
    ) -> Result<DMatrix<f64>, DesignError> {
        for column in z {
            self.check(column)?;
        }
        let mut covariance = DMatrix::zeros(z.len(), z.len());
        for stage in &self.stages {
            stage.add_covariance(z, present, self.lonely, &mut covariance)?;
        }
        Ok(covariance)
    }

    fn check(&self, column: &[f64]) -> Result<(), DesignError> {
        if column.len() != self.rows() {
            return Err(DesignError::Length {
                what: "the linearised variable",
                rows: self.rows(),
                found: column.len(),
            });
        }
        match column.iter().position(|value| !value.is_finite()) {
            Some(row) => Err(DesignError::NotFinite { row }),
            None => Ok(()),
        }
    }

    pub(super) fn first_stage(&self) -> &StageUnits {
        &self.stages[0]
    }

    pub(super) fn lonely(&self) -> LonelyPsu {
        self.lonely
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRATA: [u32; 6] = [7, 7, 7, 8, 8, 8];
    const PSUS: [u32; 6] = [1, 1, 2, 3, 4, 4];

    fn design(lonely: LonelyPsu, psus: &[u32], population: Option<&[f64]>) -> SampleDesign {
        let stage = Stage {
            strata: Some(&STRATA),
            clusters: Some(psus),
            population,
        };
        SampleDesign::new(&[1.0; 6], &[stage], lonely).unwrap()
    }

    #[test]
    fn the_variance_is_that_of_psu_totals_around_their_stratum_mean() {
        // Totals 3, 1 | 4, 8: 2/1·(1 + 1) + 2/1·(4 + 4) = 20.
        let z = [1.0, 2.0, 1.0, 4.0, 3.0, 5.0];
        let plain = design(LonelyPsu::Fail, &PSUS, None);
        assert!((plain.variance(&z).unwrap() - 20.0).abs() < 1e-12);
        assert!((plain.df() - 2.0).abs() < 1e-12);
        assert!((plain.domain_df(&|row| row < 4) - 1.0).abs() < 1e-12);

        // With 4 and 2 PSUs in the frames: 4·(1 − 2/4) + 16·(1 − 2/2) = 2.
        let known = design(
            LonelyPsu::Fail,
            &PSUS,
            Some(&[4.0, 4.0, 4.0, 2.0, 2.0, 2.0]),
        );
        assert!((known.variance(&z).unwrap() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_lonely_psu_counts_as_asked() {
        // Stratum 7 has one PSU with total 4, stratum 8 gives 16.
        let z = [1.0, 2.0, 1.0, 4.0, 3.0, 5.0];
        for (lonely, expected) in [
            (LonelyPsu::Remove, 16.0),
            (LonelyPsu::Certainty, 16.0),
            (LonelyPsu::Adjust, 32.0),
            (LonelyPsu::Average, 32.0),
        ] {
            let variance = design(lonely, &[1, 1, 1, 3, 4, 4], None).variance(&z);
            assert!((variance.unwrap() - expected).abs() < 1e-12, "{lonely:?}");
        }
        let refused = design(LonelyPsu::Fail, &[1, 1, 1, 3, 4, 4], None);
        assert_eq!(
            refused.variance(&z),
            Err(DesignError::LonelyPsu {
                stage: 1,
                stratum: 7
            })
        );
        assert_eq!(refused.lonely_strata(), [7]);
    }

    #[test]
    fn a_psu_alone_in_a_domain_is_lonely_only_when_asked() {
        // In the domain: total 3 of PSU 1 | 4, 8. Centred with a silent PSU 2: 2·(2.25 + 2.25) + 16; uncentred: 2·9 + 16.
        let z = [1.0, 2.0, 0.0, 4.0, 3.0, 5.0];
        let domain = |row: usize| row != 2;
        let adjust = design(LonelyPsu::Adjust, &PSUS, None);
        assert!((adjust.variance(&z).unwrap() - 25.0).abs() < 1e-12);
        assert!((adjust.domain_variance(&z, &domain).unwrap() - 34.0).abs() < 1e-12);
        let average = design(LonelyPsu::Average, &PSUS, None);
        assert!((average.domain_variance(&z, &domain).unwrap() - 32.0).abs() < 1e-12);
    }

    #[test]
    fn a_second_stage_adds_what_varies_inside_the_psus() {
        // One stratum, PSUs {a, b} and {c}, of 4 PSUs of 4 and 1 persons; z = 1, 3 | 2.
        // Stage 1: totals 4, 2: (1 − 2/4)·2·(1 + 1) = 2. Stage 2: 2/4·(1 − 2/4)·2/1·(1 + 1) = 1; the second PSU is complete.
        let stages = [
            Stage {
                strata: None,
                clusters: Some(&[1, 1, 2]),
                population: Some(&[4.0, 4.0, 4.0]),
            },
            Stage {
                strata: None,
                clusters: None,
                population: Some(&[4.0, 4.0, 1.0]),
            },
        ];
        let design = SampleDesign::new(&[1.0; 3], &stages, LonelyPsu::Fail).unwrap();
        assert!((design.variance(&[1.0, 3.0, 2.0]).unwrap() - 3.0).abs() < 1e-12);
    }

    #[test]
    fn rows_without_weight_stay_in_the_design_and_out_of_the_degrees_of_freedom() {
        let stage = Stage {
            strata: Some(&STRATA),
            clusters: Some(&PSUS),
            population: None,
        };
        let weights = [1.0, 1.0, 0.0, 1.0, 1.0, 1.0];
        let design = SampleDesign::new(&weights, &[stage], LonelyPsu::Fail).unwrap();
        assert!((design.df() - 1.0).abs() < 1e-12);
        assert_eq!(design.domain_psus_and_strata(&|row| row < 4), (2, 2));
        // Totals 3, 0: the PSU without weight is still one of two.
        let z = [1.0, 2.0, 0.0, 0.0, 0.0, 0.0];
        assert!((design.variance(&z).unwrap() - 9.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_linearised_variable_has_no_variance() {
        let design = design(LonelyPsu::Adjust, &PSUS, None);
        assert!(matches!(
            design.variance(&[0.0; 5]),
            Err(DesignError::Length {
                rows: 6,
                found: 5,
                ..
            })
        ));
        for wrong in [f64::NAN, f64::INFINITY] {
            let z = [0.0, 0.0, wrong, 0.0, 0.0, 0.0];
            assert_eq!(design.variance(&z), Err(DesignError::NotFinite { row: 2 }));
        }
    }

    #[test]
    fn what_cannot_be_a_design_is_refused_by_name() {
        let refusal = |weights: &[f64], stage: Stage<'_>| {
            SampleDesign::new(weights, &[stage], LonelyPsu::Adjust).unwrap_err()
        };
        let plain = Stage::default();
        assert_eq!(refusal(&[], plain), DesignError::NoRows);
        assert!(matches!(
            refusal(&[1.0, -1.0], plain),
            DesignError::Weight { row: 1, .. }
        ));
        assert!(matches!(
            refusal(&[1.0, f64::NAN], plain),
            DesignError::Weight { row: 1, .. }
        ));
        let two_strata = Stage {
            strata: Some(&[1, 2]),
            clusters: Some(&[5, 5]),
            population: None,
        };
        assert_eq!(
            refusal(&[1.0, 1.0], two_strata),
            DesignError::ClusterAcrossStrata {
                stage: 1,
                cluster: 5
            }
        );
        let small = Stage {
            population: Some(&[1.0, 1.0]),
            ..plain
        };
        assert!(matches!(
            refusal(&[1.0, 1.0], small),
            DesignError::PopulationTooSmall { sampled: 2, .. }
        ));
        let varying = Stage {
            population: Some(&[3.0, 4.0]),
            ..plain
        };
        assert!(matches!(
            refusal(&[1.0, 1.0], varying),
            DesignError::PopulationVaries { .. }
        ));
    }
}
