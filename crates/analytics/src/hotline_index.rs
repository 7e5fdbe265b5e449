//! 12345 hotline orders.

use crate::{
    HotlineCounts, Index, LevelScale, MissingReason, PartName,
    index::{index, level_mean, share},
};
use survey_design::Rules;

/// `20·on time + 40·resolution + 40·satisfaction`, the weights by the rules.
///
/// Satisfaction is the mean of the callers' levels on the ruler. Callers without a statement are in no denominator.
///
/// # Errors
/// [`MissingReason::TooFew`] below the least number of orders; [`MissingReason::NoRatings`] when neither resolution
/// nor satisfaction is known for a single order.
///
/// Source: domain E.6; V4 in D.5.
pub fn hotline_index(counts: &HotlineCounts, rules: &Rules) -> Result<Index, MissingReason> {
    MissingReason::below(counts.orders, rules.minimum_n.hotline_orders)?;
    let resolution = share(counts.resolved);
    let satisfaction = level_mean(&counts.satisfied, &LevelScale::ruler(&rules.ruler));
    if resolution.is_none() && satisfaction.is_none() {
        return Err(MissingReason::NoRatings);
    }
    let weights = &rules.hotline_index;
    let parts = [
        (PartName::OnTime, weights.on_time, share(counts.on_time)),
        (PartName::Resolution, weights.resolution, resolution),
        (PartName::Satisfaction, weights.satisfaction, satisfaction),
    ];
    index(&parts, counts.orders, 0, rules.bands.stream_overdispersion)
        .ok_or(MissingReason::NoRatings)
}
