//! Pages that are mostly words.

use crate::frame::PortalFrame;
use askama::Template;

/// What was corrected after publication.
#[derive(Debug, Template)]
#[template(path = "portal/corrections.html")]
pub struct CorrectionsPage {
    /// Frame.
    pub frame: PortalFrame,
    /// The finding.
    pub heading: String,
    /// Result, date, what and why.
    pub rows: Vec<(String, String, String)>,
}

/// What is accessible and what is not yet.
#[derive(Debug, Template)]
#[template(path = "portal/accessibility.html")]
pub struct AccessibilityPage {
    /// Frame.
    pub frame: PortalFrame,
}

/// Nothing is published yet, or not for this round.
#[derive(Debug, Template)]
#[template(path = "portal/waiting.html")]
pub struct WaitingPage {
    /// Frame.
    pub frame: PortalFrame,
    /// The fact.
    pub heading: String,
    /// What it means.
    pub words: String,
    /// Title, address or nothing, state.
    pub rounds: Vec<(String, String, String)>,
}
