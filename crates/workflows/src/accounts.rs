//! Accounts of officials: made by the system administrator, of use once the security administrator has confirmed the role.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    passwords::{first_password, hashed},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::{accounts, units};
use vocabulary::{BodyId, Role, UnitId};

pub use storage::accounts::Account;

/// The published password of the demonstration's accounts; the rules let no one choose it.
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
    /// The unit of a liaison or a head.
    pub unit: Option<UnitId>,
    /// The community or village of a pairing rater.
    pub body: Option<BodyId>,
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Made, and its role not confirmed yet.
    Waiting,
    /// May sign in.
    Open,
    /// May not sign in any more.
    Closed,
}

impl AccountState {
    /// Where this account stands.
    #[must_use]
    pub const fn of(account: &Account) -> Self {
        match (account.active, account.confirmed) {
            (false, _) => Self::Closed,
            (true, false) => Self::Waiting,
            (true, true) => Self::Open,
        }
    }

    /// The state in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "待确认角色",
            Self::Open => "在用",
            Self::Closed => "停用",
        }
    }
}

/// Makes an account, whose role then waits to be confirmed, and returns its first password, which is shown once, stored nowhere
/// and must be changed at the first sign-in.
///
/// # Errors
/// When the account exists, its name is of another kind, or its unit or body does not exist.
pub async fn add_account(
    app: &App,
    actor: &Actor,
    new: &NewAccount,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    let password = first_password(rng);
    let account = Account {
        confirmed: false,
        must_change: true,
        password_at: Some(now),
        ..stored(new, hashed(&password, rng))
    };
    insert(app, actor, new, account, now).await?;
    Ok(password)
}

/// As [`add_account`], of use at once and with a password that never grows old: the listed accounts of the demonstration.
///
/// # Errors
/// When the account exists, its name is of another kind, or its unit or body does not exist.
pub async fn add_account_with_password(
    app: &App,
    actor: &Actor,
    new: &NewAccount,
    password: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    insert(app, actor, new, stored(new, hashed(password, rng)), now).await
}

fn stored(new: &NewAccount, password_hash: String) -> Account {
    Account {
        id: new.account.clone(),
        name: new.name.clone(),
        role: new.role.code().to_owned(),
        unit_id: new.unit.as_ref().map(ToString::to_string),
        body_id: new.body.as_ref().map(ToString::to_string),
        branch: None,
        password_hash,
        active: true,
        confirmed: true,
        must_change: false,
        password_at: None,
        totp_secret: None,
        totp_step: None,
    }
}

async fn insert(
    app: &App,
    actor: &Actor,
    new: &NewAccount,
    account: Account,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::ManageAccounts)?;
    if !is_sign_in_name(&new.account) {
        return Err(Refusal::AccountName.into());
    }
    let name = crate::words("姓名", &new.name, LONGEST_NAME)?;
    if accounts::find_account(app.store(), &new.account)
        .await?
        .is_some()
    {
        return Err(Refusal::AccountExists(new.account.clone()).into());
    }
    placed(app, new.role, new.unit.as_ref(), new.body.as_ref()).await?;
    let tx = app.store.begin().await?;
    accounts::insert_account(&tx, Account { name, ..account }).await?;
    let made = format!("{} {}", new.account, new.role.code());
    audited(&tx, actor, "add_account", &made, now).await?;
    Ok(tx.commit().await?)
}

const LONGEST_NAME: usize = 40;
/// Names the program itself acts under.
const OWN_NAMES: [&str; 2] = ["system", "operator"];

fn is_sign_in_name(name: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let first = name.bytes().next().is_some_and(sign);
    let rest = name
        .bytes()
        .all(|byte| sign(byte) || b"._-".contains(&byte));
    first && rest && (2..=32).contains(&name.len()) && !OWN_NAMES.contains(&name)
}

/// Whether unit and body exist, and are named where the role works for one.
pub(crate) async fn placed(
    app: &App,
    role: Role,
    unit: Option<&UnitId>,
    body: Option<&BodyId>,
) -> Verb<()> {
    if matches!(role, Role::UnitLiaison | Role::UnitHead) && unit.is_none() {
        return Err(Refusal::Contradiction("部门联络员和部门负责人要写明是哪个单位的").into());
    }
    if role == Role::PairingRater && body.is_none() {
        return Err(Refusal::Contradiction("评议员要写明是哪个社区或村的").into());
    }
    if let Some(unit) = unit {
        crate::unit_named(app, unit).await?;
    }
    let bodies = units::list_bodies(app.store()).await?;
    if body.is_some_and(|body| bodies.iter().all(|known| known.id != *body)) {
        return Err(Refusal::Missing("这个社区或村").into());
    }
    Ok(())
}

/// The official an account stands for; `None` when its role is not confirmed, or not known to this version.
#[must_use]
pub fn actor_of(account: Account) -> Option<Actor> {
    let role = Role::from_code(&account.role).filter(|_| account.confirmed)?;
    Some(Actor {
        role,
        account: account.id.as_str().into(),
        name: account.name,
        unit: account.unit_id.map(UnitId::new),
        body: account.body_id.map(BodyId::new),
    })
}

#[cfg(test)]
mod tests {
    use super::is_sign_in_name;

    #[test]
    fn a_sign_in_name_is_short_plain_and_not_the_programs_own() {
        for name in ["li", "liaison-d12", "wang.min_2"] {
            assert!(is_sign_in_name(name), "{name}");
        }
        let long = "a".repeat(33);
        for name in [
            "",
            "a",
            "-ab",
            "方晓棠",
            "Ab",
            "a b",
            "a/b",
            "system",
            "operator",
            &long,
        ] {
            assert!(!is_sign_in_name(name), "{name}");
        }
    }
}
