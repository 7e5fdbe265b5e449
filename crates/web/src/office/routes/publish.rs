//! The road to publication on one page: how far it has come, the next step, the way back, and corrections afterwards.

use super::{Form, PUBLISHERS, Place, frame, round};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Cell, Field, Input, Section, SectionsPage, Table},
    known,
    routes::posted,
    session::{signed_in, signed_in_for},
    wording,
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use publication::{Bulletin, BulletinState, Official, SentBack};
use std::collections::BTreeMap;
use storage::{
    appeals,
    corrections::{self, CorrectionState, PUBLISHED},
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
    let mut sections = vec![road(state, &record, row.as_ref(), stage).await?];
    sections.extend(next(&record, stage, actor, refused));
    sections.extend(back(stage, actor, refused));
    if !all.is_empty() {
        sections.push(Section {
            table: Some(corrected(&all, &names)),
            ..Section::default()
        });
    }
    sections.extend(waiting(&all, actor, refused));
    sections.extend(wish(&record, stage, &all, actor, &names, refused));
    let title = &record.round.title;
    Ok(SectionsPage {
        frame: frame(state, actor, "公布审批", Some(Place::Publish), title).await?,
        lead: vec![format!("{title}现在是“{}”。", record.round.state.label())],
        sections,
    })
}

/// Every station with what is known of it.
async fn road(
    state: &WebState,
    record: &RoundRecord,
    row: Option<&scores::Bulletin>,
    stage: Option<&BulletinState>,
) -> Result<Section, PageError> {
    let (store, id) = (state.app.store(), &record.round.id);
    let check = corrections::find_unit_check(store, id).await?;
    let appeals = appeals::list_appeals(store, id).await?;
    let decided = appeals.iter().filter(|it| it.decided_at.is_some()).count();
    let checked = check.map_or_else(
        || "还没有开始".to_owned(),
        |check| {
            format!(
                "{} 交各部门，到 {} 为止；数据摘要 {}",
                wording::moment(check.opened_at),
                wording::day(check.until),
                wording::short_digest(&check.input_digest)
            )
        },
    );
    let frozen = record
        .frozen_at
        .map_or_else(|| "还没有固化".to_owned(), wording::moment);
    let mut rows = vec![
        ("数据冻结，部门核对", checked),
        (
            "申诉办结",
            format!("{} 件，已办结 {decided} 件", appeals.len()),
        ),
        ("得分固化", frozen),
    ];
    rows.extend(agreed(row, stage));
    let version = row.map_or(1, |row| row.version);
    let link = match record.round.state >= RoundState::Frozen {
        true => Cell::link("看要公布的内容", format!("/bulletins/{id}")),
        false => Cell::text("固化以后可以看"),
    };
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|(what, how)| vec![Cell::text(what), Cell::text(how)])
        .collect();
    rows.push(vec![Cell::text("内容"), link]);
    Ok(Section {
        table: Some(Table {
            heading: format!("走到哪一步（第 {version} 版）"),
            head: vec![("步骤", false), ("情况", false)],
            rows,
            empty: "",
        }),
        ..Section::default()
    })
}

/// The stations from the check on.
fn agreed(
    row: Option<&scores::Bulletin>,
    stage: Option<&BulletinState>,
) -> Vec<(&'static str, String)> {
    let who = |official: &Official| format!("{}（{}）", official.account, official.role.label());
    let not_yet = || "还没有".to_owned();
    let when = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(wording::moment);
    let proposed_at = when(row.and_then(|row| row.proposed_at)).unwrap_or_default();
    let (reviewed, proposed, approved) = match stage {
        None | Some(BulletinState::Draft { .. }) => (not_yet(), not_yet(), not_yet()),
        Some(BulletinState::Reviewed { by }) => (who(by), not_yet(), not_yet()),
        Some(BulletinState::Proposed { by, until }) => (
            "已审查".to_owned(),
            format!(
                "{}，{proposed_at}，有效到 {}",
                who(by),
                wording::day(*until)
            ),
            not_yet(),
        ),
        Some(
            BulletinState::Internal {
                proposed_by,
                approved_by,
            }
            | BulletinState::Published {
                proposed_by,
                approved_by,
            },
        ) => (
            "已审查".to_owned(),
            format!("{}，{proposed_at}", who(proposed_by)),
            format!("{}，内部发布", who(approved_by)),
        ),
        Some(BulletinState::Superseded { by_version }) => {
            let replaced = format!("已由第 {by_version} 版替代");
            (replaced.clone(), replaced.clone(), replaced)
        }
    };
    let public = when(row.and_then(|row| row.published_at)).unwrap_or_else(not_yet);
    vec![
        ("保密和隐私审查", reviewed),
        ("报请公布", proposed),
        ("批准", approved),
        ("公开", public),
    ]
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
    refused: Option<&Refused<'_>>,
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
        lead.insert(0, format!("{}退回：{reason}", by.account));
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

/// All corrections, each with what it changed.
fn corrected(all: &[CorrectionShown], names: &BTreeMap<String, String>) -> Table {
    let name = |unit: &str| names.get(unit).cloned().unwrap_or_default();
    let row = |shown: &CorrectionShown| {
        let it = &shown.correction;
        let changes: Vec<String> = shown
            .changes
            .iter()
            .map(|change| format!("{}：{}", name(change.unit.as_str()), change.words))
            .collect();
        let outcome = match it.state {
            CorrectionState::Asked => "等另一个人决定".to_owned(),
            CorrectionState::Refused => "不予更正".to_owned(),
            CorrectionState::Done if changes.is_empty() => "公布的数字没有变化".to_owned(),
            CorrectionState::Done => changes.join("；"),
        };
        vec![
            match it.cause.as_str() {
                PUBLISHED => Cell::text("公布后更正"),
                appeal => Cell::link("申诉", format!("/office/appeals/{appeal}")),
            },
            Cell::text(format!(
                "{}：工单 {} 不再计入",
                name(&it.unit_id),
                it.order_key
            )),
            Cell::text(it.reason.clone()),
            Cell::text(outcome),
        ]
    };
    Table {
        heading: "更正记录".to_owned(),
        head: vec![
            ("来由", false),
            ("更正什么", false),
            ("原因", false),
            ("变化", false),
        ],
        rows: all.iter().map(row).collect(),
        empty: "",
    }
}

/// The correction somebody asked for, for whoever decides.
fn waiting(
    all: &[CorrectionShown],
    actor: &Actor,
    refused: Option<&Refused<'_>>,
) -> Option<Section> {
    let asked = all
        .iter()
        .map(|shown| &shown.correction)
        .find(|it| it.cause == PUBLISHED && it.state == CorrectionState::Asked)?;
    let mut forms = Vec::new();
    let other = asked.asked_by != actor.account.as_str() && asked.asked_role != actor.role.code();
    let mut words = vec![format!(
        "{}报请更正：工单 {} 不再计入。{}",
        asked.asked_by, asked.order_key, asked.reason
    )];
    if other && allow(actor, Action::Approve).is_ok() {
        for (code, submit) in [("agree", "同意更正，重新算分"), ("refuse", "不予更正")]
        {
            let mut form = act(code, submit, refused);
            form.fields
                .push(Field::hidden("correction", asked.id.clone()));
            forms.push(form);
        }
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
        (None, "agree" | "refuse") => Some(Action::Approve),
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
        "agree" | "refuse" => {
            let (id, agree) = (fields.text("correction"), code == "agree");
            decide_correction(&state.app, actor, id, agree, now).await
        }
        _ => Err(workflows::Refusal::Missing("这一步").into()),
    }
}
