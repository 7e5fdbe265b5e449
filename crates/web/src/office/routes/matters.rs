//! The office decides on returns, plans and extensions, verifies, closes, reopens.

use super::{Form, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    control,
    desk::{
        Act, Choice, Desk, Papers, Side, entries, evidence, keep_draft, matters_page, take_step,
        with_co_units,
    },
    known,
    routes::posted,
    session::signed_in,
    unit::MattersPage,
};
use actix_multipart::Multipart;
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use storage::{follow_up_ratings, matters, rounds};
use vocabulary::{Level, RoundId, civil_date};
use workflows::Actor;

const BASE: &str = "/office";

/// The list.
pub async fn list(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, &choice, None, None).await?)
}

/// One matter beside the list.
pub async fn show(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    choice: Query<Choice>,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, &choice, Some(&id), None).await?)
}

/// Receives a file that shows what was done.
pub async fn receive(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    parts: Multipart,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let problem = evidence::receive(&state, &actor, &id, parts).await?;
    after_file(&state, &actor, &id, "file", problem).await
}

/// Sends such a file down.
pub async fn open(
    state: Data<WebState>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Page {
    evidence::open(&state, &request, path, &ROLES).await
}

/// Takes such a file back.
pub async fn withdraw(
    state: Data<WebState>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let (id, file) = path.into_inner();
    let problem = evidence::withdraw(&state, &actor, (&id, &file)).await?;
    after_file(&state, &actor, &id, "file-withdrawn", problem).await
}

async fn after_file(
    state: &WebState,
    actor: &Actor,
    id: &str,
    done: &str,
    problem: Option<String>,
) -> Page {
    let Some(problem) = problem else {
        return evidence::done(BASE, id, done);
    };
    let page = page(state, actor, &Choice::of_file(problem), Some(id), None).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Takes one step of a matter.
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
    if fields.maybe("draft").is_some() {
        keep_draft(&state, &actor, &id, act, &fields).await?;
        let address = format!("{BASE}/matters/{id}?do={}&done=draft#work", act.code());
        return Ok(answer::go_to(&address));
    }
    let Some(problem) = take_step(&state, &actor, &id, act, &fields).await? else {
        let done = format!("{BASE}/matters/{id}?done={}", act.code());
        return Ok(answer::go_to(&done));
    };
    let choice = Choice::of(act);
    let page = page(&state, &actor, &choice, Some(&id), Some((problem, &fields))).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    choice: &Choice,
    id: Option<&str>,
    refused: Option<(String, &Posted)>,
) -> Result<MattersPage, PageError> {
    let store = state.app.store();
    let record = match id {
        Some(id) => {
            let matter = matters::find_matter(store, id)
                .await?
                .ok_or(PageError::NotFound)?;
            let round = RoundId::new(matter.round_id);
            rounds::find_round(store, &round)
                .await?
                .ok_or(PageError::NotFound)?
        }
        None => round(state, None).await?,
    };
    let rows = matters::list_matters(store, &record.round.id).await?;
    let mut all = with_co_units(&state.app, entries(rows)).await?;
    let bad = Level::SCORED.into_iter().filter(|level| level.is_bad());
    let unhappy = follow_up_ratings::count_ratings(store, bad.map(Level::code)).await?;
    for entry in &mut all {
        entry.unhappy = unhappy.get(&entry.matter.id).copied().unwrap_or_default();
    }
    let rules = workflows::rules(&state.app, &record.round.rules_digest).await?;
    let desk = Desk {
        app: &state.app,
        rules: &rules,
        today: civil_date(state.now()),
        side: Side::Office,
        base: BASE,
        account: actor.account.as_str(),
    };
    let papers = Papers {
        frame: frame(
            state,
            actor,
            "整改事项",
            Some(Place::Matters),
            &record.round.title,
        )
        .await?,
        all: &all,
        chosen: id.and_then(|id| all.iter().find(|entry| entry.matter.id == id)),
        names: &known::unit_names(&state.app).await?,
        list: "/office/matters",
        empty: "没有轮到评价办的事项。",
    };
    let mut page = matters_page(desk, papers, choice, refused).await?;
    if let (Some(shown), Some(from)) = (&mut page.detail, &choice.from) {
        shown.back = control::address(from);
    }
    Ok(page)
}
