#![doc = include_str!("../README.md")]

mod calendar;
mod channel;
mod id;
mod level;
mod points;
mod rater;
mod role;
mod rounding;
mod surname;

pub use calendar::{
    CalendarDays, WorkCalendar, WorkingDays, civil_date, civil_time, instant_of_day,
};
pub use channel::Channel;
pub use id::{
    AccountId, BodyId, ClassId, IndicatorId, ItemId, MatterId, OpinionId, RoundId, StratumId,
    UnitId,
};
pub use level::Level;
pub use points::{NotExact, Points, Weight};
pub use rater::{DelegateKind, RaterGroup};
pub use role::Role;
pub use rounding::{round_half_away, rounded_text};
pub use surname::surname_length;
