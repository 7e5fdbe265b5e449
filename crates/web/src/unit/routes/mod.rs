//! Addresses of the units' workplace.

mod appeal;
mod bad_ratings;
mod letter;
mod own_matters;
mod own_results;

use crate::{
    PageError, WebState,
    desk::{Entry, Side, entries, waiting, with_co_units},
    frame::{ConsoleFrame, NavLink},
    icon::Icon,
};
use actix_web::web::{self, ServiceConfig};
use storage::{
    matters,
    rounds::{self, RoundRecord},
    units,
};
use survey_design::{RoundState, Unit};
use vocabulary::{Role, UnitId};
use workflows::Actor;

const ROLES: [Role; 1] = [Role::UnitLiaison];
const READERS: [Role; 2] = [Role::UnitLiaison, Role::UnitHead];

type Form = web::Form<Vec<(String, String)>>;

/// Puts the units' workplace on its addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/unit", web::get().to(own_matters::list))
        .route("/unit/matters.csv", web::get().to(own_matters::export))
        .route("/unit/matters.xlsx", web::get().to(own_matters::workbook))
        .route("/unit/matters/{id}", web::get().to(own_matters::show))
        .route(
            "/unit/matters/{id}/evidence",
            web::post().to(own_matters::receive),
        )
        .route(
            "/unit/matters/{id}/evidence/{file}",
            web::get().to(own_matters::open),
        )
        .route(
            "/unit/matters/{id}/evidence/{file}/withdraw",
            web::post().to(own_matters::withdraw),
        )
        .route("/unit/matters/{id}/{act}", web::post().to(own_matters::act))
        .route("/unit/bad-ratings", web::get().to(bad_ratings::list))
        .route("/unit/bad-ratings/{id}", web::get().to(bad_ratings::show))
        .route(
            "/unit/bad-ratings/{id}/{act}",
            web::post().to(bad_ratings::act),
        )
        .route("/unit/results", web::get().to(own_results::show))
        .route("/unit/letter", web::get().to(letter::show))
        .route("/unit/letter.docx", web::get().to(letter::file))
        .route("/unit/letter/print", web::get().to(letter::print))
        .route("/unit/letter/sign", web::post().to(letter::sign))
        .route("/unit/letter/mailbox", web::post().to(letter::mailbox))
        .route("/unit/appeal", web::get().to(appeal::show))
        .route("/unit/appeal", web::post().to(appeal::file));
}

/// A place in the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Matters,
    BadRatings,
    Results,
    Letter,
    Appeal,
}

/// The matters a unit is in charge of or helps with.
async fn own(state: &WebState, unit: &UnitId) -> Result<Vec<Entry>, PageError> {
    let rows = matters::list_matters_of_unit(state.app.store(), unit.as_str()).await?;
    let mut all = with_co_units(&state.app, entries(rows)).await?;
    for entry in &mut all {
        entry.assists = entry.matter.unit_id != unit.as_str();
    }
    Ok(all)
}

async fn unit(state: &WebState, id: &UnitId) -> Result<Unit, PageError> {
    units::find_unit(state.app.store(), id)
        .await?
        .ok_or(PageError::NotFound)
}

/// The newest round whose scores the units may see.
async fn newest_scored(state: &WebState) -> Result<Option<RoundRecord>, PageError> {
    let all = rounds::list_rounds(state.app.store()).await?;
    Ok(all
        .into_iter()
        .rev()
        .find(|record| record.round.state >= RoundState::UnderObjection))
}

/// What differs between the pages of the workplace.
struct Heading<'a> {
    heading: &'a str,
    place: Place,
    waiting: usize,
    round: &'a str,
}

fn frame(state: &WebState, actor: &Actor, unit: &Unit, heading: &Heading<'_>) -> ConsoleFrame {
    let link = |href: &str, label, icon, of: Place| NavLink {
        href: href.to_owned(),
        label,
        icon,
        count: (of == Place::Matters && heading.waiting > 0).then_some(heading.waiting),
        current: of == heading.place,
    };
    ConsoleFrame {
        title: format!("{} - {}", heading.heading, unit.short_name),
        heading: heading.heading.to_owned(),
        workplace: "部门工作台",
        owner: unit.name.clone(),
        nav: vec![
            link("/unit", "整改清单", Icon::Inbox, Place::Matters),
            link(
                "/unit/bad-ratings",
                "差评办理",
                Icon::Alert,
                Place::BadRatings,
            ),
            link("/unit/results", "本部门结果", Icon::Chart, Place::Results),
            link("/unit/letter", "反馈函", Icon::File, Place::Letter),
            link("/unit/appeal", "申诉与说明", Icon::Chat, Place::Appeal),
        ],
        name: actor.name.clone(),
        role: actor.role.label(),
        round: heading.round.to_owned(),
        done: None,
        demonstration: state.demo_accounts,
    }
}

/// The frame of a page beside the list of matters.
async fn side_frame(
    state: &WebState,
    actor: &Actor,
    unit: &Unit,
    heading: &str,
    place: Place,
    round: &str,
) -> Result<ConsoleFrame, PageError> {
    let waiting = waiting(&own(state, &unit.id).await?, Side::Unit);
    Ok(frame(
        state,
        actor,
        unit,
        &Heading {
            heading,
            place,
            waiting,
            round,
        },
    ))
}
