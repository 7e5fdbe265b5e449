#![doc = include_str!("../README.md")]

mod allocate;
pub mod answers;
pub mod assign;
pub mod ballot;
pub mod certificate;
pub mod draw;
pub mod judge;
pub mod parse;
mod problem;
mod receipt;
pub mod route;
pub mod token;

pub use allocate::allocate;
pub use answers::{Answers, Given, Question};
pub use assign::assigned_units;
pub use ballot::{Ballot, RawBallot};
pub use certificate::{ALGORITHM, CertifiedStratum, DrawCertificate, DrawDispute, verify_draw};
pub use draw::{DrawRefused, Drawn, Frame, FrameMember, SampleDraw, draw};
pub use judge::{JudgedBallot, Verdict, VoidReason, judge};
pub use parse::{RawAnswer, parse, parse_answer};
pub use problem::AnswerProblem;
pub use receipt::{ReceiptCode, receipt_hash};
pub use route::{
    Page, is_visible, next_page, pages, previous_page, progress, shown_answers, visible_pages,
};
pub use token::{CodeProblem, Token, hash};
