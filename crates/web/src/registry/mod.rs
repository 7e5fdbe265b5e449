//! Registered problems 挂号、叫号、销号 as those see them who call them, and those who watch.

mod acts;
mod board;
mod case;
mod entry;
mod filter;
mod words;

pub(crate) use acts::{Act, event_of};
pub(crate) use board::{Papers, board, lights};
pub(crate) use case::{Reader, Seen, case};
pub(crate) use entry::{Entry, entries};
pub(crate) use filter::{Asked, Filter};
pub(crate) use words::lamp;

pub use board::{BoardPage, Card, Column};
pub use case::{CallLine, CasePage};
