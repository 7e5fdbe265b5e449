//! What an open link, which needs no code, asks before it lets anybody in: some work of the browser, or a sum of the person.
//!
//! A bump for whoever sends by the thousand, and no lock: one core still does a few tasks a second.

use chrono::{DateTime, Utc};
use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};
use workflows::{Key, keyed};

/// Seconds a question may wait for its answer.
const LASTS: i64 = 600;
/// Steps of PBKDF2 for each number tried: a browser does them almost as fast as a program made for it.
const STEPS: u32 = 5_000;
/// A number fits when its first byte is below this: one in 128.
const FITTING: u8 = 2;
/// Answers remembered as used.
const MOST_USED: usize = 100_000;

static USED: LazyLock<Mutex<HashMap<String, i64>>> = LazyLock::new(Mutex::default);

/// The open link of a round at a moment.
pub struct OpenLink<'l> {
    /// Only the server's; another for each round.
    pub key: &'l Key,
    /// The round.
    pub round: &'l str,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What a question asks for.
#[derive(Clone, Copy)]
enum Asked {
    /// A number that fits the question.
    Work,
    /// This sum.
    Sum(u16),
}

impl OpenLink<'_> {
    /// A task for a browser: it looks for a number that fits.
    pub fn work(&self, salt: [u8; 16]) -> String {
        self.sealed(
            Asked::Work,
            self.now.timestamp() + LASTS,
            &hex::encode(salt),
        )
    }

    /// A task for a person: to add two numbers.
    pub fn sum(&self, salt: [u8; 16], numbers: [u8; 2]) -> String {
        let until = self.now.timestamp() + LASTS;
        let sum = numbers.map(u16::from).iter().sum();
        self.sealed(Asked::Sum(sum), until, &hex::encode(salt))
    }

    /// Whether the number fits a task of this link that is not too old; a task counts once.
    pub fn is_worked(&self, task: &str, number: &str) -> bool {
        let short = !number.is_empty() && number.len() <= 9;
        self.is_ours(task, Asked::Work) && short && fits(task, number) && self.is_first(task)
    }

    /// Whether this is the sum asked for, not too long ago; a task counts once.
    pub fn is_added(&self, task: &str, answer: &str) -> bool {
        let answer: Option<u16> = answer.trim().parse().ok();
        answer.is_some_and(|sum| self.is_ours(task, Asked::Sum(sum))) && self.is_first(task)
    }

    /// End, salt and seal; the seal holds them together with what is asked for.
    fn sealed(&self, asked: Asked, until: i64, salt: &str) -> String {
        let (kind, answer) = match asked {
            Asked::Work => ("work", String::new()),
            Asked::Sum(sum) => ("sum", sum.to_string()),
        };
        let end = until.to_string();
        let parts = [kind, self.round, &end, salt, &answer];
        let seal = keyed(self.key, &parts.map(str::as_bytes));
        format!("{end}.{salt}.{}", hex::encode(&seal[..16]))
    }

    fn is_ours(&self, task: &str, asked: Asked) -> bool {
        let mut parts = task.split('.');
        let (Some(end), Some(salt)) = (parts.next(), parts.next()) else {
            return false;
        };
        let end: Option<i64> = end.parse().ok();
        end.is_some_and(|end| end >= self.now.timestamp() && self.sealed(asked, end, salt) == task)
    }

    fn is_first(&self, task: &str) -> bool {
        let now = self.now.timestamp();
        let Ok(mut used) = USED.lock() else {
            return false;
        };
        if used.len() >= MOST_USED {
            used.retain(|_, until| *until >= now);
        }
        if used.len() >= MOST_USED {
            // Rather a task counts twice than a flood shuts people out.
            used.clear();
        }
        used.insert(task.to_owned(), now + LASTS).is_none()
    }
}

fn fits(task: &str, number: &str) -> bool {
    let mut found = [0; 32];
    pbkdf2_hmac::<Sha256>(number.as_bytes(), task.as_bytes(), STEPS, &mut found);
    found[0] < FITTING
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn link(round: &str) -> OpenLink<'_> {
        OpenLink {
            key: &[7; 32],
            round,
            now: NOON,
        }
    }

    fn number_for(task: &str) -> String {
        let fitting = (0_u32..).find(|number| fits(task, &number.to_string()));
        fitting.unwrap().to_string()
    }

    #[test]
    fn work_counts_once_and_for_its_round_only() {
        let task = link("2026Q3").work([1; 16]);
        let number = number_for(&task);
        let wrong = (0_u32..).find(|number| !fits(&task, &number.to_string()));

        assert!(!link("2026Q3").is_worked(&task, &wrong.unwrap().to_string()));
        assert!(!link("2026Q2").is_worked(&task, &number));
        assert!(!link("2026Q3").is_worked(&task.replacen('6', "7", 1), &number));
        assert!(link("2026Q3").is_worked(&task, &number));
        assert!(!link("2026Q3").is_worked(&task, &number), "used");
    }

    #[test]
    fn work_of_long_ago_is_forgotten() {
        let task = link("2026Q3").work([2; 16]);
        let number = number_for(&task);
        let late = OpenLink {
            now: NOON + chrono::TimeDelta::seconds(LASTS + 1),
            ..link("2026Q3")
        };

        assert!(!late.is_worked(&task, &number));
    }

    #[test]
    fn a_sum_is_no_work_and_only_the_sum_is_right() {
        let link = link("2026Q3");
        let task = link.sum([3; 16], [4, 5]);

        assert!(!link.is_worked(&task, &number_for(&task)));
        assert!(!link.is_added(&task, "8") && !link.is_added(&task, "九"));
        assert!(link.is_added(&task, " 9 "));
        assert!(!link.is_added(&task, "9"), "used");
    }
}
