//! Wrong codes are answered one after the other, so that guessing is slow and nobody is locked out.

use actix_web::rt::time::sleep;
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use tokio::sync::Mutex;

const PAUSE: Duration = Duration::from_millis(250);
const MOST_WAITING: u32 = 40;

static TURN: Mutex<()> = Mutex::const_new(());
static WAITING: AtomicU32 = AtomicU32::new(0);

/// More wrong codes wait than will be answered in reasonable time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyGuesses;

/// Waits for one's turn after a wrong code; who types right never waits.
///
/// # Errors
/// [`TooManyGuesses`] when too many are waiting already.
pub async fn after_a_wrong_code() -> Result<(), TooManyGuesses> {
    if WAITING.fetch_add(1, Ordering::SeqCst) >= MOST_WAITING {
        WAITING.fetch_sub(1, Ordering::SeqCst);
        return Err(TooManyGuesses);
    }
    let turn = TURN.lock().await;
    sleep(PAUSE).await;
    drop(turn);
    WAITING.fetch_sub(1, Ordering::SeqCst);
    Ok(())
}
