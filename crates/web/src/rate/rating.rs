//! How satisfied somebody is with what was done 追评: one question, asked once.

use super::{LevelOption, Problem};
use crate::{frame::CitizenFrame, icon::Icon};
use askama::Template;

/// The question, with what was written and answered.
#[derive(Debug, Template)]
#[template(path = "citizen/rating.html")]
pub struct RatingPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The receipt as typed.
    pub receipt: String,
    /// Number of the matter.
    pub matter: String,
    /// The unit that answered.
    pub unit: String,
    /// The person's own words, with personal details masked, or that there are none; a sentence.
    pub words: String,
    /// What the unit says it did.
    pub reply: String,
    /// The five levels, best first; none preselected.
    pub options: Vec<LevelOption>,
    /// What is added, as it stands.
    pub text: String,
    /// Most characters of it.
    pub max_chars: u16,
    /// What is wrong with what was posted.
    pub problem: Option<Problem>,
}

impl RatingPage {
    fn is_chosen(&self) -> bool {
        self.options.iter().any(|option| option.chosen)
    }

    fn no_level(&self) -> bool {
        self.problem.is_some() && !self.is_chosen()
    }

    fn too_long(&self) -> bool {
        self.problem.is_some() && self.is_chosen()
    }

    fn to_mend(&self) -> String {
        match self.options.first() {
            Some(option) if !self.is_chosen() => format!("a-{}", option.code),
            _ => "t".to_owned(),
        }
    }
}
