//! How often a source may send; counted in memory by minutes.

use chrono::{DateTime, Utc};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

/// Requests of one source in a minute: with a thousand rows each far more than a city has.
const MOST_A_MINUTE: u32 = 120;
const MINUTE: i64 = 60;

static SENT: LazyLock<Pace> = LazyLock::new(Pace::default);

/// The last minute in which each source sent, and how often.
#[derive(Default)]
struct Pace(Mutex<HashMap<String, (i64, u32)>>);

/// Counts one more request of a source that is known.
///
/// # Errors
/// The seconds to wait, when it was one too many in this minute.
pub fn in_pace(source: &str, now: DateTime<Utc>) -> Result<(), u64> {
    SENT.count(source, now.timestamp())
}

impl Pace {
    fn count(&self, source: &str, second: i64) -> Result<(), u64> {
        let minute = second.div_euclid(MINUTE);
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = sent.entry(source.to_owned()).or_insert((minute, 0));
        if own.0 != minute {
            *own = (minute, 0);
        }
        own.1 = own.1.saturating_add(1);
        match own.1 > MOST_A_MINUTE {
            true => Err((MINUTE - second.rem_euclid(MINUTE)).unsigned_abs()),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_too_many_waits_for_the_next_minute_and_holds_up_nobody_else() {
        let pace = Pace::default();
        let in_time = (0..MOST_A_MINUTE).all(|_| pace.count("a", 615).is_ok());

        assert!(in_time);
        assert_eq!(pace.count("a", 615), Err(45));
        assert_eq!(pace.count("b", 615), Ok(()));
        assert_eq!(pace.count("a", 660), Ok(()));
    }
}
