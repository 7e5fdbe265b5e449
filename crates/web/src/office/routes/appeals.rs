//! Two reviewers who did not file decide each objection.

use super::{Form, Place, REVIEWERS, frame, round};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    known,
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use rectification::{AppealStage, Decision, Ground};
use storage::{
    appeals::{self, Appeal},
    units,
};
use vocabulary::Role;
use workflows::{Actor, Correction, VerbError, review_appeal};

/// All objections of the round.
pub async fn list(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(
        &state,
        &request,
        &[
            Role::OfficeClerk,
            Role::OfficeLeader,
            Role::DisciplineCommission,
        ],
    )
    .await?;
    let record = round(&state, None).await?;
    let store = state.app.store();
    let names = known::unit_names(&state.app).await?;
    let row = |appeal: &Appeal| {
        vec![
            Cell::link(appeal.id.clone(), format!("/office/appeals/{}", appeal.id)),
            Cell::text(names.get(&appeal.unit_id).cloned().unwrap_or_default()),
            Cell::text(Ground::from_code(&appeal.ground).map_or("", Ground::label)),
            Cell::text(stage(appeal)),
            Cell::text(wording::moment(appeal.filed_at)),
        ]
    };
    let table = Table {
        heading: "本轮申诉".to_owned(),
        head: vec![
            ("编号", false),
            ("单位", false),
            ("理由", false),
            ("进度", false),
            ("提出时间", false),
        ],
        rows: appeals::list_appeals(store, &record.round.id)
            .await?
            .iter()
            .map(row)
            .collect(),
        empty: "本轮没有申诉。",
    };
    let lead =
        "每件申诉由两位没有参与过的人分别复核，意见一致才作出决定；维持和更正的件数都会公开。"
            .to_owned();
    let frame = frame(
        &state,
        &actor,
        "申诉复核",
        Some(Place::Appeals),
        &record.round.title,
    )
    .await?;
    answer::own_page(&FormPage {
        frame,
        lead: vec![lead],
        form: None,
        tables: vec![table],
    })
}

fn stage(appeal: &Appeal) -> &'static str {
    match (
        AppealStage::from_code(&appeal.state),
        appeal.decision.as_deref().and_then(Decision::from_code),
    ) {
        (Some(AppealStage::Decided), Some(decision)) => decision.label(),
        (Some(stage), _) => stage.label(),
        (None, _) => "",
    }
}

/// One objection with the form of a reviewer.
pub async fn show(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &REVIEWERS).await?;
    answer::own_page(&page(&state, &actor, &id, None).await?)
}

fn form(appeal: &Appeal, refused: Option<(String, &Posted)>) -> ActionForm {
    let (problem, held) = refused.unzip();
    let held = |name| held.map_or_else(String::new, |fields: &Posted| fields.text(name).to_owned());
    let decisions = Decision::ALL
        .iter()
        .map(|decision| (decision.code(), decision.label()))
        .collect();
    ActionForm {
        action: format!("/office/appeals/{}", appeal.id),
        lead: "您的意见和另一位复核人的意见一致时，决定生效；予以更正的，系统立即按更正后的数据重新准备。".to_owned(),
        fields: vec![
            Field::new("decision", "复核意见", "", Input::OneOf(decisions)).holding(held("decision")),
            Field::new("order", "剔除的工单编号", "予以更正、且要剔除一张热线工单时填写。", Input::Line).optional().holding(held("order")),
            Field::area("reasons", "理由", "").holding(held("reasons")),
        ],
        submit: "提交复核意见",
        note: String::new(),
        problem,
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    id: &str,
    refused: Option<(String, &Posted)>,
) -> Result<FormPage, PageError> {
    let appeal = appeals::find_appeal(state.app.store(), id)
        .await?
        .ok_or(PageError::NotFound)?;
    let unit = units::find_unit(state.app.store(), &appeal.unit_id.as_str().into()).await?;
    let name = unit.map_or_else(|| appeal.unit_id.clone(), |unit| unit.name);
    let mut lead = vec![
        format!(
            "{name}，{} 提出，理由：{}。",
            wording::moment(appeal.filed_at),
            Ground::from_code(&appeal.ground).map_or("", Ground::label)
        ),
        appeal.text.clone(),
        format!("进度：{}。", stage(&appeal)),
    ];
    if let (Some(reasons), true) = (&appeal.reasons, appeal.decided_at.is_some()) {
        lead.push(format!("决定的理由：{reasons}"));
    }
    let open =
        appeal.decided_at.is_none() && appeal.reviewer1.as_deref() != Some(actor.account.as_str());
    Ok(FormPage {
        frame: frame(
            state,
            actor,
            &format!("申诉 {}", appeal.id),
            Some(Place::Appeals),
            &appeal.round_id,
        )
        .await?,
        lead,
        form: (open || refused.is_some()).then(|| form(&appeal, refused)),
        tables: Vec::new(),
    })
}

/// Takes the decision of one reviewer.
pub async fn decide(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    posted_form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &REVIEWERS).await?;
    let fields = posted(posted_form);
    let order = fields.text("order").trim();
    let correction = if order.is_empty() {
        Correction::None
    } else {
        Correction::ExcludeOrder(order.to_owned())
    };
    let problem = match Decision::from_code(fields.text("decision")) {
        None => "请选复核意见".to_owned(),
        Some(decision) => {
            match review_appeal(
                &state.app,
                &actor,
                &id,
                decision,
                fields.text("reasons"),
                &correction,
                state.now(),
            )
            .await
            {
                Ok(()) => return Ok(answer::go_to("/office/appeals")),
                Err(VerbError::Refused(refusal)) => format!("{refusal}（{}）", refusal.code()),
                Err(other) => return Err(other.into()),
            }
        }
    };
    let page = page(&state, &actor, &id, Some((problem, &fields))).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
