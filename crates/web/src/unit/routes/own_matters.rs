//! The matters of one's own unit.

use super::{Form, Heading, Place, READERS, ROLES, frame, newest_scored, own, unit};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    chart::{RankInterval, place_strip},
    desk::{
        self, Act, Choice, Desk, Entry, Filter, Papers, Side, evidence, keep_draft, matters_page,
        take_step, waiting,
    },
    known,
    routes::posted,
    session::{own_unit, signed_in},
    unit::{MattersPage, PlaceStat},
    wording,
};
use actix_multipart::Multipart;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Path, Query},
};
use analytics::Status;
use std::sync::Arc;
use storage::rounds;
use survey_design::{RoundState, Rules};
use vocabulary::{RoundId, UnitId, civil_date};
use workflows::{Action, Actor, allow, latest_run};

const BASE: &str = "/unit";

/// The list.
pub async fn list(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    answer::own_page(&page(&state, &actor, &choice, None, None).await?)
}

/// One matter beside the list.
pub async fn show(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    choice: Query<Choice>,
) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
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

/// The rules of the round a matter belongs to, or of the newest round.
async fn rules_for(state: &WebState, entry: Option<&Entry>) -> Result<Arc<Rules>, PageError> {
    let store = state.app.store();
    let of_matter = match entry {
        Some(entry) => {
            rounds::find_round(store, &RoundId::new(entry.matter.round_id.as_str())).await?
        }
        None => None,
    };
    let record = match of_matter {
        Some(record) => Some(record),
        None => rounds::list_rounds(store).await?.pop(),
    };
    let digest = record.ok_or(PageError::NotFound)?.round.rules_digest;
    Ok(workflows::rules(&state.app, &digest).await?)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    choice: &Choice,
    id: Option<&str>,
    refused: Option<(String, &Posted)>,
) -> Result<MattersPage, PageError> {
    let unit = unit(state, &own_unit(actor)?).await?;
    let all = own(state, &unit.id).await?;
    let chosen = match id {
        Some(id) => Some(
            all.iter()
                .find(|entry| entry.matter.id == id)
                .ok_or(PageError::NotFound)?,
        ),
        None => None,
    };
    let rules = rules_for(state, chosen.or(all.last())).await?;
    let desk = Desk {
        app: &state.app,
        rules: &rules,
        today: civil_date(state.now()),
        side: side(actor),
        base: BASE,
        account: actor.account.as_str(),
    };
    let newest = newest_scored(state).await?;
    let round = newest
        .as_ref()
        .map_or("", |record| record.round.title.as_str());
    let heading = Heading {
        heading: "整改清单",
        place: Place::Matters,
        waiting: waiting(&all, Side::Unit),
        round,
    };
    let papers = Papers {
        frame: frame(state, actor, &unit, &heading),
        all: &all,
        chosen,
        names: &known::unit_names(&state.app).await?,
        list: BASE,
        empty: "没有待办事项。",
    };
    let filter = Filter::from_code(choice.t.as_deref());
    let page = matters_page(desk, papers, choice, refused).await?;
    Ok(MattersPage {
        place: place(state, &unit.id).await?,
        export: Some(format!("/unit/matters.xlsx?t={}", filter.code())),
        ..page
    })
}

/// Score and place in the newest round; the ranks of others are known only after publication.
async fn place(state: &WebState, unit: &UnitId) -> Result<Option<PlaceStat>, PageError> {
    let Some(record) = newest_scored(state).await? else {
        return Ok(None);
    };
    let Some(run) = latest_run(&state.app, &record.round.id).await? else {
        return Ok(None);
    };
    let Some(row) = run.ranking.rows.iter().find(|row| row.unit == *unit) else {
        return Ok(None);
    };
    let ranked = run
        .ranking
        .rows
        .iter()
        .filter(|other| other.class == row.class && other.status == Status::Ranked)
        .count();
    let of = u32::try_from(ranked).unwrap_or(u32::MAX);
    let interval = match (row.rank_low, row.rank_high, row.place) {
        (Some(low), Some(high), Some(place)) if record.round.state == RoundState::Published => {
            Some(RankInterval { low, high, place })
        }
        _ => None,
    };
    let margin = row
        .ci_low
        .zip(row.ci_high)
        .map(|(low, high)| format!("±{}", wording::decimal((high - low) / 2.0, 1)));
    Ok(Some(PlaceStat {
        score: row
            .score
            .map_or_else(|| "样本不足".to_owned(), |score| wording::decimal(score, 2)),
        margin: margin.unwrap_or_default(),
        of,
        words: match (interval, record.round.state) {
            (Some(interval), _) => format!("第 {} 名", interval.label()),
            (None, RoundState::Published) => "样本不足，不排名".to_owned(),
            (None, _) => "公布后可看".to_owned(),
        },
        strip: interval.map(|interval| place_strip(of, interval)),
    }))
}

/// The list with the filter in force as a workbook.
pub async fn workbook(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    let all = own(&state, &own_unit(&actor)?).await?;
    let rules = rules_for(&state, all.last()).await?;
    let side = side(&actor);
    let filter = Filter::from_code(choice.t.as_deref());
    let mut listed: Vec<&Entry> = all.iter().filter(|it| filter.takes(it, side)).collect();
    listed.sort_by_key(|entry| {
        (
            entry.matter.due.is_none(),
            entry.matter.due,
            &entry.matter.id,
        )
    });
    let names = known::unit_names(&state.app).await?;
    let words = filter.label(side).to_owned();
    desk::workbook(
        &listed,
        &names,
        (&rules, civil_date(state.now())),
        side,
        words,
    )
}

fn side(actor: &Actor) -> Side {
    match allow(actor, Action::Answer) {
        Ok(()) => Side::Unit,
        Err(_) => Side::Watcher,
    }
}

/// The whole list as CSV for spreadsheets; no text can run as a formula.
pub async fn export(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    let all = own(&state, &own_unit(&actor)?).await?;
    let mut csv = String::from("\u{feff}编号,事项,问题,状态,期限\r\n");
    for entry in &all {
        let due = entry
            .state
            .due()
            .map_or_else(String::new, |due| due.to_string());
        let cells = [
            entry.matter.id.as_str(),
            &entry.matter.title,
            &entry.matter.problem,
            entry.state.stage().label(),
            &due,
        ];
        let quoted =
            cells.map(|cell| format!("\"{}\"", publication::safe_cell(cell).replace('"', "\"\"")));
        csv.push_str(&quoted.join(","));
        csv.push_str("\r\n");
    }
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"matters.csv\"",
        ))
        .body(csv))
}
