//! All answers before they are handed in.

use crate::{frame::CitizenFrame, icon::Icon};
use askama::Template;

/// All answers, each with a way to change it.
#[derive(Debug, Template)]
#[template(path = "citizen/check.html")]
pub struct CheckPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The round.
    pub round: String,
    /// One line per page shown, in order.
    pub lines: Vec<CheckLine>,
    /// Address of the last question.
    pub last: String,
    /// 32 hex digits that make a repeated click count once.
    pub submission_id: String,
    /// Why the answers could not be handed in.
    pub problem: Option<String>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    /// The question.
    pub question: String,
    /// The answer in words; empty when nothing was answered.
    pub answer: String,
    /// Address of its page.
    pub href: String,
}

impl CheckPage {
    fn which(&self, index: &usize) -> String {
        self.frame.language.change_which(*index)
    }
}
