//! Signing in with a password, then with the code of the second factor where there is one; signing out.

use super::{CodePage, DemoAccount, SignInPage, what_a_role_does};
use crate::{
    Page, PageError, WebState, answer, cookie,
    device::device,
    frame::{PortalFrame, PortalPlace},
    guard::{Guesser, network_of, take_turns},
    known,
    routes::posted,
    session::{holder, workplace},
};
use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
    web::{Data, Form},
};
use std::collections::BTreeMap;
use storage::{accounts::list_accounts, units};
use vocabulary::Role;
use workflows::{
    Account, AccountState, Credentials, DEMO_PASSWORD, Entered, Refusal, VerbError, awaiting_code,
    sign_in, sign_in_code, sign_out,
};

const LISTED_PER_ROLE: usize = 3;
/// What a browser forgets at signing out; cookies of surveys on the same device stay.
const FORGET: &str = r#""cache", "storage""#;

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
        frame: sign_in_frame(state, title).await?,
        provider: state.provider.as_ref().map(|it| it.name().to_owned()),
        account: account.to_owned(),
        problem,
        demo: if state.demo_accounts {
            demo_accounts(state).await?
        } else {
            Vec::new()
        },
    })
}

/// The frame of pages on the way in.
pub(super) async fn sign_in_frame(state: &WebState, title: &str) -> Result<PortalFrame, PageError> {
    Ok(PortalFrame {
        title: title.to_owned(),
        host: known::host(&state.app, state.demo_accounts).await?,
        place: PortalPlace::Elsewhere,
        round: None,
    })
}

/// The sign-in page with the reason somebody is not in.
pub(super) async fn refused_page(
    state: &WebState,
    account: &str,
    refusal: &Refusal,
    status: StatusCode,
) -> Page {
    let page = sign_in_page(state, account, Some(refusal.to_string())).await?;
    answer::own_page_with(status, &page)
}

/// The first accounts of each role, with the names of their units or bodies.
async fn demo_accounts(state: &WebState) -> Result<Vec<DemoAccount>, PageError> {
    let all = list_accounts(state.app.store()).await?;
    let places = places(state).await?;
    let mut listed = Vec::new();
    for role in Role::ALL {
        let of_role = all.iter().filter(|account| {
            AccountState::of(account) == AccountState::Open && account.role == role.code()
        });
        listed.extend(
            of_role
                .take(LISTED_PER_ROLE)
                .map(|account| demo_account(account, role, &places)),
        );
    }
    Ok(listed)
}

/// Names of units and bodies by code.
pub(super) async fn places(state: &WebState) -> Result<BTreeMap<String, String>, PageError> {
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

/// The name of what an account is held for; empty where it is for none.
pub(super) fn place_of(account: &Account, places: &BTreeMap<String, String>) -> String {
    let id = account.unit_id.as_ref().or(account.body_id.as_ref());
    id.and_then(|id| places.get(id))
        .or(account.branch.as_ref())
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

/// The page.
pub(super) async fn page(state: Data<WebState>) -> Page {
    answer::own_page(&sign_in_page(&state, "", None).await?)
}

/// Takes name and password.
pub(super) async fn enter(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let fields = posted(form);
    let account = fields.text("account").trim();
    let (now, network) = (state.now(), network_of(&state, &request));
    let guesser = Guesser::new(account, network);
    guesser.wait(now).await?;
    let (device, earlier) = (device(&request), cookie::session(&state, &request));
    let shown = Credentials {
        account,
        password: fields.text("password"),
        device: &device,
        earlier: earlier.as_deref(),
    };
    match sign_in(&state.app, shown, now, &mut (state.rng)()).await {
        Ok(entered) => {
            guesser.was_right();
            let (page, secret) = match entered {
                Entered::In(secret) => ("/work", secret),
                Entered::CodeAsked(secret) => ("/sign-in/code", secret),
            };
            Ok(answer::go_to_with(
                page,
                vec![cookie::keep_session(&state, secret)],
            ))
        }
        Err(VerbError::Refused(refusal)) => {
            take_turns(network).await?;
            refused_page(&state, account, &refusal, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn code_page(state: &WebState, problem: Option<String>) -> Result<CodePage, PageError> {
    Ok(CodePage {
        frame: sign_in_frame(state, "输入验证码").await?,
        problem,
    })
}

/// Asks for the code; whoever comes too late begins again.
pub(super) async fn code(state: Data<WebState>, request: HttpRequest) -> Page {
    match waiting(&state, &request).await? {
        Some(_) => answer::own_page(&code_page(&state, None).await?),
        None => Ok(answer::go_to("/sign-in")),
    }
}

/// The cookie and the account of whoever has shown the password and not the code.
async fn waiting(
    state: &WebState,
    request: &HttpRequest,
) -> Result<Option<(String, String)>, PageError> {
    let Some(secret) = cookie::session(state, request) else {
        return Ok(None);
    };
    let account = awaiting_code(&state.app, &secret, state.now()).await?;
    Ok(account.map(|account| (secret, account)))
}

/// Takes the code.
pub(super) async fn enter_code(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let fields = posted(form);
    let Some((secret, account)) = waiting(&state, &request).await? else {
        return Err(PageError::SessionOver);
    };
    let (now, network) = (state.now(), network_of(&state, &request));
    let guesser = Guesser::new(&account, network);
    guesser.wait(now).await?;
    match sign_in_code(
        &state.app,
        &secret,
        fields.text("code"),
        now,
        &mut (state.rng)(),
    )
    .await
    {
        Ok(secret) => {
            guesser.was_right();
            Ok(answer::go_to_with(
                "/work",
                vec![cookie::keep_session(&state, secret)],
            ))
        }
        Err(VerbError::Refused(refusal)) => {
            take_turns(network).await?;
            let page = code_page(&state, Some(refusal.to_string())).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// Signs out, and lets the browser forget the pages it kept.
pub(super) async fn leave(state: Data<WebState>, request: HttpRequest) -> Page {
    if let Some(secret) = cookie::session(&state, &request) {
        sign_out(&state.app, &secret, state.now()).await?;
    }
    let mut answer = answer::go_to_with("/sign-in", vec![cookie::forget_session(&state)]);
    let name = header::HeaderName::from_static("clear-site-data");
    answer
        .headers_mut()
        .insert(name, header::HeaderValue::from_static(FORGET));
    Ok(answer)
}

/// Leads to the first page of one's workplace, or to what has to be done first.
pub(super) async fn work(state: Data<WebState>, request: HttpRequest) -> Page {
    let who = holder(&state, &request).await?;
    if who.owes.is_some() {
        return Err(PageError::AccountFirst);
    }
    Ok(answer::go_to(workplace(who.actor.role)))
}
