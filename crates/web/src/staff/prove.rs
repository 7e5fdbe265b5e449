//! Showing the password again, and the code where there is one, before a step that cannot be taken back.

use super::accounts::account_frame;
use crate::{
    Page, PageError, WebState, answer, cookie,
    form::{ActionForm, Field, FormPage, Input},
    guard::{Guesser, network_of, take_turns},
    routes::posted,
    session::holder,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Form, Query},
};
use serde::Deserialize;
use workflows::{SignedIn, VerbError, prove};

/// Pages that send somebody here, and to which one comes back; no other address is ever gone to.
const PLACES: [&str; 4] = [
    "/account",
    "/account/second-factor",
    "/office/publish",
    "/office/indicators",
];

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Afterwards {
    to: Option<String>,
}

fn place(wanted: &str) -> &'static str {
    let found = PLACES.into_iter().find(|place| *place == wanted);
    found.unwrap_or("/account")
}

/// Asks.
pub(super) async fn show(
    state: Data<WebState>,
    request: HttpRequest,
    afterwards: Query<Afterwards>,
) -> Page {
    let who = holder(&state, &request).await?;
    let to = place(afterwards.to.as_deref().unwrap_or_default());
    answer::own_page(&page(&state, &who, to, None))
}

fn page(state: &WebState, who: &SignedIn, to: &'static str, problem: Option<String>) -> FormPage {
    let mut fields = vec![
        Field::hidden("to", to),
        Field::new("password", "密码", "", Input::Secret("current-password")),
    ];
    if who.second_factor {
        fields.push(Field::new(
            "code",
            "动态码或恢复码",
            "刚才登录用过的动态码不能再用，请等它换一个。",
            Input::Code,
        ));
    }
    FormPage {
        frame: account_frame(state, &who.actor, "再验证一次身份"),
        lead: vec!["接下来的一步很要紧，请重新输入密码。五分钟以内不再问第二遍。".to_owned()],
        form: Some(ActionForm {
            action: "/account/prove".to_owned(),
            fields,
            submit: "继续",
            problem,
            ..ActionForm::default()
        }),
        tables: Vec::new(),
    }
}

/// Takes what is shown and leads back.
pub(super) async fn take(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let who = holder(&state, &request).await?;
    let fields = posted(form);
    let to = place(fields.text("to"));
    let (now, network) = (state.now(), network_of(&state, &request));
    let guesser = Guesser::new(who.actor.account.as_str(), network);
    guesser.wait(now).await?;
    let shown = (fields.text("password"), fields.text("code"));
    match prove(&state.app, &who, shown, now, &mut (state.rng)()).await {
        Ok(secret) => {
            guesser.was_right();
            let cookies = vec![cookie::keep_session(&state, secret)];
            Ok(answer::go_to_with(to, cookies))
        }
        Err(VerbError::Refused(refusal)) => {
            take_turns(network).await?;
            let problem = Some(format!("{refusal}（{}）", refusal.code()));
            let page = page(&state, &who, to, problem);
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(PageError::from(other)),
    }
}
