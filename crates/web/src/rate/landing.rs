//! Who asks, why, how long, and one button.

use crate::{frame::CitizenFrame, icon::Icon, words::Seen};
use askama::Template;
use survey_design::{Anonymity, Resubmission};

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
    /// Most questions one person gets.
    pub questions: usize,
    /// First and last day the questions are about.
    pub period: String,
    /// How raters are kept apart from answers; an open round asks for no code.
    pub anonymity: Anonymity,
    /// Whether an answer may be replaced.
    pub resubmission: Resubmission,
    /// The code as typed, when it was not accepted.
    pub code: String,
    /// Why the code was not accepted.
    pub problem: Option<String>,
    /// What an open round has the browser work at before it begins.
    pub work: Option<String>,
    /// Where to go on with a draft kept on this device; never opened by itself, because devices are shared.
    pub unfinished: Option<String>,
}

impl LandingPage {
    fn how_long(&self) -> String {
        self.frame.language.how_long_value(self.minutes)
    }

    fn how_many(&self) -> String {
        self.frame.language.how_many_value(self.questions)
    }

    fn office(&self) -> Seen {
        self.frame.language.mode(self.anonymity)
    }

    fn may_resubmit(&self) -> bool {
        self.resubmission == Resubmission::UntilClose
    }

    fn asks_for_code(&self) -> bool {
        self.anonymity != Anonymity::Open
    }
}
