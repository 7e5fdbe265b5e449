#![doc = include_str!("../README.md")]

pub mod asset;
pub mod chart;
pub mod commission;
pub mod form;
pub mod frame;
pub mod icon;
mod markup;
pub mod office;
pub mod portal;
pub mod problem;
pub mod rate;
pub mod staff;
pub mod unit;
pub mod wording;

pub use markup::Svg;
