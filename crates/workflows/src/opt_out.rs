//! Write to me no more: an address is stopped for all rounds.

use crate::{App, Verb, send_mail::contact};
use chrono::{DateTime, Utc};
use response_collection::ContactOutcome;
use storage::outbox;

/// Stops the address that the letter with this handle went to, for all rounds, and what still waits for its invitation.
///
/// The handle opens nothing: it is no code of a questionnaire. Doing it twice is fine. False when no letter has it.
///
/// # Errors
/// When the database fails.
pub async fn opt_out(app: &App, handle: &str, now: DateTime<Utc>) -> Verb<bool> {
    let tx = app.store.begin().await?;
    let Some(job) = outbox::find_by_handle(&tx, handle).await? else {
        return Ok(false);
    };
    contact(&tx, &job, "stop", ContactOutcome::OptedOut, now).await?;
    if let Some(invitation) = &job.invitation_id {
        outbox::cancel_invitation(&tx, invitation).await?;
    }
    tx.commit().await?;
    Ok(true)
}
