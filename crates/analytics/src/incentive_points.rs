//! Points for reaching a standard or for getting better, whichever is more: the US hospital rule.

use std::cmp::Ordering;

/// The standards of one dimension, in the unit of the performance (percent of best answers, for example).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerformanceStandard {
    /// Performance from which achievement earns points: the median of all in the baseline period.
    pub threshold: f64,
    /// Performance that earns 10 points: the mean of the best tenth in the baseline period.
    pub benchmark: f64,
}

/// Points for where a unit stands: 0 below the threshold, 10 from the benchmark on, between them
/// `9·(performance − threshold) ∕ (benchmark − threshold) + 0.5`, rounded half up, 1 to 9.
///
/// `None` when a number is missing (NaN) or the benchmark is not above the threshold.
///
/// Source: 42 CFR 412.165(a)(2) and (4); Hospital VBP final rule, 76 FR 26490 (2011).
#[must_use]
pub fn achievement_points(performance: f64, standard: PerformanceStandard) -> Option<u8> {
    let PerformanceStandard {
        threshold,
        benchmark,
    } = standard;
    let standard = benchmark.partial_cmp(&threshold);
    if performance.is_nan() || standard != Some(Ordering::Greater) {
        return None;
    }
    if performance >= benchmark {
        return Some(10);
    }
    if performance < threshold {
        return Some(0);
    }
    let share = (performance - threshold) / (benchmark - threshold);
    Some(whole_points(9.0 * share + 0.5, 1))
}

/// Points for how far a unit came from its own baseline towards the benchmark:
/// `10·(performance − baseline) ∕ (benchmark − baseline) − 0.5`, rounded half up, 0 to 9; 9 from the benchmark on.
///
/// 0 when the unit did not get better, or stood at the benchmark already. `None` when a number is missing (NaN).
///
/// Source: 42 CFR 412.165(a)(3); Hospital VBP final rule, 76 FR 26490 (2011).
#[must_use]
pub fn improvement_points(performance: f64, baseline: f64, benchmark: f64) -> Option<u8> {
    if performance.is_nan() || baseline.is_nan() || benchmark.is_nan() {
        return None;
    }
    if performance <= baseline || baseline >= benchmark {
        return Some(0);
    }
    let share = (performance - baseline) / (benchmark - baseline);
    Some(whole_points(10.0 * share - 0.5, 0))
}

/// The better of both points, 0 to 10; `None` when neither is known.
///
/// Source: 42 CFR 412.165; reproduced for all hospitals of fiscal year 2015 in `crates/snapshot/tests/hospitals.rs`.
#[must_use]
pub fn dimension_score(achievement: Option<u8>, improvement: Option<u8>) -> Option<u8> {
    achievement.max(improvement)
}

/// The sum of the dimension scores; `None` when there is no dimension or one of them is not known.
///
/// Source: as [`dimension_score`].
#[must_use]
pub fn base_score(dimensions: &[Option<u8>]) -> Option<u32> {
    if dimensions.is_empty() {
        return None;
    }
    dimensions.iter().map(|score| score.map(u32::from)).sum()
}

/// Rounds half up into `least..=9`.
fn whole_points(points: f64, least: u8) -> u8 {
    let passed = (1..=9).filter(|whole| points + 0.5 >= f64::from(*whole));
    passed.max().unwrap_or(0).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDARD: PerformanceStandard = PerformanceStandard {
        threshold: 0.47,
        benchmark: 0.87,
    };

    #[test]
    fn achievement_counts_between_threshold_and_benchmark() {
        // 9·0.23∕0.40 + 0.5 = 5.675.
        for (performance, points) in [
            (0.70, 6),
            (0.46, 0),
            (0.47, 1),
            (0.869, 9),
            (0.87, 10),
            (0.99, 10),
        ] {
            assert_eq!(achievement_points(performance, STANDARD), Some(points));
        }
    }

    #[test]
    fn improvement_counts_between_the_own_baseline_and_the_benchmark() {
        // 10·0.49∕0.66 − 0.5 = 6.92.
        for (performance, baseline, points) in [
            (0.70, 0.21, 7),
            (0.21, 0.21, 0),
            (0.20, 0.21, 0),
            (0.22, 0.21, 0),
            (0.87, 0.21, 9),
            (0.99, 0.90, 0),
        ] {
            assert_eq!(
                improvement_points(performance, baseline, 0.87),
                Some(points)
            );
        }
    }

    #[test]
    fn the_better_counts_and_a_missing_dimension_leaves_no_sum() {
        assert_eq!(dimension_score(Some(6), Some(7)), Some(7));
        assert_eq!(dimension_score(Some(6), None), Some(6));
        assert_eq!(dimension_score(None, None), None);
        assert_eq!(base_score(&[Some(7), Some(10)]), Some(17));
        assert_eq!(base_score(&[Some(7), None]), None);
        assert_eq!(base_score(&[]), None);
    }

    #[test]
    fn what_is_missing_has_no_points() {
        assert_eq!(achievement_points(f64::NAN, STANDARD), None);
        assert_eq!(improvement_points(0.7, f64::NAN, 0.87), None);
        let none = PerformanceStandard {
            benchmark: 0.47,
            ..STANDARD
        };
        assert_eq!(achievement_points(0.7, none), None);
    }
}
