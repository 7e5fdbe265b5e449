//! Bad ratings 差评 of the hall as those see them who work on them, decide, ask again, and watch.

mod acts;
mod board;
mod case;
mod entry;
mod filter;
mod step;
mod words;

pub(crate) use acts::Act;
pub(crate) use board::{Papers, board};
pub(crate) use case::{Seen, case};
pub(crate) use entry::{Entry, entries, newest_round};
pub(crate) use filter::{Asked, Filter};
pub(crate) use step::taken;

pub use case::{CasePage, PastLine};
