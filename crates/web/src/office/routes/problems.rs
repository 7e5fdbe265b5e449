//! The office calls registered problems, takes promises, and closes.

use super::{Form, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    registry::{
        Act, Asked, BoardPage, CasePage, Entry, Filter, Papers, Reader, Seen, board, case, entries,
        event_of,
    },
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use storage::rounds::RoundRecord;
use vocabulary::civil_date;
use workflows::{Actor, Refusal, SeenProblem, VerbError, step_problem};

const BASE: &str = "/office";
const LEAD: &str = "一事一号：挂号以后按约定的间隔叫号，没有进展的复号，再没有进展的由派驻组督办，当事群众满意才销号。本轮的全部列出，以前各轮只列没有销号的。";

/// The problems by their states.
pub async fn list(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, None).await?;
    let all = every(&state, &record).await?;
    let page: BoardPage = board(Papers {
        frame: frame(
            &state,
            &actor,
            "挂号督办",
            Some(Place::Problems),
            &record.round.title,
        )
        .await?,
        lead: LEAD,
        all: &all,
        filter: Filter::of(&asked),
        base: BASE,
    });
    answer::own_page(&page)
}

async fn every(state: &WebState, record: &RoundRecord) -> Result<Vec<Entry>, PageError> {
    let today = civil_date(state.now());
    entries(&state.app, &record.round.id, today, |_| true).await
}

/// One problem with its calls and the form of what can be done.
pub async fn show(
    state: Data<WebState>,
    request: HttpRequest,
    reg_no: Path<String>,
    asked: Query<Asked>,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, &reg_no, &asked, None).await?)
}

/// Takes one step of a problem.
pub async fn act(
    state: Data<WebState>,
    request: HttpRequest,
    path: Path<(String, String)>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let (reg_no, act) = path.into_inner();
    let act = Act::from_code(&act).ok_or(PageError::NotFound)?;
    let fields = posted(form);
    let Some(problem) = taken(&state, &actor, &reg_no, act, &fields).await? else {
        let done = format!("{BASE}/problems/{reg_no}?done={}", act.code());
        return Ok(answer::go_to(&done));
    };
    let asked = Asked::with(act);
    let refused = Some((problem, &fields));
    let page = page(&state, &actor, &reg_no, &asked, refused).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Takes one step; gives the reason in words when it was not possible.
async fn taken(
    state: &WebState,
    actor: &Actor,
    reg_no: &str,
    act: Act,
    fields: &Posted,
) -> Result<Option<String>, PageError> {
    let event = match event_of(act, fields) {
        Ok(event) => event,
        Err(missing) => return Ok(Some(missing.to_owned())),
    };
    let seen = SeenProblem {
        reg_no: reg_no.to_owned(),
        version: fields.number("version")?,
    };
    match step_problem(&state.app, actor, &seen, event, state.now()).await {
        Ok(_) => Ok(None),
        Err(VerbError::Refused(Refusal::Missing("这个挂号"))) => Err(PageError::NotFound),
        Err(VerbError::Refused(refusal)) => Ok(Some(format!("{refusal}（{}）", refusal.code()))),
        Err(other) => Err(other.into()),
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    reg_no: &str,
    asked: &Asked,
    refused: Option<(String, &Posted)>,
) -> Result<CasePage, PageError> {
    let record = round(state, None).await?;
    let all = every(state, &record).await?;
    let entry = all.iter().find(|entry| entry.row.reg_no == reg_no);
    let entry = entry.ok_or(PageError::NotFound)?;
    let mut frame = frame(
        state,
        actor,
        "挂号督办",
        Some(Place::Problems),
        &record.round.title,
    )
    .await?;
    frame.done = asked.done().map(|act| act.done().to_owned());
    Ok(case(
        entry,
        Seen {
            frame,
            base: BASE,
            reader: Reader::Acts(asked.act()),
            matter: Some(format!("{BASE}/matters/{}", entry.row.matter_id)),
            refused,
        },
    ))
}
