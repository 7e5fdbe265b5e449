//! Objections to one's own score.

use super::{Form, Place, READERS, ROLES, newest_scored, side_frame, unit};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    routes::posted,
    session::{own_unit, signed_in},
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Query},
};
use rectification::{AppealStage, Decision, Ground};
use serde::Deserialize;
use storage::appeals::{self, Appeal};
use survey_design::RoundState;
use workflows::{Action, Actor, VerbError, allow, file_appeal};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// The form, while units check, and earlier objections.
pub async fn show(state: Data<WebState>, request: HttpRequest, done: Query<Done>) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    let mut page = page(&state, &actor, None).await?;
    page.frame.done = done
        .done
        .as_ref()
        .map(|_| "申诉已提交，由两位没有参与过的人分别复核。".to_owned());
    answer::own_page(&page)
}

fn form(refused: Option<(String, &Posted)>) -> ActionForm {
    let (problem, held) = refused.unzip();
    let held = |name| held.map_or_else(String::new, |fields: &Posted| fields.text(name).to_owned());
    let grounds = Ground::ALL
        .iter()
        .map(|ground| (ground.code(), ground.label()))
        .collect();
    ActionForm {
        action: "/unit/appeal".to_owned(),
        lead:
            "每轮可以申诉一次，写明事实和依据。复核由两位没有参与过的人分别作出，意见一致才更正。"
                .to_owned(),
        fields: vec![
            Field::new("ground", "申诉理由", "", Input::OneOf(grounds)).holding(held("ground")),
            Field::area("text", "事实和依据", "请不要写群众的姓名、电话和证件号。")
                .holding(held("text")),
        ],
        submit: "提交申诉",
        note: String::new(),
        problem,
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    refused: Option<(String, &Posted)>,
) -> Result<FormPage, PageError> {
    let unit = unit(state, &own_unit(actor)?).await?;
    let record = newest_scored(state).await?;
    let round = record
        .as_ref()
        .map_or("", |record| record.round.title.as_str());
    let own: Vec<Appeal> = match &record {
        Some(record) => appeals::list_appeals(state.app.store(), &record.round.id).await?,
        None => Vec::new(),
    };
    let own: Vec<&Appeal> = own
        .iter()
        .filter(|appeal| appeal.unit_id == unit.id.as_str())
        .collect();
    let open = record
        .as_ref()
        .is_some_and(|record| record.round.state == RoundState::UnderObjection)
        && own.is_empty()
        && allow(actor, Action::Object).is_ok();
    let lead = if allow(actor, Action::Object).is_err() {
        "申诉由本部门联络员提出，这里可以看到进度。"
    } else if open {
        "现在是核对期，可以申诉。"
    } else {
        "现在不在核对期，或者本轮已经申诉过，不能再提。"
    };
    Ok(FormPage {
        frame: side_frame(state, actor, &unit, "申诉与说明", Place::Appeal, round).await?,
        lead: vec![lead.to_owned()],
        form: (open || refused.is_some()).then(|| form(refused)),
        tables: vec![own_table(&own)],
    })
}

fn own_table(own: &[&Appeal]) -> Table {
    Table {
        heading: "本部门的申诉".to_owned(),
        head: vec![
            ("编号", false),
            ("理由", false),
            ("进度", false),
            ("决定", false),
            ("提出时间", false),
        ],
        rows: own.iter().map(|appeal| own_row(appeal)).collect(),
        empty: "还没有申诉。",
    }
}

/// A decision is told when both reviewers have given it.
fn own_row(appeal: &Appeal) -> Vec<Cell> {
    let decided = appeal
        .decision
        .as_deref()
        .filter(|_| appeal.state == "decided");
    vec![
        Cell::text(appeal.id.clone()),
        Cell::text(Ground::from_code(&appeal.ground).map_or("", Ground::label)),
        Cell::text(AppealStage::from_code(&appeal.state).map_or("", AppealStage::label)),
        Cell::text(
            decided
                .and_then(Decision::from_code)
                .map_or("还没有决定", Decision::label),
        ),
        Cell::text(wording::moment(appeal.filed_at)),
    ]
}

/// Files an objection.
pub async fn file(state: Data<WebState>, request: HttpRequest, posted_form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(posted_form);
    let problem = match (
        Ground::from_code(fields.text("ground")),
        newest_scored(&state).await?,
    ) {
        (None, _) => "请选一个申诉理由".to_owned(),
        (_, None) => return Err(PageError::NotFound),
        (Some(ground), Some(record)) => {
            let filed = file_appeal(
                &state.app,
                &actor,
                &record.round.id,
                ground,
                fields.text("text"),
                state.now(),
                &mut (state.rng)(),
            )
            .await;
            match filed {
                Ok(_) => return Ok(answer::go_to("/unit/appeal?done=1")),
                Err(VerbError::Refused(refusal)) => format!("{refusal}（{}）", refusal.code()),
                Err(other) => return Err(other.into()),
            }
        }
    };
    let page = page(&state, &actor, Some((problem, &fields))).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
