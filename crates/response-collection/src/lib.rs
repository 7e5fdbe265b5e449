#![doc = include_str!("../README.md")]

pub mod allocation;
pub mod answers;
pub mod assign;
pub mod ballot;
pub mod certificate;
mod chance;
pub mod draw;
mod frame;
pub mod invitation;
pub mod judge;
mod pace;
pub mod parse;
mod permanent_number;
mod problem;
pub mod receipt;
pub mod receipt_log;
mod resume;
pub mod route;
pub mod selection;
pub mod token;
mod weights;

pub use allocation::{AllocationRefused, Limits, PlannedStratum, allocate_whole};
pub use answers::{Answers, Given, Question};
pub use assign::assigned_units;
pub use ballot::{Ballot, Filling, RawBallot};
pub use certificate::{CertifiedStratum, DrawCertificate, DrawDispute, METHOD, verify_draw};
pub use chance::{Chance, NoChance};
pub use draw::{DrawRefused, Drawn, DrawnStratum, SampleDraw, draw};
pub use frame::{Frame, FrameBuilder, FrameMember, FrameRefused};
pub use invitation::{Audience, ContactOutcome, Disposition, InvitationState, reminder_audience};
pub use judge::{JudgedBallot, Verdict, VoidReason, judge};
pub use pace::{Pace, median_pace};
pub use parse::{RawAnswer, parse, parse_answer};
pub use permanent_number::{Purpose, permanent_number};
pub use problem::AnswerProblem;
pub use receipt::{MOST_OPINIONS, Receipt, ReceiptCode, follow_up_hash, rating_hash, receipt_hash};
pub use resume::ResumeCode;
pub use route::{
    Page, is_visible, next_page, pages, previous_page, progress, shown_answers, visible_pages,
};
pub use token::{CodeProblem, Token, hash};
pub use weights::{WeightClass, WeightLabels};
