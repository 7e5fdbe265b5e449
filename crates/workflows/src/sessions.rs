//! Sessions of officials: how long they count, whose they are, and how they end.

use crate::{
    Action, Actor, App, PasswordRule, Refusal, Safety, Verb, account_safety::safety_in,
    accounts::actor_of, audit::audited,
};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use rand::Rng;
use sha2::{Digest, Sha256};
use storage::{
    StorageError, Tx,
    accounts::{self, Account, Session},
};
use vocabulary::Role;

/// A session counts no longer than this, however much it is used.
const LASTS: TimeDelta = TimeDelta::hours(12);
/// A session not used for so long counts no more.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// Time to type the code after the password.
const FOR_CODE: TimeDelta = TimeDelta::minutes(5);
/// For so long after showing the password, nothing asks for it again.
const PROVED: TimeDelta = TimeDelta::minutes(5);

/// An official who is signed in, and what is known of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The official.
    pub actor: Actor,
    /// What must be done before anything else.
    pub owes: Option<Owes>,
    /// Whether the account has a second factor.
    pub second_factor: bool,
    pub(crate) id_hash: String,
    pub(crate) proved_at: DateTime<Utc>,
}

/// What somebody must do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owes {
    /// Change a password that somebody else gave.
    FirstPassword,
    /// Change a password that has grown old.
    OldPassword,
    /// Set up the second factor this role must have.
    SecondFactor,
}

impl SignedIn {
    /// Lets through who showed the password within the last minutes, where the action asks for it.
    ///
    /// # Errors
    /// [`Refusal::ProofNeeded`].
    pub fn prove_for(&self, action: Action, now: DateTime<Utc>) -> Result<(), Refusal> {
        if action.asks_proof() {
            self.proved(now)
        } else {
            Ok(())
        }
    }

    /// Lets through who showed the password within the last minutes.
    pub(crate) fn proved(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if now - self.proved_at < PROVED {
            Ok(())
        } else {
            Err(Refusal::ProofNeeded)
        }
    }
}

/// The official behind a session cookie; `None` when it is unknown, over, unused for too long, waits for a code, or the account is
/// closed. Account and role are looked up each time: a change holds from the next request on.
///
/// # Errors
/// When the database fails.
pub async fn signed_in(app: &App, cookie: &str, now: DateTime<Utc>) -> Verb<Option<SignedIn>> {
    let hash = session_hash(cookie);
    let session = accounts::find_session(app.store(), &hash, now, idle_since(now)).await?;
    let Some(session) = session.filter(|session| !session.awaits_code) else {
        return Ok(None);
    };
    let account = accounts::find_account(app.store(), &session.account_id).await?;
    let Some(account) = account.filter(|account| account.active) else {
        return Ok(None);
    };
    let owes = owes(&account, &safety_in(app.store()).await?, now);
    let second_factor = account.totp_step.is_some();
    let Some(actor) = actor_of(account) else {
        return Ok(None);
    };
    touch(app, &session, now).await?;
    Ok(Some(SignedIn {
        actor,
        owes,
        second_factor,
        id_hash: session.id_hash,
        proved_at: session.proved_at,
    }))
}

fn owes(account: &Account, safety: &Safety, now: DateTime<Utc>) -> Option<Owes> {
    let is_old = |since| PasswordRule::is_old(safety.password, since, now);
    let must_have =
        Role::from_code(&account.role).is_some_and(|role| safety.second_factor.contains(&role));
    if account.must_change {
        Some(Owes::FirstPassword)
    } else if account.password_at.is_some_and(is_old) {
        Some(Owes::OldPassword)
    } else if must_have && account.totp_step.is_none() {
        Some(Owes::SecondFactor)
    } else {
        None
    }
}

/// Written once a minute at most. Where nothing can be written now, pages stay readable.
async fn touch(app: &App, session: &Session, now: DateTime<Utc>) -> Verb<()> {
    let minute = minute_of(now);
    if session.seen_at >= minute {
        return Ok(());
    }
    let written = async {
        let tx = app.store.begin().await?;
        accounts::touch_session(&tx, &session.id_hash, minute).await?;
        tx.commit().await
    };
    match written.await {
        Err(error @ (StorageError::Database(_) | StorageError::Conflict(_))) => Err(error.into()),
        _ => Ok(()),
    }
}

/// A session as one of its holder's list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// What the form names it by.
    pub handle: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The minute it was last used in.
    pub last_used: DateTime<Utc>,
    /// What kind of browser it is, in words.
    pub device: String,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// The sessions of whoever is signed in, the last used first.
///
/// # Errors
/// When the database fails.
pub async fn own_sessions(app: &App, who: &SignedIn, now: DateTime<Utc>) -> Verb<Vec<OwnSession>> {
    let all = accounts::list_sessions(app.store(), who.actor.account.as_str()).await?;
    let counts = |session: &Session| {
        session.expires_at > now && session.seen_at > idle_since(now) && !session.awaits_code
    };
    Ok(all
        .into_iter()
        .filter(counts)
        .map(|session| OwnSession {
            handle: handle(&session.id_hash),
            since: session.created_at,
            last_used: session.seen_at,
            this: session.id_hash == who.id_hash,
            device: session.device,
        })
        .collect())
}

/// Part of the hash: enough to tell one's own sessions apart, and of no use as a cookie.
fn handle(id_hash: &str) -> String {
    id_hash.chars().take(16).collect()
}

/// Ends one of one's own sessions.
///
/// # Errors
/// When it is none of them.
pub async fn end_own_session(
    app: &App,
    who: &SignedIn,
    named: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    let tx = app.store.begin().await?;
    let all = accounts::list_sessions(&tx, who.actor.account.as_str()).await?;
    let found = all.iter().find(|session| handle(&session.id_hash) == named);
    let found = found.ok_or(Refusal::Missing("这台设备的登录，可能已经退出了"))?;
    accounts::delete_session(&tx, &found.id_hash).await?;
    let account = who.actor.account.as_str();
    audited(&tx, &who.actor, "end_own_session", account, now).await?;
    Ok(tx.commit().await?)
}

/// Ends all of one's sessions but this one; says how many.
///
/// # Errors
/// When the database fails.
pub async fn end_other_sessions(app: &App, who: &SignedIn, now: DateTime<Utc>) -> Verb<u64> {
    let account = who.actor.account.as_str();
    let tx = app.store.begin().await?;
    let ended = accounts::delete_other_sessions(&tx, account, &who.id_hash).await?;
    audited(&tx, &who.actor, "end_other_sessions", account, now).await?;
    tx.commit().await?;
    Ok(ended)
}

/// What whoever begins a session showed.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    /// The password of the account.
    Password,
    /// The word of the provider: no proof for what cannot be taken back.
    Elsewhere,
}

impl Shown {
    /// What whoever began this session showed.
    pub(crate) fn of(session: &Session) -> Self {
        if session.proved_at < session.created_at {
            Self::Elsewhere
        } else {
            Self::Password
        }
    }

    fn proved_at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Password => now,
            Self::Elsewhere => now - PROVED,
        }
    }
}

/// A session about to begin.
pub(crate) struct Begun<'a> {
    account: &'a str,
    device: &'a str,
    shown: Shown,
    awaits_code: bool,
}

impl<'a> Begun<'a> {
    pub(crate) const fn signed_in(account: &'a Account, (shown, device): (Shown, &'a str)) -> Self {
        Self {
            account: account.id.as_str(),
            device,
            shown,
            awaits_code: false,
        }
    }

    pub(crate) const fn awaiting(account: &'a Account, by: (Shown, &'a str)) -> Self {
        Self {
            awaits_code: true,
            ..Self::signed_in(account, by)
        }
    }
}

/// Begins a session and returns the text for its cookie: 256 random bits.
pub(crate) async fn begin(
    tx: &Tx,
    begun: Begun<'_>,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    let cookie = fresh_cookie(rng);
    let lasts = if begun.awaits_code { FOR_CODE } else { LASTS };
    let session = Session {
        id_hash: session_hash(&cookie),
        account_id: begun.account.to_owned(),
        created_at: now,
        seen_at: minute_of(now),
        proved_at: begun.shown.proved_at(now),
        expires_at: now + lasts,
        device: begun.device.to_owned(),
        awaits_code: begun.awaits_code,
    };
    accounts::insert_session(tx, session).await?;
    Ok(cookie)
}

pub(crate) fn fresh_cookie(rng: &mut impl Rng) -> String {
    let mut secret = [0_u8; 32];
    rng.fill_bytes(&mut secret);
    hex::encode(secret)
}

pub(crate) fn session_hash(cookie: &str) -> String {
    hex::encode(Sha256::digest(cookie))
}

pub(crate) fn idle_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - IDLE
}

fn minute_of(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now)
}
