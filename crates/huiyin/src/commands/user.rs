//! `huiyin user`: accounts, by the same verbs as the pages.

use crate::{
    cli::{Common, UserCommand},
    clock::now,
    commands::print,
    exit::{Failure, Outcome},
    installation::{actor, open},
    randomness::fresh,
};
use serde_json::{Value, json};
use storage::accounts::list_accounts;
use vocabulary::{BodyId, Role, UnitId};
use workflows::{Account, AccountState, Actor, App, NewAccount};

/// Makes, lists and changes accounts.
///
/// # Errors
/// When the account exists or does not, its unit does not, or the step is not for whoever asks.
pub async fn run(common: &Common, command: &UserCommand) -> Outcome {
    let app = open(common).await?;
    match command {
        UserCommand::Add {
            name,
            role,
            display,
            unit,
            body,
        } => {
            let new = NewAccount {
                account: name.clone(),
                name: display.clone().unwrap_or_else(|| name.clone()),
                role: *role,
                unit: unit.as_deref().map(UnitId::new),
                body: body.as_deref().map(BodyId::new),
            };
            add(common, &app, &new).await
        }
        UserCommand::List => list(common, &app).await,
        UserCommand::Confirm { names } => confirm(common, &app, names).await,
        UserCommand::Close { name } => {
            workflows::close_account(&app, &operator(Role::SystemAdmin), name, now()).await?;
            said(common, name, "已停用，登录立即失效")
        }
        UserCommand::Open { name } => {
            workflows::open_account(&app, &operator(Role::SystemAdmin), name, now()).await?;
            said(common, name, "已重新启用")
        }
        UserCommand::SignOut { name } => {
            workflows::end_sessions(&app, &operator(Role::SystemAdmin), name, now()).await?;
            said(common, name, "已退出所有登录")
        }
        UserCommand::Branch { name, owner } => {
            let by = confirmer(common, &app).await?;
            workflows::set_branch(&app, &by, name, owner, now()).await?;
            said(common, name, &format!("可以改{owner}牵头的指标"))
        }
        UserCommand::Password { name } => password(common, &app, name).await,
    }
}

/// Whoever sits at the machine.
fn operator(role: Role) -> Actor {
    Actor {
        account: "operator".into(),
        name: "本机操作员".into(),
        role,
        unit: None,
        body: None,
    }
}

fn said(common: &Common, name: &str, what: &str) -> Outcome {
    print(common, &json!({"account": name}), || {
        format!("账号 {name} {what}")
    })
}

async fn add(common: &Common, app: &App, new: &NewAccount) -> Outcome {
    let (actor, name, role) = (operator(Role::SystemAdmin), &new.account, new.role);
    let password = workflows::add_account(app, &actor, new, now(), &mut fresh()).await?;
    print(
        common,
        &json!({"account": name, "role": role, "password": password, "state": "waiting"}),
        || {
            format!(
                "已建立账号 {name}（{}），初始口令：{password}\n口令只显示这一次，请当面交给本人，第一次登录就要换掉\n\
                 角色经安全管理员确认以后才能使用：huiyin user confirm {name}",
                role.label()
            )
        },
    )
}

async fn password(common: &Common, app: &App, name: &str) -> Outcome {
    let (actor, mut rng) = (operator(Role::SystemAdmin), fresh());
    let password = workflows::first_password_again(app, &actor, name, now(), &mut rng).await?;
    print(
        common,
        &json!({"account": name, "password": password}),
        || format!("账号 {name} 的初始口令：{password}\n口令只显示这一次；管理员的角色要重新确认"),
    )
}

/// The first security administrator is confirmed at the machine; from then on it takes that person.
async fn confirmer(common: &Common, app: &App) -> Result<Actor, Failure> {
    let is_security_admin = |account: &Account| {
        account.role == Role::SecurityAdmin.code()
            && AccountState::of(account) == AccountState::Open
    };
    let all = list_accounts(app.store()).await?;
    if !all.iter().any(is_security_admin) {
        return Ok(operator(Role::SecurityAdmin));
    }
    let by = actor(app, common).await?;
    match by.role {
        Role::SecurityAdmin => Ok(by),
        _ => Err(Failure::new(
            15,
            "已经有安全管理员，角色由他确认；请用 --by 写明他的账号",
        )),
    }
}

async fn confirm(common: &Common, app: &App, names: &[String]) -> Outcome {
    let by = confirmer(common, app).await?;
    for name in names {
        workflows::confirm_role(app, &by, name, now()).await?;
    }
    print(common, &json!({"confirmed": names}), || {
        format!("已确认角色：{}", names.join("、"))
    })
}

async fn list(common: &Common, app: &App) -> Outcome {
    let all = list_accounts(app.store()).await?;
    let entry = |account: &Account| {
        json!({
            "account": account.id,
            "name": account.name,
            "role": account.role,
            "place": account.unit_id.as_ref().or(account.body_id.as_ref()),
            "state": AccountState::of(account).label(),
            "second_factor": account.totp_step.is_some(),
        })
    };
    let lines = |account: &Account| {
        let role = Role::from_code(&account.role).map_or("", Role::label);
        let state = AccountState::of(account).label();
        format!("{}\t{}\t{role}\t{state}", account.id, account.name)
    };
    let found: Vec<Value> = all.iter().map(entry).collect();
    print(common, &json!(found), || {
        let lines: Vec<String> = all.iter().map(lines).collect();
        if lines.is_empty() {
            "还没有账号，请用 huiyin user add 建立".to_owned()
        } else {
            lines.join("\n")
        }
    })
}
