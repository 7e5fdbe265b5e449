//! The evaluation office: where the round stands and who does what next.

mod invitations;
mod monitor;
mod opinion_group;
mod overview;
mod routes;
mod upload;

pub(crate) use routes::{
    AGENCY, Place, UPLOADS, frame, kind_form, lit_letters, other_kind, routes,
};

pub use invitations::{
    DeadRow, InvitationsPage, LettersPage, PaperPage, contact_table, letters_lead, rate_tables,
};
pub use monitor::MonitorPage;
pub use opinion_group::{Fate, OpinionGroupPage, Said};
pub use overview::{ImportRow, OverviewPage, ProgressRow, Task, state_words, steps, tasks};
pub use upload::{ProgressBar, UploadPage};
