//! What may be shown of a unit.

use crate::UnitScore;
use serde::{Deserialize, Serialize};
use survey_design::{MinimumN, UnitMode};

/// Publication class of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Score, interval, band, rank interval and place.
    Ranked,
    /// Score, interval and band.
    Shown,
    /// The score in brackets, nothing else.
    Bracketed,
    /// Nothing: 样本不足.
    Hidden,
}

impl Status {
    /// The stored and exchanged name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ranked => "ranked",
            Self::Shown => "shown",
            Self::Bracketed => "bracketed",
            Self::Hidden => "hidden",
        }
    }
}

/// The publication class by the number of valid survey ratings.
///
/// Hidden below `bracketed`, without a total, and for units asked for opinions only; bracketed below `shown`; ranked
/// from `ranked` on, in this quarter or together with the earlier rolling quarters, if enough of the channel
/// weight is covered; shown otherwise. A thin quarter stays in brackets however many earlier ratings there are.
///
/// Source: methodology B6; domain E.4.
#[must_use]
pub fn disclose(unit: &UnitScore, minimum: &MinimumN) -> Status {
    let covered = unit.weight_covered + 1e-9 >= minimum.weight_covered.as_f64();
    if unit.total.is_none()
        || unit.mode == UnitMode::OpinionOnly
        || unit.n < u64::from(minimum.bracketed)
    {
        Status::Hidden
    } else if unit.n < u64::from(minimum.shown) {
        Status::Bracketed
    } else if covered && unit.n + unit.earlier_n >= u64::from(minimum.ranked) {
        Status::Ranked
    } else {
        Status::Shown
    }
}
