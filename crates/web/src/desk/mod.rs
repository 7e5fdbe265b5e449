//! Matters as those see them who work on them: list, one matter, and what the reader may do with it now.

mod acts;
mod detail;
mod forms;
mod list;

pub(crate) use acts::{Act, Side, acts};
pub(crate) use detail::{Desk, detail};
pub(crate) use forms::{event_of, form};
pub(crate) use list::{Entry, Filter, entries, items, stats, tabs};
