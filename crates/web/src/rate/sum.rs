//! A sum, where the browser cannot work for an open link.

use crate::frame::CitizenFrame;
use askama::Template;

/// Asks a person to add two numbers before an open round begins.
#[derive(Debug, Template)]
#[template(path = "citizen/sum.html")]
pub struct SumPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The round.
    pub round: String,
    /// The numbers.
    pub numbers: [u8; 2],
    /// The task as the server knows it again.
    pub task: String,
    /// Whether somebody else holds the phone or the pen.
    pub assisted: bool,
    /// Whether the last answer was wrong.
    pub wrong: bool,
}

impl SumPage {
    fn question(&self) -> String {
        let [first, second] = self.numbers;
        self.frame.language.sum_question(first, second)
    }
}
