//! How far the file that is worked on just now has been read; kept in memory, because after a restart it is read anew.

use std::{
    fs::File,
    io::Seek,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// What is being worked on, and the bell that says there is more to do.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    current: Mutex<Option<Current>>,
    pub(super) more: Notify,
}

#[derive(Debug)]
struct Current {
    upload: String,
    file: File,
    bytes: u64,
    rows: u64,
    began: Instant,
}

/// How far a file has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows compared so far.
    pub rows: u64,
    /// Rows a second.
    pub rows_per_second: u64,
    /// Share of the file that was read, 0 to 100.
    pub percent: u8,
    /// Seconds that are left at this pace; none before there is a pace.
    pub seconds_left: Option<u64>,
}

impl Desk {
    /// There is more to do.
    pub(crate) fn ring(&self) {
        self.more.notify_one();
    }

    /// Begins a file. `file` is the one the reader was given: how far it has come is how far it has read.
    pub(super) fn begin(self: &Arc<Self>, upload: &str, file: File, bytes: u64) -> Underway {
        *self.locked() = Some(Current {
            upload: upload.to_owned(),
            file,
            bytes,
            rows: 0,
            began: Instant::now(),
        });
        Underway(Arc::clone(self))
    }

    /// How far this file has been read; none when it is not the one that is being read.
    pub(super) fn progress(&self, upload: &str) -> Option<Progress> {
        let mut current = self.locked();
        let current = current
            .as_mut()
            .filter(|current| current.upload == upload)?;
        let at = current.file.stream_position().unwrap_or_default();
        Some(pace(
            current.rows,
            at,
            current.bytes,
            current.began.elapsed(),
        ))
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The work on one file; over when dropped.
#[derive(Debug)]
pub struct Underway(Arc<Desk>);

impl Underway {
    /// So many more rows were compared.
    pub(crate) fn add(&self, rows: u64) {
        if let Some(current) = self.0.locked().as_mut() {
            current.rows += rows;
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        *self.0.locked() = None;
    }
}

/// `rows` in this time, after `at` of `bytes`.
fn pace(rows: u64, at: u64, bytes: u64, time: Duration) -> Progress {
    let (at, bytes) = (u128::from(at.min(bytes)), u128::from(bytes));
    let milliseconds = time.as_millis().max(1);
    let whole = |number: u128| u64::try_from(number).unwrap_or(u64::MAX);
    let percent = (100 * at).checked_div(bytes).unwrap_or(100);
    Progress {
        rows,
        rows_per_second: whole(u128::from(rows) * 1000 / milliseconds),
        percent: u8::try_from(percent).unwrap_or(100),
        seconds_left: (milliseconds * (bytes - at))
            .checked_div(at)
            .map(|left| whole(left.div_ceil(1000))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, SeekFrom, Write};

    #[test]
    fn the_rest_takes_as_long_for_each_byte_as_what_was_read() {
        let second = Duration::from_secs(1);
        let progress = pace(3_000, 250, 1_000, 2 * second);

        assert_eq!((progress.rows, progress.rows_per_second), (3_000, 1_500));
        assert_eq!((progress.percent, progress.seconds_left), (25, Some(6)));
        assert_eq!(pace(0, 0, 1_000, second).seconds_left, None);
    }

    #[test]
    fn progress_is_that_of_the_file_being_read_and_ends_with_it() {
        let desk = Arc::new(Desk::default());
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[0; 1_000]).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let reading = desk.begin("a", file.try_clone().unwrap(), 1_000);

        file.read_exact(&mut [0; 500]).unwrap();
        reading.add(7);

        let progress = desk.progress("a").unwrap();
        assert_eq!((progress.rows, progress.percent), (7, 50));
        assert_eq!(desk.progress("b"), None);
        drop(reading);
        assert_eq!(desk.progress("a"), None);
    }
}
