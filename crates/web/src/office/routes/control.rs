//! The office looks at all matters of a round and gives several to units at once.

use super::{Form, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    control::{
        Asked, ControlPage, Filter, Held, LeftAlone, Papers, control, listed, said, seen_matters,
    },
    desk::{self, Side, entries, with_co_units},
    known,
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Query},
};
use rectification::{Complexity, MatterStage};
use storage::{matters, rounds};
use survey_design::RoundState;
use vocabulary::{MatterId, UnitId, civil_date};
use workflows::{Actor, Assignment, Refusal, Verb, VerbError, assign_matters};

/// Leaves each matter to the unit it names.
const OWN: &str = "own";

/// The list.
pub async fn list(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let mut page = page(&state, &actor, &asked, None).await?;
    page.frame.done = asked.done.map(|given| format!("已交办 {given} 件。"));
    answer::own_page(&page)
}

/// Gives what is ticked to units; says what was left alone.
pub async fn assign(
    state: Data<WebState>,
    request: HttpRequest,
    asked: Query<Asked>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let picks = fields.all("pick");
    let done = match assignment(&fields) {
        Ok(to) => {
            assign_matters(&state.app, &actor, &seen_matters(&picks)?, &to, state.now()).await
        }
        Err(refusal) => Err(refusal.into()),
    };
    let (problem, left) = match told(done, picks.len())? {
        (None, None) => {
            let query = Filter::of(&asked).query();
            let done = format!("{query}&done={}", picks.len());
            let address = format!("/office/control?{}", done.trim_start_matches('&'));
            return Ok(answer::go_to(&address));
        }
        refused => refused,
    };
    let held = Held {
        ticked: seen_matters(&picks)?
            .iter()
            .map(|one| one.id.to_string())
            .collect(),
        unit: fields.text("to").to_owned(),
        with: fields.all("with").into_iter().collect(),
        kind: fields.text("complexity").to_owned(),
    };
    let page = ControlPage {
        problem,
        left,
        ..page(&state, &actor, &asked, Some(held)).await?
    };
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Why nothing was done, and what was left alone.
type Told = (Option<String>, Option<LeftAlone>);

fn told(done: Verb<Vec<(MatterId, Refusal)>>, picked: usize) -> Result<Told, PageError> {
    let words = |refusal: &Refusal| format!("{refusal}（{}）", refusal.code());
    Ok(match done {
        Ok(left) if left.is_empty() => (None, None),
        Ok(left) => {
            let row = |(id, refusal): &(MatterId, Refusal)| {
                let address = format!("/office/matters/{id}");
                (id.to_string(), address, words(refusal))
            };
            let left = LeftAlone {
                given: picked - left.len(),
                rows: left.iter().map(row).collect(),
            };
            (None, Some(left))
        }
        Err(VerbError::Refused(refusal)) => (Some(words(&refusal)), None),
        Err(other) => return Err(other.into()),
    })
}

fn assignment(fields: &Posted) -> Result<Assignment, Refusal> {
    let unit = match fields.text("to") {
        "" => return Err(Refusal::Contradiction("没有选交给谁办，请选主办单位")),
        OWN => None,
        unit => Some(UnitId::new(unit)),
    };
    let with = fields.all("with").into_iter().map(UnitId::new);
    Ok(Assignment {
        unit,
        with: with.collect(),
        complexity: Complexity::from_code(fields.text("complexity")),
    })
}

/// The list with the filters in force as a workbook.
pub async fn workbook(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    with_papers(&state, &actor, &asked, None, |papers| {
        let (listed, words) = (listed(&papers), said(&papers));
        let on = (papers.rules, papers.today);
        desk::workbook(&listed, papers.names, on, Side::Office, words)
    })
    .await?
}

async fn page(
    state: &WebState,
    actor: &Actor,
    asked: &Asked,
    held: Option<Held>,
) -> Result<ControlPage, PageError> {
    with_papers(state, actor, asked, held, control).await
}

/// Gathers what is asked for and lays it out.
async fn with_papers<T>(
    state: &WebState,
    actor: &Actor,
    asked: &Asked,
    held: Option<Held>,
    lay_out: impl FnOnce(Papers<'_>) -> T,
) -> Result<T, PageError> {
    let record = round(state, asked.r.as_deref().filter(|round| !round.is_empty())).await?;
    let store = state.app.store();
    let rows = matters::list_matters(store, &record.round.id).await?;
    let all = with_co_units(&state.app, entries(rows)).await?;
    let rules = workflows::rules(&state.app, &record.round.rules_digest).await?;
    let known_rounds = rounds::list_rounds(store).await?.into_iter().rev();
    let rounds = known_rounds
        .filter(|other| {
            other.round.state >= RoundState::Frozen || other.round.id == record.round.id
        })
        .map(|other| {
            let chosen = other.round.id == record.round.id;
            (other.round.id.to_string(), other.round.title, chosen)
        });
    let held = held.or_else(|| {
        let open = all
            .iter()
            .filter(|it| it.state.stage() == MatterStage::Sorted);
        asked.tick.as_ref().map(|_| Held {
            ticked: open.map(|entry| entry.matter.id.clone()).collect(),
            ..Held::default()
        })
    });
    let title = &record.round.title;
    Ok(lay_out(Papers {
        frame: frame(state, actor, "整改调度", Some(Place::Control), title).await?,
        rounds: rounds.collect(),
        all: &all,
        names: &known::unit_names(&state.app).await?,
        rules: &rules,
        today: civil_date(state.now()),
        filter: Filter::of(asked),
        page: asked.page.unwrap_or(1),
        held,
    }))
}
