//! Matters as those see them who work on them: list, one matter, and what the reader may do with it now.

mod acts;
mod detail;
pub mod evidence;
mod export;
mod forms;
mod list;
mod page;
mod step;

use detail::detail;
use forms::form;
use list::{items, stats, tabs};

pub(crate) use acts::{Act, Side, acts};
pub(crate) use detail::Desk;
pub(crate) use evidence::EVIDENCE;
pub(crate) use export::workbook;
pub(crate) use list::{Entry, Filter, deadline, entries, waiting, with_co_units};
pub(crate) use page::{Choice, Papers, matters_page};
pub(crate) use step::{keep_draft, take_step};
