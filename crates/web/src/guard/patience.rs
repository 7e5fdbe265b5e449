//! Wrong passwords make the next try wait: counted for the account and for the network apart, never for the pair, in memory only.
//!
//! The wait comes before the password is looked at, so that guesses sent at once gain nothing. Nobody is locked out.

use super::slow_down::{TooManyGuesses, in_turn};
use chrono::{DateTime, Utc};
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

/// Wrong tries of an account that cost nothing: a person who has to think.
const FREE_OF_ACCOUNT: u32 = 5;
/// Wrong tries of a network that cost nothing: an office behind one address.
const FREE_OF_NETWORK: u32 = 20;
/// The first wait; each wrong try doubles it.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST_OF_ACCOUNT: Duration = Duration::from_secs(4);
const LONGEST_OF_NETWORK: Duration = Duration::from_secs(2);
/// Requests that may wait for one account or network.
const MOST_WAITING: u32 = 10;
/// Without a wrong try for so long, all is forgotten.
const FORGOTTEN_AFTER: i64 = 15 * 60;
/// Beyond so many accounts and networks the quiet ones are forgotten early.
const MOST_KEPT: usize = 20_000;

static WRONG: LazyLock<Wrong> = LazyLock::new(Wrong::default);

/// Wrong tries by account and by network, and the second of the last one.
#[derive(Default)]
struct Wrong {
    salt: RandomState,
    tries: Mutex<HashMap<u64, (u32, i64)>>,
}

/// Who tries: an account, from a network.
pub struct Guesser {
    account: u64,
    network: u64,
}

impl Guesser {
    /// Whoever names this account, from this network.
    #[must_use]
    pub fn new(account: &str, network: u64) -> Self {
        Self {
            account: WRONG.salt.hash_one(("account", account)),
            network: WRONG.salt.hash_one(("network", network)),
        }
    }

    /// Waits as long as earlier wrong tries ask for, one after the other.
    ///
    /// # Errors
    /// [`TooManyGuesses`] when too many wait already.
    pub async fn wait(&self, now: DateTime<Utc>) -> Result<(), TooManyGuesses> {
        for (key, pause) in self.pauses(&WRONG, now) {
            if !pause.is_zero() {
                in_turn(key, pause, MOST_WAITING).await?;
            }
        }
        Ok(())
    }

    fn pauses(&self, wrong: &Wrong, now: DateTime<Utc>) -> [(u64, Duration); 2] {
        let tries = |key| wrong.tries_of(key, now.timestamp());
        let of_account = pause(tries(self.account), FREE_OF_ACCOUNT, LONGEST_OF_ACCOUNT);
        let of_network = pause(tries(self.network), FREE_OF_NETWORK, LONGEST_OF_NETWORK);
        [(self.account, of_account), (self.network, of_network)]
    }

    /// Counts a wrong try.
    pub fn was_wrong(&self, now: DateTime<Utc>) {
        self.count(&WRONG, now);
    }

    fn count(&self, wrong: &Wrong, now: DateTime<Utc>) {
        for key in [self.account, self.network] {
            wrong.count(key, now.timestamp());
        }
    }

    /// Forgets the wrong tries of the account; those of the network stay.
    pub fn was_right(&self) {
        self.forget(&WRONG);
    }

    fn forget(&self, wrong: &Wrong) {
        let mut tries = wrong.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(&self.account);
    }
}

fn pause(tries: u32, free: u32, longest: Duration) -> Duration {
    match tries.checked_sub(free) {
        None | Some(0) => Duration::ZERO,
        Some(more) => FIRST.saturating_mul(1 << (more - 1).min(8)).min(longest),
    }
}

impl Wrong {
    fn tries_of(&self, key: u64, second: i64) -> u32 {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let found = tries.get(&key);
        found.map_or(0, |(count, last)| {
            if second - last < FORGOTTEN_AFTER {
                *count
            } else {
                0
            }
        })
    }

    fn count(&self, key: u64, second: i64) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= MOST_KEPT {
            tries.retain(|_, (_, last)| second - *last < FORGOTTEN_AFTER);
        }
        if tries.len() >= MOST_KEPT {
            // Many names at once come from few networks, which are slowed by themselves.
            tries.retain(|_, (count, _)| *count > FREE_OF_ACCOUNT);
        }
        let own = tries.entry(key).or_insert((0, second));
        if second - own.1 >= FORGOTTEN_AFTER {
            own.0 = 0;
        }
        *own = (own.0.saturating_add(1), second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn millis(guesser: &Guesser, wrong: &Wrong, now: DateTime<Utc>) -> [u128; 2] {
        guesser
            .pauses(wrong, now)
            .map(|(_, pause)| pause.as_millis())
    }

    #[test]
    fn an_account_waits_longer_with_each_wrong_try_whatever_network_they_come_from() {
        let wrong = Wrong::default();
        let mut waits = Vec::new();
        for network in 0..10 {
            let guesser = Guesser::new("clerk", network);
            waits.push(millis(&guesser, &wrong, NOW)[0]);
            guesser.count(&wrong, NOW);
        }

        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 500, 1_000, 2_000, 4_000]);
        let other = Guesser::new("other", 3);
        assert_eq!(millis(&other, &wrong, NOW), [0, 0]);
        let later = NOW + TimeDelta::minutes(15);
        assert_eq!(millis(&Guesser::new("clerk", 0), &wrong, later), [0, 0]);
    }

    #[test]
    fn a_network_that_tries_many_accounts_waits_and_a_right_password_does_not_forgive_it() {
        let wrong = Wrong::default();
        for n in 0..22 {
            Guesser::new(&n.to_string(), 7).count(&wrong, NOW);
        }
        let guesser = Guesser::new("clerk", 7);
        for _ in 0..6 {
            guesser.count(&wrong, NOW);
        }

        assert_eq!(millis(&guesser, &wrong, NOW), [500, 2_000]);
        guesser.forget(&wrong);
        assert_eq!(millis(&guesser, &wrong, NOW), [0, 2_000]);
        assert_eq!(millis(&Guesser::new("clerk", 8), &wrong, NOW), [0, 0]);
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let wrong = Wrong::default();
        for n in 0..MOST_KEPT + 500 {
            wrong.count(n as u64, 0);
        }

        assert!(wrong.tries.lock().unwrap().len() <= MOST_KEPT);
    }
}
