//! Kept for later.

use crate::frame::CitizenFrame;
use askama::Template;

/// How to come back to a kept draft.
#[derive(Debug, Template)]
#[template(path = "citizen/paused.html")]
pub struct PausedPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The round.
    pub round: String,
    /// The question reached, counted as the progress bar counts.
    pub number: usize,
    /// How many questions everybody gets.
    pub total: usize,
    /// The page reached.
    pub page: usize,
    /// Until when the draft is kept, as a sentence.
    pub until: String,
}
