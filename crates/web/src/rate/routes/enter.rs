//! From the invitation to the first question.

use super::{Form, frame, round_of, status, view};
use crate::{
    Page, PageError, WebState, answer, cookie,
    guard::after_a_wrong_code,
    rate::{LandingPage, Status},
    routes::posted,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use storage::rounds::{self, RoundRecord};
use survey_design::RoundState;
use vocabulary::RoundId;
use workflows::collect::{self, DraftKey, EnterRefused};

const MISTYPED: &str = "没有找到这个邀请码，请对照邀请再输入一次";

/// A code without a link: leads to the round that is open now.
pub async fn any_round(state: Data<WebState>, request: HttpRequest) -> Page {
    let all = rounds::list_rounds(state.app.store()).await?;
    match all
        .iter()
        .rev()
        .find(|record| record.round.state == RoundState::Collecting)
    {
        Some(record) => Ok(answer::go_to(&format!("/s/{}", record.round.id))),
        None => status(&state, &request, &Status::Closed, None, StatusCode::OK).await,
    }
}

/// Who asks, why, how long; one button.
pub async fn landing(state: Data<WebState>, request: HttpRequest, round: Path<RoundId>) -> Page {
    let Some(record) = round_of(&state, &round).await? else {
        return status(
            &state,
            &request,
            &Status::NoSuchRound,
            None,
            StatusCode::NOT_FOUND,
        )
        .await;
    };
    match record.round.state {
        RoundState::Draft | RoundState::Sampling => {
            status(
                &state,
                &request,
                &Status::NotOpenYet,
                Some(round.as_str()),
                StatusCode::OK,
            )
            .await
        }
        RoundState::Collecting => {
            let page = landing_page(&state, &request, &record, None).await?;
            answer::own_page(&page)
        }
        _ => {
            status(
                &state,
                &request,
                &Status::Closed,
                Some(round.as_str()),
                StatusCode::OK,
            )
            .await
        }
    }
}

/// The landing page, with the code and the problem when a code was not accepted.
async fn landing_page(
    state: &WebState,
    request: &HttpRequest,
    record: &RoundRecord,
    refused: Option<(&str, &str)>,
) -> Result<LandingPage, PageError> {
    let digest = record.overall.as_deref().unwrap_or_default();
    let questionnaire = workflows::questionnaire(&state.app, digest).await?;
    let title = if refused.is_some() {
        "邀请码要再看一下"
    } else {
        "开始填写"
    };
    let here = format!("/s/{}", record.round.id);
    let unfinished = unfinished(state, request, record).await?;
    Ok(LandingPage {
        frame: frame(state, request, title, &record.round.title, &here).await?,
        round: record.round.id.to_string(),
        title: questionnaire.title.clone(),
        intro: questionnaire
            .intro
            .split('\n')
            .filter(|line| !line.trim().is_empty())
            .map(str::to_owned)
            .collect(),
        minutes: questionnaire.minutes,
        period: wording::period(record.round.period_start, record.round.period_end),
        code: refused.map_or_else(String::new, |(code, _)| code.to_owned()),
        problem: refused.map(|(_, problem)| problem.to_owned()),
        unfinished,
    })
}

/// The page to go on with, when this browser keeps a draft of the round.
async fn unfinished(
    state: &WebState,
    request: &HttpRequest,
    record: &RoundRecord,
) -> Result<Option<String>, PageError> {
    let Some(key) = cookie::draft(request).as_deref().and_then(DraftKey::parse) else {
        return Ok(None);
    };
    let draft = collect::load(&state.app, &record.round.id, &key).await?;
    Ok(draft.map(|draft| view::resume_path(&record.round.id, &draft)))
}

/// Takes the code and leads to the first question, or to the one reached before.
pub async fn enter(
    state: Data<WebState>,
    request: HttpRequest,
    round: Path<RoundId>,
    form: Form,
) -> Page {
    let fields = posted(form);
    let code = fields.text("code");
    match collect::enter(&state.app, &round, code, state.now()).await? {
        Ok(key) => {
            let draft = collect::load(&state.app, &round, &key).await?;
            let path = draft.map_or_else(
                || format!("/s/{round}/q/1"),
                |draft| view::resume_path(&round, &draft),
            );
            Ok(answer::go_to_with(
                &path,
                vec![cookie::keep_draft(&state, key.text())],
            ))
        }
        Err(refused) => not_entered(&state, &request, &round, code, refused).await,
    }
}

/// Takes a "no, thank you".
pub async fn decline(
    state: Data<WebState>,
    request: HttpRequest,
    round: Path<RoundId>,
    form: Form,
) -> Page {
    let fields = posted(form);
    let code = fields.text("code");
    match collect::decline(&state.app, &round, code).await? {
        Ok(()) => {
            status(
                &state,
                &request,
                &Status::Declined,
                Some(round.as_str()),
                StatusCode::OK,
            )
            .await
        }
        Err(refused) => not_entered(&state, &request, &round, code, refused).await,
    }
}

async fn not_entered(
    state: &WebState,
    request: &HttpRequest,
    round: &RoundId,
    code: &str,
    refused: EnterRefused,
) -> Page {
    let page = match refused {
        EnterRefused::UnknownRound => {
            return status(
                state,
                request,
                &Status::NoSuchRound,
                None,
                StatusCode::NOT_FOUND,
            )
            .await;
        }
        EnterRefused::NotYetOpen => Status::NotOpenYet,
        EnterRefused::Closed => Status::Closed,
        EnterRefused::Used => Status::AlreadyUsed,
        EnterRefused::Declined => Status::Declined,
        EnterRefused::Busy => return Err(PageError::Unavailable),
        EnterRefused::UnknownCode => {
            after_a_wrong_code().await?;
            let record = round_of(state, round).await?.ok_or(PageError::NotFound)?;
            let landing = landing_page(state, request, &record, Some((code, MISTYPED))).await?;
            return answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &landing);
        }
    };
    status(state, request, &page, Some(round.as_str()), StatusCode::OK).await
}
