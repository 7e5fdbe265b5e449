//! The evaluation office: where the round stands and who does what next.

mod overview;
mod routes;

pub(crate) use routes::{frame, routes};

pub use overview::{ImportRow, OverviewPage, ProgressRow, Task, state_words, steps, tasks};
