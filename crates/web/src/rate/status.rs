//! Pages for codes and rounds that cannot be answered now: each says what is the case and where to go on.

use crate::{frame::CitizenFrame, language::Language};
use askama::Template;

/// What is the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The round has not opened yet.
    NotOpenYet,
    /// The round no longer takes answers.
    Closed,
    /// The code was used to hand in answers.
    AlreadyUsed,
    /// The code was given out for another round.
    Expired,
    /// As many answers as the round takes have been handed in.
    Full,
    /// The holder of the code declined.
    Declined,
    /// No round of this name takes answers.
    NoSuchRound,
    /// The draft in this browser is gone or belongs to another round.
    NoDraft,
    /// Help by telephone.
    Help,
}

/// A page that states one fact and a way on.
#[derive(Debug, Template)]
#[template(path = "citizen/status.html")]
pub struct StatusPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The fact.
    pub heading: &'static str,
    /// What it means.
    pub paragraphs: Vec<&'static str>,
    /// Address and words of the one button.
    pub way_on: Option<(String, &'static str)>,
}

impl StatusPage {
    /// The page of a status; `round` is the round of the address, where there is one. The title of the frame becomes the
    /// heading.
    #[must_use]
    pub fn new(status: &Status, frame: CitizenFrame, round: Option<&str>) -> Self {
        let (heading, paragraphs, way_on) = text(status, frame.language, round);
        let frame = CitizenFrame {
            title: heading.to_owned(),
            ..frame
        };
        Self {
            frame,
            heading,
            paragraphs,
            way_on,
        }
    }
}

type Text = (
    &'static str,
    Vec<&'static str>,
    Option<(String, &'static str)>,
);

fn text(status: &Status, w: Language, round: Option<&str>) -> Text {
    let results = Some(("/".to_owned(), w.see_results()));
    let start = round.map(|round| (format!("/s/{round}"), w.back_to_start()));
    let code = Some(("/s".to_owned(), w.type_code()));
    match status {
        Status::NotOpenYet => (w.not_open_head(), vec![w.not_open_words()], results),
        Status::Closed => (
            w.closed_head(),
            vec![w.closed_counted(), w.closed_results()],
            results,
        ),
        Status::AlreadyUsed => (
            w.used_head(),
            vec![w.used_once(), w.used_query()],
            Some(("/my".to_owned(), w.look_up_with_code())),
        ),
        Status::Expired => (
            w.expired_head(),
            vec![w.expired_words(), w.expired_wait()],
            start.or(results),
        ),
        Status::Full => (
            w.full_head(),
            vec![w.full_words(), w.closed_results()],
            results,
        ),
        Status::Declined => (w.declined_head(), vec![w.declined_words()], results),
        Status::NoSuchRound => (w.no_round_head(), vec![w.no_round_words()], code),
        Status::NoDraft => (
            w.no_draft_head(),
            vec![w.no_draft_words(), w.no_draft_remedy()],
            start.or(code),
        ),
        Status::Help => (
            w.help_head(),
            vec![w.help_words(), w.help_family()],
            results,
        ),
    }
}
