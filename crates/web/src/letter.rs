//! Feedback letters 反馈函: on screen, as a copy on paper or as a file, and the list of who has signed.

mod copy;
mod list;
mod page;

pub use copy::{LetterCopyPage, file_answer};
pub use list::{FeedbackLettersPage, Filter, LetterRow, filtered, lead, row, tabs};
pub use page::{LetterPage, LetterSheet, standing};

use crate::{PageError, WebState};
use std::collections::BTreeMap;
use storage::accounts;

/// Names of all accounts.
///
/// # Errors
/// When the database fails.
pub(crate) async fn account_names(state: &WebState) -> Result<BTreeMap<String, String>, PageError> {
    let all = accounts::list_accounts(state.app.store()).await?;
    Ok(all
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect())
}
