//! The feedback letter 反馈函: read on screen, printed, signed for.

use crate::{
    form::{ActionForm, Input},
    frame::ConsoleFrame,
    icon::Icon,
};
use askama::Template;

/// One letter.
#[derive(Debug, Template)]
#[template(path = "console/letter.html")]
pub struct LetterPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Number of the letter.
    pub number: String,
    /// Title.
    pub title: String,
    /// Addressee.
    pub to: String,
    /// Paragraphs before the first section.
    pub opening: Vec<String>,
    /// Heading and lines.
    pub sections: Vec<(String, Vec<String>)>,
    /// Sender.
    pub from: String,
    /// Date.
    pub date: String,
    /// Signed by whom and when, or what to do.
    pub slip: String,
    /// The button that signs; none when it is signed or the reader may not.
    pub form: Option<ActionForm>,
}
