//! Which identity of the provider belongs to which account: one administrator links, another one confirms.

use crate::{
    Action, Actor, App, Provider, Refusal, Verb,
    audit::{audited, audited_change},
    manage_account::anothers,
    words,
};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use storage::{
    StorageError, accounts,
    identities::{self, LinkedIdentity},
};

/// OpenID Connect Core 1.0, 2: a subject is no longer than this.
const LONGEST_SUBJECT: usize = 255;

/// Links an identity to somebody else's account; it opens nothing until another administrator confirms it. The log holds its digest.
///
/// # Errors
/// When it is one's own account, or account or identity is linked already.
pub async fn link_identity(
    app: &App,
    actor: &Actor,
    id: &str,
    (provider, subject): (&Provider, &str),
    now: DateTime<Utc>,
) -> Verb<()> {
    let tx = app.store.begin().await?;
    anothers(&tx, actor, Action::ManageAccounts, id).await?;
    let subject = words("统一身份认证的标识", subject, LONGEST_SUBJECT)?;
    let digest = Sha256::digest(format!("{}\n{subject}", provider.issuer()));
    let identity = LinkedIdentity {
        issuer: provider.issuer().to_owned(),
        subject,
        account_id: id.to_owned(),
        linked_by: actor.account.to_string(),
        confirmed: false,
    };
    match identities::insert_identity(&tx, identity).await {
        Err(StorageError::Conflict(_)) => Err(Refusal::Contradiction(
            "这个账号已经有关联，或者这个标识已经关联到别的账号；请先解除原来的关联",
        )),
        other => Ok(other?),
    }?;
    let digests = (None, Some(hex::encode(digest)));
    audited_change(&tx, actor, "link_identity", id, digests, now).await?;
    Ok(tx.commit().await?)
}

/// Confirms the link of somebody else's account.
///
/// # Errors
/// When it is one's own account, one linked it oneself, or nothing waits to be confirmed.
pub async fn confirm_link(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let tx = app.store.begin().await?;
    anothers(&tx, actor, Action::GrantRoles, id).await?;
    let identity = identities::find_identity_of(&tx, id).await?;
    if identity.is_some_and(|identity| identity.linked_by == actor.account.as_str()) {
        return Err(Refusal::SamePerson("自己所办关联的确认").into());
    }
    if !identities::confirm_identity_of(&tx, id).await? {
        return Err(Refusal::Contradiction("这个账号没有等待确认的关联").into());
    }
    audited(&tx, actor, "confirm_link", id, now).await?;
    Ok(tx.commit().await?)
}

/// Ends the link of somebody else's account, and the sessions that may have begun by it.
///
/// # Errors
/// When it is one's own account, or there is no link.
pub async fn unlink_identity(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let tx = app.store.begin().await?;
    anothers(&tx, actor, Action::EndSessions, id).await?;
    if !identities::delete_identity_of(&tx, id).await? {
        return Err(Refusal::Contradiction("这个账号没有关联统一身份认证").into());
    }
    accounts::delete_sessions_of(&tx, id).await?;
    audited(&tx, actor, "unlink_identity", id, now).await?;
    Ok(tx.commit().await?)
}
