//! Write to me no more: one question, one button.

use crate::frame::CitizenFrame;
use askama::Template;

/// Asks, or says that it is done.
#[derive(Debug, Template)]
#[template(path = "citizen/opt_out.html")]
pub struct OptOutPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// Where the button posts; none once it is done.
    pub action: Option<String>,
}
