//! One matter, one list 一事一清单: the machine that carries an opinion to its end.

mod item;
mod machine;
mod state;
mod words;

pub use item::MatterItem;
pub use machine::step;
pub use state::{CheckResult, Closing, Complexity, Finding, MatterEvent, MatterState, Record};
pub use words::{Holder, MATTER_TRANSITIONS, MatterStage, MatterStep};

#[cfg(test)]
pub(crate) mod tests;
