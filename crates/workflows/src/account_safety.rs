//! What this installation asks of passwords and second factors; the security administrator says it.

use crate::{Action, Actor, App, PasswordRule, Verb, allow, audit::audited};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use storage::{Link, settings};
use vocabulary::Role;

const KEY: &str = "account_safety";

/// The rules accounts are held to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safety {
    /// What a password must be.
    pub password: PasswordRule,
    /// Roles that must have a second factor.
    pub second_factor: BTreeSet<Role>,
}

/// The rules in force; the usual ones where nobody has said anything.
///
/// # Errors
/// When the database fails.
pub async fn safety(app: &App) -> Verb<Safety> {
    safety_in(app.store()).await
}

pub(crate) async fn safety_in(link: &impl Link) -> Verb<Safety> {
    let stored = settings::find_setting(link, KEY).await?;
    let read = stored.and_then(|text| serde_json::from_str(&text).ok());
    Ok(read.unwrap_or_default())
}

/// Changes the rules; they hold from the next request of everybody on.
///
/// # Errors
/// When the account may not, or the database fails.
pub async fn set_safety(app: &App, actor: &Actor, safety: &Safety, now: DateTime<Utc>) -> Verb<()> {
    allow(actor, Action::SetSafety)?;
    let text = serde_json::to_string(safety).map_err(std::io::Error::other)?;
    let tx = app.store.begin().await?;
    settings::put_setting(&tx, KEY, &text).await?;
    audited(&tx, actor, "set_safety", &text, now).await?;
    Ok(tx.commit().await?)
}
