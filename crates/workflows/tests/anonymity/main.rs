//! What the three modes promise, on real SQLite and PostgreSQL: who can link, what a crash can cost, what a receipt proves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod attack;
mod city;
mod follow_up;
mod linkage;
mod mixing;
mod modes;
#[path = "../../../../tests/support/postgres.rs"]
mod postgres;
mod receipts;
mod words;
