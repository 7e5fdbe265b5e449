//! Opens the identity vault of an installation with its key.

use crate::{Keys, Verb, VerbError, keys::not_restored};
use identity_vault::Vault;
use rand::Rng;
use std::{io, path::Path};

const KEY: &str = "vault";

/// Opens the vault of a data folder; locked when its key was not brought back with the backup.
///
/// # Errors
/// When the vault or its key cannot be read, or they do not belong together.
pub async fn open_vault(data: &Path, rng: &mut (impl Rng + Send)) -> Verb<Vault> {
    let url = format!("sqlite://{}/vault.db", data.display());
    let opened = match Keys::in_folder(data.join("keys")).read_or_make(KEY, rng) {
        Ok(key) => Vault::open(&url, key).await,
        Err(error) if not_restored(&error).is_some() => Vault::open_locked(&url).await,
        Err(error) => return Err(error.into()),
    };
    opened.map_err(|error| VerbError::Io(io::Error::other(format!("身份库：{error}"))))
}

/// The key files of a data folder that were not brought back with the backup and are still missing.
#[must_use]
pub fn missing_keys(data: &Path) -> Vec<String> {
    let folder = data.join("keys");
    let listed = std::fs::read_to_string(folder.join(crate::keys::NOT_RESTORED));
    let missing = |file: &&str| !folder.join(file).exists();
    let listed = listed.unwrap_or_default();
    listed.lines().filter(missing).map(str::to_owned).collect()
}
