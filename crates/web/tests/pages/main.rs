//! Every page with a small example: structure that must hold on each, and the facts each must state.
//!
//! The pages are also written to `target/tmp/pages`, where a browser can look at them.

#![expect(
    clippy::unwrap_used,
    reason = "an example that cannot be built fails its test"
)]

mod accounts;
mod agency;
mod audit;
mod bad_ratings;
mod callbacks;
mod city;
mod commission;
mod control;
mod draw;
mod examples;
mod full;
mod letters;
mod office;
mod opt_out;
mod page;
mod portal;
mod problems;
mod push;
mod rate;
mod sources;
mod staff;
mod unit;
