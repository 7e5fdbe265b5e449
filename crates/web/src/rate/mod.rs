//! Citizens: start, questions, check, receipt, what became of it.

mod check;
mod follow_up;
mod landing;
mod opt_out;
mod paused;
mod privacy;
mod question;
mod rating;
mod receipt;
mod routes;
mod status;
mod sum;

pub(crate) use routes::routes;

pub use check::{CheckLine, CheckPage};
pub use follow_up::{FollowUpPage, FollowUpStep, LookupPage, Rated, Story};
pub use landing::LandingPage;
pub use opt_out::OptOutPage;
pub use paused::PausedPage;
pub use privacy::PrivacyPage;
pub use question::{Field, LevelOption, ListOption, Problem, QuestionPage};
pub use rating::RatingPage;
pub use receipt::{ReceiptPage, ReceiptStep, square_code};
pub use status::{Status, StatusPage};
pub use sum::SumPage;
