//! `huiyin user`: accounts.

use crate::{
    cli::{Common, UserCommand},
    clock::now,
    commands::print,
    exit::Outcome,
    installation::open,
    randomness::fresh,
};
use serde_json::json;
use vocabulary::{BodyId, Role, UnitId};
use workflows::{Actor, NewAccount};

/// Adds an account and shows its first password once.
///
/// # Errors
/// When the account exists or its unit does not.
pub async fn run(common: &Common, command: &UserCommand) -> Outcome {
    let UserCommand::Add {
        name,
        role,
        display,
        unit,
        body,
    } = command;
    let app = open(common).await?;
    let operator = Actor {
        account: "operator".into(),
        name: "本机操作员".into(),
        role: Role::SystemAdmin,
        unit: None,
        body: None,
    };
    let new = NewAccount {
        account: name.clone(),
        name: display.clone().unwrap_or_else(|| name.clone()),
        role: *role,
        unit: unit.as_deref().map(UnitId::new),
        body: body.as_deref().map(BodyId::new),
    };
    let password = workflows::add_account(&app, &operator, &new, now(), &mut fresh()).await?;
    print(
        common,
        &json!({"account": name, "role": role, "password": password}),
        || {
            format!(
                "已建立账号 {name}（{}），初始口令：{password}\n口令只显示这一次，请当面交给本人",
                role.label()
            )
        },
    )
}
