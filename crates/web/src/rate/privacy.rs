//! What we can see and what we cannot.

use crate::{frame::CitizenFrame, words::Seen};
use askama::Template;
use survey_design::Anonymity;

/// The privacy page; it promises only what the data model holds.
#[derive(Debug, Template)]
#[template(path = "citizen/privacy.html")]
pub struct PrivacyPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// Below this many answers nothing is shown to anybody.
    pub hidden_below: u32,
    /// Fewest answers mixed together before closing.
    pub batch: u32,
    /// Minutes a batch gathers at least.
    pub minutes: u32,
    /// Fewest answers of a batch that share a sign others could have seen.
    pub seen_from: u16,
}

impl PrivacyPage {
    fn units_do_not_see(&self) -> String {
        self.frame.language.privacy_units_not(self.hidden_below)
    }

    fn sealed(&self) -> String {
        let w = self.frame.language;
        w.privacy_how_sealed(self.batch, self.minutes)
    }

    fn signs(&self) -> String {
        self.frame.language.privacy_how_signs(self.seen_from)
    }

    fn modes(&self) -> [Seen; 3] {
        Anonymity::ALL.map(|mode| self.frame.language.mode(mode))
    }
}
