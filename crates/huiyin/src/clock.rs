//! The only place that reads the clock. The demo plays a quarter on a clock of its own.

use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds of the demo's clock since 1970, or 0 while the real clock is used.
static PLAYED: AtomicI64 = AtomicI64::new(0);

/// Now: the real clock, or the demo's while a quarter is played.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub fn now() -> DateTime<Utc> {
    match PLAYED.load(Ordering::SeqCst) {
        0 => Utc::now(),
        millis => {
            DateTime::from_timestamp_millis(millis).expect("the demo stays within a few years")
        }
    }
}

/// Puts the demo's clock to this instant.
pub fn play(at: DateTime<Utc>) {
    PLAYED.store(at.timestamp_millis(), Ordering::SeqCst);
}

/// Goes back to the real clock.
pub fn real() {
    PLAYED.store(0, Ordering::SeqCst);
}

/// Lets the demo's clock run `rate` times as fast as real time until the guard is dropped.
pub fn run(rate: i32) -> Running {
    let task = tokio::spawn(async move {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tick.tick().await;
            PLAYED.fetch_add(i64::from(rate) * TICK_MILLIS, Ordering::SeqCst);
        }
    });
    Running(task)
}

const TICK_MILLIS: i64 = 10;
const TICK: std::time::Duration = std::time::Duration::from_millis(10);

/// Stops the running clock when dropped.
pub struct Running(tokio::task::JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}
