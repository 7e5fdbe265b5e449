//! Opinions one under the other, each with what becomes of it.

use crate::{
    answer::Posted,
    form::{ActionForm, Input},
    frame::ConsoleFrame,
    icon::Icon,
};
use askama::Template;
use rectification::{OpinionKind, WordsReview};
use vocabulary::{OpinionId, Role};
use workflows::MemberChoice;

/// Opinions of a group or of a matter, to be read by a person.
#[derive(Debug, Template)]
#[template(path = "console/opinion_group.html")]
pub struct OpinionGroupPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Paragraphs on top.
    pub lead: Vec<String>,
    /// The opinions.
    pub members: Vec<Said>,
    /// What can become of each: posted value and words.
    pub choices: Vec<(&'static str, &'static str)>,
    /// Whether words can be covered.
    pub covers: bool,
    /// What becomes of all.
    pub form: ActionForm,
}

/// One opinion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its id.
    pub id: String,
    /// The words without personal data.
    pub words: String,
    /// Where it came from and why it is here.
    pub about: String,
    /// What becomes of it.
    pub chosen: String,
    /// Words to be covered as well, as typed.
    pub cover: String,
}

/// What becomes of one opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Taken, with this decision about its words.
    Taken(WordsReview),
    /// Left for later.
    Left,
    /// Of another kind.
    Kind(OpinionKind),
}

impl Fate {
    /// What a group offers; only a leader releases the words of few.
    #[must_use]
    pub fn of_group(role: Role) -> Vec<(&'static str, &'static str)> {
        let mut choices = Self::of_matter(role);
        choices.extend([
            ("left", "先不归入"),
            (OpinionKind::Praise.code(), "其实是表扬"),
            (OpinionKind::Clue.code(), "其实是问题线索，移交纪委监委"),
        ]);
        choices
    }

    /// What the words of a matter offer.
    #[must_use]
    pub fn of_matter(role: Role) -> Vec<(&'static str, &'static str)> {
        let mut choices = vec![
            (WordsReview::Passed.code(), "可以转原文"),
            (WordsReview::KeptBack.code(), "只转大意，不转原文"),
        ];
        if role == Role::OfficeLeader {
            choices.push((WordsReview::Released.code(), "人数少也转原文（单独放行）"));
        }
        choices
    }

    fn from_code(code: &str) -> Option<Self> {
        WordsReview::from_code(code)
            .map(Self::Taken)
            .or_else(|| OpinionKind::from_code(code).map(Self::Kind))
            .or((code == "left").then_some(Self::Left))
    }
}

impl Said {
    /// The opinion with what was posted for it.
    #[must_use]
    pub fn holding(mut self, fields: &Posted) -> Self {
        fields
            .text(&format!("w-{}", self.id))
            .clone_into(&mut self.chosen);
        fields
            .text(&format!("c-{}", self.id))
            .clone_into(&mut self.cover);
        self
    }

    /// Whether a posted form showed it.
    #[must_use]
    pub fn is_in(&self, fields: &Posted) -> bool {
        fields.maybe(&format!("w-{}", self.id)).is_some()
    }

    /// What becomes of it; nothing when the form did not say.
    #[must_use]
    pub fn fate(&self) -> Option<Fate> {
        Fate::from_code(&self.chosen)
    }

    /// The decision about its words, where it is taken.
    #[must_use]
    pub fn choice(&self) -> Option<MemberChoice> {
        let Some(Fate::Taken(words)) = self.fate() else {
            return None;
        };
        let apart = |c: char| c.is_whitespace() || c == '、';
        let cover = self.cover.split(apart).filter(|word| !word.is_empty());
        Some(MemberChoice {
            opinion: OpinionId::new(self.id.as_str()),
            words,
            cover: cover.map(str::to_owned).collect(),
        })
    }
}
