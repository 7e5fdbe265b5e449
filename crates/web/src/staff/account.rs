//! One's own account: password, second factor, and where one is signed in.

use super::accounts::account_frame;
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Cell, Field, Input, Section, SectionsPage, Table},
    guard::{Guesser, network_of, take_turns},
    routes::posted,
    session::holder,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Form, Query},
};
use serde::Deserialize;
use storage::identities::{LinkedIdentity, find_identity_of};
use workflows::{
    Owes, OwnSession, PasswordChange, Refusal, SignedIn, VerbError, change_password,
    end_other_sessions, end_own_session, own_sessions, safety,
};

type Fields = Form<Vec<(String, String)>>;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

impl Done {
    fn words(&self) -> Option<&'static str> {
        match self.done.as_deref()? {
            "password" => Some("密码已更换，其他设备上的登录都已退出"),
            "session" => Some("已退出那台设备"),
            "others" => Some("已退出其他所有设备"),
            "factor" => Some("动态码已停用"),
            _ => None,
        }
    }
}

/// The page.
pub(super) async fn show(state: Data<WebState>, request: HttpRequest, done: Query<Done>) -> Page {
    let who = holder(&state, &request).await?;
    let mut page = page(&state, &who, None).await?;
    page.frame.done = done.words().map(str::to_owned);
    answer::own_page(&page)
}

/// Which form was refused, and why.
#[derive(Clone, PartialEq, Eq)]
enum Part {
    Password,
    Sessions,
}

async fn page(
    state: &WebState,
    who: &SignedIn,
    refused: Option<(Part, String)>,
) -> Result<SectionsPage, PageError> {
    let problem = |part: Part| {
        let found = refused.as_ref().filter(|(of, _)| *of == part);
        found.map(|(_, words)| words.clone())
    };
    let rules = safety(&state.app).await?;
    let sessions = own_sessions(&state.app, who, state.now()).await?;
    let lead = who.owes.map(owed_words).map(str::to_owned);
    let linked = find_identity_of(state.app.store(), who.actor.account.as_str()).await?;
    let mut page = SectionsPage {
        frame: account_frame(state, &who.actor, "我的账号"),
        lead: lead.into_iter().collect(),
        sections: vec![
            Section {
                heading: "换密码",
                words: vec![format!("密码规则：{}。", rules.password.label())],
                forms: vec![password_form(problem(Part::Password))],
                ..Section::default()
            },
            factor_section(who, rules.second_factor.contains(&who.actor.role)),
            sessions_section(&sessions, problem(Part::Sessions)),
        ],
    };
    page.sections.extend(linked.as_ref().map(linked_section));
    Ok(page)
}

fn linked_section(identity: &LinkedIdentity) -> Section {
    let state = if identity.confirmed {
        "可以登录您的账号"
    } else {
        "经安全管理员确认以后，可以登录您的账号"
    };
    Section {
        heading: "统一身份认证",
        words: vec![format!(
            "标识 {}{state}。不是您本人的，请马上找安全管理员解除。",
            identity.subject
        )],
        ..Section::default()
    }
}

const fn owed_words(owes: Owes) -> &'static str {
    match owes {
        Owes::FirstPassword => "您的密码是别人发给的。请先换成只有自己知道的密码，再开始办事。",
        Owes::OldPassword => "您的密码已经用满期限。请先换一个，再继续办事。",
        Owes::SecondFactor => "您这个角色必须使用动态码。请先设置动态码，再继续办事。",
    }
}

fn password_form(problem: Option<String>) -> ActionForm {
    let field = |name, label, purpose| Field::new(name, label, "", Input::Secret(purpose));
    ActionForm {
        action: "/account/password".to_owned(),
        fields: vec![
            field("old", "现在的密码", "current-password"),
            field("new", "新密码", "new-password"),
            field("again", "再输入一次新密码", "new-password"),
        ],
        submit: "换密码",
        note: "换好以后，其他设备上的登录会退出".to_owned(),
        problem,
        ..ActionForm::default()
    }
}

fn factor_section(who: &SignedIn, needed: bool) -> Section {
    let state = match (who.second_factor, needed) {
        (true, _) => "正在使用：登录时除密码外，还要输入手机应用上的 6 位动态码。",
        (false, true) => "还没有设置。您这个角色必须设置。",
        (false, false) => "还没有设置。设置以后，密码被人知道了也登录不了您的账号。",
    };
    Section {
        heading: "动态码",
        words: vec![state.to_owned()],
        link: Some((
            "/account/second-factor",
            if who.second_factor {
                "管理动态码"
            } else {
                "设置动态码"
            },
        )),
        ..Section::default()
    }
}

fn sessions_section(all: &[OwnSession], problem: Option<String>) -> Section {
    let row = |session: &OwnSession| {
        let here = if session.this {
            "（这台设备）"
        } else {
            ""
        };
        vec![
            Cell::text(format!("{}{here}", session.device)),
            Cell::text(wording::moment(session.since)),
            Cell::text(wording::moment(session.last_used)),
        ]
    };
    let others: Vec<&OwnSession> = all.iter().filter(|session| !session.this).collect();
    let mut forms = Vec::new();
    if !others.is_empty() || problem.is_some() {
        forms.push(one_session_form(&others, problem));
        forms.push(ActionForm {
            action: "/account/sessions".to_owned(),
            fields: vec![Field::hidden("session", "others")],
            submit: "退出其他所有设备",
            ..ActionForm::default()
        });
    }
    Section {
        words: vec!["连续 30 分钟没有使用，或登录满 12 小时，会自动退出。有不认识的设备，请退出它并马上换密码。".to_owned()],
        table: Some(Table {
            heading: "登录着的设备".to_owned(),
            head: vec![("设备", false), ("登录时间", false), ("最近使用", false)],
            rows: all.iter().map(row).collect(),
            empty: "",
        }),
        forms,
        ..Section::default()
    }
}

fn one_session_form(others: &[&OwnSession], problem: Option<String>) -> ActionForm {
    let choice = |session: &&OwnSession| {
        let since = wording::moment(session.since);
        (
            session.handle.clone(),
            format!("{}，{since} 登录", session.device),
        )
    };
    let choices = others.iter().map(choice).collect();
    ActionForm {
        action: "/account/sessions".to_owned(),
        fields: vec![Field::new(
            "session",
            "哪台设备",
            "",
            Input::Choice(choices),
        )],
        submit: "退出这台设备",
        problem,
        ..ActionForm::default()
    }
}

/// Changes the password.
pub(super) async fn password(state: Data<WebState>, request: HttpRequest, form: Fields) -> Page {
    let who = holder(&state, &request).await?;
    let fields = posted(form);
    let change = PasswordChange {
        old: fields.text("old"),
        new: fields.text("new"),
        again: fields.text("again"),
    };
    let (now, network) = (state.now(), network_of(&state, &request));
    let guesser = Guesser::new(who.actor.account.as_str(), network);
    guesser.wait(now).await?;
    match change_password(&state.app, &who, change, now, &mut (state.rng)()).await {
        Ok(()) => {
            guesser.was_right();
            Ok(answer::go_to("/account?done=password"))
        }
        Err(VerbError::Refused(refusal)) => {
            match refusal {
                Refusal::WrongPassword => take_turns(network).await?,
                _ => guesser.was_right(),
            }
            refused(&state, &who, Part::Password, &refusal).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn refused(state: &WebState, who: &SignedIn, part: Part, refusal: &Refusal) -> Page {
    let problem = format!("{refusal}（{}）", refusal.code());
    let page = page(state, who, Some((part, problem))).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Signs out elsewhere.
pub(super) async fn sessions(state: Data<WebState>, request: HttpRequest, form: Fields) -> Page {
    let who = holder(&state, &request).await?;
    let fields: Posted = posted(form);
    let (app, now) = (&state.app, state.now());
    let (ended, done) = match fields.text("session") {
        "others" => (end_other_sessions(app, &who, now).await.map(drop), "others"),
        named => (end_own_session(app, &who, named, now).await, "session"),
    };
    match ended {
        Ok(()) => Ok(answer::go_to(&format!("/account?done={done}"))),
        Err(VerbError::Refused(refusal)) => refused(&state, &who, Part::Sessions, &refusal).await,
        Err(other) => Err(other.into()),
    }
}
