//! Service-centre ratings 好差评.

use crate::{
    HallCounts, Index, LevelScale, MissingReason, PartName, Ratio,
    index::{Measured, index, level_mean, share},
};
use survey_design::Rules;

/// `50·level score of active ratings + 20·min(1, active rate/target) + 30·loop`, the weights and target by the rules.
///
/// The loop is the mean of contacted in time, rectified in time and follow-up good, as far as they arose. A part
/// that did not arise (no bad rating, volume not reported) gives its weight to the others. Default ratings enter
/// the denominator of the active rate only.
///
/// # Errors
/// [`MissingReason::TooFew`] below the least number of completed cases (all ratings, where the volume is unknown);
/// [`MissingReason::NoRatings`] without an active rating.
///
/// Source: domain E.5, D.6.
pub fn hall_index(counts: &HallCounts, rules: &Rules) -> Result<Index, MissingReason> {
    let active: u64 = counts.active.iter().sum();
    let cases = counts
        .completed_cases
        .unwrap_or(active + counts.default_ratings);
    MissingReason::below(cases, rules.minimum_n.hall_cases)?;
    let levels = level_mean(&counts.active, &LevelScale::ruler(&rules.ruler));
    let weights = &rules.hall_index;
    let parts = [
        (
            PartName::Levels,
            weights.level,
            Some(levels.ok_or(MissingReason::NoRatings)?),
        ),
        (
            PartName::ActiveRate,
            weights.active,
            active_rate(counts, rules),
        ),
        (
            PartName::ClosingLoop,
            weights.closing_loop,
            closing_loop(counts),
        ),
    ];
    index(&parts, active, 0, rules.bands.stream_overdispersion).ok_or(MissingReason::NoRatings)
}

/// Active rating rate over its target, 100 from the target on.
fn active_rate(counts: &HallCounts, rules: &Rules) -> Option<Measured> {
    let rate = share(Ratio {
        part: counts.active.iter().sum(),
        whole: counts.completed_cases?,
    })?;
    let target = rules.hall_index.active_target.as_f64();
    let reached = rate.value / target;
    Some(if reached >= 100.0 || target <= 0.0 {
        Measured {
            value: 100.0,
            variance: 0.0,
            ..rate
        }
    } else {
        Measured {
            value: reached,
            variance: rate.variance / (target * target),
            ..rate
        }
    })
}

fn closing_loop(counts: &HallCounts) -> Option<Measured> {
    let arose: Vec<_> = [counts.contacted, counts.rectified, counts.follow_up_good]
        .into_iter()
        .filter_map(share)
        .collect();
    let parts = arose.len() as f64;
    (!arose.is_empty()).then(|| Measured {
        n: arose.iter().map(|part| part.n).sum(),
        value: arose.iter().map(|part| part.value).sum::<f64>() / parts,
        variance: arose.iter().map(|part| part.variance).sum::<f64>() / (parts * parts),
    })
}
