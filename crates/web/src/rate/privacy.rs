//! What we can see and what we cannot.

use crate::frame::CitizenFrame;
use askama::Template;

/// The privacy page; it promises only what the data model holds.
#[derive(Debug, Template)]
#[template(path = "citizen/privacy.html")]
pub struct PrivacyPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// Below this many answers nothing is shown to anybody.
    pub hidden_below: u32,
}
