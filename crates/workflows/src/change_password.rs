//! Changing one's own password.

use crate::{
    App, PasswordProblem, PasswordRule, Refusal, SecondFactor, SignedIn, Verb,
    audit::{audited, refused},
    password_problems,
    passwords::{fits, hashed},
    safety,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::accounts::{self, Account};

/// What the form of a new password holds.
#[derive(Clone, Copy)]
pub struct PasswordChange<'a> {
    /// The present password.
    pub old: &'a str,
    /// The new one.
    pub new: &'a str,
    /// The new one once more.
    pub again: &'a str,
}

/// Changes one's own password; every other session of the account ends.
///
/// # Errors
/// [`Refusal::WrongPassword`] when the old one is wrong, [`Refusal::Password`] with everything that is wrong with the new one.
pub async fn change_password(
    app: &App,
    who: &SignedIn,
    change: PasswordChange<'_>,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let id = who.actor.account.as_str();
    let account = accounts::find_account(app.store(), id).await?;
    let account = account.ok_or(Refusal::SignIn)?;
    if !fits(&account.password_hash, change.old) {
        let tx = app.store.begin().await?;
        refused(&tx, &account, "change_password", now).await?;
        tx.commit().await?;
        return Err(Refusal::WrongPassword.into());
    }
    let rule = safety(app).await?.password;
    let problems = problems(&account, change, rule);
    if !problems.is_empty() {
        return Err(Refusal::Password(problems).into());
    }
    let password_hash = hashed(change.new, rng);
    let tx = app.store.begin().await?;
    let held = accounts::lock_account(&tx, id).await?;
    let held = held.filter(|held| held.password_hash == account.password_hash);
    let account = Account {
        password_hash,
        password_at: Some(now),
        must_change: false,
        ..held.ok_or(Refusal::WrongPassword)?
    };
    accounts::update_account(&tx, account).await?;
    accounts::delete_other_sessions(&tx, id, &who.id_hash).await?;
    audited(&tx, &who.actor, "change_password", id, now).await?;
    Ok(tx.commit().await?)
}

fn problems(
    account: &Account,
    change: PasswordChange<'_>,
    rule: PasswordRule,
) -> Vec<PasswordProblem> {
    let second_factor = match account.totp_step {
        Some(_) => SecondFactor::InUse,
        None => SecondFactor::None,
    };
    let names = [account.id.as_str(), account.name.as_str()];
    let mut problems = password_problems(change.new, &names, rule, second_factor);
    if change.new == change.old {
        problems.push(PasswordProblem::SameAsBefore);
    }
    if change.new != change.again {
        problems.push(PasswordProblem::NotRepeated);
    }
    problems
}
