//! Question by question: shown, kept, gone back to, put aside.

use super::{Form, frame, round_of, status, view};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    cookie,
    rate::{Field, PausedPage, Problem, QuestionPage, Status},
    routes::posted,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use response_collection::{self as route, RawAnswer, next_page, previous_page};
use serde::Deserialize;
use storage::rounds::RoundRecord;
use survey_design::{AnswerKind, RoundState};
use vocabulary::RoundId;
use workflows::collect::{self, DraftKey, OpenDraft, SubmitRefused};

/// Where the person comes from.
#[derive(Debug, Default, Deserialize)]
pub struct Came {
    check: Option<u8>,
    resumed: Option<u8>,
}

/// The draft of this browser in an open round, or the page that says why there is none.
pub(super) enum Opened {
    /// Everything needed to go on.
    Draft(Box<(RoundRecord, DraftKey, OpenDraft)>),
    /// What to show instead.
    Instead(Page),
}

pub(super) async fn open(
    state: &WebState,
    request: &HttpRequest,
    round: &RoundId,
) -> Result<Opened, PageError> {
    let Some(record) = round_of(state, round).await? else {
        return Ok(Opened::Instead(
            status(
                state,
                request,
                &Status::NoSuchRound,
                None,
                StatusCode::NOT_FOUND,
            )
            .await,
        ));
    };
    if record.round.state > RoundState::Collecting {
        return Ok(Opened::Instead(
            status(
                state,
                request,
                &Status::Closed,
                Some(round.as_str()),
                StatusCode::OK,
            )
            .await,
        ));
    }
    let key = cookie::draft(request).as_deref().and_then(DraftKey::parse);
    let draft = match &key {
        Some(key) => collect::load(&state.app, round, key).await?,
        None => None,
    };
    Ok(match key.zip(draft) {
        Some((key, draft)) => Opened::Draft(Box::new((record, key, draft))),
        None => Opened::Instead(
            status(
                state,
                request,
                &Status::NoDraft,
                Some(round.as_str()),
                StatusCode::NOT_FOUND,
            )
            .await,
        ),
    })
}

/// Shows a question; one that this person is not asked leads to the nearest that is.
pub async fn show(
    state: Data<WebState>,
    request: HttpRequest,
    path: Path<(RoundId, usize)>,
    came: Query<Came>,
) -> Page {
    let (round, number) = path.into_inner();
    let (record, _, draft) = match open(&state, &request, &round).await? {
        Opened::Draft(opened) => *opened,
        Opened::Instead(page) => return page,
    };
    let Some(page) = view::shown(&draft, number) else {
        return Ok(answer::go_to(&path_after(
            &round,
            &draft,
            number.saturating_sub(1),
        )));
    };
    let item = view::item(&draft, page).ok_or(PageError::NotFound)?;
    let given = draft.answers.get(page.unit.as_ref(), &page.item);
    let field = view::field(item, given);
    let page = question_page(
        &state,
        &request,
        &record,
        (&draft, page),
        field,
        (&came, None),
    )
    .await?;
    answer::own_page(&page)
}

fn path_after(round: &RoundId, draft: &OpenDraft, number: usize) -> String {
    match next_page(&draft.questionnaire, &draft.pages, &draft.answers, number) {
        Some(next) => format!("/s/{round}/q/{next}"),
        None => format!("/s/{round}/check"),
    }
}

async fn question_page(
    state: &WebState,
    request: &HttpRequest,
    record: &RoundRecord,
    (draft, page): (&OpenDraft, &route::Page),
    field: Field,
    (came, problem): (&Came, Option<Problem>),
) -> Result<QuestionPage, PageError> {
    let item = view::item(draft, page).ok_or(PageError::NotFound)?;
    let (number, total) = view::position(draft, page);
    let wrong = if problem.is_some() {
        "有一处要改："
    } else {
        ""
    };
    let title = format!("{wrong}第 {number} 题，共 {total} 题");
    let changing = came.check.is_some();
    let back = if changing { "?check=1" } else { "" };
    let here = format!("/s/{}/q/{}{back}", record.round.id, page.index);
    Ok(QuestionPage {
        frame: frame(state, request, &title, &record.round.title, &here).await?,
        item: page.item.to_string(),
        unit_id: page
            .unit
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        number,
        total,
        time_left: view::time_left(draft, number, total),
        resumed: came.resumed.is_some(),
        changing,
        first: previous_page(
            &draft.questionnaire,
            &draft.pages,
            &draft.answers,
            page.index,
        )
        .is_none(),
        problem,
        unit: view::unit_name(draft, page).map(str::to_owned),
        question: view::question(draft, page, item),
        hint: view::hint(item),
        why: item.why.clone(),
        field,
        hidden_below: workflows::rules(&state.app, &record.round.rules_digest)
            .await?
            .minimum_n
            .bracketed,
    })
}

/// Keeps the answer of a page and goes where the pressed button says.
pub async fn save(
    state: Data<WebState>,
    request: HttpRequest,
    path: Path<(RoundId, usize)>,
    came: Query<Came>,
    form: Form,
) -> Page {
    let (round, number) = path.into_inner();
    let fields = posted(form);
    let (record, key, mut draft) = match open(&state, &request, &round).await? {
        Opened::Draft(opened) => *opened,
        Opened::Instead(page) => return page,
    };
    let Some(page) = view::shown(&draft, number).cloned() else {
        return Ok(answer::go_to(&path_after(
            &round,
            &draft,
            number.saturating_sub(1),
        )));
    };
    let raw = RawAnswer {
        choice: fields.maybe("a").map(str::to_owned),
        reasons: fields.all("r"),
        text: fields.maybe("t").map(str::to_owned),
    };
    let leaving = matches!(fields.text("go"), "back" | "pause");
    let problem = match save_page(&state, &round, &key, &mut draft, &page, &raw).await? {
        Saved::Kept => None,
        Saved::Gone(page) => {
            return status(
                &state,
                &request,
                &page,
                Some(round.as_str()),
                StatusCode::OK,
            )
            .await;
        }
        Saved::Problem(problem) => Some(problem),
    };
    if let Some(problem) = problem.filter(|_| !leaving) {
        let item = view::item(&draft, &page).ok_or(PageError::NotFound)?;
        let field = view::field_posted(item, &raw);
        let page = question_page(
            &state,
            &request,
            &record,
            (&draft, &page),
            field,
            (&came, Some(problem)),
        )
        .await?;
        return answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    Ok(answer::go_to(&destination(
        &round, &draft, number, &fields, &came,
    )))
}

enum Saved {
    Kept,
    Problem(Problem),
    Gone(Status),
}

async fn save_page(
    state: &WebState,
    round: &RoundId,
    key: &DraftKey,
    draft: &mut OpenDraft,
    page: &route::Page,
    raw: &RawAnswer,
) -> Result<Saved, PageError> {
    let asks_for_a_level =
        view::item(draft, page).is_some_and(|item| matches!(item.kind, AnswerKind::Level { .. }));
    if asks_for_a_level && raw.choice.is_none() {
        return Ok(Saved::Problem(Problem {
            heading: "这一题还没有选".to_owned(),
            remedy: "请选一项；没去办过事的，请选“没有办过事”".to_owned(),
        }));
    }
    match collect::save_page(&state.app, round, key, draft, page, raw).await? {
        Ok(()) => Ok(Saved::Kept),
        Err(refused) => gone_or_wrong(refused),
    }
}

fn gone_or_wrong(refused: SubmitRefused) -> Result<Saved, PageError> {
    match refused {
        SubmitRefused::Answer(problem) => Ok(Saved::Problem(Problem {
            heading: "这一题要改一下".to_owned(),
            remedy: problem.to_string(),
        })),
        SubmitRefused::NoDraft => Ok(Saved::Gone(Status::NoDraft)),
        SubmitRefused::Closed => Ok(Saved::Gone(Status::Closed)),
        SubmitRefused::Used | SubmitRefused::DifferentContent => {
            Ok(Saved::Gone(Status::AlreadyUsed))
        }
        SubmitRefused::Busy => Err(PageError::Unavailable),
    }
}

/// Back, aside, to a follow-up question just opened, back to the check page, or on.
fn destination(
    round: &RoundId,
    draft: &OpenDraft,
    number: usize,
    fields: &Posted,
    came: &Came,
) -> String {
    let (questionnaire, pages, answers) = (&draft.questionnaire, &draft.pages, &draft.answers);
    match fields.text("go") {
        "back" => match previous_page(questionnaire, pages, answers, number) {
            Some(previous) => format!("/s/{round}/q/{previous}"),
            None => format!("/s/{round}/q/{number}"),
        },
        "pause" => format!("/s/{round}/paused"),
        _ if came.check.is_some() => match next_page(questionnaire, pages, answers, number)
            .filter(|next| is_open_follow_up(draft, *next))
        {
            Some(next) => format!("/s/{round}/q/{next}?check=1"),
            None => format!("/s/{round}/check"),
        },
        _ => path_after(round, draft, number),
    }
}

/// Whether the page is shown only because of another answer and has none itself.
fn is_open_follow_up(draft: &OpenDraft, number: usize) -> bool {
    let page = draft.pages.iter().find(|page| page.index == number);
    page.is_some_and(|page| {
        let conditional = view::item(draft, page).is_some_and(|item| item.show_when.is_some());
        conditional && draft.answers.get(page.unit.as_ref(), &page.item).is_none()
    })
}

/// Says how to come back.
pub async fn paused(state: Data<WebState>, request: HttpRequest, round: Path<RoundId>) -> Page {
    let (record, _, draft) = match open(&state, &request, &round).await? {
        Opened::Draft(opened) => *opened,
        Opened::Instead(page) => return page,
    };
    let resume = view::resume_path(&round, &draft);
    let reached = draft
        .pages
        .iter()
        .rev()
        .find(|page| draft.answers.get(page.unit.as_ref(), &page.item).is_some());
    let total = draft
        .pages
        .first()
        .map_or(0, |page| view::position(&draft, page).1);
    let page = PausedPage {
        frame: frame(
            &state,
            &request,
            "已经存好，回头接着答",
            &record.round.title,
            &format!("/s/{round}/paused"),
        )
        .await?,
        number: reached.map_or(0, |page| view::position(&draft, page).0),
        total,
        resume,
    };
    answer::own_page(&page)
}
