//! Exact integer sums of a cell, by answer level.

use serde::{Deserialize, Serialize};
use vocabulary::{Level, Weight};

/// Number of unordered pairs of the five levels, a level with itself included.
const PAIRS: usize = 15;

/// What one PSU answered in one cell; complete before it is squared. T1 of the methodology, one row.
///
/// Arrays have one entry per scored level, best first. Weights are whole millionths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PsuTotal {
    /// Valid answers.
    pub answers: [u64; 5],
    /// Answers 不了解.
    pub dont_know: u64,
    /// Weight of the valid answers.
    pub weight: [u64; 5],
    /// Weight of the answers 不了解.
    pub weight_dont_know: u64,
    /// Rows of no positive weight; they are in no other sum.
    pub left_out: u64,
}

impl PsuTotal {
    /// Adds one answer; 弃权 adds nothing.
    pub fn add(&mut self, level: Level, weight: Weight) {
        let Some(steps) = u64::try_from(weight.steps()).ok().filter(|w| *w > 0) else {
            self.left_out += 1;
            return;
        };
        match (level, level.scored_index()) {
            (_, Some(index)) => {
                self.answers[index] += 1;
                self.weight[index] += steps;
            }
            (Level::DontKnow, None) => {
                self.dont_know += 1;
                self.weight_dont_know += steps;
            }
            (_, None) => {}
        }
    }

    /// Adds another part of what the PSU answered.
    pub fn merge(&mut self, other: &Self) {
        add(&mut self.answers, &other.answers);
        add(&mut self.weight, &other.weight);
        self.dont_know += other.dont_know;
        self.weight_dont_know += other.weight_dont_know;
        self.left_out += other.left_out;
    }
}

/// Sums over the PSUs of a cell; add by [`merge`](Self::merge) in any order.
///
/// Arrays have one entry per scored level, best first. Weights are whole millionths.
/// The products make the variance of a mean on *any* ruler computable without rows (methodology C2: with points
/// `r`, `A = Σ r_a r_b P_ab`, `B = Σ r_a P_ab`, `C = Σ P_ab` over all ordered pairs).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelSums {
    /// Valid answers.
    pub answers: [u64; 5],
    /// Answers 不了解.
    pub dont_know: u64,
    /// Weight of the valid answers, in millionths.
    pub weight: [u64; 5],
    /// Weight of the answers 不了解, in millionths.
    pub weight_dont_know: u64,
    /// PSUs with at least one valid answer.
    pub psus: u64,
    /// `P_ab = Σ_psu W_a·W_b` for a ≤ b, rows of the upper triangle one after the other; decimal text in JSON,
    /// because they outgrow the numbers other programs read exactly.
    #[serde(with = "products_as_text")]
    pub products: [u128; PAIRS],
}

impl LevelSums {
    /// Adds one complete PSU.
    pub fn add_psu(&mut self, psu: &PsuTotal) {
        add(&mut self.answers, &psu.answers);
        add(&mut self.weight, &psu.weight);
        self.dont_know += psu.dont_know;
        self.weight_dont_know += psu.weight_dont_know;
        self.psus += u64::from(psu.answers.iter().any(|n| *n > 0));
        for (product, (a, b, _)) in self.products.iter_mut().zip(pairs()) {
            *product += u128::from(psu.weight[a]) * u128::from(psu.weight[b]);
        }
    }

    /// Adds the sums of other PSUs.
    pub fn merge(&mut self, other: &Self) {
        add(&mut self.answers, &other.answers);
        add(&mut self.weight, &other.weight);
        self.dont_know += other.dont_know;
        self.weight_dont_know += other.weight_dont_know;
        self.psus += other.psus;
        for (mine, theirs) in self.products.iter_mut().zip(&other.products) {
            *mine += theirs;
        }
    }

    /// Number of valid answers.
    #[must_use]
    pub fn valid(&self) -> u64 {
        self.answers.iter().sum()
    }

    /// Weight of all valid answers, in millionths.
    #[must_use]
    pub fn valid_weight(&self) -> u128 {
        self.weight.iter().map(|w| u128::from(*w)).sum()
    }

    /// `Σ_psu (Σ_a y_a W_a)²` for any value per level: the one quadratic form all second moments come from.
    #[must_use]
    pub fn squared_totals(&self, values: &[f64; 5]) -> f64 {
        self.products
            .iter()
            .zip(pairs())
            .map(|(product, (a, b, times))| times * values[a] * values[b] * *product as f64)
            .sum()
    }
}

fn add(sums: &mut [u64; 5], more: &[u64; 5]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

/// Pairs of levels a ≤ b in stored order, with how often each occurs among ordered pairs.
fn pairs() -> impl Iterator<Item = (usize, usize, f64)> {
    (0..5).flat_map(|a| (a..5).map(move |b| (a, b, if a == b { 1.0 } else { 2.0 })))
}

mod products_as_text {
    use super::PAIRS;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        products: &[u128; PAIRS],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        products
            .map(|product| product.to_string())
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u128; PAIRS], D::Error> {
        let texts = <[String; PAIRS]>::deserialize(deserializer)?;
        let mut products = [0; PAIRS];
        for (product, text) in products.iter_mut().zip(&texts) {
            *product = text.parse().map_err(D::Error::custom)?;
        }
        Ok(products)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums() -> LevelSums {
        let mut sums = LevelSums::default();
        let mut first = PsuTotal::default();
        first.add(Level::VerySatisfied, Weight::whole(2));
        first.add(Level::Fair, Weight::whole(1));
        let mut second = PsuTotal::default();
        second.add(Level::Fair, Weight::whole(3));
        second.add(Level::DontKnow, Weight::whole(3));
        second.add(Level::Abstain, Weight::whole(3));
        second.add(Level::Satisfied, Weight::whole(0));
        sums.add_psu(&first);
        sums.add_psu(&second);
        sums
    }

    #[test]
    fn the_quadratic_form_squares_totals_of_psus_not_of_answers() {
        // psu 1: 2·100 + 1·60 = 260, psu 2: 3·60 = 180, in millionths of weight
        let squares = sums().squared_totals(&[100.0, 80.0, 60.0, 30.0, 0.0]);

        assert!((squares / 1e12 - (260.0 * 260.0 + 180.0 * 180.0)).abs() < 1e-9);
    }

    #[test]
    fn abstentions_and_answers_without_weight_leave_no_trace() {
        let sums = sums();

        assert_eq!(sums.answers, [1, 0, 2, 0, 0]);
        assert_eq!((sums.dont_know, sums.psus), (1, 2));
        assert_eq!(sums.valid_weight(), 6_000_000);
    }

    #[test]
    fn sums_survive_json_exactly_even_beyond_what_a_float_holds() {
        let mut sums = sums();
        sums.products[0] = u128::MAX;

        let value = serde_json::to_value(&sums).unwrap();

        assert_eq!(serde_json::from_value::<LevelSums>(value).unwrap(), sums);
    }
}
