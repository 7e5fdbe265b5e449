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
const FREE_OF_NETWORK: u32 = 30;
/// The first wait; each wrong try doubles it.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST_OF_ACCOUNT: Duration = Duration::from_secs(4);
const LONGEST_OF_NETWORK: Duration = Duration::from_secs(2);
/// Requests that may wait for one account.
const WAITING_OF_ACCOUNT: u32 = 10;
/// Requests that may wait for one network.
const WAITING_OF_NETWORK: u32 = 40;
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

    /// Counts a try as wrong until it proves right, and waits as long as the earlier ones ask for, one after the other.
    ///
    /// # Errors
    /// [`TooManyGuesses`] when too many wait already.
    pub async fn wait(&self, now: DateTime<Utc>) -> Result<(), TooManyGuesses> {
        let most = [WAITING_OF_ACCOUNT, WAITING_OF_NETWORK];
        for ((key, pause), most) in self.begin(&WRONG, now).into_iter().zip(most) {
            if !pause.is_zero() {
                in_turn(key, pause, most).await?;
            }
        }
        Ok(())
    }

    /// Counted before anything is awaited: tries sent at once see each other.
    fn begin(&self, wrong: &Wrong, now: DateTime<Utc>) -> [(u64, Duration); 2] {
        let before = |key| wrong.count(key, now.timestamp());
        let of_account = pause(before(self.account), FREE_OF_ACCOUNT, LONGEST_OF_ACCOUNT);
        let of_network = pause(before(self.network), FREE_OF_NETWORK, LONGEST_OF_NETWORK);
        [(self.account, of_account), (self.network, of_network)]
    }

    /// Forgets the wrong tries of the account, and of the network this one only.
    pub fn was_right(&self) {
        self.forgive(&WRONG);
    }

    fn forgive(&self, wrong: &Wrong) {
        let mut tries = wrong.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(&self.account);
        if let Some((count, _)) = tries.get_mut(&self.network) {
            *count = count.saturating_sub(1);
        }
    }
}

fn pause(tries: u32, free: u32, longest: Duration) -> Duration {
    match tries.checked_sub(free) {
        None | Some(0) => Duration::ZERO,
        Some(more) => FIRST.saturating_mul(1 << (more - 1).min(8)).min(longest),
    }
}

impl Wrong {
    /// Counts one more; how many there were before.
    fn count(&self, key: u64, second: i64) -> u32 {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= MOST_KEPT {
            tries.retain(|_, (_, last)| second - *last < FORGOTTEN_AFTER);
        }
        if tries.len() >= MOST_KEPT {
            // Many names at once come from few networks, which are slowed by themselves.
            tries.retain(|_, (count, _)| *count > FREE_OF_ACCOUNT);
        }
        if tries.len() >= MOST_KEPT {
            tries.clear();
        }
        let own = tries.entry(key).or_insert((0, second));
        let before = if second - own.1 < FORGOTTEN_AFTER {
            own.0
        } else {
            0
        };
        *own = (before.saturating_add(1), second);
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    /// The waits of one more try, for the account and for the network.
    fn millis(account: &str, network: u64, wrong: &Wrong, now: DateTime<Utc>) -> [u128; 2] {
        let waits = Guesser::new(account, network).begin(wrong, now);
        waits.map(|(_, pause)| pause.as_millis())
    }

    #[test]
    fn an_account_waits_longer_with_each_wrong_try_whatever_network_they_come_from() {
        let wrong = Wrong::default();
        let waits = (0..10).map(|network| millis("clerk", network, &wrong, NOW)[0]);

        let expected = [0, 0, 0, 0, 0, 0, 500, 1_000, 2_000, 4_000];
        assert_eq!(waits.collect::<Vec<_>>(), expected);
        assert_eq!(millis("other", 3, &wrong, NOW), [0, 0]);
        let later = NOW + TimeDelta::minutes(15);
        assert_eq!(millis("clerk", 0, &wrong, later), [0, 0]);
    }

    #[test]
    fn a_network_that_tries_many_accounts_waits_and_a_right_password_does_not_forgive_it() {
        let wrong = Wrong::default();
        for n in 0..32 {
            millis(&n.to_string(), 7, &wrong, NOW);
        }
        for _ in 0..6 {
            millis("clerk", 7, &wrong, NOW);
        }

        assert_eq!(millis("clerk", 7, &wrong, NOW), [500, 2_000]);
        Guesser::new("clerk", 7).forgive(&wrong);
        assert_eq!(millis("clerk", 7, &wrong, NOW), [0, 2_000]);
        assert_eq!(millis("clerk", 8, &wrong, NOW), [0, 0]);
    }

    #[test]
    fn people_who_type_right_never_make_their_office_wait() {
        let wrong = Wrong::default();
        for n in 0..500 {
            let account = n.to_string();
            assert_eq!(millis(&account, 7, &wrong, NOW), [0, 0]);
            Guesser::new(&account, 7).forgive(&wrong);
        }
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let wrong = Wrong::default();
        for n in 0..MOST_KEPT + 500 {
            for _ in 0..=FREE_OF_ACCOUNT {
                wrong.count(n as u64, 0);
            }
        }

        assert!(wrong.tries.lock().unwrap().len() <= MOST_KEPT);
    }
}
