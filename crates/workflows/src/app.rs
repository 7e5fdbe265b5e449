//! What every verb works with: the database, the vault, the keys and the folder of this installation.

use crate::{Delivery, Verb, VerbError, keys::Keys, push::Running, uploads::Desk};
use identity_vault::Vault;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};
use storage::{GroupReader, Store, submission::SubmissionWriter};
use survey_design::World;
use vocabulary::{AccountId, Role, UnitId};

/// One installation; cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) writer: SubmissionWriter,
    pub(crate) reader: GroupReader,
    pub(crate) keys: Arc<Keys>,
    pub(crate) world: Arc<Mutex<Option<Arc<World>>>>,
    pub(crate) folder: Arc<PathBuf>,
    pub(crate) delivery: Arc<Delivery>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) running: Running,
}

/// Shows the folder only: nothing of the database or the keys.
impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Puts the parts of an installation together; `folder` holds keys, mail spool and bundles.
    #[must_use]
    pub fn new(store: Store, vault: Vault, folder: PathBuf) -> Self {
        let writer = SubmissionWriter::start(store.clone());
        let reader = GroupReader::start(store.clone());
        let keys = Arc::new(Keys::in_folder(folder.join("keys")));
        Self {
            store,
            vault,
            writer,
            reader,
            keys,
            world: Arc::default(),
            folder: Arc::new(folder),
            delivery: Arc::new(Delivery::into_spool()),
            desk: Arc::default(),
            running: Running::default(),
        }
    }

    /// The installation with another way for its letters than the spool.
    #[must_use]
    pub fn delivering(mut self, delivery: Delivery) -> Self {
        self.delivery = Arc::new(delivery);
        self
    }

    /// The database, for reading.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The same database for what many citizens ask for at once.
    #[must_use]
    pub const fn reader(&self) -> &GroupReader {
        &self.reader
    }

    /// Brings both databases to the schema of this program.
    ///
    /// # Errors
    /// When a database cannot be written or is newer than this program.
    pub async fn migrate(&self) -> Verb<()> {
        self.store.migrate().await?;
        self.vault
            .migrate()
            .await
            .map_err(|error| VerbError::Io(std::io::Error::other(error.to_string())))
    }

    /// Writes what was accepted and takes nothing more; the last step of a graceful end.
    pub async fn finish(&self) {
        self.writer.clone().finish().await;
    }

    /// The folder of the installation.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }
}

/// The official on whose behalf a verb runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// The name shown to others.
    pub name: String,
    /// The role held.
    pub role: Role,
    /// The unit of a liaison.
    pub unit: Option<UnitId>,
    /// The community or village of a pairing rater.
    pub body: Option<vocabulary::BodyId>,
}

impl Actor {
    /// The program itself, for what happens without anybody's click.
    #[must_use]
    pub fn system() -> Self {
        Self {
            account: "system".into(),
            name: "系统".to_owned(),
            role: Role::SystemAdmin,
            unit: None,
            body: None,
        }
    }
}
