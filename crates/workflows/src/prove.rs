//! Showing password and code again before something that cannot be taken back.

use crate::{
    App, Refusal, SignedIn, Verb,
    audit::{audited, refused},
    passwords::fits,
    second_factor::take_code,
    sessions::{fresh_cookie, session_hash},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::accounts::{self, Session};

/// Notes that whoever is signed in showed the password, and the code where there is one; returns the text for a new cookie of the
/// same session.
///
/// # Errors
/// [`Refusal::WrongPassword`] or [`Refusal::Code`].
pub async fn prove(
    app: &App,
    who: &SignedIn,
    (password, code): (&str, &str),
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    let id = who.actor.account.as_str();
    let account = accounts::find_account(app.store(), id).await?;
    let right = account.is_some_and(|account| fits(&account.password_hash, password));
    let tx = app.store.begin().await?;
    let account = accounts::lock_account(&tx, id)
        .await?
        .ok_or(Refusal::SignIn)?;
    let no = if !right {
        Some(Refusal::WrongPassword)
    } else if account.totp_step.is_some() && !take_code(app, &tx, &account, code, now).await? {
        Some(Refusal::Code)
    } else {
        None
    };
    if let Some(no) = no {
        refused(&tx, &account, "prove", now).await?;
        tx.commit().await?;
        return Err(no.into());
    }
    let all = accounts::list_sessions(&tx, id).await?;
    let own = all
        .into_iter()
        .find(|session| session.id_hash == who.id_hash);
    let cookie = fresh_cookie(rng);
    accounts::delete_session(&tx, &who.id_hash).await?;
    let session = Session {
        id_hash: session_hash(&cookie),
        proved_at: now,
        ..own.ok_or(Refusal::SignIn)?
    };
    accounts::insert_session(&tx, session).await?;
    audited(&tx, &who.actor, "prove", id, now).await?;
    tx.commit().await?;
    Ok(cookie)
}
