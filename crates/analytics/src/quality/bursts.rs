//! Many submissions of one actor in a short time.

use statrs::function::gamma::checked_gamma_lr;
use std::collections::HashMap;
use std::hash::Hash;

/// For each submission how many the same actor (device, address, interviewer) made in the `window` seconds up to it, itself
/// included.
///
/// `actors` and `seconds` are per submission, in any order. A submission exactly `window` seconds ago is outside.
///
/// Source: methodology E. Golden numbers: section O `quality/max_burst600`.
#[must_use]
pub fn trailing_counts<A: Eq + Hash>(actors: &[A], seconds: &[i64], window: i64) -> Vec<usize> {
    let mut times: HashMap<&A, Vec<i64>> = HashMap::new();
    for (actor, second) in actors.iter().zip(seconds) {
        times.entry(actor).or_default().push(*second);
    }
    for times in times.values_mut() {
        times.sort_unstable();
    }
    actors
        .iter()
        .zip(seconds)
        .map(|(actor, second)| {
            let times = &times[actor];
            let until = times.partition_point(|time| time <= second);
            let before = second
                .checked_sub(window)
                .map_or(0, |start| times.partition_point(|time| *time <= start));
            until.saturating_sub(before)
        })
        .collect()
}

/// `P(X ≥ count)` of a Poisson number with this mean: how surprising the count is.
///
/// The mean is the actor's own usual rate at that hour times the window. A negative or undefined mean counts as 0.
#[must_use]
pub fn poisson_tail(count: u32, mean: f64) -> f64 {
    if count == 0 {
        1.0
    } else if mean > 0.0 {
        checked_gamma_lr(f64::from(count), mean).unwrap_or(1.0)
    } else {
        0.0
    }
}

/// At least five submissions, and fewer than one chance in a million to see so many.
///
/// People of one office share an address, visitors of one hall a kiosk: tell actors apart by device and session.
///
/// Source: methodology E.
#[must_use]
pub fn is_burst(count: u32, mean: f64) -> bool {
    count >= 5 && poisson_tail(count, mean) < 1e-6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_trails_each_submission_of_its_actor() {
        let actors = ["a", "a", "b", "a", "a"];
        let seconds = [0, 600, 5, 599, 1_300];

        assert_eq!(trailing_counts(&actors, &seconds, 600), [1, 2, 1, 2, 1]);
        assert_eq!(trailing_counts(&["a"], &[i64::MIN], 600), [1]);
    }

    #[test]
    fn the_tail_of_a_poisson_number_by_hand() {
        // 1 − e⁻²(1 + 2) = 0.5940.
        assert!((poisson_tail(2, 2.0) - (1.0 - 3.0 * (-2.0_f64).exp())).abs() < 1e-12);
        assert!((poisson_tail(0, 0.0) - 1.0).abs() < 1e-15);
        assert!(poisson_tail(1, 0.0).abs() < 1e-15);
    }

    #[test]
    fn a_burst_is_many_and_surprising() {
        assert!(is_burst(5, 0.01));
        assert!(!is_burst(4, 0.0001));
        assert!(!is_burst(24, 20.0));
    }
}
