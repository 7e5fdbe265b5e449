#![doc = include_str!("../README.md")]

mod answer;
pub mod api;
pub mod asset;
pub mod chart;
pub mod commission;
mod cookie;
mod desk;
mod error;
pub mod form;
pub mod frame;
mod guard;
mod health;
pub mod icon;
mod known;
pub mod language;
mod markup;
pub mod office;
mod parts;
pub mod portal;
pub mod problem;
mod qr;
pub mod rate;
pub mod registry;
mod routes;
mod server;
mod session;
pub mod staff;
mod state;
pub mod unit;
pub mod wording;
mod words;

pub use error::{Page, PageError};
pub use markup::Svg;
pub use routes::configure;
pub use server::serve;
pub use state::WebState;
