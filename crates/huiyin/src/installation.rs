//! Opening an installation: data directory, database, vault, and the account on whose behalf a command runs.

use crate::{cli::Common, exit::Failure, randomness::fresh};
use std::fs;
use storage::{OpenOptions, Store, accounts};
use vocabulary::Role;
use workflows::{Actor, App};

/// Where the main database is.
pub fn database_url(common: &Common) -> String {
    common
        .database_url
        .clone()
        .unwrap_or_else(|| format!("sqlite://{}/huiyin.db", common.data.display()))
}

/// Opens the installation; the schema must be there already.
///
/// # Errors
/// When there is no installation, it is in use, or the database does not answer.
pub async fn open(common: &Common) -> Result<App, Failure> {
    if !common.data.is_dir() {
        let shown = common.data.display();
        return Err(Failure::new(
            10,
            format!(
                "数据目录 {shown} 不存在；请先运行 `huiyin migrate --data {shown}`，或用 `huiyin demo` 试用"
            ),
        ));
    }
    let app = connect(common).await?;
    if app.store().schema_version().await? == migrations::step_names().pop() {
        Ok(app)
    } else {
        Err(Failure::new(
            1,
            "数据库结构不是当前版本；请先运行 `huiyin migrate`",
        ))
    }
}

/// Makes the data directory and both databases, or brings them to the current schema.
///
/// # Errors
/// When the directory cannot be written or the database does not answer.
pub async fn create(common: &Common) -> Result<App, Failure> {
    fs::create_dir_all(&common.data).map_err(|error| Failure::file(&common.data, &error))?;
    let app = connect(common).await?;
    app.migrate().await?;
    Ok(app)
}

async fn connect(common: &Common) -> Result<App, Failure> {
    // A server has no file of its own to note a disk fault beside.
    let fault_file = common
        .database_url
        .as_ref()
        .map(|_| common.data.join("database.fault"));
    let options = OpenOptions {
        fault_file,
        ..OpenOptions::default()
    };
    let store = Store::open_with(&database_url(common), options).await?;
    let vault = workflows::open_vault(&common.data, &mut fresh()).await;
    let vault = vault.map_err(|error| Failure::new(16, format!("打不开：{error}")))?;
    Ok(App::new(store, vault, common.data.clone()))
}

/// Whoever looks after the machine.
pub fn operator() -> Actor {
    Actor {
        account: "operator".into(),
        name: "本机操作员".into(),
        role: Role::SystemAdmin,
        unit: None,
        body: None,
    }
}

/// The account named by `--by` or `HUIYIN_ACCOUNT`; without either, the operator at the machine with the clerk's rights.
///
/// The variable is read here and not by the command line, since `analyze --by` names columns.
///
/// # Errors
/// When the account does not exist.
pub async fn actor(app: &App, common: &Common) -> Result<Actor, Failure> {
    let variable = || std::env::var("HUIYIN_ACCOUNT").ok();
    let named = common.by.clone().or_else(variable);
    let Some(name) = named.as_deref().filter(|name| !name.is_empty()) else {
        return Ok(Actor {
            account: "operator".into(),
            name: "本机操作员".into(),
            role: Role::OfficeClerk,
            unit: None,
            body: None,
        });
    };
    let account = accounts::find_account(app.store(), name).await?;
    let account = account.ok_or_else(|| {
        Failure::new(
            15,
            format!("没有账号 {name}；请先用 `huiyin user add {name} --role …` 建立"),
        )
    })?;
    let known = match account.active {
        true => workflows::actor_of(account),
        false => None,
    };
    known.ok_or_else(|| {
        Failure::new(
            15,
            format!("账号 {name} 停用了，或者角色还没有确认（huiyin user confirm {name}）"),
        )
    })
}
