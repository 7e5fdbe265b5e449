//! Who asks, why, how long, and one button.

use crate::{frame::CitizenFrame, icon::Icon};
use askama::Template;

/// The first page of a round, with the field for the code of the invitation.
#[derive(Debug, Template)]
#[template(path = "citizen/landing.html")]
pub struct LandingPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The round.
    pub round: String,
    /// Title of the questionnaire.
    pub title: String,
    /// Who asks and why, one paragraph each.
    pub intro: Vec<String>,
    /// Minutes it takes.
    pub minutes: u16,
    /// First and last day the questions are about.
    pub period: String,
    /// The code as typed, when it was not accepted.
    pub code: String,
    /// Why the code was not accepted.
    pub problem: Option<String>,
    /// Where to go on with a draft kept on this device; never opened by itself, because devices are shared.
    pub unfinished: Option<String>,
}
