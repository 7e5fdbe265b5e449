#![doc = include_str!("../README.md")]

mod entity;
mod error;
mod key;
mod open;
mod people;
mod raw_text;
mod read_log;

pub use error::VaultError;
pub use key::{BadKey, VaultKey};
pub use open::Vault;
pub use people::Person;
pub use read_log::{ReadKind, VaultRead};
