//! The figures of one distribution of levels, as anybody can recompute them with a pencil.

use crate::{LevelScale, index::level_mean, interval::normal_quantile};
use serde::{Deserialize, Serialize};
use survey_design::Ruler;
use vocabulary::Weight;

/// Score, rate and distribution side by side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelSummary {
    /// Valid ratings.
    pub n: u64,
    /// Mean of the points, on the ruler.
    pub score: f64,
    /// Sample standard deviation of the points (divisor n − 1).
    pub sd: f64,
    /// `sd/√n`.
    pub se: f64,
    /// Lower end of `score ± z·se`, not clipped.
    pub ci_low: f64,
    /// Upper end of `score ± z·se`, not clipped.
    pub ci_high: f64,
    /// Shares of the distribution.
    pub rates: Rates,
}

/// Shares of a distribution, per hundred.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// 满意率: 非常满意, 满意 and 基本满意 among valid ratings.
    pub satisfaction: f64,
    /// 非常满意 and 满意 among valid ratings.
    pub top_two: f64,
    /// 非常满意 among valid ratings.
    pub top_box: f64,
    /// 不了解 among valid ratings and 不了解.
    pub dont_know: f64,
}

/// Summarises unweighted counts, best level first; `None` when nobody gave a valid answer.
///
/// 不了解 never moves the score.
///
/// Source: domain D.1, test vector V1.
#[must_use]
pub fn satisfaction_score(
    counts: &[u64; 5],
    dont_know: u64,
    ruler: &Ruler,
    confidence: Weight,
) -> Option<LevelSummary> {
    let mean = level_mean(counts, &LevelScale::ruler(ruler))?;
    let se = mean.variance.sqrt();
    let half = normal_quantile(confidence.as_f64()) * se;
    Some(LevelSummary {
        n: mean.n,
        score: mean.value,
        sd: se * (mean.n as f64).sqrt(),
        se,
        ci_low: mean.value - half,
        ci_high: mean.value + half,
        rates: rates(counts, dont_know)?,
    })
}

/// Shares of unweighted counts, best level first; `None` when nobody gave a valid answer.
#[must_use]
pub fn rates(counts: &[u64; 5], dont_know: u64) -> Option<Rates> {
    let n: u64 = counts.iter().sum();
    let share = |part: u64, whole: u64| 100.0 * part as f64 / whole as f64;
    (n > 0).then(|| Rates {
        satisfaction: share(counts[..3].iter().sum(), n),
        top_two: share(counts[..2].iter().sum(), n),
        top_box: share(counts[0], n),
        dont_know: share(dont_know, n + dont_know),
    })
}
