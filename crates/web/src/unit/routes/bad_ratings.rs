//! The bad ratings of one's own unit.

use super::{Form, Place, READERS, ROLES, side_frame, unit};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    bad_ratings::{
        Act, Asked, CasePage, Entry, Filter, Papers, Seen, board, case, entries, newest_round,
        taken,
    },
    frame::ConsoleFrame,
    routes::posted,
    session::{own_unit, signed_in},
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use vocabulary::civil_date;
use workflows::Actor;

const BASE: &str = "/unit";

/// Frame and bad ratings of the actor's unit.
async fn own(state: &WebState, actor: &Actor) -> Result<(ConsoleFrame, Vec<Entry>), PageError> {
    let unit = unit(state, &own_unit(actor)?).await?;
    let record = newest_round(&state.app).await?;
    let (round, today) = (&record.round, civil_date(state.now()));
    let frame = side_frame(
        state,
        actor,
        &unit,
        "差评办理",
        Place::BadRatings,
        &round.title,
    )
    .await?;
    let all = entries(&state.app, &round.id, Some(unit.id.as_str()), today).await?;
    Ok((frame, all))
}

/// The list.
pub async fn list(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    let (frame, all) = own(&state, &actor).await?;
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
    let actor = signed_in(&state, &request, &READERS).await?;
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
    let (mut frame, all) = own(state, actor).await?;
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
