//! Takes events of the audit log out as a file; that is itself an event.

use crate::{Action, Actor, App, Refusal, Verb, allow, audit::audited};
use chrono::{DateTime, Utc};
use storage::audit_log::{self, AuditEvent, EventFilter};

/// Events of one file.
const MOST: usize = 100_000;

/// The events a filter lets through, newest first, without the one this writes.
///
/// # Errors
/// When the account may not, or there are more than one file takes.
pub async fn export_audit(
    app: &App,
    actor: &Actor,
    filter: &EventFilter,
    now: DateTime<Utc>,
) -> Verb<Vec<AuditEvent>> {
    allow(actor, Action::ReadAudit)?;
    let tx = app.store.begin().await?;
    let events = audit_log::list_events(&tx, filter, MOST + 1).await?;
    if events.len() > MOST {
        return Err(Refusal::Contradiction("一个文件最多十万条，请把时间范围缩小").into());
    }
    let range = match (events.last(), events.first()) {
        (Some(first), Some(last)) => format!("{}-{} {}", first.seq, last.seq, events.len()),
        _ => "0".to_owned(),
    };
    audited(&tx, actor, "export_audit", &range, now).await?;
    tx.commit().await?;
    Ok(events)
}
