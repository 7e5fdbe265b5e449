//! The multiplier 乘数 of a year's assessment.

use survey_design::AnnualRules;

/// `clamp(1 + α·(score − class mean)/100, low, high)`; score and mean are points, 0-100.
///
/// Source: domain D.11.
#[must_use]
pub fn multiplier(score: f64, class_mean: f64, rules: &AnnualRules) -> f64 {
    let raw = 1.0 + rules.multiplier_slope.as_f64() * (score - class_mean) / 100.0;
    raw.max(rules.multiplier_low.as_f64())
        .min(rules.multiplier_high.as_f64())
}
