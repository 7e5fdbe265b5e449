//! The rectification account as a channel.

use crate::{
    Index, MissingReason, PartName, RectificationCounts,
    index::{index, share},
};
use survey_design::Rules;

/// `40·on time + 30·closed first time + 20·verified satisfaction + 10·list quality`, the weights by the rules.
///
/// What did not arise (nothing verified yet) gives its weight to the rest.
///
/// # Errors
/// [`MissingReason::NotApplicable`] for a unit that had no matter at all.
///
/// Source: domain D.10.
pub fn rectification_score(
    counts: &RectificationCounts,
    rules: &Rules,
) -> Result<Index, MissingReason> {
    let weights = &rules.rectification;
    let parts = [
        (PartName::OnTime, weights.on_time, share(counts.on_time)),
        (
            PartName::ClosedFirstTime,
            weights.closed_first_time,
            share(counts.closed_first_time),
        ),
        (
            PartName::VerifiedSatisfaction,
            weights.verified_satisfaction,
            share(counts.verified_satisfied),
        ),
        (
            PartName::ListQuality,
            weights.list_quality,
            share(counts.list_quality),
        ),
    ];
    index(
        &parts,
        counts.list_quality.whole,
        0,
        rules.bands.stream_overdispersion,
    )
    .ok_or(MissingReason::NotApplicable)
}
