//! Seeded chance: the same seed gives the same throws on every machine, in whole numbers only.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};

/// A stream of throws that belongs to one purpose and one number, independent of all other streams of the seed.
pub struct Dice(ChaCha20Rng);

impl Dice {
    /// The stream of `purpose` and `number` under the seed of the demonstration.
    #[must_use]
    pub fn new(seed: u64, purpose: &str, number: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update(number.to_le_bytes());
        hash.update(purpose.as_bytes());
        Self(ChaCha20Rng::from_seed(hash.finalize().into()))
    }

    /// A whole number from 0 up to but not including `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        let scaled = u64::from(self.0.next_u32()) * u64::from(end);
        u32::try_from(scaled >> 32)
            .expect("a 32-bit number times a fraction below one fits in 32 bits")
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.below(span))
    }

    /// Whether something that happens `per_thousand` times in a thousand happens now.
    pub fn chance(&mut self, per_thousand: u32) -> bool {
        self.below(1000) < per_thousand
    }

    /// One of the things.
    ///
    /// # Panics
    /// When there is nothing to pick from.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        let count = u32::try_from(things.len()).expect("short lists only");
        &things[self.below(count) as usize]
    }

    /// A bell-shaped deviation around 0 with standard deviation `spread`, at most three times as large.
    pub fn deviation(&mut self, spread: i32) -> i32 {
        (0..3).map(|_| self.between(-spread, spread)).sum()
    }

    /// The things in a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let end = u32::try_from(last + 1).expect("short lists only");
            things.swap(last, self.below(end) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_purpose_and_number_throw_the_same() {
        let throws = |purpose, number| {
            let mut dice = Dice::new(7, purpose, number);
            (0..20).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };

        assert_eq!(throws("hall", 1), throws("hall", 1));
        assert_ne!(throws("hall", 1), throws("hall", 2));
        assert_ne!(throws("hall", 1), throws("hotline", 1));
    }

    #[test]
    fn throws_stay_inside_their_limits_and_reach_both_ends() {
        let mut dice = Dice::new(1, "limits", 0);
        let thrown: Vec<i32> = (0..500).map(|_| dice.between(-2, 3)).collect();

        assert_eq!(thrown.iter().min(), Some(&-2));
        assert_eq!(thrown.iter().max(), Some(&3));
        assert_eq!(Dice::new(1, "limits", 0).below(0), 0);
    }

    #[test]
    fn a_deviation_has_the_spread_it_was_asked_for() {
        let mut dice = Dice::new(3, "spread", 0);
        let squares: i64 = (0..20_000)
            .map(|_| i64::from(dice.deviation(100)).pow(2))
            .sum();

        assert!((9_000..11_200).contains(&(squares / 20_000)));
    }
}
