//! Bad ratings to read only: a stationed group sees those of its units.

use super::routes::{BAD_RATINGS, frame, own_units};
use crate::{
    Page, PageError, WebState, answer,
    bad_ratings::{Asked, Entry, Filter, Papers, Seen, board, case, entries, newest_round},
    frame::ConsoleFrame,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    web::{Data, Path, Query},
};
use vocabulary::{Role, civil_date};
use workflows::Actor;

const BASE: &str = "/stationed";

/// Frame and bad ratings of the group's units.
async fn own(state: &WebState, actor: &Actor) -> Result<(ConsoleFrame, Vec<Entry>), PageError> {
    let record = newest_round(&state.app).await?;
    let (round, today) = (&record.round, civil_date(state.now()));
    let own = own_units(state, actor).await?;
    let mut all = entries(&state.app, &round.id, None, today).await?;
    all.retain(|entry| own.contains(&entry.row.unit_id));
    Ok((frame(state, actor, BAD_RATINGS, &round.title).await?, all))
}

/// The list.
pub async fn list(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, &[Role::StationedGroup]).await?;
    let (frame, all) = own(&state, &actor).await?;
    answer::own_page(&board(Papers {
        frame,
        all: &all,
        filter: Filter::of(&asked),
        base: BASE,
    }))
}

/// One bad rating.
pub async fn show(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &[Role::StationedGroup]).await?;
    let (frame, all) = own(&state, &actor).await?;
    let entry = all.iter().find(|entry| entry.row.id == *id);
    let seen = Seen {
        frame,
        base: BASE,
        actor: &actor,
        act: None,
        refused: None,
    };
    let entry = entry.ok_or(PageError::NotFound)?;
    answer::own_page(&case(&state.app, entry, seen).await?)
}
