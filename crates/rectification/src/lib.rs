#![doc = include_str!("../README.md")]

pub mod account_score;
pub mod appeal;
pub mod bad_rating;
mod classify;
#[cfg(test)]
mod dice;
mod dictionary;
pub mod evidence;
mod goal;
mod group;
pub mod letter;
mod light;
pub mod matter;
mod merge;
mod named;
pub mod opinion;
#[cfg(test)]
mod picture;
pub mod problem;
pub mod redact;
mod refusal;
mod theme;

pub use account_score::{AccountCounts, Share, account_counts, callbacks_needed};
pub use appeal::{
    APPEAL_TRANSITIONS, Against, Appeal, AppealEvent, AppealStage, AppealState, AppealStep,
    Decision, Filing, Ground,
};
pub use bad_rating::{
    BAD_RATING_TRANSITIONS, BadRating, BadRatingEvent, BadRatingRecord, BadRatingStage,
    BadRatingState, BadRatingStep, ObjectionGround, ReceivedRating,
};
pub use classify::classify;
pub use evidence::{Evidence, EvidenceKind, EvidenceProblem};
pub use goal::{Goal, GoalDraft, GoalProblem};
pub use group::{GroupMember, OpinionGroup, propose_groups};
pub use letter::{
    AnswerCount, Block, ChannelFigure, ComparedScore, Duty, FeedbackLetter, LETTER_TRANSITIONS,
    LetterFigures, LetterLimits, LetterStage, LetterStep, LetterTable, OwnScore, ReceiptSlip,
    ReleasedWords, ThemeFigure, Told, write_letter,
};
pub use light::{Light, light};
pub use matter::{
    CheckResult, Closing, Complexity, Finding, Holder, MATTER_TRANSITIONS, MatterEvent, MatterItem,
    MatterStage, MatterState, MatterStep, Record, step,
};
pub use merge::{MergeProposal, OtherPlace, ProposedMember, SharedWord, propose_merges};
pub use opinion::{
    OPINION_TRANSITIONS, Opinion, OpinionKind, OpinionStage, OpinionStep, RawOpinion, WordsReview,
    asks_for_action,
};
pub use problem::{
    Call, CallRules, PROBLEM_TRANSITIONS, PeopleSay, Problem, ProblemEvent, ProblemStage,
    ProblemState, ProblemStep, Progress,
};
pub use redact::{Redacted, cover, redact};
pub use refusal::StepRefused;
pub use theme::{Theme, themes};
