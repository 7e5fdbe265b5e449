//! Question by question: shown, kept, gone back to, put aside.

use super::{Form, round_frame, round_of, status, view};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    cookie,
    frame::TextSize,
    known,
    language::Language,
    rate::{Field, PausedPage, Problem, QuestionPage, Status},
    routes::posted,
};
use actix_web::{
    HttpRequest,
    cookie::Cookie,
    http::StatusCode,
    web::{Data, Path, Query},
};
use response_collection::{
    self as route, AnswerProblem, RawAnswer, next_page, parse_answer, previous_page,
};
use serde::Deserialize;
use storage::rounds::RoundRecord;
use survey_design::{AnswerKind, Item, RoundState};
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
    let key = cookie::draft(request).as_deref().and_then(DraftKey::parse);
    let draft = async {
        match &key {
            Some(key) => Ok(collect::load(&state.app, round, key).await?),
            None => Ok(None),
        }
    };
    let (record, draft) = tokio::try_join!(round_of(state, round), draft)?;
    let Some(record) = record else {
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
    Ok(match key.zip(draft) {
        Some((key, mut draft)) => {
            known::name_units(&state.app, &mut draft, cookie::language(request)).await?;
            Opened::Draft(Box::new((record, key, draft)))
        }
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
    let field = view::field(item, given, cookie::language(&request));
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
    let w = cookie::language(request);
    let item = view::item(draft, page).ok_or(PageError::NotFound)?;
    let (number, total) = view::position(draft, page);
    let wrong = problem.as_ref().map_or("", |_| w.to_mend());
    let title = format!("{wrong}{}", w.question_of(number, total));
    let changing = came.check.is_some();
    let back = if changing { "?check=1" } else { "" };
    let here = format!("/q/{}{back}", page.index);
    let question = view::question(draft, page, item, w);
    let script = (!draft.filling().is_alone()).then(|| view::script(&question, &field, w));
    Ok(QuestionPage {
        frame: round_frame(state, request, &title, record, &here).await?,
        mark: draft.mark(page),
        item: page.item.to_string(),
        unit_id: page
            .unit
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        number,
        total,
        time_left: view::time_left(draft, number, total, w),
        resumed: came.resumed.is_some(),
        changing,
        script,
        first: previous_page(
            &draft.questionnaire,
            &draft.pages,
            &draft.answers,
            page.index,
        )
        .is_none(),
        problem,
        unit: view::unit_name(draft, page).map(str::to_owned),
        question,
        hint: view::hint(item, w),
        why: view::why(item, w),
        field,
        hidden_below: workflows::rules(&state.app, &record.round.rules_digest)
            .await?
            .minimum_n
            .bracketed,
    })
}

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

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
    let w = cookie::language(&request);
    let raw = raw_answer(&fields);
    let saved = match fields.maybe("v") {
        Some(mark) if mark != draft.mark(&page) => Saved::OtherPage,
        _ => save_page(&state, &round, &key, &mut draft, &page, &raw).await?,
    };
    let item = view::item(&draft, &page).ok_or(PageError::NotFound)?;
    let leaving = matches!(fields.text("go"), "back" | "pause" | "stay");
    let (status_code, field, problem) = match saved {
        Saved::Blank if !leaving => (WRONG, view::field(item, None, w), blank(item, w)),
        Saved::Kept | Saved::Blank => {
            let path = destination(&round, &draft, number, &fields, &came);
            return Ok(answer::go_to_with(&path, switched(&state, &fields)));
        }
        Saved::Wrong(problem) => {
            let field = view::field_posted(item, &raw, w);
            let problem = said(w.problem_head(), &w.answer_problem(&problem));
            (WRONG, field, problem)
        }
        Saved::OtherPage => {
            let given = draft.answers.get(page.unit.as_ref(), &page.item);
            let problem = said(w.other_page_head(), w.other_page_remedy());
            (StatusCode::CONFLICT, view::field(item, given, w), problem)
        }
        Saved::Refused(refused) => {
            return super::hand_in::not_taken(&state, &request, &round, refused).await;
        }
    };
    let shown = (&draft, &page);
    let page = question_page(
        &state,
        &request,
        &record,
        shown,
        field,
        (&came, Some(problem)),
    )
    .await?;
    answer::own_page_with(status_code, &page)
}

/// The fields of the page as they came; a level or option sent twice is neither.
fn raw_answer(fields: &Posted) -> RawAnswer {
    let choices = fields.all("a");
    RawAnswer {
        choice: (!choices.is_empty()).then(|| choices.join(" ")),
        number: fields.maybe("n").map(str::to_owned),
        reasons: fields.all("r"),
        text: fields.maybe("t").map(str::to_owned),
    }
}

enum Saved {
    Kept,
    /// Nothing was answered although an answer is asked for.
    Blank,
    Wrong(AnswerProblem),
    /// The form was made for a page of another questionnaire.
    OtherPage,
    Refused(SubmitRefused),
}

async fn save_page(
    state: &WebState,
    round: &RoundId,
    key: &DraftKey,
    draft: &mut OpenDraft,
    page: &route::Page,
    raw: &RawAnswer,
) -> Result<Saved, PageError> {
    let blank = |item: &Item| item.asks_for_an_answer() && parse_answer(raw, item) == Ok(None);
    if view::item(draft, page).is_some_and(blank) {
        return Ok(Saved::Blank);
    }
    Ok(
        match collect::save_page(&state.app, round, key, draft, page, raw).await? {
            Ok(()) => Saved::Kept,
            Err(SubmitRefused::Answer(problem)) => Saved::Wrong(problem),
            Err(refused) => Saved::Refused(refused),
        },
    )
}

fn blank(item: &Item, w: Language) -> Problem {
    let remedy = match item.kind {
        AnswerKind::Level { .. } => w.blank_level(),
        _ => w.blank_other(),
    };
    said(w.blank_head(), remedy)
}

fn said(heading: &str, remedy: &str) -> Problem {
    Problem {
        heading: heading.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// Cookies of a text size or language chosen in the middle of a question.
fn switched(state: &WebState, fields: &Posted) -> Vec<Cookie<'static>> {
    let size = fields.maybe("size").map(TextSize::from_code);
    let language = fields.maybe("lang").map(Language::from_code);
    let size = size.map(|size| cookie::keep_text_size(state, size));
    let language = language.map(|language| cookie::keep_language(state, language));
    size.into_iter().chain(language).collect()
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
        "stay" if came.check.is_some() => format!("/s/{round}/q/{number}?check=1"),
        "stay" => format!("/s/{round}/q/{number}"),
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
    let (record, key, draft) = match open(&state, &request, &round).await? {
        Opened::Draft(opened) => *opened,
        Opened::Instead(page) => return page,
    };
    let code = match workflows::put_aside(&state.app, &round, &key).await? {
        Ok(code) => code,
        Err(refused) => {
            return super::hand_in::not_taken(&state, &request, &round, refused).await;
        }
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
    let title = cookie::language(&request).paused_title();
    let page = PausedPage {
        frame: round_frame(&state, &request, title, &record, "/paused").await?,
        code: code.text(),
        number: reached.map_or(0, |page| view::position(&draft, page).0),
        total,
        resume,
    };
    answer::own_page(&page)
}
