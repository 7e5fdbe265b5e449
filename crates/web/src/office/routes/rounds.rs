//! Rounds: which there are, and creating the next one with its mode of anonymity.

use super::{Form, Place, ROLES, frame};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    routes::posted,
    session::signed_in,
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use storage::rounds::{self, RoundRecord};
use survey_design::{Anonymity, Resubmission};
use vocabulary::RoundId;
use workflows::{Actor, RoundChoice, VerbError, create_round_with};

/// All rounds, and the form of a new one.
pub async fn list(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, None).await?)
}

/// Creates a round.
pub async fn create(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let (mode, again) = (
        Anonymity::from_code(fields.text("anonymity")),
        Resubmission::from_code(fields.text("resubmission")),
    );
    let problem = if mode.is_none() || again.is_none() {
        "请选匿名方式和能否改交".to_owned()
    } else {
        let choice = RoundChoice {
            anonymity: mode,
            resubmission: again,
        };
        let id = RoundId::new(fields.text("round").trim());
        match create_round_with(&state.app, &actor, &id, choice, state.now()).await {
            Ok(()) => return Ok(answer::go_to("/office/rounds")),
            Err(VerbError::Refused(refusal)) => format!("{refusal}（{}）", refusal.code()),
            Err(other) => return Err(other.into()),
        }
    };
    let page = page(&state, &actor, Some((problem, &fields))).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    refused: Option<(String, &Posted)>,
) -> Result<FormPage, PageError> {
    let all = rounds::list_rounds(state.app.store()).await?;
    let row = |record: &RoundRecord| {
        let round = &record.round;
        vec![
            Cell::text(round.id.to_string()),
            Cell::text(round.title.clone()),
            Cell::text(round.state.label()),
            Cell::text(round.anonymity.label()),
            Cell::text(round.resubmission.label()),
        ]
    };
    let table = Table {
        heading: "已建立的轮次".to_owned(),
        head: vec![
            ("编号", false),
            ("名称", false),
            ("进度", false),
            ("匿名方式", false),
            ("能否改交", false),
        ],
        rows: all.iter().rev().map(row).collect(),
        empty: "还没有建立轮次。",
    };
    Ok(FormPage {
        frame: frame(state, actor, "评价轮次", Some(Place::Rounds), "").await?,
        lead: vec![
            "匿名方式和能否改交，从开始收集的那一刻起就定了，谁也改不了；填写的人在开始页上看得到是哪一种。"
                .to_owned(),
        ],
        form: Some(form(refused)),
        tables: vec![table],
    })
}

fn form(refused: Option<(String, &Posted)>) -> ActionForm {
    let (problem, held) = refused.unzip();
    let held = |name, usual: &str| {
        held.map_or_else(
            || usual.to_owned(),
            |fields: &Posted| fields.text(name).to_owned(),
        )
    };
    let modes = Anonymity::ALL
        .map(|mode| (mode.code(), mode.label()))
        .to_vec();
    let again = Resubmission::ALL
        .map(|choice| (choice.code(), choice.label()))
        .to_vec();
    ActionForm {
        action: "/office/rounds".to_owned(),
        lead: String::new(),
        fields: vec![
            Field::new("round", "轮次编号", "城市模板里列出的编号，例如 2026Q3。", Input::Line)
                .holding(held("round", "")),
            Field::new(
                "anonymity",
                "匿名方式",
                "抽样请人的，用匿名；固定样本和要实名提醒的企业，用实名保密；谁都能填的，用公开链接，只听意见、不计分。",
                Input::OneOf(modes),
            )
            .holding(held("anonymity", Anonymity::Decoupled.code())),
            Field::new(
                "resubmission",
                "能否改交",
                "填写的人可能受人施压时，选可以改交。",
                Input::OneOf(again),
            )
            .holding(held("resubmission", Resubmission::Once.code())),
        ],
        submit: "建立这一轮",
        note: String::new(),
        problem,
    }
}
