//! After a disk fault a person checks the disk; only then is anything written again.

use crate::{Action, Actor, App, Verb, allow, audit::audited};
use chrono::{DateTime, Utc};

/// Allows writing again; says whether anything had been stopped.
///
/// # Errors
/// When the fault mark cannot be removed, or the database still cannot be written.
pub async fn clear_fault(app: &App, actor: &Actor, now: DateTime<Utc>) -> Verb<bool> {
    allow(actor, Action::ClearFault)?;
    if !app.store.is_latched() {
        return Ok(false);
    }
    app.store.clear_fault()?;
    let tx = app.store.begin().await?;
    audited(&tx, actor, "clear_fault", "database", now).await?;
    tx.commit().await?;
    Ok(true)
}
