//! What became of my feedback: asked and answered by code alone.

use crate::{frame::CitizenFrame, icon::Icon};
use askama::Template;

/// The field for the code of the receipt.
#[derive(Debug, Template)]
#[template(path = "citizen/lookup.html")]
pub struct LookupPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The code as typed, when nothing was found.
    pub code: String,
    /// Why nothing was found.
    pub problem: Option<String>,
}

/// What happened to the feedback of one code.
#[derive(Debug, Template)]
#[template(path = "citizen/follow_up.html")]
pub struct FollowUpPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The state as a sentence.
    pub heading: String,
    /// The code and the round it was given in.
    pub line: String,
    /// What was just done.
    pub done: Option<&'static str>,
    /// The receipt as typed, to check it with.
    pub receipt: String,
    /// One per opinion written; empty when only levels were chosen.
    pub stories: Vec<Story>,
    /// Steps of the answers as a whole.
    pub steps: Vec<FollowUpStep>,
}

/// What happened to one opinion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The unit or subject.
    pub title: String,
    /// The person's own words, with personal details masked, or that there are none; a sentence.
    pub words: String,
    /// How many others said the same; none when nobody did.
    pub same: Option<String>,
    /// Steps, oldest first.
    pub steps: Vec<FollowUpStep>,
    /// What the unit says it did; empty before it reported.
    pub reply: String,
    /// What the office decided about it, as a sentence; empty where the steps say everything.
    pub decision: String,
    /// What the person says of it.
    pub rating: Rated,
}

/// Where the person's rating of the answer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rated {
    /// There is nothing to rate, or it stands beside another opinion of the same matter.
    No,
    /// It may be given; the number of the matter.
    Open(String),
    /// It was given: the level in words, and what was added.
    Given(String, String),
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUpStep {
    /// `d` done, `n` now, empty for what is to come.
    pub mark: &'static str,
    /// What.
    pub what: String,
    /// When, or until when.
    pub when: String,
}
