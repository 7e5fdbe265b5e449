//! Looked over, handed in once, acknowledged with a code.

use super::{
    Form,
    answer_pages::{Opened, open},
    round_frame, round_of, status, view,
};
use crate::{
    Page, PageError, WebState, answer, cookie,
    guard::{comes_in_a_burst, outside_network_of},
    rate::{CheckPage, ReceiptPage, ReceiptStep, Status, square_code},
    routes::posted,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use rand::Rng;
use response_collection::{Receipt, visible_pages};
use storage::rounds::RoundRecord;
use survey_design::Anonymity;
use vocabulary::{RoundId, civil_date};
use workflows::collect::{self, DraftKey, OpenDraft, SubmissionSigns, SubmitRefused};

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
    let (round, w) = (&record.round.id, cookie::language(request));
    let last = visible_pages(&draft.questionnaire, &draft.pages, &draft.answers)
        .last()
        .map_or(1, |page| page.index);
    Ok(CheckPage {
        frame: round_frame(state, request, w.check_title(), record, "/check").await?,
        round: round.to_string(),
        lines: view::check_lines(round, draft, w),
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
    let (now, network) = (state.now(), outside_network_of(&state, &request));
    let signs = SubmissionSigns {
        coached: fields.text("coached") == "1",
        burst: comes_in_a_burst(network, submission, now),
    };
    match collect::submit(&state.app, &round, &key, submission, signs, now, &mut rng).await? {
        Ok(receipt) => {
            let cookies = vec![
                cookie::keep_receipt(&state, receipt.text()),
                cookie::forget_draft(&state),
            ];
            Ok(answer::go_to_with(&format!("/s/{round}/receipt"), cookies))
        }
        // Handed in a moment ago from another page of this browser: the receipt is what the person wants to see.
        Err(SubmitRefused::NoDraft) if kept_receipt(&request).is_some() => {
            Ok(answer::go_to(&format!("/s/{round}/receipt")))
        }
        Err(refused) => not_taken(&state, &request, &round, refused).await,
    }
}

/// Why answers were not taken, on a page of its own or on the page with all answers.
pub(super) async fn not_taken(
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
        SubmitRefused::Full => {
            status(state, request, &Status::Full, round_id, StatusCode::OK).await
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
                    Some(cookie::language(request).answer_problem(&problem)),
                )
                .await?;
                answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
            }
        },
    }
}

/// The receipt this browser was given a moment ago; whatever else stands in the cookie is nothing.
fn kept_receipt(request: &HttpRequest) -> Option<Receipt> {
    Receipt::parse(&cookie::receipt(request)?)
}

/// Shows the receipt.
pub async fn receipt(state: Data<WebState>, request: HttpRequest, round: Path<RoundId>) -> Page {
    let Some(kept) = kept_receipt(&request) else {
        return Ok(answer::go_to("/my"));
    };
    let Some(record) = round_of(&state, &round).await? else {
        return Err(PageError::NotFound);
    };
    let w = cookie::language(&request);
    let step = |what, when: &str| ReceiptStep {
        what,
        when: when.to_owned(),
    };
    let (today, end) = (civil_date(state.now()), record.round.period_end);
    let closing = if today > end {
        w.next_added_up_then().to_owned()
    } else {
        w.next_added_up_when(&w.day(end))
    };
    let page = ReceiptPage {
        frame: round_frame(&state, &request, w.receipt_title(), &record, "/receipt").await?,
        code: kept.code.text(),
        qr: square_code(
            &format!("{}/my#{}", state.base_url, kept.text()),
            w.receipt_square(),
        ),
        kept: match record.round.anonymity {
            Anonymity::Open => w.kept_open(),
            Anonymity::Decoupled => w.kept_decoupled(),
            Anonymity::Confidential => w.kept_confidential(),
        },
        day: w.full_day(today),
        steps: vec![
            step(w.next_added_up(), &closing),
            step(w.next_published(), w.next_published_when()),
            step(w.next_comments(), w.next_comments_when()),
        ],
    };
    answer::own_page(&page)
}
