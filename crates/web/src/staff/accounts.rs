//! All accounts, for the two administrators of accounts; no password, no hash, no business data.

use super::entry::{place_of, places};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    frame::{ConsoleFrame, NavLink, OWN_ACCOUNT},
    icon::Icon,
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Form},
};
use std::collections::BTreeMap;
use storage::{accounts::list_accounts, units};
use vocabulary::{BodyId, Role, UnitId};
use workflows::{Account, AccountState, Action, Actor, NewAccount, VerbError, add_account, allow};

/// Frame of the pages of one's own account.
pub(super) fn account_frame(state: &WebState, actor: &Actor, heading: &str) -> ConsoleFrame {
    let back = NavLink {
        href: "/work".to_owned(),
        label: "回工作台",
        icon: Icon::Back,
        count: None,
        current: false,
    };
    ConsoleFrame {
        workplace: OWN_ACCOUNT,
        owner: actor.name.clone(),
        nav: vec![back],
        ..administrators_frame(state, actor, heading, "")
    }
}

/// Frame of the pages of an administrator.
pub(super) fn administrators_frame(
    state: &WebState,
    actor: &Actor,
    heading: &str,
    current: &str,
) -> ConsoleFrame {
    let link = |(href, label, icon): (&str, &'static str, Icon)| NavLink {
        href: href.to_owned(),
        label,
        icon,
        count: None,
        current: href == current,
    };
    let links: &[(&str, &'static str, Icon)] = match actor.role {
        Role::SystemAdmin => &[("/accounts", "账号", Icon::User)],
        Role::SecurityAdmin => &[
            ("/accounts", "账号和角色", Icon::User),
            ("/account-rules", "密码规则", Icon::Lock),
        ],
        Role::AuditAdmin => &[("/audit", "审计记录", Icon::Book)],
        _ => &[],
    };
    ConsoleFrame {
        title: heading.to_owned(),
        heading: heading.to_owned(),
        workplace: match actor.role {
            Role::SecurityAdmin => "安全管理",
            Role::AuditAdmin => "审计",
            _ => "系统管理",
        },
        owner: actor.role.label().to_owned(),
        nav: links.iter().copied().map(link).collect(),
        name: actor.name.clone(),
        role: actor.role.label(),
        round: String::new(),
        done: None,
        demonstration: state.demo_accounts,
    }
}

/// The list, and the form of a new account for whoever makes them.
pub(super) async fn list(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, Action::ListAccounts.roles()).await?;
    answer::own_page(&page(&state, &actor, None).await?)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    refused: Option<(String, &Posted)>,
) -> Result<FormPage, PageError> {
    let places = places(state).await?;
    let all = list_accounts(state.app.store()).await?;
    let waiting = all
        .iter()
        .filter(|account| AccountState::of(account) == AccountState::Waiting)
        .count();
    let table = Table {
        heading: format!("全部账号（{} 个，其中 {waiting} 个待确认角色）", all.len()),
        head: vec![
            ("账号", false),
            ("姓名", false),
            ("角色", false),
            ("单位", false),
            ("动态码", false),
            ("状态", false),
        ],
        rows: all.iter().map(|account| row(account, &places)).collect(),
        empty: "还没有账号。",
    };
    let makes = allow(actor, Action::ManageAccounts).is_ok();
    let form = match makes {
        true => Some(new_account_form(state, refused).await?),
        false => None,
    };
    Ok(FormPage {
        frame: administrators_frame(state, actor, "账号", "/accounts"),
        lead: vec![lead(actor.role).to_owned()],
        form,
        tables: vec![table],
    })
}

const fn lead(role: Role) -> &'static str {
    match role {
        Role::SecurityAdmin => {
            "账号由系统管理员建立，经您确认角色以后才能登录。安全管理员看不到任何评价数据。"
        }
        _ => {
            "新账号要等安全管理员确认角色以后才能登录，初始口令只显示一次，本人第一次登录就要换掉。系统管理员看不到任何评价数据。"
        }
    }
}

fn row(account: &Account, places: &BTreeMap<String, String>) -> Vec<Cell> {
    let role = Role::from_code(&account.role).map_or("", Role::label);
    let factor = match account.totp_step {
        Some(_) => "在用",
        None => "没有",
    };
    vec![
        Cell::link(account.id.clone(), format!("/accounts/{}", account.id)),
        Cell::text(account.name.clone()),
        Cell::text(role),
        Cell::text(place_of(account, places)),
        Cell::text(factor),
        Cell::text(AccountState::of(account).label()),
    ]
}

/// Fields for a role and for whom it is held.
pub(super) async fn role_fields(
    state: &WebState,
    held: impl Fn(&str) -> String,
) -> Result<Vec<Field>, PageError> {
    let store = state.app.store();
    let units = units::list_units(store).await?;
    let units = units
        .into_iter()
        .map(|unit| (unit.id.to_string(), unit.name));
    let bodies = units::list_bodies(store).await?;
    let bodies = bodies
        .into_iter()
        .map(|body| (body.id.to_string(), body.name));
    let roles = Role::ALL.map(|role| (role.code().to_owned(), role.label().to_owned()));
    let choice = |name: &'static str, label: &'static str, hint: &'static str, options| {
        Field::new(name, label, hint, Input::Choice(options)).holding(held(name))
    };
    Ok(vec![
        choice("role", "角色", "", roles.to_vec()),
        choice(
            "unit",
            "单位",
            "部门联络员、部门负责人和派驻组要选。",
            units.collect(),
        )
        .optional(),
        choice("body", "社区或村", "评议员要选。", bodies.collect()).optional(),
    ])
}

async fn new_account_form(
    state: &WebState,
    refused: Option<(String, &Posted)>,
) -> Result<ActionForm, PageError> {
    let (problem, fields) = refused.unzip();
    let held = |name: &str| {
        fields
            .map_or("", |fields: &Posted| fields.text(name))
            .to_owned()
    };
    let line = |name: &'static str, label: &'static str, hint: &'static str| {
        Field::new(name, label, hint, Input::Line).holding(held(name))
    };
    let mut all = vec![
        line(
            "account",
            "账号名",
            "登录时输入，小写字母、数字、点或短横线，例如 wang.min。",
        ),
        line("name", "姓名", "一人一个账号，不设共用账号。"),
    ];
    all.extend(role_fields(state, held).await?);
    Ok(ActionForm {
        action: "/accounts".to_owned(),
        lead: "新建账号".to_owned(),
        fields: all,
        submit: "建立账号",
        note: "初始口令只显示一次".to_owned(),
        problem,
    })
}

/// What a form says of a role; none when it names no role.
pub(super) fn posted_role(fields: &Posted) -> Option<(Role, Option<UnitId>, Option<BodyId>)> {
    let chosen = |name: &str| Some(fields.text(name)).filter(|text| !text.is_empty());
    Some((
        Role::from_code(fields.text("role"))?,
        chosen("unit").map(UnitId::new),
        chosen("body").map(BodyId::new),
    ))
}

/// Makes an account and shows its first password this once.
pub(super) async fn make(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let actor = signed_in(&state, &request, Action::ManageAccounts.roles()).await?;
    let fields = posted(form);
    let problem = match posted_role(&fields) {
        None => "请选一个角色".to_owned(),
        Some((role, unit, body)) => {
            let new = NewAccount {
                account: fields.text("account").trim().to_owned(),
                name: fields.text("name").trim().to_owned(),
                role,
                unit,
                body,
            };
            let (now, mut rng) = (state.now(), (state.rng)());
            match add_account(&state.app, &actor, &new, now, &mut rng).await {
                Ok(password) => {
                    return first_password_page(&state, &actor, &new.account, &password);
                }
                Err(VerbError::Refused(refusal)) => format!("{refusal}（{}）", refusal.code()),
                Err(other) => return Err(other.into()),
            }
        }
    };
    let page = page(&state, &actor, Some((problem, &fields))).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The first password, this once.
pub(super) fn first_password_page(
    state: &WebState,
    actor: &Actor,
    account: &str,
    password: &str,
) -> Page {
    let mut lead = vec![
        format!("账号 {account} 的初始口令：{password}"),
        "口令只显示这一次，请当面交给本人；本人第一次登录就要换掉。".to_owned(),
    ];
    lead.push("新账号和管理员账号要等安全管理员确认角色以后才能登录。".to_owned());
    answer::own_page(&FormPage {
        frame: administrators_frame(state, actor, "初始口令", "/accounts"),
        lead,
        form: None,
        tables: Vec::new(),
    })
}
