//! Keys live in files beside the database and never inside it or its backups.

use rand::Rng;
use std::{
    fmt, fs,
    io::{self, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// The key folder of one installation.
#[derive(Debug)]
pub struct Keys {
    folder: PathBuf,
}

/// A key that lay in the installation a backup was made of and was not brought back with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotRestored(pub(crate) String);

impl fmt::Display for NotRestored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "密钥 {} 没有随备份恢复", self.0)
    }
}

impl std::error::Error for NotRestored {}

/// The file that names keys which were not brought back, one a line.
pub(crate) const NOT_RESTORED: &str = "not-restored.txt";

/// 32 random bytes.
pub type Key = [u8; 32];

impl Keys {
    /// Keys in this folder; it is made when the first key is.
    #[must_use]
    pub const fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Reads the key of this name.
    ///
    /// # Errors
    /// When the file is missing or does not begin with 32 bytes of hex.
    pub fn read(&self, name: &str) -> io::Result<Key> {
        let damaged =
            || io::Error::new(io::ErrorKind::InvalidData, format!("key {name} is damaged"));
        let (mut text, mut key) = ([0; 2 * size_of::<Key>()], Key::default());
        let mut file = match fs::File::open(self.path(name)) {
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
                self.refuse_new(&format!("{name}.key"))?;
                return Err(missing);
            }
            opened => opened?,
        };
        file.read_exact(&mut text).map_err(|_| damaged())?;
        hex::decode_to_slice(text, &mut key).map_err(|_| damaged())?;
        Ok(key)
    }

    /// Reads the key of this name, or makes it: written, flushed to disk, readable by the owner only.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn read_or_make(&self, name: &str, rng: &mut impl Rng) -> io::Result<Key> {
        match self.read(name) {
            Err(missing)
                if missing.kind() == io::ErrorKind::NotFound
                    && not_restored(&missing).is_none() =>
            {
                self.make(name, rng)
            }
            other => other,
        }
    }

    /// Refuses to take the place of a key file that exists elsewhere: what it sealed would be lost once a new one lies there.
    ///
    /// # Errors
    /// When the file was not brought back with the backup this installation was restored from.
    pub(crate) fn refuse_new(&self, file: &str) -> io::Result<()> {
        let listed = fs::read_to_string(self.folder.join(NOT_RESTORED)).unwrap_or_default();
        if listed.lines().any(|name| name == file) && !self.folder.join(file).exists() {
            let missing = NotRestored(file.to_owned());
            return Err(io::Error::new(io::ErrorKind::NotFound, missing));
        }
        Ok(())
    }

    /// Written beside its place, flushed and only then put there: no half key is ever read.
    fn make(&self, name: &str, rng: &mut impl Rng) -> io::Result<Key> {
        let mut key = Key::default();
        rng.fill_bytes(&mut key);
        fs::create_dir_all(&self.folder)?;
        let mut draft = [0; 8];
        rng.fill_bytes(&mut draft);
        let draft = self.folder.join(format!("{name}.{}", hex::encode(draft)));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o400)
            .open(&draft)?;
        file.write_all(hex::encode(key).as_bytes())?;
        file.sync_all()?;
        let placed = fs::hard_link(&draft, self.path(name));
        fs::remove_file(&draft)?;
        self.flush()?;
        match placed {
            // Another process was first; its key counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.read(name),
            other => other.map(|()| key),
        }
    }

    /// Overwrites and removes a key; a key that is already gone is fine, and so is one a crash left half overwritten.
    ///
    /// Overwriting is best effort: a flash disk or a copying file system may keep the old bytes, and copies made by
    /// others are out of reach.
    ///
    /// # Errors
    /// When the file exists and cannot be removed.
    pub fn destroy(&self, name: &str) -> io::Result<()> {
        self.destroy_file(&self.path(name))
    }

    /// Destroys every key whose name begins like this.
    ///
    /// # Errors
    /// When a file exists and cannot be removed.
    pub fn destroy_all(&self, beginning: &str) -> io::Result<()> {
        let entries = match fs::read_dir(&self.folder) {
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(beginning) {
                self.destroy_file(&path)?;
            }
        }
        Ok(())
    }

    fn destroy_file(&self, path: &Path) -> io::Result<()> {
        if !path.exists() {
            return Ok(());
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        let mut file = fs::OpenOptions::new().write(true).open(path)?;
        file.write_all(&[b'0'; 64])?;
        file.sync_all()?;
        fs::remove_file(path)?;
        self.flush()
    }

    /// Makes what was added to or removed from the folder durable.
    fn flush(&self) -> io::Result<()> {
        fs::File::open(&self.folder)?.sync_all()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }
}

/// The key file this error misses, if it is one that was not brought back.
pub(crate) fn not_restored(error: &io::Error) -> Option<&NotRestored> {
    error.get_ref()?.downcast_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn a_key_is_made_once_and_gone_once_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::in_folder(folder.path().join("keys"));
        let mut rng = ChaCha20Rng::seed_from_u64(1);

        let first = keys.read_or_make("round", &mut rng).unwrap();
        let mode = fs::metadata(keys.path("round"))
            .unwrap()
            .permissions()
            .mode();
        let again = keys.read_or_make("round", &mut rng).unwrap();
        keys.destroy("round").unwrap();

        assert_eq!(first, again);
        assert_eq!(mode & 0o777, 0o400);
        assert!(keys.read("round").is_err());
        assert_eq!(fs::read_dir(&keys.folder).unwrap().count(), 0);
    }

    #[test]
    fn no_new_key_takes_the_place_of_one_that_was_not_restored() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::in_folder(folder.path().to_owned());
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        fs::write(folder.path().join(NOT_RESTORED), "evidence.key\n").unwrap();

        let refused = keys.read_or_make("evidence", &mut rng).unwrap_err();
        let missing = not_restored(&refused).cloned();
        let other = keys.read_or_make("other", &mut rng);
        fs::write(folder.path().join("evidence.key"), "07".repeat(32)).unwrap();

        assert_eq!(missing, Some(NotRestored("evidence.key".into())));
        assert!(other.is_ok());
        assert_eq!(keys.read("evidence").unwrap(), [7; 32]);
    }

    #[test]
    fn a_half_overwritten_key_is_destroyed_again_and_only_the_named_ones() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::in_folder(folder.path().to_owned());
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        for name in ["mix-A-1", "mix-A-2", "mix-AB-1"] {
            keys.read_or_make(name, &mut rng).unwrap();
        }
        fs::remove_file(keys.path("mix-A-1")).unwrap();
        fs::write(keys.path("mix-A-1"), "00").unwrap();

        keys.destroy("mix-A-1").unwrap();
        keys.destroy("mix-A-1").unwrap();
        keys.destroy_all("mix-A-").unwrap();

        assert!(keys.read("mix-A-2").is_err() && keys.read("mix-AB-1").is_ok());
    }
}
