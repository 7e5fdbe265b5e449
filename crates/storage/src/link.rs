//! Where a query runs: on the store for reading, or inside a transaction.

use crate::StorageError;
use sea_orm::{ConnectionTrait, DbErr};

/// A place to read from: a [`Store`](crate::Store) or an open [`Tx`](crate::Tx).
pub trait Link: sealed::Connected {}

impl Link for crate::Store {}
impl Link for crate::Tx {}

pub(crate) mod sealed {
    use super::{ConnectionTrait, DbErr, StorageError};

    /// The connection behind a link; closed to other crates.
    pub trait Connected: Sync {
        /// The sea-orm connection.
        type Connection: ConnectionTrait;

        /// The connection.
        fn connection(&self) -> &Self::Connection;

        /// What an error means; a disk fault closes the latch.
        fn fault(&self, error: &DbErr) -> StorageError;

        /// Where what is compared through this link is also written; none when it is only looked at.
        fn writes(&self) -> Option<&crate::Tx>;
    }
}
