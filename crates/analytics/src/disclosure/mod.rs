//! Disclosure control: what may be printed so that no answer can be found by subtraction.
//!
//! In this order: publish little ([`disclose`](crate::disclose) decides by unit), merge classes, hide with [`protect`] or
//! round with [`round_table`].

mod count_table;
mod limits;
mod merging;
mod network;
mod rounding;
mod suppression;

pub use count_table::{CountTable, Position, TableError};
pub use limits::{DisclosureLimits, Zeros};
pub use merging::merge_classes;
pub use rounding::round_table;
pub use suppression::{DisclosureError, HiddenReason, ProtectedTable, protect};
