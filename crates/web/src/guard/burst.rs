//! Notices many ballots from one network at once. Counts live in memory for a day, by numbers that lead back to no address.

use analytics::quality::is_burst;
use chrono::{DateTime, Utc};
use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{LazyLock, Mutex},
};

/// The window in which ballots count as coming at once, in minutes.
const WINDOW: i64 = 10;
const DAY: i64 = 24 * 60;
/// The window against the rest of the day.
const WINDOW_OF_REST: f64 = 10.0 / (1_440.0 - 10.0);
/// Beyond so many networks a day nothing more is remembered.
const MOST_NETWORKS: usize = 50_000;

static SEEN: LazyLock<Seen> = LazyLock::new(Seen::default);

#[derive(Default)]
struct Seen {
    key: RandomState,
    networks: Mutex<HashMap<u64, Network>>,
}

/// What a network sent in the last day.
#[derive(Default)]
struct Network {
    /// Ballots by minute, oldest first.
    minutes: VecDeque<(i64, u32)>,
    /// Forms of the last minutes: one sent again, by a poor line or a double tap, is no second ballot.
    forms: VecDeque<(i64, u64)>,
}

/// Whether this form is one of surprisingly many that its network sends at once; one from no network outside never is.
pub fn comes_in_a_burst(network: Option<u64>, form: &str, now: DateTime<Utc>) -> bool {
    network.is_some_and(|network| SEEN.burst(network, form, now.timestamp().div_euclid(60)))
}

impl Seen {
    /// Counts one more ballot: at least five in ten minutes, far above the network's own rate of the day.
    fn burst(&self, network: u64, form: &str, minute: i64) -> bool {
        let Ok(mut networks) = self.networks.lock() else {
            return false;
        };
        if networks.len() >= MOST_NETWORKS {
            networks.retain(|_, network| network.is_of_today(minute));
        }
        if networks.len() >= MOST_NETWORKS && !networks.contains_key(&network) {
            return false;
        }
        let network = networks.entry(network).or_default();
        network.count(self.key.hash_one(form), minute);
        network.is_in_a_burst(minute)
    }
}

impl Network {
    fn is_of_today(&self, minute: i64) -> bool {
        let last = self.minutes.back();
        last.is_some_and(|(last, _)| minute - last < DAY)
    }

    fn count(&mut self, form: u64, minute: i64) {
        while self.minutes.front().is_some_and(|it| minute - it.0 >= DAY) {
            self.minutes.pop_front();
        }
        while self.forms.front().is_some_and(|it| minute - it.0 >= WINDOW) {
            self.forms.pop_front();
        }
        if self.forms.iter().any(|(_, known)| *known == form) {
            return;
        }
        self.forms.push_back((minute, form));
        match self.minutes.back_mut() {
            Some((last, ballots)) if *last == minute => *ballots += 1,
            _ => self.minutes.push_back((minute, 1)),
        }
    }

    fn is_in_a_burst(&self, minute: i64) -> bool {
        let all: u32 = self.minutes.iter().map(|(_, ballots)| ballots).sum();
        let recent = self.minutes.iter().filter(|it| minute - it.0 < WINDOW);
        let recent: u32 = recent.map(|(_, ballots)| ballots).sum();
        is_burst(recent, f64::from(all - recent) * WINDOW_OF_REST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_ballot_of_a_quiet_network_in_ten_minutes_is_a_burst() {
        let seen = Seen::default();
        let found: Vec<bool> = (0..5)
            .map(|n| seen.burst(9, &n.to_string(), 100 + n))
            .collect();

        assert_eq!(found, [false, false, false, false, true]);
        assert!(!seen.burst(8, "5", 104), "another network");
        assert!(!seen.burst(9, "6", 100 + 5 + WINDOW));
    }

    #[test]
    fn one_form_sent_again_and_again_is_one_ballot() {
        let seen = Seen::default();
        let again = (0..9).map(|n| seen.burst(9, "the same form", 100 + n));

        assert_eq!(again.filter(|burst| *burst).count(), 0);
    }

    #[test]
    fn a_village_behind_one_address_that_answers_all_day_is_none() {
        let seen = Seen::default();
        let day = (0..1_000).map(|n| seen.burst(7, &n.to_string(), n * 4 / 3));

        assert_eq!(day.skip(200).filter(|burst| *burst).count(), 0);
        assert!(!comes_in_a_burst(None, "", DateTime::UNIX_EPOCH));
    }
}
