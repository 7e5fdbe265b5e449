//! Rows of results.

use serde::Serialize;

/// One estimate with all that is needed to judge it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultRow {
    /// `mean`, `proportion`, `total`, `ratio`, `quantile` or `rank`.
    pub statistic: &'static str,
    /// What was asked for: `q1`, `q1>=4`, `a/b`, `q1@0.5`.
    pub variable: String,
    /// Labels of the domain joined by commas; `None` for the whole sample.
    pub domain: Option<String>,
    /// The estimate, in the unit of the variable; shares from 0 to 1; places from 1.
    pub estimate: Option<f64>,
    /// Standard error, in the same unit.
    pub se: Option<f64>,
    /// Lower end of the interval; the best place for ranks.
    pub ci_low: Option<f64>,
    /// Upper end of the interval; the worst place for ranks.
    pub ci_high: Option<f64>,
    /// Degrees of freedom: PSUs less strata with answers in the domain.
    pub df: Option<f64>,
    /// Answers with weight.
    pub n: usize,
    /// Effective number of answers by the weights: (Σw)² ∕ Σw² (Kish 1965).
    pub n_eff: Option<f64>,
    /// Design effect of means and shares: the variance over that of as many answers drawn with replacement.
    pub deff: Option<f64>,
    /// Why a number is absent.
    pub status: Status,
}

impl ResultRow {
    pub(super) fn empty(statistic: &'static str, variable: &str, domain: Option<String>) -> Self {
        Self {
            statistic,
            variable: variable.to_owned(),
            domain,
            estimate: None,
            se: None,
            ci_low: None,
            ci_high: None,
            df: None,
            n: 0,
            n_eff: None,
            deff: None,
            status: Status::EmptyDomain,
        }
    }

    pub(super) fn with(self, status: Status) -> Self {
        Self { status, ..self }
    }
}

/// Why a number of a result is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No number is absent that could be there.
    Ok,
    /// No row with weight is in the domain.
    EmptyDomain,
    /// The domain has rows, but each one is blank or a missing code.
    NoAnswers,
    /// The total below the line of a ratio is 0.
    ZeroDenominator,
    /// All answers come from one PSU: a standard error cannot be known.
    SinglePsu,
    /// As many strata as PSUs: an interval cannot be known.
    NoDegreesOfFreedom,
    /// All answers are equal: only shares have an interval, and there is no design effect.
    NoVariation,
    /// The interval of the share below a quantile leaves 0 to 1.
    TooFewAnswers,
    /// The estimate lacks a standard error, so the domain gets no place.
    NotRanked,
}
