//! Addresses of those who watch: discipline commission, organisation department, stationed groups.

use super::{
    SupervisionPage, SupervisionRow, bad_ratings, bands_of, clues, letters, problems, ranked_words,
};
use crate::{
    Page, PageError, WebState, answer,
    desk::{Choice, Desk, Entry, Papers, Side, entries, matters_page, with_co_units},
    form::{Cell, Table},
    frame::{ConsoleFrame, NavLink},
    icon::Icon,
    known,
    office::{self, Place},
    portal::{Released, released},
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    web::{self, Data, Path, Query, ServiceConfig},
};
use publication::{
    MatterMark, MatterRecord, OrganisationDepartmentPush, ResultPush, StationedGroupPush,
};
use std::collections::{BTreeMap, BTreeSet};
use storage::{
    matters, pushes,
    rounds::{self, RoundRecord},
};
use survey_design::RoundState;
use vocabulary::{Role, RoundId, civil_date};
use workflows::{Actor, matter_records};

/// Heading of the pages of registered problems.
pub(super) const PROBLEMS: &str = "挂号督办";

/// Heading of the pages of bad ratings.
pub(super) const BAD_RATINGS: &str = "差评办理";

const WATCHERS: [Role; 3] = [
    Role::DisciplineCommission,
    Role::OrganisationDepartment,
    Role::StationedGroup,
];

const MATTERS: &str = "联系单位的整改";

/// Puts the pages of those who watch on their addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/commission", web::get().to(overview))
        .route("/commission/clues", web::get().to(clues::show))
        .route("/commission/clues", web::post().to(clues::sort))
        .route("/commission/matters/{id}", web::get().to(matter))
        .route("/commission/problems", web::get().to(problems::list))
        .route(
            "/commission/problems/{reg_no}",
            web::get().to(problems::show),
        )
        .route("/stationed/problems", web::get().to(problems::list))
        .route(
            "/stationed/problems/{reg_no}",
            web::get().to(problems::show),
        )
        .route("/stationed/bad-ratings", web::get().to(bad_ratings::list))
        .route(
            "/stationed/bad-ratings/{id}",
            web::get().to(bad_ratings::show),
        )
        .route("/stationed", web::get().to(overview))
        .route("/stationed/letters", web::get().to(letters::list))
        .route("/stationed/matters/{id}", web::get().to(matter));
}

pub(super) async fn newest_round(state: &WebState) -> Result<RoundRecord, PageError> {
    let all = rounds::list_rounds(state.app.store()).await?;
    all.into_iter()
        .rev()
        .find(|record| record.round.state >= RoundState::Frozen)
        .ok_or(PageError::NotFound)
}

pub(super) async fn frame(
    state: &WebState,
    actor: &Actor,
    heading: &str,
    round: &str,
) -> Result<ConsoleFrame, PageError> {
    if actor.role == Role::DisciplineCommission {
        let place = (heading == PROBLEMS).then_some(Place::Problems);
        return office::frame(state, actor, heading, place, round).await;
    }
    let (workplace, places): (_, &[_]) = match actor.role {
        Role::StationedGroup => (
            "派驻组工作台",
            &[
                ("/stationed", MATTERS, Icon::Flag),
                ("/stationed/problems", PROBLEMS, Icon::Clock),
                ("/stationed/bad-ratings", BAD_RATINGS, Icon::Alert),
                (letters::HERE, letters::HEADING, Icon::File),
            ],
        ),
        _ => ("组织部工作台", &[("/commission", "年度结果", Icon::Flag)]),
    };
    let here = places.iter().position(|place| place.1 == heading);
    let nav = places.iter().enumerate();
    let nav = nav.map(|(index, (href, label, icon))| NavLink {
        href: (*href).to_owned(),
        label,
        icon: *icon,
        count: None,
        current: index == here.unwrap_or(0),
    });
    Ok(ConsoleFrame {
        title: heading.to_owned(),
        heading: heading.to_owned(),
        workplace,
        owner: actor.name.clone(),
        nav: nav.collect(),
        name: actor.name.clone(),
        role: actor.role.label(),
        round: round.to_owned(),
        done: None,
        demonstration: state.demo_accounts,
    })
}

async fn overview(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &WATCHERS).await?;
    let Ok(record) = newest_round(&state).await else {
        let lead = "还没有固化的结果。结果公布以后，这里会有属于您这一部分的内容。".to_owned();
        let frame = frame(&state, &actor, "还没有结果", "").await?;
        return answer::own_page(&SupervisionPage {
            frame,
            lead,
            classes: Vec::new(),
            list_heading: "督办清单",
            rows: Vec::new(),
            tables: Vec::new(),
        });
    };
    match actor.role {
        Role::StationedGroup => stationed(&state, &actor, &record, &choice, None).await,
        Role::OrganisationDepartment => organisation(&state, &actor, &record).await,
        _ => discipline(&state, &actor, &record).await,
    }
}

async fn pushed(state: &WebState, round: &RoundId) -> Result<Vec<ResultPush>, PageError> {
    let rows = pushes::list_pushes(state.app.store(), round).await?;
    Ok(rows
        .iter()
        .filter_map(|row| serde_json::from_str(&row.payload).ok())
        .collect())
}

/// Bands of published rounds and everything that is stuck.
async fn discipline(state: &WebState, actor: &Actor, record: &RoundRecord) -> Page {
    let store = state.app.store();
    let records = matter_records(&state.app, &record.round.id, state.now()).await?;
    let stored: BTreeMap<String, Entry> =
        entries(matters::list_matters(store, &record.round.id).await?)
            .into_iter()
            .map(|entry| (entry.matter.id.clone(), entry))
            .collect();
    let names = known::unit_names(&state.app).await?;
    let rows: Vec<_> = records
        .iter()
        .filter(|record| !record.marks.is_empty())
        .map(|record| {
            row(
                record,
                stored.get(record.id.as_str()),
                &names,
                "/commission",
            )
        })
        .collect();
    let published = released(store, &record.round.id).await?;
    let page = SupervisionPage {
        frame: frame(state, actor, "分组与督办", &record.round.title).await?,
        lead: lead(published.as_ref(), rows.len()),
        classes: published
            .as_ref()
            .map(|found| bands_of(found.body()))
            .unwrap_or_default(),
        list_heading: "督办清单：超期、退回重办、升级督办",
        rows,
        tables: Vec::new(),
    };
    answer::own_page(&page)
}

fn lead(published: Option<&Released>, stuck: usize) -> String {
    let headline = published.map_or_else(
        || "本轮结果还没有公布".to_owned(),
        |found| found.body().headline.clone(),
    );
    match stuck {
        0 => format!("{headline}。没有需要督办的事项。"),
        stuck => format!("{headline}。{}件事需要督办。", wording::count(stuck)),
    }
}

fn row(
    record: &MatterRecord,
    entry: Option<&Entry>,
    names: &BTreeMap<String, String>,
    base: &str,
) -> SupervisionRow {
    let style = |mark: &MatterMark| match mark {
        MatterMark::Overdue | MatterMark::Escalated => "st--r",
        MatterMark::Reopened => "st--a",
    };
    SupervisionRow {
        href: format!("{base}/matters/{}", record.id),
        number: record.id.to_string(),
        unit: names.get(record.unit.as_str()).cloned().unwrap_or_default(),
        title: record.title.clone(),
        why: record
            .marks
            .iter()
            .map(|mark| (style(mark), mark.label().to_owned()))
            .collect(),
        state: record.state.clone(),
        due: entry
            .and_then(|entry| entry.state.due())
            .map_or_else(|| "—".to_owned(), wording::day),
    }
}

/// The year's results as pushed, and nothing else.
async fn organisation(state: &WebState, actor: &Actor, record: &RoundRecord) -> Page {
    let push = pushed(state, &record.round.id)
        .await?
        .into_iter()
        .find_map(|push| match push {
            ResultPush::OrganisationDepartment(push) => Some(push),
            ResultPush::DisciplineCommission(_) | ResultPush::StationedGroup(_) => None,
        });
    let page = SupervisionPage {
        frame: frame(state, actor, "年度结果", &record.round.title).await?,
        lead: match &push {
            Some(push) => format!("结果编号 {}。只含年度得分、等次和系数。", push.result_id),
            None => "本轮结果还没有推送给组织部。".to_owned(),
        },
        classes: Vec::new(),
        list_heading: "督办清单",
        rows: Vec::new(),
        tables: push
            .map(|push| vec![annual_table(&push)])
            .unwrap_or_default(),
    };
    answer::own_page(&page)
}

fn annual_table(push: &OrganisationDepartmentPush) -> Table {
    Table {
        heading: "各单位年度结果".to_owned(),
        head: vec![
            ("单位", false),
            ("年度得分", true),
            ("等次", false),
            ("系数", true),
        ],
        rows: push
            .units
            .iter()
            .map(|line| {
                vec![
                    Cell::text(line.unit_name.clone()),
                    Cell::text(wording::decimal(line.annual_score, 2)),
                    Cell::text(line.grade.label()),
                    Cell::text(wording::decimal(line.multiplier, 4)),
                ]
            })
            .collect(),
        empty: "没有数据。",
    }
}

/// The push of the actor's own group: by name, or the only one there is.
fn own_push(pushes: Vec<ResultPush>, actor: &Actor) -> Option<StationedGroupPush> {
    let mut groups: Vec<_> = pushes
        .into_iter()
        .filter_map(|push| match push {
            ResultPush::StationedGroup(push) => Some(push),
            ResultPush::OrganisationDepartment(_) | ResultPush::DisciplineCommission(_) => None,
        })
        .collect();
    let own = groups.iter().position(|push| push.group == actor.name);
    match (own, groups.len()) {
        (Some(own), _) => Some(groups.swap_remove(own)),
        (None, 1) => groups.pop(),
        _ => None,
    }
}

/// The units of a stationed group: those of its push, and that of its account.
fn units_of(push: Option<&StationedGroupPush>, actor: &Actor) -> BTreeSet<String> {
    let pushed = push.iter().flat_map(|push| push.units.iter());
    let pushed = pushed.map(|row| row.row.unit.to_string());
    pushed
        .chain(actor.unit.iter().map(ToString::to_string))
        .collect()
}

/// As [`units_of`], by the newest push of any round.
pub(super) async fn own_units(
    state: &WebState,
    actor: &Actor,
) -> Result<BTreeSet<String>, PageError> {
    let all = rounds::list_rounds(state.app.store()).await?;
    for record in all.iter().rev() {
        let push = own_push(pushed(state, &record.round.id).await?, actor);
        if push.is_some() {
            return Ok(units_of(push.as_ref(), actor));
        }
    }
    Ok(units_of(None, actor))
}

async fn stationed(
    state: &WebState,
    actor: &Actor,
    record: &RoundRecord,
    choice: &Choice,
    id: Option<&str>,
) -> Page {
    let push = own_push(pushed(state, &record.round.id).await?, actor);
    let own = units_of(push.as_ref(), actor);
    let rows = matters::list_matters(state.app.store(), &record.round.id).await?;
    let mut all = with_co_units(&state.app, entries(rows)).await?;
    all.retain(|entry| own.contains(&entry.matter.unit_id));
    let mut frame = frame(state, actor, MATTERS, &record.round.title).await?;
    frame.done = push.as_ref().map(said_of_units);
    watched(state, record, frame, "/stationed", &all, choice, id).await
}

/// Matters to read only.
async fn watched(
    state: &WebState,
    record: &RoundRecord,
    frame: ConsoleFrame,
    base: &str,
    all: &[Entry],
    choice: &Choice,
    id: Option<&str>,
) -> Page {
    let chosen = match id {
        Some(id) => Some(
            all.iter()
                .find(|entry| entry.matter.id == id)
                .ok_or(PageError::NotFound)?,
        ),
        None => None,
    };
    let rules = workflows::rules(&state.app, &record.round.rules_digest).await?;
    let desk = Desk {
        app: &state.app,
        rules: &rules,
        today: civil_date(state.now()),
        side: Side::Watcher,
        base,
        account: "",
    };
    let papers = Papers {
        frame,
        all,
        chosen,
        names: &known::unit_names(&state.app).await?,
        list: base,
        empty: "没有进行中的事项。",
    };
    answer::own_page(&matters_page(desk, papers, choice, None).await?)
}

fn said_of_units(push: &StationedGroupPush) -> String {
    let said: Vec<_> = push
        .units
        .iter()
        .map(|row| format!("{}：{}", row.unit_name, ranked_words(&row.row)))
        .collect();
    format!("{}。{}", push.result_id, said.join("；"))
}

/// One matter, to read only; the commission sees those that are stuck, a stationed group those of its units.
async fn matter(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    choice: Query<Choice>,
) -> Page {
    let readers = [Role::DisciplineCommission, Role::StationedGroup];
    let actor = signed_in(&state, &request, &readers).await?;
    let store = state.app.store();
    let row = matters::find_matter(store, &id)
        .await?
        .ok_or(PageError::NotFound)?;
    let round = RoundId::new(row.round_id.as_str());
    let record = rounds::find_round(store, &round)
        .await?
        .ok_or(PageError::NotFound)?;
    if actor.role == Role::StationedGroup {
        return stationed(&state, &actor, &record, &choice, Some(&id)).await;
    }
    let records = matter_records(&state.app, &round, state.now()).await?;
    let stuck: BTreeSet<&str> = records
        .iter()
        .filter(|record| !record.marks.is_empty())
        .map(|record| record.id.as_str())
        .collect();
    let rows = matters::list_matters(store, &round).await?;
    let mut all = with_co_units(&state.app, entries(rows)).await?;
    all.retain(|entry| stuck.contains(entry.matter.id.as_str()));
    let frame = frame(&state, &actor, "督办清单", &record.round.title).await?;
    watched(
        &state,
        &record,
        frame,
        "/commission",
        &all,
        &choice,
        Some(&id),
    )
    .await
}
