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
    /// The code that brings the draft back, in two groups.
    pub code: String,
    /// Where to go on.
    pub resume: String,
}

impl PausedPage {
    fn reached(&self) -> String {
        match self.number {
            0 => self.frame.language.paused_none().to_owned(),
            number => self.frame.language.paused_at(number, self.total),
        }
    }
}
