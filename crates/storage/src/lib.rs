#![doc = include_str!("../README.md")]

#[macro_use]
mod table;

pub mod accounts;
pub mod appeals;
pub mod audit_log;
pub mod bad_ratings;
pub mod ballots;
pub mod batches;
pub mod contacts;
mod copy;
pub mod corrections;
pub mod documents;
pub mod draws;
mod error;
pub mod evidence;
mod fault_latch;
pub mod follow_up_ratings;
pub mod identities;
pub mod imports;
mod intake;
pub mod invitations;
pub mod letters;
mod link;
pub mod linked;
mod local_disk;
pub mod matter_drafts;
pub mod matters;
pub mod opinions;
pub mod outbox;
pub mod pairing_ratings;
pub mod pool;
mod postgres;
pub mod pushes;
pub mod quality;
pub mod quotas;
mod reader;
pub mod receipt_log;
mod reserve;
pub mod rounds;
mod rows;
pub mod scores;
pub mod settings;
pub mod sources;
mod sqlite;
mod store;
pub mod submission;
pub mod unit_spellings;
pub mod units;
pub mod uploads;
mod writer;

pub use copy::knows_schema;
pub use error::{DatabaseFault, Outage, StorageError};
pub use link::Link;
pub use reader::GroupReader;
pub use store::{Backend, Durability, OpenOptions, Store, Tx};
