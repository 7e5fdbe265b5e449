//! How far the file that is worked on just now has been read; kept in memory, because after a restart it is read anew.

use std::{
    fs::File,
    io::Seek,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Rows compared so far.
    pub rows: u64,
    /// Rows a second.
    pub rows_per_second: f64,
    /// Share of the file that was read, 0 to 1.
    pub share: f64,
    /// Seconds that are left at this pace; none before there is a pace.
    pub seconds_left: Option<f64>,
}

impl Desk {
    /// Begins a file. `file` is the one the reader was given: how far it has come is how far it has read.
    pub(super) fn begin(self: &Arc<Self>, upload: &str, file: File, bytes: u64) -> Reading {
        *self.locked() = Some(Current {
            upload: upload.to_owned(),
            file,
            bytes,
            rows: 0,
            began: Instant::now(),
        });
        Reading(Arc::clone(self))
    }

    /// How far this file has been read; none when it is not the one that is being read.
    pub(super) fn progress(&self, upload: &str) -> Option<Progress> {
        let mut current = self.locked();
        let current = current
            .as_mut()
            .filter(|current| current.upload == upload)?;
        let at = current.file.stream_position().unwrap_or_default();
        let seconds = current.began.elapsed().as_secs_f64();
        Some(pace(current.rows, at, current.bytes, seconds))
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The file that is being read; over when dropped.
#[derive(Debug)]
pub struct Reading(Arc<Desk>);

impl Reading {
    /// So many more rows were compared.
    pub(crate) fn add(&self, rows: u64) {
        if let Some(current) = self.0.locked().as_mut() {
            current.rows += rows;
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        *self.0.locked() = None;
    }
}

/// `rows` in `seconds`, after `at` of `bytes`.
fn pace(rows: u64, at: u64, bytes: u64, seconds: f64) -> Progress {
    let share = if bytes == 0 {
        1.0
    } else {
        (at as f64 / bytes as f64).min(1.0)
    };
    Progress {
        rows,
        rows_per_second: rows as f64 / seconds.max(f64::EPSILON),
        share,
        seconds_left: (share > 0.0).then(|| seconds * (1.0 - share) / share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, SeekFrom, Write};

    #[test]
    fn the_rest_takes_as_long_for_each_byte_as_what_was_read() {
        let progress = pace(3_000, 250, 1_000, 2.0);

        assert_eq!(progress.rows_per_second, 1_500.0);
        assert_eq!((progress.share, progress.seconds_left), (0.25, Some(6.0)));
        assert_eq!(pace(0, 0, 1_000, 0.1).seconds_left, None);
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
        assert_eq!((progress.rows, progress.share), (7, 0.5));
        assert_eq!(desk.progress("b"), None);
        drop(reading);
        assert_eq!(desk.progress("a"), None);
    }
}
