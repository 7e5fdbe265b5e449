//! A score that loses points for every point a rate stays under its target.

use serde::{Deserialize, Serialize};
use vocabulary::{Points, Weight};

/// `max(floor, full − slope·(target − rate))`, full marks from the target on.
///
/// Source: recovered from the monthly bulletins of Lianyungang's hotline, domain D.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeductionRule {
    /// Rate (0-100) from which nothing is lost.
    pub target: Points,
    /// Points lost per point under the target.
    pub slope: Weight,
    /// Fewest points.
    pub floor: Points,
    /// Most points.
    pub full: Points,
}

impl DeductionRule {
    /// Points for a rate (0-100); exact, a rest under a ten-thousandth is rounded half away from zero.
    #[must_use]
    pub fn points(&self, rate: Points) -> Points {
        let under = i128::from((self.target.steps() - rate.steps()).max(0));
        let scale = i128::from(Weight::SCALE);
        let lost = (i128::from(self.slope.steps()) * under + scale / 2).div_euclid(scale);
        let left = i128::from(self.full.steps()) - lost;
        let left = left.max(i128::from(self.floor.steps()));
        Points::from_steps(i64::try_from(left).unwrap_or(self.full.steps()))
    }
}
