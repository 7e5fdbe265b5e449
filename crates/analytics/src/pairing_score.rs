//! Ratings by paired communities and villages.

use crate::{
    Index, LevelScale, MissingReason, PairingCounts, PartName,
    index::{index, level_mean, share},
};
use survey_design::Rules;

/// Half levels, half matters solved of those raised, the weights by the rules.
///
/// Communities and villages are two channels; each needs its own least number of raters and bodies, so that nobody
/// can tell a single rater from the score. Where no matter was raised the levels count alone.
///
/// # Errors
/// [`MissingReason::TooFew`] below either number; [`MissingReason::NoRatings`] when nobody gave a level.
///
/// Source: domain E.7.
pub fn pairing_score(counts: &PairingCounts, rules: &Rules) -> Result<Index, MissingReason> {
    MissingReason::below(counts.raters, rules.minimum_n.pairing_raters)?;
    MissingReason::below(counts.bodies, rules.minimum_n.pairing_bodies)?;
    let levels = level_mean(&counts.levels, &LevelScale::ruler(&rules.ruler));
    let parts = [
        (
            PartName::Levels,
            rules.pairing.levels,
            Some(levels.ok_or(MissingReason::NoRatings)?),
        ),
        (
            PartName::Evidence,
            rules.pairing.evidence,
            share(counts.solved),
        ),
    ];
    let n = counts.levels.iter().sum();
    let overdispersion = rules.bands.stream_overdispersion;
    index(&parts, n, counts.dont_know, overdispersion).ok_or(MissingReason::NoRatings)
}
