//! One person asks for publication, another of another role agrees: a page of its own, because it cannot be undone.

use super::{PUBLISHERS, Place, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, FormPage},
    session::{signed_in, signed_in_for},
    wording,
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use storage::{rounds::RoundRecord, scores};
use survey_design::RoundState;
use workflows::{Action, Actor, VerbError, publish_round};

/// What would be published and who has agreed.
pub async fn show(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &PUBLISHERS).await?;
    answer::own_page(&page(&state, &actor, None).await?)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    problem: Option<String>,
) -> Result<FormPage, PageError> {
    let record = round(state, None).await?;
    let row = scores::latest_bulletin(state.app.store(), &record.round.id).await?;
    let mut lead = vec![format!(
        "{}现在是“{}”。",
        record.round.title,
        record.round.state.label()
    )];
    let (action, submit) = match &row {
        None => {
            lead.push("还没有人报请公布。报请前请确认：没有泄密内容，没有能认出个人的原文，每个名次都带着区间。".to_owned());
            (Action::Propose, "已审查保密和隐私，报请公布")
        }
        Some(row) => {
            let when = row.proposed_at.map(wording::moment).unwrap_or_default();
            lead.push(format!(
                "{}于 {when} 报请公布。校验码 {}。",
                row.proposed_by.clone().unwrap_or_default(),
                wording::short_digest(row.table_digest.as_deref().unwrap_or_default())
            ));
            lead.push("批准后立即公布并由两个人签名，以后只能更正，不能撤回。".to_owned());
            (Action::Approve, "批准，立即公布")
        }
    };
    if let Some(at) = row.as_ref().and_then(|row| row.published_at) {
        lead.push(format!("已于 {} 公布。", wording::moment(at)));
    }
    let may = action.roles().contains(&actor.role)
        && is_open(&record)
        && row
            .as_ref()
            .is_none_or(|row| row.proposed_by.as_deref() != Some(actor.account.as_str()));
    let form = ActionForm {
        action: "/office/publish".to_owned(),
        submit,
        problem: problem.clone(),
        ..ActionForm::default()
    };
    if !may && is_open(&record) {
        lead.push("这一步要由另一个人、另一个角色办理。".to_owned());
    }
    Ok(FormPage {
        frame: frame(
            state,
            actor,
            "公布审批",
            Some(Place::Publish),
            &record.round.title,
        )
        .await?,
        lead,
        form: (may || problem.is_some()).then_some(form),
        tables: Vec::new(),
    })
}

fn is_open(record: &RoundRecord) -> bool {
    matches!(
        record.round.state,
        RoundState::Frozen | RoundState::FeedbackIssued
    )
}

/// Takes the next step towards publication.
pub async fn step(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &PUBLISHERS).await?;
    let record = round(&state, None).await?;
    let proposed = scores::latest_bulletin(state.app.store(), &record.round.id).await?;
    if proposed.is_some() {
        let step = (Action::Approve, "/office/publish");
        signed_in_for(&state, &request, &PUBLISHERS, step).await?;
    }
    match publish_round(
        &state.app,
        &actor,
        &record.round.id,
        state.now(),
        &mut (state.rng)(),
    )
    .await
    {
        Ok(_) => Ok(answer::go_to("/office/publish")),
        Err(VerbError::Refused(refusal)) => {
            let page = page(
                &state,
                &actor,
                Some(format!("{refusal}（{}）", refusal.code())),
            )
            .await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}
