//! The method departments of the "1+6": each changes its own branch of the indicator tree and sees all of it.

mod page;
mod routes;
mod tree;
mod typed;

pub(crate) use routes::routes;
pub(crate) use tree::{change_rows, tree_table};

pub use page::{BranchPage, HeadingPart};
pub use typed::{TypedRow, Typing};
