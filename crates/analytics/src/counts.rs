//! What census streams bring: counts per unit, with their denominators.

use serde::{Deserialize, Serialize};

/// A part of a whole, both counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Those that meet the condition.
    pub part: u64,
    /// All that could; 0 means the question did not arise.
    pub whole: u64,
}

impl Ratio {
    /// The share, 0 to 1; `None` when the question did not arise.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part.min(self.whole) as f64 / self.whole as f64)
    }
}

/// Service-centre ratings of a unit in a round. Level arrays have one entry per scored level, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HallCounts {
    /// Completed cases; unknown when the centre did not report them.
    pub completed_cases: Option<u64>,
    /// Active ratings by level.
    pub active: [u64; 5],
    /// Default ratings 默认评价: counted, never scored.
    pub default_ratings: u64,
    /// Bad ratings contacted in time, of those due.
    pub contacted: Ratio,
    /// Bad ratings rectified in time, of those due.
    pub rectified: Ratio,
    /// Follow-up ratings that are good, of all follow-ups.
    pub follow_up_good: Ratio,
}

/// Hotline orders of a unit in a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotlineCounts {
    /// Orders counted.
    pub orders: u64,
    /// Orders answered on time, of those due.
    pub on_time: Ratio,
    /// Demands resolved, of those where the caller made a statement.
    pub resolved: Ratio,
    /// Callers' ratings by level, best first; "no statement" is not among them.
    pub satisfied: [u64; 5],
    /// Callers who made no statement; for the record.
    pub no_statement: u64,
}

/// Ratings of a unit by its paired communities or villages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairingCounts {
    /// Ratings by level, best first.
    pub levels: [u64; 5],
    /// Ratings 不了解.
    pub dont_know: u64,
    /// People who rated.
    pub raters: u64,
    /// Communities or villages they come from.
    pub bodies: u64,
    /// Matters solved, of those raised.
    pub solved: Ratio,
}

/// Ratings of an enterprise-facing unit by enterprises (X).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseCounts {
    /// Ratings of enterprises served in the last twelve months, by level, best first.
    pub levels: [u64; 5],
    /// Ratings 不了解 of enterprises served.
    pub dont_know: u64,
    /// Enterprises served that answered.
    pub served: u64,
    /// Enterprises not served that answered; recorded, never scored.
    pub unserved: u64,
}

/// The rectification account 整改账 of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RectificationCounts {
    /// Matters on time, of those due.
    pub on_time: Ratio,
    /// Matters closed at the first verification, of those verified.
    pub closed_first_time: Ratio,
    /// People found satisfied when verifying, of those asked.
    pub verified_satisfied: Ratio,
    /// Matters whose list entry is complete, of all.
    pub list_quality: Ratio,
}
