//! An index of a census stream: a few measured parts with weights.

use crate::{LevelScale, Ratio, Term, combine};
use serde::{Deserialize, Serialize};
use vocabulary::Weight;

/// What a part of an index measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartName {
    /// Mean points of the ratings.
    Levels,
    /// Active rating rate 主动评价率 against its target.
    ActiveRate,
    /// Bad ratings contacted and rectified in time, follow-ups good.
    ClosingLoop,
    /// Answered on time.
    OnTime,
    /// Demands resolved.
    Resolution,
    /// Callers' ratings.
    Satisfaction,
    /// Matters solved of those raised.
    Evidence,
    /// Matters closed at the first verification.
    ClosedFirstTime,
    /// People found satisfied when verifying.
    VerifiedSatisfaction,
    /// Complete entries of the matter list.
    ListQuality,
}

impl PartName {
    /// All parts.
    pub const ALL: [Self; 10] = [
        Self::Levels,
        Self::ActiveRate,
        Self::ClosingLoop,
        Self::OnTime,
        Self::Resolution,
        Self::Satisfaction,
        Self::Evidence,
        Self::ClosedFirstTime,
        Self::VerifiedSatisfaction,
        Self::ListQuality,
    ];

    /// Why the part has no value: it did not arise, or its denominator was not reported.
    #[must_use]
    pub const fn without_value(self) -> &'static str {
        match self {
            Self::ActiveRate => "分母未知（没有报办结量）",
            _ => "本期未发生",
        }
    }

    /// The stored and exchanged name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Levels => "levels",
            Self::ActiveRate => "active_rate",
            Self::ClosingLoop => "closing_loop",
            Self::OnTime => "on_time",
            Self::Resolution => "resolution",
            Self::Satisfaction => "satisfaction",
            Self::Evidence => "evidence",
            Self::ClosedFirstTime => "closed_first_time",
            Self::VerifiedSatisfaction => "verified_satisfaction",
            Self::ListQuality => "list_quality",
        }
    }

    /// The part with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Levels => "等级得分",
            Self::ActiveRate => "主动评价率",
            Self::ClosingLoop => "差评闭环",
            Self::OnTime => "按时办结",
            Self::Resolution => "诉求解决",
            Self::Satisfaction => "诉求人满意",
            Self::Evidence => "事项解决",
            Self::ClosedFirstTime => "一次销号",
            Self::VerifiedSatisfaction => "核验满意",
            Self::ListQuality => "清单质量",
        }
    }
}

/// One part of an index, with what is needed to recompute it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexPart {
    /// What it measures.
    pub part: PartName,
    /// Ratings or cases behind it.
    pub n: u64,
    /// Value, 0-100; none when the question did not arise.
    pub value: Option<f64>,
    /// Standard error before overdispersion.
    pub se: Option<f64>,
    /// Weight by the rules.
    pub nominal_weight: Weight,
    /// Weight used, 0-100, after the weight of missing parts went to the others in proportion.
    pub used_weight: f64,
}

/// An index and its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Value, 0-100.
    pub value: f64,
    /// Variance, overdispersion included.
    pub variance: f64,
    /// Ratings or cases that decide whether the stream is large enough.
    pub n: u64,
    /// Ratings 不了解, where the stream knows them.
    pub dont_know: u64,
    /// The parts in the order of the rules.
    pub parts: Vec<IndexPart>,
}

/// A measured part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measured {
    pub(crate) n: u64,
    /// 0-100.
    pub(crate) value: f64,
    pub(crate) variance: f64,
}

/// Mean points of counted ratings with variance `s²/n`; a single rating counts as the most variable pair there is.
pub(crate) fn level_mean(counts: &[u64; 5], scale: &LevelScale) -> Option<Measured> {
    let value = scale.mean(&counts.map(u128::from))?;
    let n: u64 = counts.iter().sum();
    let points = scale.values();
    let squares: f64 = counts
        .iter()
        .zip(points)
        .map(|(count, point)| *count as f64 * (point - value).powi(2))
        .sum();
    let range = points[0] - points[4];
    let variance = match n {
        1 => (range / 2.0).powi(2),
        _ => squares / (n - 1) as f64 / n as f64,
    };
    Some(Measured { n, value, variance })
}

/// A share as 0-100 with variance `s²/n`.
pub(crate) fn share(ratio: Ratio) -> Option<Measured> {
    let part = ratio.part.min(ratio.whole);
    let yes_no = LevelScale::TOP_TWO;
    let mean = level_mean(&[part, 0, 0, 0, ratio.whole - part], &yes_no)?;
    Some(Measured {
        value: 100.0 * mean.value,
        variance: 1e4 * mean.variance,
        n: mean.n,
    })
}

/// Puts measured parts together; parts without a measure give their weight to the others.
///
/// `variance = overdispersion · Σ (w/Σw)²·V`, because raters of a stream repeat (methodology B5). `None` when no
/// weighted part was measured.
pub(crate) fn index(
    parts: &[(PartName, Weight, Option<Measured>)],
    n: u64,
    dont_know: u64,
    overdispersion: Weight,
) -> Option<Index> {
    let terms: Vec<_> = parts
        .iter()
        .map(|(_, weight, measured)| Term {
            weight: *weight,
            value: measured.map(|m| (m.value, m.variance)),
        })
        .collect();
    let total = combine(&terms)?;
    Some(Index {
        value: total.value,
        variance: overdispersion.as_f64() * total.variance,
        n,
        dont_know,
        parts: parts
            .iter()
            .zip(&total.used)
            .map(|((part, weight, measured), used)| IndexPart {
                part: *part,
                n: measured.map_or(0, |m| m.n),
                value: measured.map(|m| m.value),
                se: measured.map(|m| m.variance.sqrt()),
                nominal_weight: *weight,
                used_weight: *used,
            })
            .collect(),
    })
}
