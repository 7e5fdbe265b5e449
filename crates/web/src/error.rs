//! Why a page cannot be given, as the reader needs to hear it; details are logged here once and never shown.

use crate::{guard::TooManyGuesses, problem::ProblemPage};
use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use askama::Template;
use std::{fmt, io};
use storage::StorageError;
use workflows::{Refusal, VerbError};

/// Why a page cannot be given.
#[derive(Debug)]
pub enum PageError {
    /// No such page or thing.
    NotFound,
    /// Nobody is signed in.
    SignInFirst,
    /// Nobody is signed in any more, and something was sent.
    SessionOver,
    /// The password has to be changed, or a second factor set up, before anything else.
    AccountFirst,
    /// The password has to be shown again first; the page to come back to.
    ProveFirst(&'static str),
    /// The role may not see or do this.
    NotAllowed,
    /// The request came from another site.
    OtherSite,
    /// The form was not one of ours.
    BadForm,
    /// More was sent than is taken.
    TooLarge,
    /// The form took too long to arrive.
    TooSlow,
    /// Too many wrong codes at once.
    TooMany,
    /// The rules say no.
    Refused(Box<Refusal>),
    /// Somebody else was first.
    Conflict(&'static str),
    /// The database or the disk cannot take or give anything now.
    Unavailable,
    /// Something failed that should not fail.
    Failed,
}

/// A page, or why there is none.
pub type Page = Result<HttpResponse, PageError>;

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().heading)
    }
}

struct Words {
    heading: &'static str,
    lines: Vec<String>,
    way: Way,
}

/// Address and words of the button that leads on.
type Way = (&'static str, &'static str);

const HOME: Way = ("/", "回到首页");
const WORK: Way = ("/work", "回到工作台");
const SIGN_IN: Way = ("/sign-in", "去登录");

impl Words {
    fn of(heading: &'static str, lines: &[&str], way: Way) -> Self {
        Self {
            heading,
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            way,
        }
    }
}

impl PageError {
    fn words(&self) -> Words {
        match self {
            Self::Refused(refusal) => Words {
                lines: vec![format!("{refusal}。")],
                ..Words::of("这一步现在不能办", &[], WORK)
            },
            Self::Conflict(why) => Words::of(
                "和别人的操作撞上了",
                &[why, "请返回刷新，看看最新的情况再办。"],
                WORK,
            ),
            Self::NotFound => Words::of(
                "没有这个页面",
                &["链接可能抄错了，或者这一项还没有公布。"],
                HOME,
            ),
            Self::Unavailable => Words::of(
                "现在保存不了",
                &["系统暂时不能写入，您刚才的这一步没有保存。请过几分钟再试，之前保存的都在。"],
                HOME,
            ),
            Self::Failed => Words::of(
                "系统出错了",
                &["不是您的问题。我们已经记下，请过一会儿再试。"],
                HOME,
            ),
            other => other.words_about_the_request(),
        }
    }

    /// Words where the request, not the thing asked for, is the trouble.
    fn words_about_the_request(&self) -> Words {
        match self {
            Self::SignInFirst => Words::of("请先登录", &["这一页只给工作人员看。"], SIGN_IN),
            Self::SessionOver => Words::of(
                "登录已经过期",
                &["刚才的内容没有保存。请重新登录后再提交一次。"],
                SIGN_IN,
            ),
            Self::AccountFirst => Words::of(
                "请先换密码",
                &["密码是别人给的、已经过期，或者还没有设置动态码。办好以后才能继续。"],
                ("/account", "去我的账号"),
            ),
            Self::ProveFirst(_) => Words::of(
                "请再验证一次身份",
                &["这一步不能撤回，要重新输入密码。"],
                ("/account/prove", "去验证"),
            ),
            Self::NotAllowed => Words::of(
                "您的身份不能看这一页",
                &["每个角色只能看和办自己那一部分。如果您觉得应该能看，请找系统管理员。"],
                WORK,
            ),
            Self::OtherSite => Words::of(
                "请从本站的页面提交",
                &["这次提交不是从本站页面发出的，已经拦下，什么都没有改动。"],
                HOME,
            ),
            Self::BadForm => Words::of(
                "提交的内容看不懂",
                &["可能是网页没有打开完整。请返回上一页，刷新后再试。"],
                HOME,
            ),
            Self::TooLarge => Words::of(
                "内容太长了",
                &["一次提交的内容超过了上限，请删短一些再试。"],
                HOME,
            ),
            Self::TooSlow => Words::of(
                "网络太慢，没有收全",
                &["这次提交没有传完，什么都没有保存。请等信号好一些再试，之前保存的都在。"],
                HOME,
            ),
            Self::TooMany => Words::of(
                "请稍等一会儿",
                &["同时输错码的人太多，请过一分钟再试。您已经填的不会丢。"],
                HOME,
            ),
            Self::NotFound
            | Self::Refused(_)
            | Self::Conflict(_)
            | Self::Unavailable
            | Self::Failed => self.words(),
        }
    }

    const fn english(&self) -> &'static str {
        match self {
            Self::NotFound => "There is no such page.",
            Self::SignInFirst => "Please sign in first; this page is for staff.",
            Self::SessionOver => {
                "Your session is over and nothing was saved. Please sign in again."
            }
            Self::AccountFirst => "Please change your password or set up your codes first.",
            Self::ProveFirst(_) => "Please show your password again first.",
            Self::NotAllowed => "Your role may not see this page.",
            Self::OtherSite => "This did not come from a page of this site. Nothing was changed.",
            Self::BadForm => {
                "We could not read what was sent. Please go back, reload and try again."
            }
            Self::TooLarge => "Too much was sent at once. Please shorten it and try again.",
            Self::TooSlow => {
                "The network was too slow for all of it to arrive, and nothing was saved. Please try again."
            }
            Self::TooMany => "Too many wrong codes at the moment. Please try again in a minute.",
            Self::Refused(_) => "This step is not possible now.",
            Self::Conflict(_) => "Somebody else was first. Please go back, reload and look again.",
            Self::Unavailable => {
                "Nothing can be saved at the moment, and this step was not. Please try again in a few minutes."
            }
            Self::Failed => "Something failed. It is not your fault; please try again later.",
        }
    }

    /// Where it is to be put right.
    fn place(&self) -> Option<String> {
        match self {
            Self::SignInFirst => Some("/sign-in".to_owned()),
            Self::AccountFirst => Some("/account".to_owned()),
            Self::ProveFirst(page) => Some(format!("/account/prove?to={page}")),
            _ => None,
        }
    }

    fn code(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.code().to_owned(),
            _ => String::new(),
        }
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignInFirst | Self::AccountFirst | Self::ProveFirst(_) => StatusCode::SEE_OTHER,
            Self::SessionOver => StatusCode::from_u16(419).expect("419 is between 100 and 999"),
            Self::NotAllowed | Self::OtherSite => StatusCode::FORBIDDEN,
            Self::BadForm => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused(refusal) => status_of(refusal),
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut response = HttpResponse::build(status);
        if let Some(place) = self.place() {
            response.insert_header((header::LOCATION, place));
        }
        if matches!(self, Self::Unavailable | Self::TooMany) {
            response.insert_header((header::RETRY_AFTER, "60"));
        }
        let words = self.words();
        let page = ProblemPage {
            heading: words.heading.to_owned(),
            words: words.lines,
            english: self.english(),
            way: (words.way.0.to_owned(), words.way.1),
            status: status.as_u16(),
            code: self.code(),
        };
        match page.render() {
            Ok(html) => response.content_type("text/html; charset=utf-8").body(html),
            Err(_) => response.finish(),
        }
    }
}

/// Refusals about things that are not there are 404, about who one is 403, all others 409.
fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal.code() {
        "WF-102" | "WF-105" | "WF-106" | "WF-118" | "WF-122" => StatusCode::NOT_FOUND,
        "WF-101" | "WF-107" | "WF-108" | "WF-116" | "WF-130" | "WF-137" => StatusCode::FORBIDDEN,
        "WF-138" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::CONFLICT,
    }
}

impl From<VerbError> for PageError {
    fn from(error: VerbError) -> Self {
        match error {
            VerbError::Refused(refusal) => Self::Refused(Box::new(refusal)),
            VerbError::Failed(error) => error.into(),
            VerbError::Io(error) if error.kind() == io::ErrorKind::StorageFull => {
                tracing::error!("the disk is full");
                Self::Unavailable
            }
            VerbError::Io(error) => {
                tracing::error!(kind = ?error.kind(), "a file could not be read or written");
                Self::Failed
            }
        }
    }
}

impl From<StorageError> for PageError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Conflict(why) => Self::Conflict(why),
            StorageError::Unavailable(_)
            | StorageError::AlreadyOpen { .. }
            | StorageError::Full => {
                tracing::error!(%error, "the database takes nothing now");
                Self::Unavailable
            }
            StorageError::Database(_) => {
                tracing::error!(%error, "the database failed");
                Self::Failed
            }
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a page could not be rendered");
        Self::Failed
    }
}

impl From<TooManyGuesses> for PageError {
    fn from(_: TooManyGuesses) -> Self {
        Self::TooMany
    }
}
