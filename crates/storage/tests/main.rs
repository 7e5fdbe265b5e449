//! Every function of the crate once on SQLite and once on a real PostgreSQL.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must stop where it is"
)]

mod cases;
#[path = "../../../tests/support/postgres.rs"]
mod postgres;
mod stores;
