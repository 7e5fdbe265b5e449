//! The exact chance somebody had of being drawn.

use std::{fmt, str::FromStr};
use vocabulary::Weight;

/// A chance above 0 and at most 1, as a fraction; written `3/10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chance {
    numerator: u64,
    denominator: u64,
}

impl Chance {
    /// Drawn with certainty.
    pub const CERTAIN: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// `numerator ∕ denominator` in lowest terms; `None` unless it is above 0 and at most 1.
    #[must_use]
    pub fn new(numerator: u64, denominator: u64) -> Option<Self> {
        let common = common_divisor(numerator, denominator);
        (0 < numerator && numerator <= denominator).then(|| Self {
            numerator: numerator / common,
            denominator: denominator / common,
        })
    }

    /// At most certain.
    pub(crate) fn capped(numerator: u64, denominator: u64) -> Self {
        Self::new(numerator, denominator).unwrap_or(Self::CERTAIN)
    }

    /// The chance of both, when a community was drawn with this chance and then `numerator` of its `denominator` people.
    pub(crate) fn times(self, numerator: u64, denominator: u64) -> Self {
        let crossed = common_divisor(self.numerator, denominator).max(1);
        let other = common_divisor(numerator, self.denominator).max(1);
        Self::capped(
            (self.numerator / crossed) * (numerator / other),
            (self.denominator / other) * (denominator / crossed),
        )
    }

    /// The value, 0-1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "estimates are f64 by decision")]
    pub fn as_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The base weight `1∕π`, people represented, to the nearest millionth, a half upwards.
    ///
    /// Source: D. G. Horvitz and D. J. Thompson, JASA 47 (1952).
    #[must_use]
    pub fn weight(self) -> Weight {
        let scale = u128::from(Weight::SCALE.unsigned_abs());
        let numerator = u128::from(self.numerator);
        let steps = (u128::from(self.denominator) * scale * 2 + numerator) / (numerator * 2);
        Weight::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

/// A text that is no chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoChance;

impl FromStr for Chance {
    type Err = NoChance;

    fn from_str(text: &str) -> Result<Self, NoChance> {
        let (numerator, denominator) = text.split_once('/').ok_or(NoChance)?;
        let number = |text: &str| text.parse().map_err(|_| NoChance);
        Self::new(number(numerator)?, number(denominator)?).ok_or(NoChance)
    }
}

const fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_is_people_represented_to_the_millionth() {
        let weight = |n, d| Chance::new(n, d).unwrap().weight();

        assert_eq!(weight(50, 500), Weight::whole(10));
        assert_eq!(weight(3, 200).to_string(), "66.666667");
        assert_eq!(Chance::CERTAIN.weight(), Weight::whole(1));
    }

    #[test]
    fn a_chance_reads_back_from_its_text() {
        assert_eq!("30/100".parse(), Ok(Chance::capped(3, 10)));
        assert_eq!(Chance::capped(30, 100).to_string(), "3/10");
        for bad in ["0/3", "4/3", "1", "1/0", "a/b", "-1/2"] {
            assert_eq!(bad.parse::<Chance>(), Err(NoChance), "{bad}");
        }
    }
}
