//! Signing in: the password first, the code of the second factor where there is one, and then a session.

use crate::{
    Actor, App, Refusal, Verb,
    accounts::actor_of,
    audit::{audited, refused, refused_nobody},
    passwords::fits,
    second_factor::take_code,
    sessions::{Begun, Shown, begin, idle_since, session_hash},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::{
    Tx,
    accounts::{self, Account},
};

/// What somebody who signs in shows.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Sign-in name.
    pub account: &'a str,
    /// Password.
    pub password: &'a str,
    /// What kind of browser it is, in words.
    pub device: &'a str,
    /// The session this browser had before; it ends.
    pub earlier: Option<&'a str>,
}

/// What follows from a right password. The text is for the session cookie; its hash is stored, never the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// Signed in.
    In(String),
    /// The code of the second factor is asked for next, within minutes.
    CodeAsked(String),
}

/// A hash of no password, so that an unknown name takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Signs in with a password.
///
/// # Errors
/// [`Refusal::SignIn`], the same for a wrong name, a wrong password and a closed account;
/// [`Refusal::RoleUnconfirmed`] after a right password.
pub async fn sign_in(
    app: &App,
    shown: Credentials<'_>,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Entered> {
    let found = accounts::find_account(app.store(), shown.account).await?;
    let stored = found
        .as_ref()
        .map_or(NOBODY, |account| account.password_hash.as_str());
    let right = fits(stored, shown.password);
    let Some(found) = found else {
        return nobody(app, now).await;
    };
    let no = match (right && found.active, found.confirmed) {
        (true, true) => None,
        (true, false) => Some(Refusal::RoleUnconfirmed),
        (false, _) => Some(Refusal::SignIn),
    };
    let tx = app.store.begin().await?;
    if let Some(no) = no {
        refused(&tx, &found, "sign_in", now).await?;
        tx.commit().await?;
        return Err(no.into());
    }
    if let Some(earlier) = shown.earlier {
        accounts::delete_session(&tx, &session_hash(earlier)).await?;
    }
    let asked = found.totp_step.is_some();
    let begun = (Shown::Password, shown.device);
    let entered = enter_or_ask(&tx, found, begun, asked, now, rng).await?;
    tx.commit().await?;
    Ok(entered)
}

/// Begins a session, or asks for the code first.
pub(crate) async fn enter_or_ask(
    tx: &Tx,
    account: Account,
    begun: (Shown, &str),
    asked: bool,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Entered> {
    accounts::delete_spent_sessions(tx, &account.id, now, idle_since(now)).await?;
    Ok(if asked {
        Entered::CodeAsked(begin(tx, Begun::awaiting(&account, begun), now, rng).await?)
    } else {
        Entered::In(enter(tx, account, begun, now, rng).await?)
    })
}

/// An unknown name leaves an event too, without the name: people type passwords there. It also takes as long.
async fn nobody(app: &App, now: DateTime<Utc>) -> Verb<Entered> {
    let tx = app.store.begin().await?;
    refused_nobody(&tx, "sign_in", now).await?;
    tx.commit().await?;
    Err(Refusal::SignIn.into())
}

async fn enter(
    tx: &Tx,
    account: Account,
    begun: (Shown, &str),
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    let cookie = begin(tx, Begun::signed_in(&account, begun), now, rng).await?;
    if let Some(actor) = actor_of(account) {
        audited(tx, &actor, "sign_in", actor.account.as_str(), now).await?;
    }
    Ok(cookie)
}

/// Whose code is asked for behind this cookie; none when the minutes are over.
///
/// # Errors
/// When the database fails.
pub async fn awaiting_code(app: &App, cookie: &str, now: DateTime<Utc>) -> Verb<Option<String>> {
    let hash = session_hash(cookie);
    let session = accounts::find_session(app.store(), &hash, now, idle_since(now)).await?;
    Ok(session
        .filter(|session| session.awaits_code)
        .map(|session| session.account_id))
}

/// Signs in with the code of the second factor, or with a recovery code; returns the text for a new session cookie.
///
/// # Errors
/// [`Refusal::SignIn`] when the minutes are over, [`Refusal::Code`] when the code is not the one.
pub async fn sign_in_code(
    app: &App,
    cookie: &str,
    code: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    let hash = session_hash(cookie);
    let tx = app.store.begin().await?;
    let session = accounts::find_session(&tx, &hash, now, idle_since(now)).await?;
    let session = session.filter(|session| session.awaits_code);
    let session = session.ok_or(Refusal::SignIn)?;
    let account = accounts::lock_account(&tx, &session.account_id).await?;
    let account = account
        .filter(|account| account.active && account.confirmed)
        .ok_or(Refusal::SignIn)?;
    if !take_code(app, &tx, &account, code, now).await? {
        refused(&tx, &account, "sign_in_code", now).await?;
        tx.commit().await?;
        return Err(Refusal::Code.into());
    }
    accounts::delete_session(&tx, &hash).await?;
    let cookie = enter(
        &tx,
        account,
        (Shown::of(&session), &session.device),
        now,
        rng,
    )
    .await?;
    tx.commit().await?;
    Ok(cookie)
}

/// Ends the session of a cookie.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(app: &App, cookie: &str, now: DateTime<Utc>) -> Verb<()> {
    let hash = session_hash(cookie);
    let session = accounts::find_session(app.store(), &hash, now, idle_since(now)).await?;
    let Some(session) = session else {
        return Ok(());
    };
    let account = accounts::find_account(app.store(), &session.account_id).await?;
    let tx = app.store.begin().await?;
    accounts::delete_session(&tx, &hash).await?;
    if let Some(actor) = account.and_then(actor_of) {
        sign_out_of(&tx, &actor, now).await?;
    }
    Ok(tx.commit().await?)
}

async fn sign_out_of(tx: &Tx, actor: &Actor, now: DateTime<Utc>) -> Verb<()> {
    audited(tx, actor, "sign_out", actor.account.as_str(), now).await
}
