//! What stands before every handler: headers on each answer, no writing from other sites, patience with guesses.

mod burst;
mod headers;
mod open_link;
mod pace;
mod patience;
mod same_origin;
mod slow_down;
mod source;
mod whole_body;

pub use burst::comes_in_a_burst;
pub use headers::with_headers;
pub use open_link::OpenLink;
pub use pace::in_pace;
pub use patience::Guesser;
pub use same_origin::only_same_origin;
pub use slow_down::{TooManyGuesses, take_turns};
pub use source::{network_of, outside_network_of};
pub use whole_body::with_whole_body;

#[cfg(test)]
mod tests;
