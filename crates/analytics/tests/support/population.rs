//! A population that is drawn from again and again.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use statrs::distribution::{ContinuousCDF, Normal};
use std::f64::consts::TAU;

/// Seeded random numbers.
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Above 0, up to 1.
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end
    }

    /// Box & Muller.
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (TAU * self.uniform()).cos()
    }

    /// Knuth's product of uniform numbers.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let (end, mut product) = ((-mean).exp(), self.uniform());
        let mut events = 0;
        while product > end {
            product *= self.uniform();
            events += 1;
        }
        events
    }

    /// Log-normal weight around 1 with a coefficient of variation of 0.6.
    pub fn weight(&mut self) -> f64 {
        (1.36_f64.ln().sqrt() * self.normal()).exp()
    }
}

/// Where a latent opinion turns into the next better answer; each answer is 25 points.
const CUTS: [f64; 4] = [-1.9, -1.05, -0.15, 1.0];
/// Mean of the latent opinion, whose standard deviation is 1.
pub const OPINION: f64 = 0.55;

/// Points, 0 to 100, of an opinion.
pub fn points(opinion: f64) -> f64 {
    25.0 * CUTS
        .iter()
        .map(|cut| f64::from(u8::from(opinion > *cut)))
        .sum::<f64>()
}

/// Mean points of a population whose latent mean is `opinion`.
pub fn true_mean(opinion: f64) -> f64 {
    25.0 * CUTS
        .iter()
        .map(|cut| share_above(*cut, opinion))
        .sum::<f64>()
}

/// Share of 75 points and more in the standard population.
pub fn true_top_two() -> f64 {
    share_above(CUTS[2], OPINION)
}

fn share_above(cut: f64, opinion: f64) -> f64 {
    Normal::new(0.0, 1.0)
        .expect("the standard normal exists")
        .cdf(opinion - cut)
}
