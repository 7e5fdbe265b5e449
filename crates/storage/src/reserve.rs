//! Space held back beside a SQLite file: given up when the disk is full, so that checkpoints and the audit log can finish.

use crate::{StorageError, sqlite::beside};
use rustix::fs::{FallocateFlags, fallocate, statvfs};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

/// Bytes held back.
const HELD: u64 = 64 << 20;
/// Bytes that must be free beyond the reserve before it is taken again, so that it is not given up at once.
const MARGIN: u64 = 16 << 20;

/// The reserve of one database; none until [`Reserve::keep`].
#[derive(Debug, Default)]
pub(crate) struct Reserve {
    file: OnceLock<PathBuf>,
    given_up: AtomicBool,
}

impl Reserve {
    /// Holds space back from now on; on a disk too full for that, answers are refused until there is room.
    pub(crate) fn keep(&self, database: &Path) {
        let file = self.file.get_or_init(|| beside(database, "reserve"));
        let whole = fs::metadata(file).is_ok_and(|found| found.len() == HELD);
        self.given_up
            .store(!whole && take(file).is_err(), Ordering::Release);
    }

    /// Gives the space up.
    pub(crate) fn give_up(&self) {
        let Some(file) = self.file.get() else {
            return;
        };
        if !self.given_up.swap(true, Ordering::AcqRel) {
            tracing::error!("disk full: the reserve is given up, answers wait");
            if let Err(error) = fs::remove_file(file) {
                tracing::error!(kind = ?error.kind(), "reserve file could not be removed");
            }
        }
    }

    /// Whether answers are refused for want of space.
    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Acquire)
    }

    /// Lets answers through while the reserve is whole, and takes it again as soon as there is room.
    pub(crate) fn check(&self) -> Result<(), StorageError> {
        if !self.is_given_up() {
            return Ok(());
        }
        let taken = self.file.get().is_some_and(|file| take(file).is_ok());
        if !taken {
            return Err(StorageError::Full);
        }
        tracing::warn!("there is room on the disk again: answers are taken");
        self.given_up.store(false, Ordering::Release);
        Ok(())
    }
}

fn take(path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let disk = statvfs(folder)?;
    if disk.f_bavail.saturating_mul(disk.f_frsize) < HELD + MARGIN {
        return Err(io::ErrorKind::StorageFull.into());
    }
    let file = File::create(path)?;
    let held = fallocate(&file, FallocateFlags::empty(), 0, HELD);
    if held.is_err() {
        fs::remove_file(path)?;
    }
    Ok(held?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_that_was_given_up_is_taken_again_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = Reserve::default();
        reserve.keep(&folder.path().join("a.db"));
        let file = folder.path().join("a.db.reserve");
        assert_eq!(fs::metadata(&file).unwrap().len(), HELD);

        reserve.give_up();
        assert!(reserve.is_given_up() && !file.exists());

        assert_eq!(reserve.check(), Ok(()));
        assert!(!reserve.is_given_up() && file.exists());
    }

    #[test]
    fn answers_wait_while_the_space_cannot_be_held_back() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = Reserve::default();
        reserve.keep(&folder.path().join("gone/a.db"));

        assert_eq!(reserve.check(), Err(StorageError::Full));
    }
}
