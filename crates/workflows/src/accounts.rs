//! Accounts of officials: made by the system administrator, opened by password, left by signing out.

use crate::{Action, Actor, App, Refusal, Verb, allow, audit::audited};
use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use sha2::{Digest, Sha256};
use storage::accounts::{self, Account, Session};
use vocabulary::{BodyId, Role, UnitId};

const SESSION_HOURS: i64 = 12;

/// The published password of the demonstration's accounts; accounts of a real city never have it.
pub const DEMO_PASSWORD: &str = "yunxi-demo-2026";

/// A new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The name typed at signing in.
    pub account: String,
    /// The name shown.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The unit of a liaison.
    pub unit: Option<UnitId>,
    /// The community or village of a pairing rater.
    pub body: Option<BodyId>,
}

/// Makes an account and returns its first password, which is shown once and stored nowhere.
///
/// # Errors
/// When the account exists, or its unit does not.
pub async fn add_account(
    app: &App,
    actor: &Actor,
    new: &NewAccount,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    allow(actor, Action::ManageAccounts)?;
    let password = first_password(rng);
    add_account_with_password(app, actor, new, &password, now, rng).await?;
    Ok(password)
}

/// As [`add_account`], with a password chosen by the caller; the demo uses it for its listed accounts.
///
/// # Errors
/// When the account exists, or its unit does not.
pub async fn add_account_with_password(
    app: &App,
    actor: &Actor,
    new: &NewAccount,
    password: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    allow(actor, Action::ManageAccounts)?;
    if accounts::find_account(app.store(), &new.account)
        .await?
        .is_some()
    {
        return Err(Refusal::AccountExists(new.account.clone()).into());
    }
    if let Some(unit) = &new.unit {
        crate::unit_named(app, unit).await?;
    }
    let mut salt = [0_u8; 16];
    rng.fill_bytes(&mut salt);
    let hash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("the default parameters and a salt of 16 bytes are accepted")
        .to_string();
    let account = Account {
        id: new.account.clone(),
        name: new.name.clone(),
        role: new.role.code().to_owned(),
        unit_id: new.unit.as_ref().map(ToString::to_string),
        body_id: new.body.as_ref().map(ToString::to_string),
        password_hash: hash,
        active: true,
    };
    let tx = app.store.begin().await?;
    accounts::insert_account(&tx, account).await?;
    audited(&tx, actor, "add_account", &new.account, now).await?;
    tx.commit().await?;
    Ok(())
}

fn first_password(rng: &mut impl Rng) -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 16];
    rng.fill_bytes(&mut bytes);
    bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}

/// Signs in; returns the text for the session cookie. Its hash is stored, never the text.
///
/// # Errors
/// [`Refusal::SignIn`], the same for a wrong name and a wrong password.
pub async fn sign_in(
    app: &App,
    account: &str,
    password: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    let found = accounts::find_account(app.store(), account).await?;
    let stored = found
        .as_ref()
        .map_or(NOBODY, |account| account.password_hash.as_str());
    let right = PasswordHash::new(stored).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    });
    let Some(found) = found.filter(|account| right && account.active) else {
        return Err(Refusal::SignIn.into());
    };
    let mut secret = [0_u8; 32];
    rng.fill_bytes(&mut secret);
    let cookie = hex::encode(secret);
    let tx = app.store.begin().await?;
    let session = Session {
        id_hash: session_hash(&cookie),
        account_id: found.id.clone(),
        expires_at: now + TimeDelta::hours(SESSION_HOURS),
    };
    accounts::insert_session(&tx, session).await?;
    if let Some(actor) = actor_of(found) {
        audited(&tx, &actor, "sign_in", actor.account.as_str(), now).await?;
    }
    tx.commit().await?;
    Ok(cookie)
}

/// A hash of no password, so that an unknown name takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The official behind a session cookie; `None` when it is unknown, expired, or the account is closed.
///
/// # Errors
/// When the database fails.
pub async fn actor_of_session(app: &App, cookie: &str, now: DateTime<Utc>) -> Verb<Option<Actor>> {
    let session = accounts::find_session(app.store(), &session_hash(cookie), now).await?;
    let Some(session) = session else {
        return Ok(None);
    };
    let account = accounts::find_account(app.store(), &session.account_id).await?;
    Ok(account.filter(|account| account.active).and_then(actor_of))
}

/// The official an account stands for; `None` when its role is not known to this version.
#[must_use]
pub fn actor_of(account: Account) -> Option<Actor> {
    Some(Actor {
        role: Role::from_code(&account.role)?,
        account: account.id.as_str().into(),
        name: account.name,
        unit: account.unit_id.map(UnitId::new),
        body: account.body_id.map(BodyId::new),
    })
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(app: &App, cookie: &str) -> Verb<()> {
    let tx = app.store.begin().await?;
    accounts::delete_session(&tx, &session_hash(cookie)).await?;
    tx.commit().await?;
    Ok(())
}

fn session_hash(cookie: &str) -> String {
    hex::encode(Sha256::digest(cookie))
}
