//! The second factor: a secret shared with an app that shows a code of six digits every half minute (RFC 6238), and ten codes on paper.

use crate::{
    App, Refusal, SignedIn, Verb,
    account_safety::safety_in,
    audit::audited,
    keys::Key,
    seal::{keyed, open, seal},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::{
    Tx,
    accounts::{self, Account},
};
use totp_rs::{Builder, Secret, Totp};

/// Name of the key that seals secrets and hashes recovery codes.
const KEY: &str = "accounts";
const RECOVERY_CODES: usize = 10;
const SECRET_BYTES: usize = 20;
/// Without the signs that are taken for others.
const RECOVERY_SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A second factor about to be set up.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret to be typed, in Base32.
    pub secret: String,
    /// The same as an `otpauth` address to be scanned.
    pub address: String,
}

/// Begins to set up a second factor with a fresh secret; nothing asks for its codes before one was shown.
///
/// # Errors
/// [`Refusal::ProofNeeded`], or when there is a second factor already.
pub async fn begin_second_factor(
    app: &App,
    who: &SignedIn,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    who.proved(now)?;
    let mut secret = [0; SECRET_BYTES];
    rng.fill_bytes(&mut secret);
    let key = app.keys.read_or_make(KEY, rng)?;
    let sealed = hex::encode(seal(&key, who.actor.account.as_str(), &secret, rng));
    change_own(app, who, "begin_second_factor", now, |account| {
        if account.totp_step.is_some() {
            return Err(Refusal::Contradiction("已经在用动态码，请先停用再重新设置"));
        }
        Ok(Account {
            totp_secret: Some(sealed),
            ..account
        })
    })
    .await
}

/// The second factor being set up; none when nothing was begun or it is in use already.
///
/// # Errors
/// When the database fails or the key is gone.
pub async fn pending_second_factor(app: &App, who: &SignedIn) -> Verb<Option<Enrolment>> {
    let account = accounts::find_account(app.store(), who.actor.account.as_str()).await?;
    let Some(account) = account.filter(|account| account.totp_step.is_none()) else {
        return Ok(None);
    };
    let secret = secret_of(app, &account)?;
    Ok(secret.map(|secret| {
        let text = Secret::from(secret).to_base32();
        Enrolment {
            address: format!(
                "otpauth://totp/Huiyin:{0}?secret={text}&issuer=Huiyin&algorithm=SHA1&digits=6&period=30",
                account.id
            ),
            secret: text,
        }
    }))
}

/// Puts the second factor in use once its first code is right; returns ten recovery codes, which are shown once.
///
/// # Errors
/// [`Refusal::Code`] when the code is not the one.
pub async fn confirm_second_factor(
    app: &App,
    who: &SignedIn,
    code: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Vec<String>> {
    let id = who.actor.account.as_str();
    let key = app.keys.read_or_make(KEY, rng)?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(rng)).collect();
    let tx = app.store.begin().await?;
    let account = accounts::lock_account(&tx, id).await?;
    let account = account
        .filter(|account| account.totp_step.is_none())
        .ok_or(Refusal::Contradiction("没有正在设置的动态码，请重新开始"))?;
    let secret = secret_of(app, &account)?.ok_or(Refusal::Code)?;
    let step = step_of(secret, code, now).ok_or(Refusal::Code)?;
    let account = Account {
        totp_step: Some(step),
        ..account
    };
    accounts::update_account(&tx, account).await?;
    let hashes = codes.iter().map(|code| recovery_hash(&key, id, code));
    accounts::replace_recovery_codes(&tx, id, hashes.collect()).await?;
    audited(&tx, &who.actor, "confirm_second_factor", id, now).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Gives up one's second factor, where the role need not have one.
///
/// # Errors
/// [`Refusal::ProofNeeded`], or [`Refusal::SecondFactorNeeded`].
pub async fn remove_second_factor(app: &App, who: &SignedIn, now: DateTime<Utc>) -> Verb<()> {
    who.proved(now)?;
    let role = who.actor.role;
    if safety_in(app.store()).await?.second_factor.contains(&role) {
        return Err(Refusal::SecondFactorNeeded(role).into());
    }
    change_own(app, who, "remove_second_factor", now, |account| {
        Ok(without_second_factor(account))
    })
    .await
}

pub(crate) fn without_second_factor(account: Account) -> Account {
    Account {
        totp_secret: None,
        totp_step: None,
        ..account
    }
}

/// How many recovery codes are left.
///
/// # Errors
/// When the database fails.
pub async fn recovery_codes_left(app: &App, who: &SignedIn) -> Verb<u64> {
    Ok(accounts::count_recovery_codes(app.store(), who.actor.account.as_str()).await?)
}

/// Changes one's own account; recovery codes are those of the factor in use, so they go with it.
async fn change_own(
    app: &App,
    who: &SignedIn,
    action: &str,
    now: DateTime<Utc>,
    changed: impl FnOnce(Account) -> Result<Account, Refusal>,
) -> Verb<()> {
    let id = who.actor.account.as_str();
    let tx = app.store.begin().await?;
    let account = accounts::lock_account(&tx, id).await?;
    let account = changed(account.ok_or(Refusal::SignIn)?)?;
    accounts::update_account(&tx, account).await?;
    accounts::replace_recovery_codes(&tx, id, Vec::new()).await?;
    audited(&tx, &who.actor, action, id, now).await?;
    Ok(tx.commit().await?)
}

/// Whether the code is right, of the app or from paper; it is used up with the transaction.
pub(crate) async fn take_code(
    app: &App,
    tx: &Tx,
    account: &Account,
    code: &str,
    now: DateTime<Utc>,
) -> Verb<bool> {
    let code = plain(code);
    let Some(secret) = secret_of(app, account)? else {
        return Ok(false);
    };
    if let Some(step) = step_of(secret, &code, now) {
        return Ok(accounts::take_step(tx, &account.id, step).await?);
    }
    let hash = recovery_hash(&app.keys.read(KEY)?, &account.id, &code);
    let taken = accounts::take_recovery_code(tx, &account.id, &hash).await?;
    if taken {
        // The log says that a code on paper was used, and by whom.
        crate::audit::used_recovery_code(tx, account, now).await?;
    }
    Ok(taken)
}

fn secret_of(app: &App, account: &Account) -> Verb<Option<Vec<u8>>> {
    let Some(sealed) = &account.totp_secret else {
        return Ok(None);
    };
    let key = app.keys.read(KEY)?;
    let sealed = hex::decode(sealed).ok();
    Ok(sealed.and_then(|sealed| open(&key, &account.id, &sealed)))
}

/// The half minute the code is of: this one, the one before or the one after.
fn step_of(secret: Vec<u8>, code: &str, now: DateTime<Utc>) -> Option<i64> {
    let step = totp(secret)?.check(&plain(code), now.timestamp().try_into().ok()?);
    step?.try_into().ok()
}

fn totp(secret: Vec<u8>) -> Option<Totp> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .build()
        .ok()
}

/// Without the blanks and lines people type between the groups.
fn plain(code: &str) -> String {
    code.chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

fn recovery_code(rng: &mut impl Rng) -> String {
    let mut bytes = [0_u8; 10];
    rng.fill_bytes(&mut bytes);
    let signs = bytes
        .iter()
        .map(|byte| char::from(RECOVERY_SIGNS[usize::from(*byte) % RECOVERY_SIGNS.len()]));
    let text: String = signs.collect();
    let (one, two) = text.split_at(5);
    format!("{one}-{two}")
}

fn recovery_hash(key: &Key, account: &str, code: &str) -> String {
    hex::encode(keyed(
        key,
        &[b"recovery", account.as_bytes(), plain(code).as_bytes()],
    ))
}

/// The code an app shows for a secret; for tests and the demonstration of how it is set up.
#[must_use]
pub fn code_of(secret: &str, now: DateTime<Utc>) -> Option<String> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let totp = Builder::new().with_secret(secret).build().ok()?;
    let at = now.timestamp().try_into().ok()?;
    Some(totp.generate(at).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and the instants of RFC 6238, appendix B, with the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            let now = DateTime::from_timestamp(second, 0).unwrap();
            let of = |at| step_of(b"12345678901234567890".to_vec(), code, at);

            assert_eq!(of(now), Some(second / 30));
            assert_eq!(of(now + chrono::TimeDelta::seconds(30)), Some(second / 30));
            assert_eq!(of(now + chrono::TimeDelta::seconds(90)), None);
        }
    }

    #[test]
    fn a_code_may_be_typed_in_groups() {
        let now = DateTime::from_timestamp(59, 0).unwrap();

        assert_eq!(
            step_of(b"12345678901234567890".to_vec(), " 287 082 ", now),
            Some(1)
        );
        assert_eq!(plain("ABCDE-fghjk "), "abcdefghjk");
    }
}
