//! Signing in at the provider of identities: the browser leaves with a state, and comes back with the provider's word.

use crate::{
    App, Provider, Refusal, Verb,
    accounts::actor_of,
    audit::{audited, refused, refused_nobody},
    provider::{Known, ProviderFault, Secrets},
    sessions::{Shown, fresh_cookie, session_hash},
    sign_in::{Entered, enter_or_ask},
};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use storage::{
    Tx, accounts,
    identities::{self, Departure},
};

/// Time to sign in at the provider.
const AWAY: TimeDelta = TimeDelta::minutes(10);
/// Browsers that may be away at a time; far more than a city has officials.
const MOST_AWAY: u64 = 10_000;
const ACTION: &str = "sign_in_provider";

/// A browser about to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The address at the provider.
    pub address: String,
    /// The text for a cookie that the browser shows when it is back.
    pub cookie: String,
}

/// What a browser that is back brings.
#[derive(Clone, Copy, Debug)]
pub struct Back<'a> {
    /// The state the browser left with.
    pub state: &'a str,
    /// The cookie it was given.
    pub cookie: &'a str,
    /// The provider's code; none when it said no.
    pub code: Option<&'a str>,
    /// Who answers, where the provider says so (RFC 9207).
    pub issuer: Option<&'a str>,
    /// What kind of browser it is, in words.
    pub device: &'a str,
}

/// Sends a browser to the provider; `earlier` is the session it has.
///
/// # Errors
/// [`Refusal::Provider`] when the provider does not answer, or too many are away.
pub async fn leave_for_provider(
    app: &App,
    provider: &Provider,
    earlier: Option<&str>,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Leaving> {
    let [state, nonce, verifier, cookie] = std::array::from_fn(|_| fresh_cookie(rng));
    let secrets = Secrets {
        state: &state,
        nonce: &nonce,
        verifier: &verifier,
    };
    let address = provider.address(secrets).await.map_err(Refusal::Provider)?;
    let tx = app.store.begin().await?;
    if identities::count_departures(&tx, now).await? >= MOST_AWAY {
        return Err(Refusal::Provider(ProviderFault::Silent).into());
    }
    let departure = Departure {
        state_hash: session_hash(&state),
        browser_hash: session_hash(&cookie),
        nonce,
        verifier,
        earlier_hash: earlier.map(session_hash),
        expires_at: now + AWAY,
    };
    identities::insert_departure(&tx, departure).await?;
    tx.commit().await?;
    Ok(Leaving { address, cookie })
}

/// Takes a browser in that is back from the provider; each state is taken once, whatever comes of it.
///
/// # Errors
/// [`Refusal::NotAway`] when this browser did not leave with this state in the last minutes, [`Refusal::Provider`] when the
/// provider's word is not believed, [`Refusal::Unlinked`] when no account belongs to the identity, [`Refusal::LinkUnconfirmed`],
/// [`Refusal::Closed`] and [`Refusal::RoleUnconfirmed`] when one does that may not be used.
pub async fn back_from_provider(
    app: &App,
    provider: &Provider,
    back: Back<'_>,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Entered> {
    let departure = taken(app, back, now).await?;
    let known = match heard(provider, &departure, back, now).await {
        Ok(known) => known,
        Err(fault) => return not_believed(app, fault, now).await,
    };
    let tx = app.store.begin().await?;
    let account = match account_of(&tx, provider, &known, now).await? {
        Ok(account) => account,
        Err(no) => {
            tx.commit().await?;
            return Err(no.into());
        }
    };
    if let Some(earlier) = &departure.earlier_hash {
        accounts::delete_session(&tx, earlier).await?;
    }
    if let Some(actor) = actor_of(account.clone()) {
        audited(&tx, &actor, ACTION, &account.id, now).await?;
    }
    let asked = account.totp_step.is_some() && !known.second_factor;
    let begun = (Shown::Elsewhere, back.device);
    let entered = enter_or_ask(&tx, account, begun, asked, now, rng).await?;
    tx.commit().await?;
    Ok(entered)
}

async fn taken(app: &App, back: Back<'_>, now: DateTime<Utc>) -> Verb<Departure> {
    let (state, browser) = (session_hash(back.state), session_hash(back.cookie));
    let tx = app.store.begin().await?;
    let departure = identities::take_departure(&tx, &state, &browser, now).await?;
    tx.commit().await?;
    Ok(departure.ok_or(Refusal::NotAway)?)
}

async fn heard(
    provider: &Provider,
    departure: &Departure,
    back: Back<'_>,
    now: DateTime<Utc>,
) -> Result<Known, ProviderFault> {
    if back
        .issuer
        .is_some_and(|issuer| issuer != provider.issuer())
    {
        return Err(ProviderFault::OtherSite);
    }
    let secrets = Secrets {
        state: back.state,
        nonce: &departure.nonce,
        verifier: &departure.verifier,
    };
    let code = back.code.ok_or(ProviderFault::Denied)?;
    provider.known(code, secrets, now).await
}

/// Notes that the provider's word was not believed; the log of the machine names the fault, never a person.
async fn not_believed(app: &App, fault: ProviderFault, now: DateTime<Utc>) -> Verb<Entered> {
    tracing::warn!(?fault, "a sign-in at the provider was not believed");
    let tx = app.store.begin().await?;
    refused_nobody(&tx, ACTION, now).await?;
    tx.commit().await?;
    Err(Refusal::Provider(fault).into())
}

/// The account an identity opens, or why it opens none; the log holds the refusal, without the identity where no account belongs to it.
async fn account_of(
    tx: &Tx,
    provider: &Provider,
    known: &Known,
    now: DateTime<Utc>,
) -> Verb<Result<accounts::Account, Refusal>> {
    let found = identities::find_identity(tx, provider.issuer(), &known.subject).await?;
    let Some(identity) = found else {
        refused_nobody(tx, ACTION, now).await?;
        return Ok(Err(Refusal::Unlinked(known.subject.clone())));
    };
    let account = accounts::lock_account(tx, &identity.account_id).await?;
    let account = account.ok_or(Refusal::Closed)?;
    let no = match (identity.confirmed, account.active, account.confirmed) {
        (true, true, true) => return Ok(Ok(account)),
        (false, ..) => Refusal::LinkUnconfirmed,
        (_, false, _) => Refusal::Closed,
        (.., false) => Refusal::RoleUnconfirmed,
    };
    refused(tx, &account, ACTION, now).await?;
    Ok(Err(no))
}
