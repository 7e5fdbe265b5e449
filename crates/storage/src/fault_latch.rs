//! After an I/O fault nothing is written any more, in this run or the next, until a person has checked the disk.

use crate::{Outage, StorageError};
use std::{
    fs, io,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

/// A latch that closes once, in memory and in a file.
#[derive(Debug)]
pub(crate) struct FaultLatch {
    closed: AtomicBool,
    file: Option<PathBuf>,
}

impl FaultLatch {
    /// A latch that is closed already when its file exists.
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        let closed = file.as_ref().is_some_and(|path| path.exists());
        Self {
            closed: AtomicBool::new(closed),
            file,
        }
    }

    /// Refuses when an I/O fault was seen.
    pub(crate) fn check(&self) -> Result<(), StorageError> {
        if self.is_closed() {
            Err(StorageError::Unavailable(Outage::Latched))
        } else {
            Ok(())
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Closes the latch; the file is best effort because the disk may be the very one that failed.
    pub(crate) fn close(&self) {
        if self.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        tracing::error!("disk fault: writing has stopped");
        if let Some(path) = &self.file
            && let Err(error) = fs::write(path, "disk fault: check the disk before clearing\n")
        {
            tracing::error!(kind = ?error.kind(), "fault file could not be written");
        }
    }

    /// Opens the latch again after a person has checked the disk.
    pub(crate) fn clear(&self) -> io::Result<()> {
        match self.file.as_ref().map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => self.closed.store(false, Ordering::Release),
        }
        Ok(())
    }
}
