//! Signing in, signing out, and the way to one's workplace.

use super::{DemoAccount, SignInPage, what_a_role_does};
use crate::{
    Page, PageError, WebState, answer, cookie,
    form::{Cell, FormPage, Table},
    frame::{ConsoleFrame, NavLink, PortalFrame, PortalPlace},
    guard::{network_of, take_turns},
    icon::Icon,
    known,
    routes::posted,
    session::{anybody, signed_in, workplace},
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{self, Data, Form, ServiceConfig},
};
use std::collections::BTreeMap;
use storage::{
    accounts::{Account, list_accounts},
    units,
};
use vocabulary::Role;
use workflows::{DEMO_PASSWORD, VerbError};

const LISTED_PER_ROLE: usize = 3;

/// Puts signing in and the accounts page on their addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/sign-in", web::get().to(page))
        .route("/sign-in", web::post().to(enter))
        .route("/sign-out", web::post().to(leave))
        .route("/work", web::get().to(work))
        .route("/accounts", web::get().to(accounts));
}

async fn sign_in_page(
    state: &WebState,
    account: &str,
    problem: Option<String>,
) -> Result<SignInPage, PageError> {
    let title = if problem.is_some() {
        "没有登录成功"
    } else {
        "工作人员登录"
    };
    Ok(SignInPage {
        frame: PortalFrame {
            title: title.to_owned(),
            host: known::host(&state.app, state.demo_accounts).await?,
            place: PortalPlace::Elsewhere,
            round: None,
        },
        account: account.to_owned(),
        problem,
        demo: if state.demo_accounts {
            demo_accounts(state).await?
        } else {
            Vec::new()
        },
    })
}

/// The first accounts of each role, with the names of their units or bodies.
async fn demo_accounts(state: &WebState) -> Result<Vec<DemoAccount>, PageError> {
    let all = list_accounts(state.app.store()).await?;
    let places = places(state).await?;
    let mut listed = Vec::new();
    for role in Role::ALL {
        let of_role = all
            .iter()
            .filter(|account| account.active && account.role == role.code());
        listed.extend(
            of_role
                .take(LISTED_PER_ROLE)
                .map(|account| demo_account(account, role, &places)),
        );
    }
    Ok(listed)
}

async fn places(state: &WebState) -> Result<BTreeMap<String, String>, PageError> {
    let store = state.app.store();
    let mut places: BTreeMap<String, String> = units::list_units(store)
        .await?
        .into_iter()
        .map(|unit| (unit.id.to_string(), unit.name))
        .collect();
    places.extend(
        units::list_bodies(store)
            .await?
            .into_iter()
            .map(|body| (body.id.to_string(), body.name)),
    );
    Ok(places)
}

fn place_of(account: &Account, places: &BTreeMap<String, String>) -> String {
    let id = account.unit_id.as_ref().or(account.body_id.as_ref());
    id.and_then(|id| places.get(id))
        .cloned()
        .unwrap_or_default()
}

fn demo_account(account: &Account, role: Role, places: &BTreeMap<String, String>) -> DemoAccount {
    DemoAccount {
        account: account.id.clone(),
        password: DEMO_PASSWORD.to_owned(),
        name: account.name.clone(),
        role: role.label(),
        place: place_of(account, places),
        can: what_a_role_does(role),
    }
}

async fn page(state: Data<WebState>) -> Page {
    answer::own_page(&sign_in_page(&state, "", None).await?)
}

async fn enter(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let fields = posted(form);
    let account = fields.text("account").trim();
    match workflows::sign_in(
        &state.app,
        account,
        fields.text("password"),
        state.now(),
        &mut (state.rng)(),
    )
    .await
    {
        Ok(secret) => Ok(answer::go_to_with(
            "/work",
            vec![cookie::keep_session(&state, secret)],
        )),
        Err(VerbError::Refused(refusal)) => {
            take_turns(network_of(&state, &request)).await?;
            let page = sign_in_page(&state, account, Some(refusal.to_string())).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn leave(state: Data<WebState>, request: HttpRequest) -> Page {
    if let Some(secret) = cookie::session(&request) {
        workflows::sign_out(&state.app, &secret).await?;
    }
    Ok(answer::go_to_with(
        "/sign-in",
        vec![cookie::forget_session(&state)],
    ))
}

/// Leads to the first page of one's workplace.
async fn work(state: Data<WebState>, request: HttpRequest) -> Page {
    match anybody(&state, &request).await? {
        Some(actor) => Ok(answer::go_to(workplace(actor.role))),
        None => Err(PageError::SignInFirst),
    }
}

/// The accounts, for the system administrator; no password and no business data.
async fn accounts(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &[Role::SystemAdmin]).await?;
    let places = places(&state).await?;
    let row = |account: &Account| {
        let role = Role::from_code(&account.role).map_or("", Role::label);
        let state = if account.active { "在用" } else { "停用" };
        [
            account.id.clone(),
            account.name.clone(),
            role.to_owned(),
            place_of(account, &places),
            state.to_owned(),
        ]
        .map(Cell::text)
        .into()
    };
    let all = list_accounts(state.app.store()).await?;
    let table = Table {
        heading: format!("全部账号（{} 个）", all.len()),
        head: vec![
            ("账号", false),
            ("姓名", false),
            ("角色", false),
            ("单位", false),
            ("状态", false),
        ],
        rows: all.iter().map(row).collect(),
        empty: "还没有账号。",
    };
    let frame = ConsoleFrame {
        title: "账号".to_owned(),
        heading: "账号".to_owned(),
        workplace: "系统管理",
        owner: "系统".to_owned(),
        nav: vec![NavLink {
            href: "/accounts".to_owned(),
            label: "账号",
            icon: Icon::User,
            count: None,
            current: true,
        }],
        name: actor.name.clone(),
        role: actor.role.label(),
        round: String::new(),
        done: None,
        demonstration: state.demo_accounts,
    };
    let lead = vec!["新增账号请在服务器上运行 huiyin user add，初始口令只显示一次。系统管理员看不到任何评价数据。".to_owned()];
    answer::own_page(&FormPage {
        frame,
        lead,
        form: None,
        tables: vec![table],
    })
}
