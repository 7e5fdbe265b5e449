//! Keys live in files beside the database and never inside it or its backups.

use rand::Rng;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The key folder of one installation.
#[derive(Debug)]
pub struct Keys {
    folder: PathBuf,
}

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
    /// When the file is missing or is not 32 bytes of hex.
    pub fn read(&self, name: &str) -> io::Result<Key> {
        let text = fs::read_to_string(self.path(name))?;
        hex::decode(text.trim())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, format!("key {name} is damaged"))
            })
    }

    /// Reads the key of this name, or makes it: written, flushed to disk, readable by the owner only.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn read_or_make(&self, name: &str, rng: &mut impl Rng) -> io::Result<Key> {
        match self.read(name) {
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => self.make(name, rng),
            other => other,
        }
    }

    fn make(&self, name: &str, rng: &mut impl Rng) -> io::Result<Key> {
        let mut key = Key::default();
        rng.fill_bytes(&mut key);
        fs::create_dir_all(&self.folder)?;
        let path = self.path(name);
        fs::write(&path, hex::encode(key))?;
        restrict(&path)?;
        fs::File::open(&path)?.sync_all()?;
        fs::File::open(&self.folder)?.sync_all()?;
        Ok(key)
    }

    /// Overwrites and removes a key; a key that is already gone is fine.
    ///
    /// # Errors
    /// When the file exists and cannot be removed.
    pub fn destroy(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        if !path.exists() {
            return Ok(());
        }
        fs::write(&path, "0".repeat(64))?;
        fs::File::open(&path)?.sync_all()?;
        fs::remove_file(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }
}

fn restrict(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
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
        let again = keys.read_or_make("round", &mut rng).unwrap();
        keys.destroy("round").unwrap();

        assert_eq!(first, again);
        assert!(keys.read("round").is_err());
    }
}
