//! A citizen answers: enter with a code, answer page by page, send in once.
//!
//! What is stored on the way is sealed with a key that only the person's browser holds, and what is sent in is sealed
//! with a key that lies outside the database until its batch is mixed.

mod answer;
mod draft;
mod enter;
mod open_link;
mod submit;

use response_collection::AnswerProblem;
use vocabulary::RoundId;

pub use answer::{OpenDraft, assist, load, save_page};
pub use draft::DraftKey;
pub(crate) use draft::read_draft;
pub use enter::{EnterRefused, decline, enter, is_unused};
pub use open_link::{OPEN_LINK, enter_open, open_link_key};
pub use response_collection::Receipt;
pub(crate) use submit::Envelope;
pub use submit::{SubmissionSigns, submit};

/// The name of the key that makes tokens of a round into stored hashes.
pub(crate) fn round_key(round: &RoundId) -> String {
    format!("round-{round}")
}

pub(crate) const RECEIPT_KEY: &str = "receipts";

/// Why a page or ballot is not taken.
#[derive(Debug)]
pub enum SubmitRefused {
    /// The draft is gone: sent in already, or the cookie is from another browser.
    NoDraft,
    /// The round is closed.
    Closed,
    /// An answer is not one the question takes.
    Answer(AnswerProblem),
    /// The same submission was sent before with other answers.
    DifferentContent,
    /// The code was used in the meantime.
    Used,
    /// As many ballots as are needed have come in.
    Full,
    /// Too many at once; try again in a moment.
    Busy,
}
