//! Ratings of enterprise-facing units by enterprises (X).

use crate::{
    EnterpriseCounts, Index, LevelScale, MissingReason, PartName,
    index::{index, level_mean},
};
use survey_design::Rules;
use vocabulary::Weight;

/// Mean points of the enterprises served in the last twelve months.
///
/// Enterprises not served are recorded and never scored.
///
/// # Errors
/// [`MissingReason::TooFew`] when fewer served enterprises gave a level than the rules ask for;
/// [`MissingReason::NoRatings`] when nobody did.
///
/// Source: domain E.8.
pub fn enterprise_score(counts: &EnterpriseCounts, rules: &Rules) -> Result<Index, MissingReason> {
    let n = counts.levels.iter().sum();
    MissingReason::below(n, rules.minimum_n.enterprises)?;
    let levels = level_mean(&counts.levels, &LevelScale::ruler(&rules.ruler));
    let parts = [(
        PartName::Levels,
        Weight::whole(100),
        Some(levels.ok_or(MissingReason::NoRatings)?),
    )];
    let overdispersion = rules.bands.stream_overdispersion;
    index(&parts, n, counts.dont_know, overdispersion).ok_or(MissingReason::NoRatings)
}
