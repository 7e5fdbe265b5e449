//! One account, and what the administrator who looks may do with it.

use super::{
    accounts::{administrators_frame, first_password_page, posted_role, role_fields},
    entry::{place_of, places},
};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Field, Input, Section, SectionsPage},
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Form, Path},
};
use storage::{
    accounts::find_account,
    identities::{LinkedIdentity, find_identity_of},
};
use vocabulary::Role;
use workflows::{
    Account, AccountState, Action, Actor, Grant, Provider, Refusal, Verb, VerbError, allow,
    change_role, close_account, confirm_link, confirm_role, current_tree, end_sessions,
    first_password_again, link_identity, open_account, reset_second_factor, set_branch,
    unlink_identity,
};

/// The account.
pub(super) async fn show(state: Data<WebState>, request: HttpRequest, name: Path<String>) -> Page {
    let actor = signed_in(&state, &request, Action::ListAccounts.roles()).await?;
    answer::own_page(&page(&state, &actor, &name, None).await?)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    name: &str,
    refused: Option<(String, &Posted)>,
) -> Result<SectionsPage, PageError> {
    let account = find_account(state.app.store(), name).await?;
    let account = account.ok_or(PageError::NotFound)?;
    let heading = format!("账号 {}", account.id);
    let mut sections = Vec::new();
    if actor.account.as_str() == account.id {
        return Ok(SectionsPage {
            frame: administrators_frame(state, actor, &heading, ""),
            lead: vec!["这是您自己的账号，请到“我的账号”办理。".to_owned()],
            sections,
        });
    }
    let (problem, fields) = refused.unzip();
    let acted = fields.map_or("", |fields: &Posted| fields.text("act"));
    let of_role = acted == "role";
    let linked = find_identity_of(state.app.store(), &account.id).await?;
    let (for_role, for_link, for_step) = match acted {
        "role" => (problem, None, None),
        "link" => (None, problem, None),
        _ => (None, None, problem),
    };
    if let Some(form) = step_form(actor, &account, linked.as_ref(), for_step) {
        sections.push(section("办理", form));
    }
    if let (Some(provider), None) = (&state.provider, &linked)
        && allow(actor, Action::ManageAccounts).is_ok()
    {
        let typed = fields
            .map(|fields| fields.text("subject"))
            .unwrap_or_default();
        sections.push(section(
            "统一身份认证",
            link_form(&account, provider, typed, for_link),
        ));
    }
    if allow(actor, Action::GrantRoles).is_ok() && account.role == Role::MethodOwner.code() {
        sections.push(branch_section(state, &account).await?);
    }
    if allow(actor, Action::GrantRoles).is_ok() {
        let held = |field: &str| match fields.filter(|_| of_role) {
            Some(fields) => fields.text(field).to_owned(),
            None => held_by(&account, field),
        };
        let mut fields = vec![Field::hidden("act", "role")];
        fields.extend(role_fields(state, held).await?);
        let form = ActionForm {
            fields,
            submit: "改成这个角色",
            note: "下一次点击就生效".to_owned(),
            ..form_of(&account, for_role)
        };
        sections.push(section("改角色", form));
    }
    Ok(SectionsPage {
        frame: administrators_frame(state, actor, &heading, ""),
        lead: vec![facts(state, &account, linked.as_ref()).await?],
        sections,
    })
}

fn section(heading: &'static str, form: ActionForm) -> Section {
    Section {
        heading,
        forms: vec![form],
        ..Section::default()
    }
}

/// Which branch of the indicator tree the account may change.
async fn branch_section(state: &WebState, account: &Account) -> Result<Section, PageError> {
    let (_, tree) = current_tree(&state.app).await?;
    let owners = tree.owners().into_iter();
    let owners = owners.map(|owner| (owner.to_owned(), owner.to_owned()));
    let held = account.branch.clone().unwrap_or_default();
    let form = ActionForm {
        fields: vec![
            Field::hidden("act", "branch"),
            Field::new("branch", "牵头部门", "", Input::Choice(owners.collect())).holding(held),
        ],
        submit: "指定",
        note: "下一次点击就生效".to_owned(),
        ..form_of(account, None)
    };
    Ok(section("牵头哪一部分指标", form))
}

fn form_of(account: &Account, problem: Option<String>) -> ActionForm {
    ActionForm {
        action: format!("/accounts/{}", account.id),
        problem,
        ..ActionForm::default()
    }
}

fn held_by(account: &Account, field: &str) -> String {
    let held = match field {
        "role" => Some(account.role.clone()),
        "unit" => account.unit_id.clone(),
        _ => account.body_id.clone(),
    };
    held.unwrap_or_default()
}

/// Links an identity of the provider to the account.
fn link_form(
    account: &Account,
    provider: &Provider,
    typed: &str,
    problem: Option<String>,
) -> ActionForm {
    let subject = Field::new(
        "subject",
        "本人的标识",
        "本人先从登录页的按钮登录一次，页面上会显示；请当面核对是本人。",
        Input::Line,
    );
    ActionForm {
        lead: format!(
            "关联以后，本人可以用{}登录，密码照样能用。",
            provider.name()
        ),
        fields: vec![Field::hidden("act", "link"), subject.holding(typed)],
        submit: "关联",
        note: "安全管理员确认以后生效".to_owned(),
        ..form_of(account, problem)
    }
}

async fn facts(
    state: &WebState,
    account: &Account,
    linked: Option<&LinkedIdentity>,
) -> Result<String, PageError> {
    let role = Role::from_code(&account.role).map_or("角色不明", Role::label);
    let place = place_of(account, &places(state).await?);
    let place = if place.is_empty() {
        String::new()
    } else {
        format!("，{place}")
    };
    let password = match (account.must_change, account.password_at) {
        (true, _) => "初始口令还没有换".to_owned(),
        (false, Some(at)) => format!("密码 {} 换的", wording::moment(at)),
        (false, None) => "密码不过期".to_owned(),
    };
    let factor = match account.totp_step {
        Some(_) => "用动态码",
        None => "没有用动态码",
    };
    let standing = AccountState::of(account).label();
    let linked = linked.map_or_else(String::new, |identity| {
        let state = if identity.confirmed { "已" } else { "待" };
        format!("；关联统一身份认证的标识 {}，{state}确认", identity.subject)
    });
    Ok(format!(
        "{}，{role}{place}；{standing}；{password}；{factor}{linked}。",
        account.name
    ))
}

/// What the administrator who looks may do now.
fn step_form(
    actor: &Actor,
    account: &Account,
    linked: Option<&LinkedIdentity>,
    problem: Option<String>,
) -> Option<ActionForm> {
    let mut steps = Vec::new();
    let is_open = account.active;
    if allow(actor, Action::GrantRoles).is_ok() {
        if !account.confirmed {
            steps.push(("confirm", "确认这个角色，账号可以使用"));
        }
        if account.totp_secret.is_some() {
            steps.push(("reset", "取消动态码，本人的手机丢了时用"));
        }
        if linked.is_some_and(|identity| !identity.confirmed) {
            steps.push(("confirm-link", "确认关联统一身份认证，当面核对过是本人"));
        }
    }
    if allow(actor, Action::ManageAccounts).is_ok() {
        steps.push(match is_open {
            true => ("close", "停用账号，立即生效"),
            false => ("open", "重新启用账号"),
        });
        if is_open {
            steps.push(("password", "重发初始口令，原来的密码作废"));
        }
    }
    if allow(actor, Action::EndSessions).is_ok() && is_open {
        steps.push(("sessions", "退出他的所有登录"));
    }
    if allow(actor, Action::EndSessions).is_ok() && linked.is_some() {
        steps.push(("unlink", "解除关联统一身份认证，并退出他的所有登录"));
    }
    (!steps.is_empty()).then(|| ActionForm {
        fields: vec![Field::new("act", "办什么", "", Input::OneOf(steps))],
        submit: "确定",
        ..form_of(account, problem)
    })
}

/// Does what was chosen.
pub(super) async fn change(
    state: Data<WebState>,
    request: HttpRequest,
    name: Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let actor = signed_in(&state, &request, Action::ListAccounts.roles()).await?;
    let fields = posted(form);
    match done(&state, &actor, &name, &fields).await {
        Ok(Some(password)) => first_password_page(&state, &actor, &name, &password),
        Ok(None) => Ok(answer::go_to(&format!("/accounts/{name}"))),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = page(&state, &actor, &name, Some((problem, &fields))).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// The new first password, where one was given.
async fn done(
    state: &WebState,
    actor: &Actor,
    name: &str,
    fields: &Posted,
) -> Verb<Option<String>> {
    let (app, now) = (&state.app, state.now());
    match fields.text("act") {
        "confirm" => confirm_role(app, actor, name, now).await?,
        "reset" => reset_second_factor(app, actor, name, now).await?,
        "close" => close_account(app, actor, name, now).await?,
        "open" => open_account(app, actor, name, now).await?,
        "sessions" => end_sessions(app, actor, name, now).await.map(drop)?,
        "confirm-link" => confirm_link(app, actor, name, now).await?,
        "unlink" => unlink_identity(app, actor, name, now).await?,
        "link" => {
            let none = Refusal::Contradiction("本站没有设置统一身份认证");
            let provider = state.provider.as_deref().ok_or(none)?;
            let identity = (provider, fields.text("subject"));
            link_identity(app, actor, name, identity, now).await?;
        }
        "password" => {
            let mut rng = (state.rng)();
            let password = first_password_again(app, actor, name, now, &mut rng).await?;
            return Ok(Some(password));
        }
        "role" => {
            let chosen = posted_role(fields);
            let (role, unit, body) = chosen.ok_or(Refusal::Contradiction("请选一个角色"))?;
            change_role(app, actor, name, &Grant { role, unit, body }, now).await?;
        }
        "branch" => set_branch(app, actor, name, fields.text("branch"), now).await?,
        _ => return Err(Refusal::Contradiction("请选要办的事").into()),
    }
    Ok(None)
}
