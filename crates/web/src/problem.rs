//! When a page cannot be given: what is the case, in plain words, and a way on.

use crate::{asset, icon};
use askama::Template;

/// A page about something that went wrong.
#[derive(Debug, Template)]
#[template(path = "staff/problem.html")]
pub struct ProblemPage {
    /// The fact.
    pub heading: String,
    /// What it means and what to do.
    pub words: Vec<String>,
    /// The same in one sentence of English.
    pub english: &'static str,
    /// Address and words of the one button.
    pub way: (String, &'static str),
    /// Status of the answer.
    pub status: u16,
    /// Stable code of a refusal; empty where there is none.
    pub code: String,
}
