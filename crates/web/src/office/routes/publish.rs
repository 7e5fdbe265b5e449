//! The road to publication on one page: how far it has come, the next step, the way back, and corrections afterwards.

use super::{
    Form, PUBLISHERS, Place, frame,
    publication_road::{People, corrected, people, road},
    round,
};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Field, Input, Section, SectionsPage},
    known,
    routes::posted,
    session::{signed_in, signed_in_for},
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use publication::{Bulletin, BulletinState, SentBack};
use std::collections::BTreeMap;
use storage::{
    corrections::{CorrectionState, PUBLISHED},
    rounds::RoundRecord,
    scores,
};
use survey_design::RoundState;
use vocabulary::RoundId;
use workflows::{
    Action, Actor, CorrectionShown, CorrectionWish, PublicationStep, Verb, VerbError, allow,
    ask_correction, corrections_of, decide_correction, step_publication,
};

const HERE: &str = "/office/publish";

/// How far the publication has come.
pub async fn show(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &PUBLISHERS).await?;
    answer::own_page(&page(&state, &actor, None).await?)
}

/// What was refused: the act, why, and what was typed.
struct Refused<'a> {
    act: &'a str,
    why: String,
    typed: &'a Posted,
}

async fn page(
    state: &WebState,
    actor: &Actor,
    refused: Option<&Refused<'_>>,
) -> Result<SectionsPage, PageError> {
    let record = round(state, None).await?;
    let row = scores::latest_bulletin(state.app.store(), &record.round.id).await?;
    let bulletin: Option<Bulletin> = row
        .as_ref()
        .and_then(|row| serde_json::from_str(&row.state).ok());
    let names = known::unit_names(&state.app).await?;
    let all = corrections_of(&state.app, &record.round.id).await?;
    let stage = bulletin.as_ref().map(|bulletin| &bulletin.state);
    let people = people(state, stage, &all).await?;
    let mut sections = vec![road(state, &record, (row.as_ref(), stage), &people).await?];
    sections.extend(next(&record, stage, actor, (&people, refused)));
    sections.extend(back(stage, actor, refused));
    if !all.is_empty() {
        sections.push(Section {
            table: Some(corrected(&all, &names)),
            ..Section::default()
        });
    }
    sections.extend(waiting(&all, actor, (&people, refused)));
    sections.extend(wish(&record, stage, &all, actor, &names, refused));
    let title = &record.round.title;
    Ok(SectionsPage {
        frame: frame(state, actor, "公布审批", Some(Place::Publish), title).await?,
        lead: vec![format!("{title}现在是“{}”。", record.round.state.label())],
        sections,
    })
}

fn problem(refused: Option<&Refused<'_>>, act: &str) -> Option<String> {
    refused
        .filter(|refused| refused.act == act)
        .map(|refused| refused.why.clone())
}

fn typed(refused: Option<&Refused<'_>>, act: &str, field: &str) -> String {
    refused
        .filter(|refused| refused.act == act)
        .map_or_else(String::new, |refused| refused.typed.text(field).to_owned())
}

fn act(code: &str, submit: &'static str, refused: Option<&Refused<'_>>) -> ActionForm {
    ActionForm {
        action: HERE.to_owned(),
        fields: vec![Field::hidden("step", code)],
        submit,
        problem: problem(refused, code),
        ..ActionForm::default()
    }
}

/// The next step, as a form for whoever may take it.
fn next(
    record: &RoundRecord,
    stage: Option<&BulletinState>,
    actor: &Actor,
    (people, refused): (&People, Option<&Refused<'_>>),
) -> Option<Section> {
    if record.round.state < RoundState::Frozen {
        let words = "得分固化以后才能审查、报请公布。".to_owned();
        return Some(section("下一步", vec![words], Vec::new()));
    }
    let step = PublicationStep::next(stage)?;
    let (words, submit) = match step {
        PublicationStep::Review => (
            "审查：没有泄密内容，没有能认出个人的原文，样本少的单位没有数字，每个名次都带着区间。",
            "已审查保密和隐私",
        ),
        PublicationStep::Propose => (
            "报请以后由另一个人、另一个角色批准。报请有期限，过期要重新审查。",
            "同意，报请公布",
        ),
        PublicationStep::Approve => (
            "批准以后两个人的签名写进数据包，内容不能再改；先内部发布，只有本系统的工作人员看得到。",
            "批准，内部发布",
        ),
        PublicationStep::Release => (
            "公开以后人人可以看、可以核验，不能撤回，有错只能另出更正版。",
            "公开发布",
        ),
        PublicationStep::SendBack { .. } => return None,
    };
    let mut lead = vec![words.to_owned()];
    if let Some(BulletinState::Draft {
        sent_back: Some(SentBack { by, reason }),
    }) = stage
    {
        lead.insert(
            0,
            format!(
                "{}退回：{reason}",
                people.get(by.account.as_str()).map_or("", String::as_str)
            ),
        );
    }
    let same = match stage {
        Some(BulletinState::Proposed { by, .. }) => {
            by.account == actor.account || by.role == actor.role
        }
        _ => false,
    };
    let mut forms = Vec::new();
    if allow(actor, step.action(actor)).is_ok() && !same {
        forms.push(act(step.code(), submit, refused));
    } else {
        let roles = step.action(actor).roles();
        let roles: Vec<_> = roles.iter().map(|role| role.label()).collect();
        lead.push(format!(
            "这一步由另一个人、另一个角色办理：{}。",
            roles.join("或")
        ));
    }
    Some(section("下一步", lead, forms))
}

fn section(heading: &'static str, words: Vec<String>, forms: Vec<ActionForm>) -> Section {
    Section {
        heading,
        words,
        forms,
        ..Section::default()
    }
}

/// The way back, as long as not both have agreed.
fn back(
    stage: Option<&BulletinState>,
    actor: &Actor,
    refused: Option<&Refused<'_>>,
) -> Option<Section> {
    let open = matches!(
        stage,
        Some(BulletinState::Reviewed { .. } | BulletinState::Proposed { .. })
    );
    let step = PublicationStep::SendBack {
        reason: String::new(),
    };
    if !open || allow(actor, step.action(actor)).is_err() {
        return None;
    }
    let mut form = act(step.code(), "退回重写", refused);
    let reason = typed(refused, step.code(), "reason");
    form.fields
        .push(Field::area("reason", "理由", "写明要改什么，起草的同志会看到。").holding(reason));
    Some(section("退回", Vec::new(), vec![form]))
}

/// The correction somebody asked for, for whoever decides.
fn waiting(
    all: &[CorrectionShown],
    actor: &Actor,
    (people, refused): (&People, Option<&Refused<'_>>),
) -> Option<Section> {
    let asked = all
        .iter()
        .map(|shown| &shown.correction)
        .find(|it| it.cause == PUBLISHED && it.state == CorrectionState::Asked)?;
    let mut forms = Vec::new();
    let other = asked.asked_by != actor.account.as_str() && asked.asked_role != actor.role.code();
    let mut words = vec![format!(
        "{}报请更正：工单 {} 不再计入。{}",
        people.get(&asked.asked_by).map_or("", String::as_str),
        asked.order_key,
        asked.reason
    )];
    if other && allow(actor, Action::Approve).is_ok() {
        let choices = vec![("agree", "同意更正，重新算分"), ("refuse", "不予更正")];
        let mut form = act("decide", "提交决定", refused);
        form.fields.extend([
            Field::hidden("correction", asked.id.clone()),
            Field::new("decision", "决定", "", Input::OneOf(choices)),
        ]);
        forms.push(form);
    } else {
        words.push("由另一个人、另一个角色决定。".to_owned());
    }
    Some(section("等待决定的更正", words, forms))
}

/// The form that asks for a correction of what is public.
fn wish(
    record: &RoundRecord,
    stage: Option<&BulletinState>,
    all: &[CorrectionShown],
    actor: &Actor,
    names: &BTreeMap<String, String>,
    refused: Option<&Refused<'_>>,
) -> Option<Section> {
    let waits = |shown: &CorrectionShown| shown.correction.state == CorrectionState::Asked;
    let open = record.round.state == RoundState::Published
        && matches!(stage, Some(BulletinState::Published { .. }))
        && allow(actor, Action::Propose).is_ok()
        && !all.iter().any(waits);
    open.then(|| {
        let code = "correct";
        let held = |field| typed(refused, code, field);
        let units = names
            .iter()
            .map(|(id, name)| (id.clone(), name.clone()))
            .collect();
        let mut form = act(code, "报请更正", refused);
        form.fields.extend([
            Field::new("unit", "单位", "", Input::Choice(units)).holding(held("unit")),
            Field::new("order", "不再计入的工单编号", "", Input::Line).holding(held("order")),
            Field::area("reason", "原因", "会写进公开的更正记录，请不要写个人信息。")
                .holding(held("reason")),
        ]);
        let words = "由另一个人、另一个角色同意以后重新算分，另出一版通报，走同样的步骤；原来的一版留着供对照。";
        section("公布以后的更正", vec![words.to_owned()], vec![form])
    })
}

/// Takes the step of the form that was sent.
pub async fn step(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &PUBLISHERS).await?;
    let fields = posted(form);
    let code = fields.text("step").to_owned();
    let wanted = PublicationStep::from_code(&code, fields.text("reason"));
    let proven = match (&wanted, code.as_str()) {
        (Some(step), _) => Some(step.action(&actor)),
        (None, "decide") => Some(Action::Approve),
        (None, _) => None,
    };
    if let Some(action) = proven.filter(|action| action.asks_proof() && code != "send_back") {
        signed_in_for(&state, &request, &PUBLISHERS, (action, HERE)).await?;
    }
    let id = round(&state, None).await?.round.id;
    let done = match wanted {
        Some(step) => publish(&state, &actor, &id, step).await,
        None => correct(&state, &actor, &id, &fields, &code).await,
    };
    match done {
        Ok(()) => Ok(answer::go_to(HERE)),
        Err(VerbError::Refused(refusal)) => {
            let refused = Refused {
                act: &code,
                why: format!("{refusal}（{}）", refusal.code()),
                typed: &fields,
            };
            let page = page(&state, &actor, Some(&refused)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn publish(state: &WebState, actor: &Actor, id: &RoundId, step: PublicationStep) -> Verb<()> {
    step_publication(&state.app, actor, id, step, state.now(), &mut (state.rng)())
        .await
        .map(drop)
}

async fn correct(
    state: &WebState,
    actor: &Actor,
    id: &RoundId,
    fields: &Posted,
    code: &str,
) -> Verb<()> {
    let now = state.now();
    match code {
        "correct" => {
            let wish = CorrectionWish {
                unit: fields.text("unit").into(),
                order_key: fields.text("order").trim().to_owned(),
                reason: fields.text("reason").to_owned(),
            };
            ask_correction(&state.app, actor, id, &wish, now, &mut (state.rng)())
                .await
                .map(drop)
        }
        "decide" => {
            let agree = match fields.text("decision") {
                "agree" => true,
                "refuse" => false,
                _ => return Err(workflows::Refusal::Text("决定").into()),
            };
            let id = fields.text("correction");
            decide_correction(&state.app, actor, id, agree, now).await
        }
        _ => Err(workflows::Refusal::Missing("这一步").into()),
    }
}
