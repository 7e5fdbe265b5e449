//! What administrators change of somebody else's account. Each says whose work it is: nobody alone makes an account of use.

use crate::{
    Action, Actor, App, Refusal, Verb,
    accounts::placed,
    allow,
    audit::audited,
    indicator_tree::current_tree,
    passwords::{first_password, hashed},
    second_factor::without_second_factor,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::{
    Tx,
    accounts::{self, Account},
};
use vocabulary::{BodyId, Role, UnitId};

/// A role, and for whom it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The unit of a liaison or a head.
    pub unit: Option<UnitId>,
    /// The community or village of a pairing rater.
    pub body: Option<BodyId>,
}

/// Closes an account; its sessions end.
///
/// # Errors
/// When it is one's own, or the last of an administrator's role.
pub async fn close_account(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let tx = app.store.begin().await?;
    let account = anothers(&tx, actor, Action::ManageAccounts, id).await?;
    not_the_last(&tx, &account).await?;
    let closed = Account {
        active: false,
        ..account
    };
    accounts::delete_sessions_of(&tx, id).await?;
    write(tx, actor, "close_account", closed, now).await
}

/// Opens a closed account again; role and password are those it had.
///
/// # Errors
/// When there is no such account.
pub async fn open_account(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let tx = app.store.begin().await?;
    let opened = Account {
        active: true,
        ..anothers(&tx, actor, Action::ManageAccounts, id).await?
    };
    write(tx, actor, "open_account", opened, now).await
}

/// Gives a new first password, to be changed at the next sign-in; the sessions end. The role of an administrator waits again to be
/// confirmed, so that whoever gives passwords cannot become another administrator.
///
/// # Errors
/// When it is one's own account.
pub async fn first_password_again(
    app: &App,
    actor: &Actor,
    id: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<String> {
    allow(actor, Action::ManageAccounts)?;
    let password = first_password(rng);
    let password_hash = hashed(&password, rng);
    let tx = app.store.begin().await?;
    let account = anothers(&tx, actor, Action::ManageAccounts, id).await?;
    let role = Role::from_code(&account.role);
    let is_administrator = role.is_some_and(|role| Role::ADMINISTRATORS.contains(&role));
    let changed = Account {
        password_hash,
        password_at: Some(now),
        must_change: true,
        confirmed: account.confirmed && !is_administrator,
        ..account
    };
    accounts::delete_sessions_of(&tx, id).await?;
    write(tx, actor, "first_password_again", changed, now).await?;
    Ok(password)
}

/// Ends all sessions of an account; says how many.
///
/// # Errors
/// When there is no such account.
pub async fn end_sessions(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<u64> {
    let tx = app.store.begin().await?;
    let account = anothers(&tx, actor, Action::EndSessions, id).await?;
    let ended = accounts::delete_sessions_of(&tx, &account.id).await?;
    audited(&tx, actor, "end_sessions", id, now).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Confirms the role an account was made with; it is of use from then on.
///
/// # Errors
/// When it is one's own account, or confirmed already.
pub async fn confirm_role(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let tx = app.store.begin().await?;
    let account = anothers(&tx, actor, Action::GrantRoles, id).await?;
    if account.confirmed {
        return Err(Refusal::Contradiction("这个账号的角色已经确认过了").into());
    }
    let confirmed = Account {
        confirmed: true,
        ..account
    };
    write_as(tx, actor, "confirm_role", confirmed, now).await
}

/// Gives an account another role, confirmed by this; it holds from the next request on.
///
/// # Errors
/// When it is one's own account, the last of an administrator's role, or the unit or body is missing.
pub async fn change_role(
    app: &App,
    actor: &Actor,
    id: &str,
    grant: &Grant,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::GrantRoles)?;
    placed(app, grant.role, grant.unit.as_ref(), grant.body.as_ref()).await?;
    let tx = app.store.begin().await?;
    let account = anothers(&tx, actor, Action::GrantRoles, id).await?;
    if account.role != grant.role.code() {
        not_the_last(&tx, &account).await?;
    }
    let changed = Account {
        role: grant.role.code().to_owned(),
        unit_id: grant.unit.as_ref().map(ToString::to_string),
        body_id: grant.body.as_ref().map(ToString::to_string),
        branch: account.branch.filter(|_| grant.role == Role::MethodOwner),
        confirmed: true,
        ..account
    };
    write_as(tx, actor, "change_role", changed, now).await
}

/// Says which branch of the indicator tree the account of a method department may change; it holds from the next request on.
///
/// # Errors
/// When it is one's own account, the account is of another role, or nobody of that name owns a leaf.
pub async fn set_branch(
    app: &App,
    actor: &Actor,
    id: &str,
    owner: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::GrantRoles)?;
    let (_, tree) = current_tree(app).await?;
    if !tree.owners().contains(&owner) {
        return Err(Refusal::Missing("这个牵头部门，请照指标体系里的写法").into());
    }
    let tx = app.store.begin().await?;
    let account = anothers(&tx, actor, Action::GrantRoles, id).await?;
    if account.role != Role::MethodOwner.code() {
        return Err(Refusal::Contradiction("只有评价办法牵头部门的账号才有指标分支").into());
    }
    let changed = Account {
        branch: Some(owner.to_owned()),
        ..account
    };
    write_as(tx, actor, "set_branch", changed, now).await
}

/// Takes a second factor away whose device is lost; the sessions end.
///
/// # Errors
/// When it is one's own, or there is none.
pub async fn reset_second_factor(
    app: &App,
    actor: &Actor,
    id: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    let tx = app.store.begin().await?;
    let account = anothers(&tx, actor, Action::GrantRoles, id).await?;
    if account.totp_secret.is_none() {
        return Err(Refusal::Contradiction("这个账号没有用动态码").into());
    }
    accounts::replace_recovery_codes(&tx, id, Vec::new()).await?;
    accounts::delete_sessions_of(&tx, id).await?;
    let reset = without_second_factor(account);
    write(tx, actor, "reset_second_factor", reset, now).await
}

/// The account, held until the transaction ends; never one's own.
pub(crate) async fn anothers(tx: &Tx, actor: &Actor, action: Action, id: &str) -> Verb<Account> {
    allow(actor, action)?;
    if actor.account.as_str() == id {
        return Err(Refusal::SamePerson("自己账号的这一步").into());
    }
    let found = accounts::lock_account(tx, id).await?;
    Ok(found.ok_or_else(|| Refusal::AccountUnknown(id.to_owned()))?)
}

/// Somebody must be left who does the work of an administrator.
async fn not_the_last(tx: &Tx, account: &Account) -> Verb<()> {
    let Some(role) = Role::from_code(&account.role) else {
        return Ok(());
    };
    let counts = |account: &Account| account.active && account.confirmed;
    if !Role::ADMINISTRATORS.contains(&role) || !counts(account) {
        return Ok(());
    }
    let all = accounts::list_accounts(tx).await?;
    let others =
        |other: &&Account| other.role == account.role && other.id != account.id && counts(other);
    match all.iter().find(others) {
        Some(_) => Ok(()),
        None => Err(Refusal::LastOfRole(role).into()),
    }
}

async fn write(
    tx: Tx,
    actor: &Actor,
    action: &str,
    account: Account,
    now: DateTime<Utc>,
) -> Verb<()> {
    let object = account.id.clone();
    accounts::update_account(&tx, account).await?;
    audited(&tx, actor, action, &object, now).await?;
    Ok(tx.commit().await?)
}

/// As [`write`], with the role in the log.
async fn write_as(
    tx: Tx,
    actor: &Actor,
    action: &str,
    account: Account,
    now: DateTime<Utc>,
) -> Verb<()> {
    let place = account.unit_id.as_ref().or(account.body_id.as_ref());
    let place = place.or(account.branch.as_ref());
    let mut object = format!("{} {}", account.id, account.role);
    if let Some(place) = place {
        object = format!("{object} {place}");
    }
    accounts::update_account(&tx, account).await?;
    audited(&tx, actor, action, &object, now).await?;
    Ok(tx.commit().await?)
}
