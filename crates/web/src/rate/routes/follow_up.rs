//! What became of my feedback.

use super::{Form, frame};
use crate::{
    Page, WebState, answer,
    guard::after_a_wrong_code,
    rate::{FollowUpPage, FollowUpStep, LookupPage, Story},
    routes::posted,
    wording,
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use workflows::{FollowUp, FollowedOpinion, lookup};

/// The field for the code.
pub async fn ask(state: Data<WebState>, request: HttpRequest) -> Page {
    let frame = frame(
        &state,
        &request,
        "我的反馈：用查询码查进展",
        "不用登录",
        "/my",
    )
    .await?;
    answer::own_page(&LookupPage {
        frame,
        code: String::new(),
        problem: None,
    })
}

/// What happened to the feedback of this code.
pub async fn find(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let fields = posted(form);
    let code = fields.text("code").trim();
    match lookup(&state.app, code).await? {
        Some(found) => {
            let heading = heading(&found);
            let frame = frame(
                &state,
                &request,
                &format!("我的反馈：{heading}"),
                &found.round_title,
                "/my",
            )
            .await?;
            answer::own_page(&page(frame, code, heading, &found))
        }
        None => {
            after_a_wrong_code().await?;
            let frame = frame(&state, &request, "没有查到：我的反馈", "不用登录", "/my").await?;
            let problem = Some("没有这个查询码，请对照提交时记下的再输入一次".to_owned());
            answer::own_page_with(
                StatusCode::NOT_FOUND,
                &LookupPage {
                    frame,
                    code: code.to_owned(),
                    problem,
                },
            )
        }
    }
}

fn heading(found: &FollowUp) -> String {
    match found
        .opinions
        .iter()
        .find_map(|opinion| opinion.matter.as_ref())
    {
        Some(matter) => matter.stage.citizen_words().to_owned(),
        None if found.published_on.is_some() => "已计入公布的结果".to_owned(),
        None => "已收到".to_owned(),
    }
}

fn page(
    frame: crate::frame::CitizenFrame,
    code: &str,
    heading: String,
    found: &FollowUp,
) -> FollowUpPage {
    FollowUpPage {
        frame,
        heading,
        code: code.to_uppercase(),
        round_title: found.round_title.clone(),
        stories: found
            .opinions
            .iter()
            .map(|opinion| story(opinion, found))
            .collect(),
        steps: steps_of_answers(found),
    }
}

fn step(mark: &'static str, what: &str, when: String) -> FollowUpStep {
    FollowUpStep {
        mark,
        what: what.to_owned(),
        when,
    }
}

fn steps_of_answers(found: &FollowUp) -> Vec<FollowUpStep> {
    let published = match found.published_on {
        Some(day) => step("d", "计入公布的结果", wording::full_day(day)),
        None => step("n", "截止后汇总、公布", "还没有公布".to_owned()),
    };
    vec![
        step("d", "已收到", "答案和邀请码已经分开".to_owned()),
        published,
    ]
}

fn story(opinion: &FollowedOpinion, found: &FollowUp) -> Story {
    let title = opinion
        .unit
        .clone()
        .unwrap_or_else(|| "还在确定由哪个部门办".to_owned());
    let words = if opinion.words.is_empty() {
        "只勾选了原因，没有写字。".to_owned()
    } else {
        opinion.words.clone()
    };
    let Some(matter) = &opinion.matter else {
        return Story {
            title,
            words,
            same: 0,
            steps: steps_of_answers(found),
            reply: String::new(),
        };
    };
    let last = matter.steps.len();
    let mut steps = vec![step("d", "已收到", String::new())];
    steps.extend(matter.steps.iter().enumerate().map(|(index, (day, what))| {
        let mark = if index + 1 == last { "n" } else { "d" };
        step(mark, what, wording::day(*day))
    }));
    Story {
        title: format!("{title}：{}", matter.stage.citizen_words()),
        words,
        same: matter.voices.saturating_sub(1),
        steps,
        reply: matter.reply.clone().unwrap_or_default(),
    }
}
