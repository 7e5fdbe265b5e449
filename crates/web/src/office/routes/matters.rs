//! The office decides on returns, plans and extensions, verifies, closes, reopens.

use super::{Form, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    desk::{Act, Desk, Entry, Filter, Side, detail, entries, event_of, items, stats, tabs},
    known,
    routes::posted,
    session::signed_in,
    unit::{MattersPage, grouped},
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::{matters, rounds, units};
use vocabulary::{MatterId, RoundId, civil_date};
use workflows::{Actor, VerbError, step_matter};

const BASE: &str = "/office";

/// Which matters, which act, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    t: Option<String>,
    #[serde(rename = "do")]
    act: Option<String>,
    done: Option<String>,
}

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
    let problem = match event_of(act, &fields) {
        Err(missing) => missing.to_owned(),
        Ok(event) => match step_matter(
            &state.app,
            &actor,
            &MatterId::new(id.as_str()),
            event,
            state.now(),
        )
        .await
        {
            Ok(()) => {
                return Ok(answer::go_to(&format!(
                    "{BASE}/matters/{id}?done={}",
                    act.code()
                )));
            }
            Err(VerbError::Refused(refusal)) => format!("{refusal}（{}）", refusal.code()),
            Err(other) => return Err(other.into()),
        },
    };
    let choice = Choice {
        act: Some(act.code().to_owned()),
        ..Choice::default()
    };
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
            rounds::find_round(store, &RoundId::new(matter.round_id))
                .await?
                .ok_or(PageError::NotFound)?
        }
        None => round(state, None).await?,
    };
    let all = entries(matters::list_matters(store, &record.round.id).await?);
    let chosen = id.and_then(|id| all.iter().find(|entry| entry.matter.id == id));
    let rules = known::rules(&state.app, &record.round.rules_digest).await?;
    let today = civil_date(state.now());
    let names: BTreeMap<String, String> = units::list_units(store)
        .await?
        .into_iter()
        .map(|unit| (unit.id.to_string(), unit.short_name))
        .collect();
    let name = |unit: &str| names.get(unit).cloned().unwrap_or_default();
    let filter = match (&choice.t, chosen) {
        (None, Some(entry)) if !Filter::Mine.takes(entry, Side::Office) => Filter::All,
        (code, _) => Filter::from_code(code.as_deref()),
    };
    let listed: Vec<&Entry> = all
        .iter()
        .filter(|entry| filter.takes(entry, Side::Office))
        .collect();
    let desk = Desk {
        app: &state.app,
        rules: &rules,
        today,
        side: Side::Office,
        base: BASE,
    };
    let act = choice.act.as_deref().and_then(Act::from_code);
    let mut frame = frame(
        state,
        actor,
        "整改事项",
        Some(Place::Matters),
        &record.round.title,
    )
    .await?;
    if let Some(entry) = chosen {
        frame.title = format!("{} {} - 整改事项", entry.matter.id, entry.matter.title);
    }
    frame.done = choice
        .done
        .as_deref()
        .and_then(Act::from_code)
        .map(|act| act.done().to_owned());
    let detail = match chosen {
        Some(entry) => Some(detail(desk, entry, &name(&entry.matter.unit_id), act, refused).await?),
        None => None,
    };
    Ok(MattersPage {
        frame,
        stats: stats(&all, &rules, today, Side::Office),
        place: None,
        tabs: tabs(&all, filter, Side::Office, "/office/matters"),
        groups: grouped(items(&listed, &rules, today, (BASE, id), &name)),
        empty: "没有轮到评价办的事项。",
        detail,
        export: None,
    })
}
