//! Clues of a breach of discipline: the discipline commission reads them, and nobody else does.

use super::routes::newest_round;
use crate::{
    Page, WebState, answer,
    form::{Cell, FormPage, Table},
    known,
    office::{self, Place},
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    web::{Data, Form, Query},
};
use serde::Deserialize;
use vocabulary::{Channel, Role};
use workflows::read_clues;

/// The clue that is none.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    kind: Option<String>,
}

/// All clues of the round.
pub async fn show(state: Data<WebState>, request: HttpRequest, chosen: Query<Chosen>) -> Page {
    let actor = signed_in(&state, &request, &[Role::DisciplineCommission]).await?;
    let record = newest_round(&state).await?;
    let clues = read_clues(&state.app, &actor, &record.round.id, state.now()).await?;
    let names = known::unit_names(&state.app).await?;
    let rows = clues.iter().map(|clue| {
        let unit = clue.unit_id.as_ref().and_then(|unit| names.get(unit));
        vec![
            Cell::text(unit.map_or("没有说是哪个单位", String::as_str)),
            Cell::text(Channel::from_code(&clue.channel).map_or("", Channel::label)),
            Cell::text(clue.text_redacted.as_str()),
            Cell::link("不是线索", format!("/commission/clues?kind={}", clue.id)),
        ]
    });
    let chosen = chosen.kind.as_ref();
    let chosen = chosen.and_then(|id| clues.iter().find(|clue| clue.id == *id));
    answer::own_page(&FormPage {
        frame: office::frame(&state, &actor, "问题线索", Some(Place::Clues), &record.round.title).await?,
        lead: vec![
            "群众意见里涉嫌违纪违法的线索只在这里出现，单位和评价办都看不到。每次打开都记入审计日志；写的人是谁，系统里没有。".to_owned(),
            "不是线索的，改成别的类别，退回评价办办理。".to_owned(),
        ],
        form: chosen.map(|clue| office::kind_form("/commission/clues", clue)),
        tables: vec![Table {
            heading: format!("线索 {} 条", clues.len()),
            head: vec![("单位", false), ("来源", false), ("原文", false), ("办理", false)],
            rows: rows.collect(),
            empty: "本轮没有线索。",
        }],
    })
}

/// Says that a clue is none.
pub async fn sort(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let actor = signed_in(&state, &request, &[Role::DisciplineCommission]).await?;
    office::other_kind(&state, &actor, form).await?;
    Ok(answer::go_to("/commission/clues"))
}
