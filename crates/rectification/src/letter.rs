//! The feedback letter 反馈函: one unit, its own figures and nobody else's.

mod block;
mod life;
#[cfg(test)]
mod tests;
mod write;

pub use block::{Block, LetterTable};
pub use life::{LETTER_TRANSITIONS, LetterStage, LetterStep};
pub use write::write_letter;

use crate::Theme;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{RoundId, UnitId, WorkingDays};

/// What a letter is written from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFigures {
    /// Number of the letter, for example 云评函〔2026〕7 号.
    pub number: String,
    /// The round.
    pub round: RoundId,
    /// Its title, for example 2026 年第三季度.
    pub round_title: String,
    /// The office that writes.
    pub office: String,
    /// The unit written to.
    pub unit: UnitId,
    /// Its full name.
    pub unit_name: String,
    /// Valid survey ratings of the unit; none when there are too few to be told.
    pub ratings: Option<u64>,
    /// The unit's own score as disclosure control leaves it.
    pub score: OwnScore,
    /// What is said of its place, for example 第 1—6 名; none when it is not ranked.
    pub place: Option<String>,
    /// What its score is compared with: the mean of the class, own earlier rounds.
    pub compared: Vec<ComparedScore>,
    /// One row per channel; empty when the unit is hidden.
    pub channels: Vec<ChannelFigure>,
    /// Survey answers by level, best first, 不了解 last; empty when the unit is hidden.
    pub answers: Vec<AnswerCount>,
    /// Themes of its opinions; themes of other units are left out.
    pub themes: Vec<Theme>,
    /// Reasons ticked beside its opinions, with how many ticked each.
    pub reasons: Vec<ThemeFigure>,
    /// Words a person has let through.
    pub words: Vec<ReleasedWords>,
    /// A theme or reason with fewer opinions than this is not shown by itself.
    pub least_opinions: usize,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day to sign and send the slip back.
    pub due_on: NaiveDate,
    /// Limits of what follows.
    pub limits: LetterLimits,
}

/// A unit's own score as disclosure control leaves it; texts as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnScore {
    /// Too few answers: nothing.
    Hidden,
    /// Few answers: the score for reference, without its interval.
    ForReference(String),
    /// Score, lower and upper end of the interval.
    Full(String, String, String),
}

/// Working days a unit has for what follows the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterLimits {
    /// To sign for a matter, from the day it was assigned.
    pub sign_matter: WorkingDays,
    /// To return a matter as not one's own, from the day it was assigned.
    pub return_matter: WorkingDays,
    /// To hand in goals and measures, from the day the matter was signed for.
    pub plan: WorkingDays,
}

/// Something a unit's score is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedScore {
    /// What it is.
    pub label: String,
    /// Score as published, or why there is none.
    pub score: Told,
    /// Lower and upper end of the interval; none where there is none to tell.
    pub interval: Option<(String, String)>,
}

/// A figure, or what is said in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The figure as published.
    Figure(String),
    /// Why it is not told.
    Instead(String),
}

/// One channel of the unit's own result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelFigure {
    /// Label of the channel.
    pub label: String,
    /// Score as published; none when it does not apply or has too few answers.
    pub score: Option<String>,
    /// Ratings it rests on.
    pub ratings: u64,
}

/// How many answered so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerCount {
    /// The level.
    pub label: String,
    /// Answers.
    pub count: u64,
}

/// One theme or reason of the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeFigure {
    /// Title.
    pub title: String,
    /// Opinions in it.
    pub count: usize,
}

/// Words of an opinion that a person has read and let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedWords {
    /// What they are about.
    pub theme: String,
    /// The words, masked.
    pub text: String,
}

/// What is to be done by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// What.
    pub what: String,
    /// By when.
    pub by: String,
}

/// The slip the unit sends back 回执.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptSlip {
    /// Title.
    pub title: String,
    /// What is confirmed.
    pub text: String,
    /// Lines to fill in.
    pub lines: Vec<String>,
    /// Last day to send it back.
    pub due_on: NaiveDate,
}

/// A feedback letter, ready to be set and signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackLetter {
    /// Number of the letter.
    pub number: String,
    /// The round.
    pub round: RoundId,
    /// The unit written to; the only one mentioned.
    pub unit: UnitId,
    /// Title.
    pub title: String,
    /// Whom it addresses.
    pub salutation: String,
    /// The paragraphs in order.
    pub paragraphs: Vec<String>,
    /// The unit's score and what it is compared with; empty in letters written before they showed it.
    #[serde(default)]
    pub compared: Vec<ComparedScore>,
    /// The score sheet.
    pub channels: Vec<ChannelFigure>,
    /// Survey answers by level.
    #[serde(default)]
    pub answers: Vec<AnswerCount>,
    /// Themes, most frequent first; small ones together at the end.
    pub themes: Vec<ThemeFigure>,
    /// Reasons ticked, most frequent first; small ones together at the end.
    #[serde(default)]
    pub reasons: Vec<ThemeFigure>,
    /// Words that were let through.
    #[serde(default)]
    pub words: Vec<ReleasedWords>,
    /// What is to be done by when.
    #[serde(default)]
    pub duties: Vec<Duty>,
    /// Who writes.
    pub signature: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day to sign.
    pub due_on: NaiveDate,
    /// The slip to send back.
    pub slip: ReceiptSlip,
}
