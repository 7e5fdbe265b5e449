//! Setting up the second factor: a code to scan, a first code to show, ten codes to write down.

use super::accounts::account_frame;
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Field, Input, Section, SectionsPage},
    qr::qr,
    routes::posted,
    session::holder,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Form},
};
use workflows::{
    Enrolment, Refusal, SignedIn, VerbError, begin_second_factor, confirm_second_factor,
    pending_second_factor, recovery_codes_left, remove_second_factor,
};

const HERE: &str = "/account/second-factor";

/// The page as things stand.
pub(super) async fn show(state: Data<WebState>, request: HttpRequest) -> Page {
    let who = holder(&state, &request).await?;
    answer::own_page(&page(&state, &who, None).await?)
}

async fn page(
    state: &WebState,
    who: &SignedIn,
    problem: Option<String>,
) -> Result<SectionsPage, PageError> {
    let section = match pending_second_factor(&state.app, who).await? {
        _ if who.second_factor => in_use(recovery_codes_left(&state.app, who).await?, problem),
        Some(enrolment) => to_confirm(&enrolment, problem),
        None => to_begin(problem),
    };
    Ok(SectionsPage {
        frame: account_frame(state, &who.actor, "动态码"),
        lead: Vec::new(),
        sections: vec![section],
    })
}

fn form(act: &'static str, submit: &'static str, problem: Option<String>) -> ActionForm {
    ActionForm {
        action: HERE.to_owned(),
        fields: vec![Field::hidden("act", act)],
        submit,
        problem,
        ..ActionForm::default()
    }
}

fn to_begin(problem: Option<String>) -> Section {
    Section {
        heading: "设置动态码",
        words: vec![
            "请先在手机上装一个能生成动态码的应用（支持 TOTP 的身份验证器都可以，不需要联网）。"
                .to_owned(),
            "设置好以后，每次登录除密码外，还要输入应用上显示的 6 位数字。".to_owned(),
        ],
        forms: vec![form("begin", "开始设置", problem)],
        ..Section::default()
    }
}

fn to_confirm(enrolment: &Enrolment, problem: Option<String>) -> Section {
    let mut confirm = form("confirm", "确认启用", problem);
    confirm.fields.push(Field::new(
        "code",
        "应用上显示的 6 位动态码",
        "手机时间要准，误差不能超过半分钟。",
        Input::Code,
    ));
    Section {
        heading: "用手机应用扫这个码",
        words: vec!["扫不了的，在应用里选“手动输入密钥”，照下面这一行输入。".to_owned()],
        drawing: Some(qr(&enrolment.address)),
        lines: vec![in_groups(&enrolment.secret)],
        forms: vec![confirm, form("begin", "换一个码重新开始", None)],
        ..Section::default()
    }
}

/// In groups of four, as it is typed.
fn in_groups(secret: &str) -> String {
    let signs: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = signs
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

fn in_use(left: u64, problem: Option<String>) -> Section {
    Section {
        heading: "动态码正在使用",
        words: vec![
            format!(
                "还有 {left} 个恢复码没有用过。手机换了或丢了，先用恢复码登录，再停用、重新设置。"
            ),
            "恢复码也没有了的，请找安全管理员取消动态码。".to_owned(),
        ],
        forms: vec![form("remove", "停用动态码", problem)],
        ..Section::default()
    }
}

/// Begins, confirms, or gives up.
pub(super) async fn act(
    state: Data<WebState>,
    request: HttpRequest,
    fields: Form<Vec<(String, String)>>,
) -> Page {
    let who = holder(&state, &request).await?;
    let fields = posted(fields);
    let (app, now, mut rng) = (&state.app, state.now(), (state.rng)());
    let done = match fields.text("act") {
        "begin" => begin_second_factor(app, &who, now, &mut rng)
            .await
            .map(|()| answer::go_to(HERE)),
        "remove" => remove_second_factor(app, &who, now)
            .await
            .map(|()| answer::go_to("/account?done=factor")),
        "confirm" => {
            match confirm_second_factor(app, &who, fields.text("code"), now, &mut rng).await {
                Ok(codes) => return answer::own_page(&codes_page(&state, &who, codes)),
                Err(error) => Err(error),
            }
        }
        _ => return Err(PageError::BadForm),
    };
    match done {
        Ok(answer) => Ok(answer),
        Err(VerbError::Refused(Refusal::ProofNeeded)) => Err(PageError::ProveFirst(HERE)),
        Err(VerbError::Refused(refusal)) => {
            let problem = Some(format!("{refusal}（{}）", refusal.code()));
            let page = page(&state, &who, problem).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// The recovery codes, this once.
fn codes_page(state: &WebState, who: &SignedIn, codes: Vec<String>) -> SectionsPage {
    SectionsPage {
        frame: account_frame(state, &who.actor, "动态码已启用"),
        lead: vec!["请抄下或打印这十个恢复码，锁好。只显示这一次；手机不在身边时，每个可以代替动态码用一次。".to_owned()],
        sections: vec![Section {
            heading: "恢复码",
            lines: codes,
            ..Section::default()
        }],
    }
}
