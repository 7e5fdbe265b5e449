//! A bad rating 差评 of the service hall: contacted within a day, rectified or objected to, told back, rated once more.

mod machine;
mod state;
#[cfg(test)]
mod tests;
mod words;

pub use machine::{BadRating, ReceivedRating};
pub use state::{BadRatingEvent, BadRatingRecord, BadRatingState};
pub use words::{BAD_RATING_TRANSITIONS, BadRatingStage, BadRatingStep, ObjectionGround};
