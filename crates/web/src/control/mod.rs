//! All matters of a round at once, for the office that steers them 整改调度.

mod filter;
mod page;

pub(crate) use filter::{Asked, Filter};
pub(crate) use page::{Papers, address, control, listed, said, seen_matters};

pub use page::{ControlPage, Held, LeftAlone, Row, Sift};
