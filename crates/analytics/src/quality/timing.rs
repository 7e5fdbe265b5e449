//! How fast a rater was.

use crate::comparison::sample_quantile;

/// Seconds per item; `None` without items. Below one second nobody reads.
#[must_use]
pub fn seconds_per_item(seconds: f64, items: u32) -> Option<f64> {
    (items > 0).then(|| seconds / f64::from(items))
}

/// Which ratings took less than `share` of the median time (0.3 is usual); compare within one channel and device only.
///
/// Source: methodology E. Golden numbers: section O `quality/n_speeder`, `quality/median_duration`.
#[must_use]
pub fn speeders(seconds: &[f64], share: f64) -> Vec<bool> {
    let median = sample_quantile(&mut seconds.to_vec(), 0.5).unwrap_or_default();
    seconds
        .iter()
        .map(|taken| *taken < share * median)
        .collect()
}

/// Relative speed index: mean over the pages of the usual time divided by the time taken; from 2 on a person looks at it.
///
/// `usual` holds the median seconds of each page over all raters. A page without a positive time counts as three times as
/// fast as usual, the most one page may count. `None` without pages.
///
/// Source: Leiner 2019 (Survey Research Methods 13(3)); methodology E.
#[must_use]
pub fn speed_index(taken: &[f64], usual: &[f64]) -> Option<f64> {
    let factors: Vec<f64> = taken
        .iter()
        .zip(usual)
        .map(|(taken, usual)| {
            if *taken > 0.0 {
                (usual / taken).min(3.0)
            } else {
                3.0
            }
        })
        .collect();
    (!factors.is_empty()).then(|| factors.iter().sum::<f64>() / factors.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speeder_is_far_below_the_median() {
        assert_eq!(
            speeders(&[10.0, 20.0, 30.0, 5.9], 0.4),
            [false, false, false, true]
        );
        assert_eq!(speeders(&[], 0.3), [false; 0]);
        assert_eq!(seconds_per_item(12.0, 8), Some(1.5));
        assert_eq!(seconds_per_item(12.0, 0), None);
    }

    #[test]
    fn twice_as_fast_on_every_page_is_two() {
        assert_eq!(speed_index(&[5.0, 10.0], &[10.0, 20.0]), Some(2.0));
        // One page clicked away does not outweigh the others: (3 + 1)/2.
        assert_eq!(speed_index(&[0.1, 20.0], &[10.0, 20.0]), Some(2.0));
        assert_eq!(speed_index(&[0.0], &[10.0]), Some(3.0));
        assert_eq!(speed_index(&[], &[]), None);
    }
}
