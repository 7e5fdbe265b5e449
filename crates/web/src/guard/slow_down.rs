//! Wrong codes from one network, and sums instead of work, are answered one after the other, so that guessing is slow and
//! nobody is locked out: who types right never waits, and guesses from one network do not hold up another.

use actix_web::rt::time::sleep;
use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;

const PAUSE: Duration = Duration::from_millis(250);
/// Requests of one lane that may wait for their answer.
const MOST_WAITING: u32 = 40;
/// Networks share a fixed number of lanes, so that nothing grows with the number of addresses.
const LANES: u64 = 256;

static ALL: LazyLock<Vec<Lane>> = LazyLock::new(|| (0..LANES).map(|_| Lane::default()).collect());

#[derive(Default)]
struct Lane {
    turn: Mutex<()>,
    waiting: AtomicU32,
}

/// More wait than will be answered in reasonable time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyGuesses;

/// Waits for one's turn among those of this network: after a wrong code, or with a sum.
///
/// # Errors
/// [`TooManyGuesses`] when too many of this network are waiting already.
pub async fn take_turns(network: u64) -> Result<(), TooManyGuesses> {
    in_turn(network, PAUSE, MOST_WAITING).await
}

/// Waits for one's turn among those with this key, and then for as long as said.
///
/// # Errors
/// [`TooManyGuesses`] when more than `most` would be waiting.
pub async fn in_turn(key: u64, pause: Duration, most: u32) -> Result<(), TooManyGuesses> {
    let lane = ALL
        .get(usize::try_from(key % LANES).unwrap_or_default())
        .ok_or(TooManyGuesses)?;
    let _place = lane.queue(most)?;
    let _turn = lane.turn.lock().await;
    sleep(pause).await;
    Ok(())
}

/// A place in the queue; free again when dropped, also when the client has gone away.
struct Place<'l>(&'l Lane);

impl Lane {
    fn queue(&self, most: u32) -> Result<Place<'_>, TooManyGuesses> {
        let place = Place(self);
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= most {
            return Err(TooManyGuesses);
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_goes_away_gives_the_place_back_and_a_full_queue_says_so() {
        let lane = Lane::default();
        let waiting: Vec<_> = (0..MOST_WAITING)
            .map(|_| lane.queue(MOST_WAITING).unwrap_or_else(|_| unreachable!()))
            .collect();

        assert!(lane.queue(MOST_WAITING).is_err());
        assert_eq!(lane.waiting.load(Ordering::SeqCst), MOST_WAITING);
        drop(waiting);

        assert!(lane.queue(MOST_WAITING).is_ok());
    }
}
