//! Communities and villages rate the units they are paired with.

use super::Form;
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    frame::{ConsoleFrame, NavLink},
    icon::Icon,
    known,
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use serde::Deserialize;
use std::collections::BTreeSet;
use storage::{
    pairing_ratings,
    rounds::{self, RoundRecord},
};
use survey_design::{RoundState, Unit};
use vocabulary::{Level, Role, UnitId, civil_date};
use workflows::{Actor, PairingAnswer, VerbError, rate_pairing};

const ROLES: [Role; 1] = [Role::PairingRater];

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    done: Option<String>,
}

struct Paired {
    round: Option<RoundRecord>,
    units: Vec<Unit>,
    rated: BTreeSet<String>,
    body: String,
}

/// The round that collects now.
async fn collecting(state: &WebState) -> Result<Option<RoundRecord>, PageError> {
    let all = rounds::list_rounds(state.app.store()).await?;
    Ok(all
        .into_iter()
        .rev()
        .find(|record| record.round.state == RoundState::Collecting))
}

async fn paired(state: &WebState, actor: &Actor) -> Result<Paired, PageError> {
    let body = actor.body.as_ref().ok_or(PageError::NotAllowed)?;
    let world = workflows::world(&state.app).await?;
    let today = civil_date(state.now());
    let is_mine = |unit: &Unit| {
        world
            .pairings
            .iter()
            .any(|pairing| pairing.unit == unit.id && pairing.binds(body, today))
    };
    let round = collecting(state).await?;
    let rated = match &round {
        Some(record) => {
            let (store, round) = (state.app.store(), &record.round.id);
            pairing_ratings::ratings_by_account(store, round, actor.account.as_str()).await?
        }
        None => Vec::new(),
    };
    let name = world.bodies.iter().find(|known| known.id == *body);
    Ok(Paired {
        round,
        units: world
            .units
            .iter()
            .filter(|unit| is_mine(unit))
            .cloned()
            .collect(),
        rated: rated.into_iter().map(|rating| rating.unit_id).collect(),
        body: name.map_or_else(|| body.to_string(), |known| known.name.clone()),
    })
}

async fn frame(
    state: &WebState,
    actor: &Actor,
    paired: &Paired,
    heading: &str,
) -> Result<ConsoleFrame, PageError> {
    Ok(ConsoleFrame {
        title: heading.to_owned(),
        heading: heading.to_owned(),
        workplace: "社区（村）评议",
        owner: paired.body.clone(),
        nav: vec![NavLink {
            href: "/rate/pairing".to_owned(),
            label: "结对部门",
            icon: Icon::Building,
            count: paired
                .round
                .as_ref()
                .map(|_| paired.units.len().saturating_sub(paired.rated.len())),
            current: true,
        }],
        name: actor.name.clone(),
        role: actor.role.label(),
        round: paired
            .round
            .as_ref()
            .map(|record| record.round.title.clone())
            .unwrap_or_default(),
        done: None,
        demonstration: known::host(&state.app, state.demo_accounts)
            .await?
            .demonstration,
    })
}

/// The paired units, and which are rated.
pub async fn list(state: Data<WebState>, request: HttpRequest, done: Query<Done>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let paired = paired(&state, &actor).await?;
    let mut frame = frame(&state, &actor, &paired, "评议结对部门").await?;
    frame.done = done.done.as_ref().map(|_| "评议已收到，谢谢。".to_owned());
    let lead = match &paired.round {
        Some(_) => {
            "请代表社区（村）评一评结对部门本季度帮助解决的事。每个部门每季度评一次，评完不能改；您是谁不会告诉部门。"
        }
        None => "现在没有正在收集的评价轮次。",
    };
    let row = |unit: &Unit| {
        let state = match (paired.rated.contains(unit.id.as_str()), &paired.round) {
            (true, _) => Cell::text("已评"),
            (false, Some(_)) => Cell::link(
                format!("评{}", unit.short_name),
                format!("/rate/pairing/{}", unit.id),
            ),
            (false, None) => Cell::text("未开放"),
        };
        vec![Cell::text(unit.name.clone()), state]
    };
    let table = Table {
        heading: "结对部门".to_owned(),
        head: vec![("部门", false), ("评议", false)],
        rows: paired.units.iter().map(row).collect(),
        empty: "没有结对部门。",
    };
    answer::own_page(&FormPage {
        frame,
        lead: vec![lead.to_owned()],
        form: None,
        tables: vec![table],
    })
}

fn rating_form(unit: &Unit, problem: Option<String>, held: Option<&answer::Posted>) -> ActionForm {
    let held = |name| held.map_or_else(String::new, |fields| fields.text(name).to_owned());
    let levels = vec![
        ("5", "非常满意"),
        ("4", "满意"),
        ("3", "基本满意"),
        ("2", "不满意"),
        ("1", "非常不满意"),
        ("0", "没有打过交道，不了解"),
    ];
    ActionForm {
        action: format!("/rate/pairing/{}", unit.id),
        lead: format!("{}本季度帮社区（村）解决问题，您满意吗？", unit.name),
        fields: vec![
            Field::new("a", "总体评价", "按真实情况选一项。", Input::OneOf(levels))
                .holding(held("a")),
            Field::new(
                "raised",
                "本季度向它反映了几件事",
                "没有就填 0。",
                Input::Number,
            )
            .holding(held("raised")),
            Field::new(
                "solved",
                "其中解决了几件",
                "不能多于反映的件数。",
                Input::Number,
            )
            .holding(held("solved")),
        ],
        submit: "提交评议",
        note: "提交后不能修改".to_owned(),
        problem,
    }
}

async fn form_page(
    state: &WebState,
    actor: &Actor,
    unit: &UnitId,
    refused: Option<(String, &answer::Posted)>,
) -> Result<FormPage, PageError> {
    let paired = paired(state, actor).await?;
    let unit = paired
        .units
        .iter()
        .find(|known| known.id == *unit)
        .ok_or(PageError::NotFound)?;
    let frame = frame(state, actor, &paired, &format!("评议{}", unit.short_name)).await?;
    let (problem, held) = refused.unzip();
    let form = rating_form(unit, problem, held);
    Ok(FormPage {
        frame,
        lead: Vec::new(),
        form: Some(form),
        tables: Vec::new(),
    })
}

/// The form for one unit.
pub async fn form(state: Data<WebState>, request: HttpRequest, unit: Path<UnitId>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&form_page(&state, &actor, &unit, None).await?)
}

/// Takes the rating of one unit.
pub async fn rate(
    state: Data<WebState>,
    request: HttpRequest,
    unit: Path<UnitId>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let refuse = |problem: &str| (problem.to_owned(), &fields);
    let level = fields
        .number::<i16>("a")
        .ok()
        .and_then(Level::from_code)
        .filter(|level| *level != Level::Abstain);
    let numbers = fields
        .number::<u16>("raised")
        .and_then(|raised| Ok((raised, fields.number::<u16>("solved")?)));
    let problem = match (level, numbers) {
        (None, _) => refuse("请选一项总体评价"),
        (_, Err(_)) => refuse("件数请填 0 或整数"),
        (Some(level), Ok((raised, solved))) => {
            let round = collecting(&state)
                .await?
                .ok_or(PageError::NotFound)?
                .round
                .id;
            let answer = PairingAnswer {
                unit: unit.clone(),
                level,
                raised,
                solved,
            };
            match rate_pairing(
                &state.app,
                &actor,
                &round,
                &answer,
                state.now(),
                &mut (state.rng)(),
            )
            .await
            {
                Ok(()) => return Ok(answer::go_to("/rate/pairing?done=1")),
                Err(VerbError::Refused(refusal)) => (refusal.to_string(), &fields),
                Err(other) => return Err(other.into()),
            }
        }
    };
    let page = form_page(&state, &actor, &unit, Some(problem)).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
