//! The only place that reads the clock. The demo plays a quarter on a clock of its own.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds of the demo's clock since 1970, or 0 while the real clock is used.
static PLAYED: AtomicI64 = AtomicI64::new(0);

/// Now: the real clock, or the demo's while a quarter is played.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> DateTime<Utc> {
    match PLAYED.load(Ordering::SeqCst) {
        0 => Utc::now(),
        millis => DateTime::from_timestamp_millis(millis).expect("the demo stays within a few years"),
    }
}

/// Puts the demo's clock to this instant.
pub fn play(at: DateTime<Utc>) {
    PLAYED.store(at.timestamp_millis(), Ordering::SeqCst);
}

/// Moves the demo's clock on.
pub fn pass(time: TimeDelta) {
    play(now() + time);
}
