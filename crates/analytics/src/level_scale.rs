//! A number for each level: points of a ruler, the level itself, or membership of the top two.

use survey_design::Ruler;
use vocabulary::Points;

/// Exact values of the five scored levels, best first, as whole steps of which `per_unit` make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelScale {
    steps: [i64; 5],
    per_unit: i64,
}

impl LevelScale {
    /// The levels themselves, 5 for 非常满意 down to 1.
    pub const LEVELS: Self = Self {
        steps: [5, 4, 3, 2, 1],
        per_unit: 1,
    };

    /// One for 非常满意 and 满意, else zero: the mean is the top-two share, 0 to 1.
    pub const TOP_TWO: Self = Self {
        steps: [1, 1, 0, 0, 0],
        per_unit: 1,
    };

    /// The points of a ruler.
    #[must_use]
    pub fn ruler(ruler: &Ruler) -> Self {
        Self {
            steps: ruler.points().map(Points::steps),
            per_unit: Points::SCALE,
        }
    }

    /// The values as f64.
    #[must_use]
    pub fn values(&self) -> [f64; 5] {
        self.steps.map(|step| step as f64 / self.per_unit as f64)
    }

    /// Mean over integer weights per level; the sums are exact, only the last division rounds.
    ///
    /// `None` when no weight is left.
    #[must_use]
    pub fn mean(&self, weight: &[u128; 5]) -> Option<f64> {
        let whole: u128 = weight.iter().sum();
        let points: i128 = self
            .steps
            .iter()
            .zip(weight)
            .map(|(step, weight)| {
                i128::from(*step)
                    * i128::try_from(*weight).expect("weights of people stay far below 2^127")
            })
            .sum();
        (whole > 0).then(|| points as f64 / whole as f64 / self.per_unit as f64)
    }
}
