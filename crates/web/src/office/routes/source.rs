//! One system that sends rows: its key, and what it is still to be told.

use super::{Form, Place, ROLES, frame};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    known,
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use rating_import::{FileKind, LevelCodes};
use storage::{
    outbox::{Job, JobState},
    sources::{self, Source},
};
use workflows::{
    Action, Actor, MadeSource, Verb, VerbError, allow, change_callback, end_source, retry_letter,
    waiting_for_source,
};

/// One source.
pub async fn show(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, &id, Vec::new(), None).await?)
}

/// Ends a key, tells elsewhere, or tries again to tell.
pub async fn change(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let decided = match fields.text("decision") {
        "end" => end_source(&state.app, &actor, &id, state.now())
            .await
            .map(|()| None),
        "callback" => {
            let (url, now, mut rng) = (fields.text("callback"), state.now(), (state.rng)());
            change_callback(&state.app, &actor, &id, url, now, &mut rng).await
        }
        "retry" => retry_all(&state, &actor, &id).await.map(|()| None),
        _ => return Err(PageError::BadForm),
    };
    match decided {
        Ok(Some(secret)) => {
            let lead = vec![secret_words(&secret)];
            answer::own_page(&page(&state, &actor, &id, lead, None).await?)
        }
        Ok(None) => Ok(answer::go_to(&format!("/office/sources/{id}"))),
        Err(VerbError::Refused(refusal)) => {
            let problem = Some(format!("{refusal}（{}）", refusal.code()));
            let page = page(&state, &actor, &id, Vec::new(), problem).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn retry_all(state: &WebState, actor: &Actor, id: &str) -> Verb<()> {
    for job in waiting_for_source(&state.app, id).await? {
        if job.state == JobState::Dead {
            retry_letter(&state.app, actor, &job.handle, state.now()).await?;
        }
    }
    Ok(())
}

/// The page of a source that was just made, with what is shown this once.
pub(super) async fn made_page(
    state: &WebState,
    actor: &Actor,
    made: &MadeSource,
) -> Result<FormPage, PageError> {
    let key = format!(
        "密钥（只显示这一次，请马上交给系统的维护人员）：{}",
        made.key
    );
    let secret = made.callback_secret.as_deref().map(secret_words);
    let lead = std::iter::once(key).chain(secret).collect();
    page(state, actor, &made.id, lead, None).await
}

fn secret_words(secret: &str) -> String {
    format!("回调的签名密钥（只显示这一次）：{secret}")
}

async fn page(
    state: &WebState,
    actor: &Actor,
    id: &str,
    mut lead: Vec<String>,
    problem: Option<String>,
) -> Result<FormPage, PageError> {
    let source = sources::find_source(state.app.store(), id)
        .await?
        .ok_or(PageError::NotFound)?;
    lead.push(history(state, &source).await?);
    let jobs = waiting_for_source(&state.app, id).await?;
    let may = allow(actor, Action::ManageSources).is_ok() && source.ended_at.is_none();
    let form = may.then(|| form(&source, &jobs, problem));
    let heading = source.label.clone();
    Ok(FormPage {
        frame: frame(state, actor, &heading, Some(Place::Sources), "").await?,
        lead,
        form,
        tables: vec![waiting(&jobs)],
    })
}

async fn history(state: &WebState, source: &Source) -> Result<String, PageError> {
    let kind = FileKind::from_code(&source.kind).map_or("", FileKind::label);
    let made = known::account_name(&state.app, &source.made_by).await?;
    let mut words = format!(
        "推送{kind}，{}由{made}发给密钥",
        wording::moment(source.made_at)
    );
    if source.kind == FileKind::HallRatings.code() {
        let codes = LevelCodes::from_code(&source.level_codes).map_or("", LevelCodes::label);
        words += &format!("；等级数字：{codes}");
    }
    if let (Some(by), Some(at)) = (&source.ended_by, source.ended_at) {
        let by = known::account_name(&state.app, by).await?;
        words += &format!("；{}由{by}停用", wording::moment(at));
    }
    if let Some(url) = &source.callback_url {
        words += &format!("；回调 {url}");
    }
    Ok(words + "。")
}

fn form(source: &Source, jobs: &[Job], problem: Option<String>) -> ActionForm {
    let mut decisions = vec![
        ("callback", "换回调地址，同时换签名密钥；留空为不再通知"),
        ("end", "停用密钥，立即生效，不能恢复"),
    ];
    if jobs.iter().any(|job| job.state == JobState::Dead) {
        decisions.push(("retry", "没有送到的通知再试一次"));
    }
    ActionForm {
        action: format!("/office/sources/{}", source.id),
        fields: vec![
            Field::new("decision", "办什么", "", Input::OneOf(decisions)),
            Field::new("callback", "回调地址", "只在换地址时用。", Input::Line)
                .optional()
                .holding(source.callback_url.clone().unwrap_or_default()),
        ],
        submit: "确定",
        problem,
        ..ActionForm::default()
    }
}

/// What is on its way or was given up, by event and batch.
fn waiting(jobs: &[Job]) -> Table {
    let row = |job: &Job| {
        let about: Vec<&str> = job.job_key.splitn(4, '/').skip(2).collect();
        vec![
            Cell::text(about.join(" ")),
            Cell::text(match job.state {
                JobState::Dead => "没有送到，已放弃",
                JobState::Waiting | JobState::Done => "等待送出",
            }),
            Cell::text(job.attempts.to_string()),
            Cell::text(job.problem.clone().unwrap_or_default()),
        ]
    };
    Table {
        heading: "还没有送到的通知".to_owned(),
        head: vec![
            ("通知", false),
            ("状态", false),
            ("试过几次", true),
            ("最近的问题", false),
        ],
        rows: jobs.iter().map(row).collect(),
        empty: "没有。",
    }
}
