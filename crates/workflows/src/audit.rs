//! One audit event per verb, in its transaction.

use crate::{Actor, Verb};
use chrono::{DateTime, Utc};
use storage::{Tx, accounts::Account, audit_log};

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

/// Writes that somebody was not let through who named this account: a wrong password or code.
pub(crate) async fn refused(
    tx: &Tx,
    account: &Account,
    action: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    by_account(tx, (&account.id, &account.role), action, "refused", now).await
}

/// As [`refused`], where no account of the name exists.
pub(crate) async fn refused_nobody(tx: &Tx, action: &str, now: DateTime<Utc>) -> Verb<()> {
    by_account(tx, ("-", "-"), action, "refused", now).await
}

/// Writes that a code on paper replaced the second factor.
pub(crate) async fn used_recovery_code(tx: &Tx, account: &Account, now: DateTime<Utc>) -> Verb<()> {
    let who = (account.id.as_str(), account.role.as_str());
    by_account(tx, who, "use_recovery_code", "done", now).await
}

async fn by_account(
    tx: &Tx,
    (account, role): (&str, &str),
    action: &str,
    outcome: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    let entry = audit_log::AuditEntry {
        actor: account.to_owned(),
        role: role.to_owned(),
        action: action.to_owned(),
        object: account.to_owned(),
        outcome: outcome.to_owned(),
        before_digest: None,
        after_digest: None,
    };
    audit_log::append(tx, entry, now).await?;
    Ok(())
}
