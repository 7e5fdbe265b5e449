//! The key a person signs with.

use crate::{Signer, SnapshotError, canonical_json};
use ed25519_dalek::{Signer as _, SigningKey};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};
use vocabulary::Role;

/// One person's Ed25519 key, kept in a file only its owner may read, never in a database.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningKeyFile {
    /// The person's name, as it stands in the manifest.
    name: String,
    /// The role the person signs in.
    role: Role,
    /// 32 secret bytes in hexadecimal digits.
    secret_key: String,
}

impl SigningKeyFile {
    /// Makes a new key from 32 random bytes.
    pub fn generate(name: impl Into<String>, role: Role, rng: &mut impl CryptoRng) -> Self {
        let mut secret = [0; 32];
        rng.fill_bytes(&mut secret);
        Self {
            name: name.into(),
            role,
            secret_key: hex::encode(secret),
        }
    }

    /// Writes a new key file readable by its owner alone.
    ///
    /// # Errors
    /// SN-101 when the file is already there or cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), SnapshotError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(SnapshotError::io(path))?;
        file.write_all(&canonical_json(self))
            .and_then(|()| file.sync_all())
            .map_err(SnapshotError::io(path))
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// SN-101 when it cannot be read, SN-108 when it holds no key.
    pub fn load(path: &Path) -> Result<Self, SnapshotError> {
        let bytes = fs::read(path).map_err(SnapshotError::io(path))?;
        serde_json::from_slice::<Self>(&bytes)
            .ok()
            .filter(|key| key.secret_bytes().is_some())
            .ok_or_else(|| SnapshotError::BadKeyFile(path.to_owned()))
    }

    /// Name, role and public key: what the manifest says about the signer.
    #[must_use]
    pub fn signer(&self) -> Signer {
        Signer {
            name: self.name.clone(),
            role: self.role,
            public_key: hex::encode(self.key().verifying_key().to_bytes()),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key().sign(message).to_bytes()
    }

    fn key(&self) -> SigningKey {
        SigningKey::from_bytes(
            &self
                .secret_bytes()
                .expect("generate and load let only 32 bytes pass"),
        )
    }

    fn secret_bytes(&self) -> Option<[u8; 32]> {
        hex::decode(&self.secret_key).ok()?.try_into().ok()
    }
}

impl fmt::Debug for SigningKeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeyFile")
            .field("signer", &self.signer())
            .finish_non_exhaustive()
    }
}
