//! Bad ratings of all units: objections are decided here, and who rated is asked again.

use super::{Form, PUBLISHERS as ROLES, Place, frame};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    bad_ratings::{
        Act, Asked, CasePage, Entry, Filter, Papers, Seen, board, case, entries, newest_round,
        taken,
    },
    frame::ConsoleFrame,
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use vocabulary::civil_date;
use workflows::Actor;

const BASE: &str = "/office";

/// Frame and all bad ratings.
async fn every(state: &WebState, actor: &Actor) -> Result<(ConsoleFrame, Vec<Entry>), PageError> {
    let record = newest_round(&state.app).await?;
    let (round, today) = (&record.round, civil_date(state.now()));
    let frame = frame(
        state,
        actor,
        "差评办理",
        Some(Place::BadRatings),
        &round.title,
    )
    .await?;
    Ok((frame, entries(&state.app, &round.id, None, today).await?))
}

/// The list.
pub async fn list(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let (frame, all) = every(&state, &actor).await?;
    answer::own_page(&board(Papers {
        frame,
        all: &all,
        filter: Filter::of(&asked),
        base: BASE,
    }))
}

/// One bad rating.
pub async fn show(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    asked: Query<Asked>,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, &id, &asked, None).await?)
}

/// Takes one step of a bad rating.
pub async fn act(
    state: Data<WebState>,
    request: HttpRequest,
    path: Path<(String, String)>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let (id, act) = path.into_inner();
    let act = Act::from_code(&act).ok_or(PageError::NotFound)?;
    let fields = posted(form);
    let Some(problem) = taken(&state, &actor, &id, act, &fields).await? else {
        let done = format!("{BASE}/bad-ratings/{id}?done={}", act.code());
        return Ok(answer::go_to(&done));
    };
    let refused = Some((problem, &fields));
    let page = page(&state, &actor, &id, &Asked::with(act), refused).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    id: &str,
    asked: &Asked,
    refused: Option<(String, &Posted)>,
) -> Result<CasePage, PageError> {
    let (mut frame, all) = every(state, actor).await?;
    let entry = all.iter().find(|entry| entry.row.id == id);
    frame.done = asked.done().map(|act| act.done().to_owned());
    let seen = Seen {
        frame,
        base: BASE,
        actor,
        act: asked.act(),
        refused,
    };
    case(&state.app, entry.ok_or(PageError::NotFound)?, seen).await
}
