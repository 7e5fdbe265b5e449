//! Kept for later.

use crate::frame::CitizenFrame;
use askama::Template;

/// How to come back to a kept draft.
#[derive(Debug, Template)]
#[template(path = "citizen/paused.html")]
pub struct PausedPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The question answered last, counted as the progress bar counts.
    pub number: usize,
    /// How many questions everybody gets.
    pub total: usize,
    /// Where to go on.
    pub resume: String,
}
