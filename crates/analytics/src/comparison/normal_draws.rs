//! Seeded draws of a multivariate normal vector.

use super::{ComparisonError, covariance::square_root};
use nalgebra::DMatrix;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// How long a Monte-Carlo calculation runs, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// Number of draws.
    pub count: u32,
    /// Seed of the generator: the same seed gives the same numbers.
    pub seed: u64,
}

impl Default for Draws {
    /// 20 000 draws: a critical value near 3 to 4 is then known to about ±0.02.
    fn default() -> Self {
        Self {
            count: 20_000,
            seed: 20_240_707,
        }
    }
}

/// Draws of `N(0, V)`; every pass over them sees the same ones.
pub(super) struct NormalDraws {
    root: DMatrix<f64>,
    draws: Draws,
}

impl NormalDraws {
    pub(super) fn new(covariance: &DMatrix<f64>, draws: Draws) -> Result<Self, ComparisonError> {
        if draws.count < 1_000 {
            return Err(ComparisonError::Draws { draws: draws.count });
        }
        Ok(Self {
            root: square_root(covariance)?,
            draws,
        })
    }

    /// Visits every draw, one value per unit.
    pub(super) fn visit(&self, mut visitor: impl FnMut(&[f64])) {
        let units = self.root.nrows();
        let mut normals = Normals::new(self.draws.seed);
        let mut draw = vec![0.0; units];
        for _ in 0..self.draws.count {
            draw.fill(0.0);
            for (place, column) in self.root.as_slice().chunks_exact(units.max(1)).enumerate() {
                let normal = normals.next();
                for (value, factor) in draw[place..].iter_mut().zip(&column[place..]) {
                    *value += factor * normal;
                }
            }
            visitor(&draw);
        }
    }
}

/// Standard normal numbers by the polar method (Marsaglia & Bray 1964).
pub(crate) struct Normals {
    generator: ChaCha8Rng,
    spare: Option<f64>,
}

impl Normals {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            generator: ChaCha8Rng::seed_from_u64(seed),
            spare: None,
        }
    }

    pub(crate) fn next(&mut self) -> f64 {
        if let Some(normal) = self.spare.take() {
            return normal;
        }
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                let factor = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(y * factor);
                return x * factor;
            }
        }
    }

    /// A number from 0 to below 1 in steps of 2⁻⁵³.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_covariance_asked_for_and_depend_on_the_seed_only() {
        let covariance = DMatrix::from_row_slice(2, 2, &[4.0, 3.0, 3.0, 9.0]);
        let sums = |seed| {
            let draws = Draws {
                count: 50_000,
                seed,
            };
            let mut sums = [0.0; 4];
            NormalDraws::new(&covariance, draws).unwrap().visit(|z| {
                sums[0] += z[0] / 5e4;
                sums[1] += z[0] * z[0] / 5e4;
                sums[2] += z[0] * z[1] / 5e4;
                sums[3] += z[1] * z[1] / 5e4;
            });
            sums
        };

        let found = sums(1);
        for (value, expected) in found.iter().zip([0.0, 4.0, 3.0, 9.0]) {
            assert!((value - expected).abs() < 0.15, "{found:?}");
        }
        assert_eq!(sums(1), found);
        assert_ne!(sums(2), found);
    }

    #[test]
    fn too_few_draws_are_refused() {
        let draws = Draws { count: 10, seed: 1 };
        assert!(matches!(
            NormalDraws::new(&DMatrix::identity(1, 1), draws),
            Err(ComparisonError::Draws { draws: 10 })
        ));
    }
}
