//! One audit event per verb, in its transaction.

use crate::{Actor, Verb};
use chrono::{DateTime, Utc};
use storage::{Tx, audit_log};

/// Writes the event of a verb: who did what to which thing, with the digests of the thing before and after where it has any.
pub(crate) async fn audited(
    tx: &Tx,
    actor: &Actor,
    action: &str,
    object: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    audited_change(tx, actor, action, object, (None, None), now).await
}

/// As [`audited`], with the digests before and after.
pub(crate) async fn audited_change(
    tx: &Tx,
    actor: &Actor,
    action: &str,
    object: &str,
    (before, after): (Option<String>, Option<String>),
    now: DateTime<Utc>,
) -> Verb<()> {
    let entry = audit_log::AuditEntry {
        actor: actor.account.to_string(),
        role: actor.role.code().to_owned(),
        action: action.to_owned(),
        object: object.to_owned(),
        outcome: "done".to_owned(),
        before_digest: before,
        after_digest: after,
    };
    audit_log::append(tx, entry, now).await?;
    Ok(())
}
