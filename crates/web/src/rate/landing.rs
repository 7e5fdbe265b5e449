//! Who asks, why, how long, and one button.

use crate::{
    frame::CitizenFrame,
    icon::Icon,
};
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
    /// Last day, where it is fixed.
    pub closes: Option<String>,
    /// The code as typed, when it was not accepted.
    pub code: String,
    /// Why the code was not accepted.
    pub problem: Option<String>,
}
