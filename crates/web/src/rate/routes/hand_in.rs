//! Looked over, handed in once, acknowledged with a code.

use super::{
    Form,
    answer_pages::{Opened, open},
    frame, round_of, status, view,
};
use crate::{
    Page, PageError, WebState, answer, cookie,
    rate::{CheckPage, ReceiptPage, ReceiptStep, Status},
    routes::posted,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use rand::Rng;
use response_collection::visible_pages;
use storage::rounds::RoundRecord;
use vocabulary::RoundId;
use workflows::collect::{self, DraftKey, OpenDraft, SubmitRefused};

/// All answers before they are handed in.
pub async fn check(state: Data<WebState>, request: HttpRequest, round: Path<RoundId>) -> Page {
    let (record, _, draft) = match open(&state, &request, &round).await? {
        Opened::Draft(opened) => *opened,
        Opened::Instead(page) => return page,
    };
    let page = check_page(&state, &request, &record, &draft, None).await?;
    answer::own_page(&page)
}

async fn check_page(
    state: &WebState,
    request: &HttpRequest,
    record: &RoundRecord,
    draft: &OpenDraft,
    problem: Option<String>,
) -> Result<CheckPage, PageError> {
    let round = &record.round.id;
    let last = visible_pages(&draft.questionnaire, &draft.pages, &draft.answers)
        .last()
        .map_or(1, |page| page.index);
    Ok(CheckPage {
        frame: frame(
            state,
            request,
            "还没有提交，请核对",
            &record.round.title,
            &format!("/s/{round}/check"),
        )
        .await?,
        round: round.to_string(),
        lines: view::check_lines(round, draft),
        last: format!("/s/{round}/q/{last}"),
        submission_id: submission_id(state),
        problem,
    })
}

fn submission_id(state: &WebState) -> String {
    let mut bytes = [0_u8; 16];
    (state.rng)().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// Hands the answers in; the same form sent twice is acknowledged twice and counted once.
pub async fn submit(
    state: Data<WebState>,
    request: HttpRequest,
    round: Path<RoundId>,
    form: Form,
) -> Page {
    let fields = posted(form);
    let submission = fields.text("submission_id");
    if submission.len() != 32 || !submission.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(PageError::BadForm);
    }
    let key = cookie::draft(&request).as_deref().and_then(DraftKey::parse);
    let Some(key) = key.or_else(|| DraftKey::parse(&"0".repeat(64))) else {
        return Err(PageError::BadForm);
    };
    let mut rng = (state.rng)();
    match collect::submit(&state.app, &round, &key, submission, state.now(), &mut rng).await? {
        Ok(receipt) => {
            let cookies = vec![
                cookie::keep_receipt(&state, receipt.code.text()),
                cookie::forget_draft(&state),
            ];
            Ok(answer::go_to_with(&format!("/s/{round}/receipt"), cookies))
        }
        Err(refused) => not_taken(&state, &request, &round, refused).await,
    }
}

async fn not_taken(
    state: &WebState,
    request: &HttpRequest,
    round: &RoundId,
    refused: SubmitRefused,
) -> Page {
    let round_id = Some(round.as_str());
    match refused {
        SubmitRefused::NoDraft => {
            status(
                state,
                request,
                &Status::NoDraft,
                round_id,
                StatusCode::NOT_FOUND,
            )
            .await
        }
        SubmitRefused::Closed => {
            status(state, request, &Status::Closed, round_id, StatusCode::OK).await
        }
        SubmitRefused::Used => {
            status(
                state,
                request,
                &Status::AlreadyUsed,
                round_id,
                StatusCode::OK,
            )
            .await
        }
        SubmitRefused::DifferentContent => {
            status(
                state,
                request,
                &Status::AlreadyUsed,
                round_id,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        SubmitRefused::Busy => Err(PageError::Unavailable),
        SubmitRefused::Answer(problem) => match open(state, request, round).await? {
            Opened::Instead(page) => page,
            Opened::Draft(opened) => {
                let page = check_page(
                    state,
                    request,
                    &opened.0,
                    &opened.2,
                    Some(problem.to_string()),
                )
                .await?;
                answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
            }
        },
    }
}

/// Shows the code of the receipt.
pub async fn receipt(state: Data<WebState>, request: HttpRequest, round: Path<RoundId>) -> Page {
    let Some(code) = cookie::receipt(&request) else {
        return Ok(answer::go_to("/my"));
    };
    let Some(record) = round_of(&state, &round).await? else {
        return Err(PageError::NotFound);
    };
    let page = ReceiptPage {
        frame: frame(
            &state,
            &request,
            "收到了，请记下查询码",
            &record.round.title,
            &format!("/s/{round}/receipt"),
        )
        .await?,
        code,
        steps: vec![
            ReceiptStep {
                what: "截止以后汇总",
                when: format!(
                    "{}以后，答案打乱顺序再打开",
                    wording::day(record.round.period_end)
                ),
            },
            ReceiptStep {
                what: "公布结果",
                when: "两个人批准以后，在本站公布".to_owned(),
            },
            ReceiptStep {
                what: "您写的意见",
                when: "去掉个人信息后转给部门，限期答复，凭查询码看进展".to_owned(),
            },
        ],
    };
    answer::own_page(&page)
}
