//! Systems that send rows by themselves: which there are, and a key for the next.

use super::{Form, Place, ROLES, frame, source::made_page};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use rating_import::{FileKind, LevelCodes};
use storage::sources::{self, Source};
use workflows::{Action, Actor, NewSource, PUSHED_KINDS, VerbError, allow, make_source};

/// All sources, and the form of a new one.
pub async fn list(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, None).await?)
}

/// Makes a source and shows its key this once.
pub async fn make(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let new = NewSource {
        label: fields.text("label").to_owned(),
        kind: FileKind::from_code(fields.text("kind")).ok_or(PageError::BadForm)?,
        level_codes: LevelCodes::from_code(fields.text("codes")).unwrap_or_default(),
        callback: fields.text("callback").to_owned(),
    };
    let (now, mut rng) = (state.now(), (state.rng)());
    match make_source(&state.app, &actor, &new, now, &mut rng).await {
        Ok(made) => answer::own_page(&made_page(&state, &actor, &made).await?),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = page(&state, &actor, Some((problem, &fields))).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    refused: Option<(String, &Posted)>,
) -> Result<FormPage, PageError> {
    let all = sources::list_sources(state.app.store()).await?;
    let table = Table {
        heading: "来源系统".to_owned(),
        head: vec![
            ("系统", false),
            ("推送的数据", false),
            ("状态", false),
            ("最近使用", false),
        ],
        rows: all.iter().map(row).collect(),
        empty: "还没有来源系统。",
    };
    let may = allow(actor, Action::ManageSources).is_ok();
    Ok(FormPage {
        frame: frame(state, actor, "来源系统", Some(Place::Sources), "").await?,
        lead: vec![
            "大厅和热线的系统可以用密钥直接推送数据，推送的行当即入库，不再由第二位同志核对，所以密钥只由评价办负责人发给和停用。接口说明见 /api/v1。"
                .to_owned(),
        ],
        form: may.then(|| form(refused)),
        tables: vec![table],
    })
}

fn row(source: &Source) -> Vec<Cell> {
    let used = source.last_used_on.map(wording::full_day);
    vec![
        Cell::link(
            source.label.clone(),
            format!("/office/sources/{}", source.id),
        ),
        Cell::text(FileKind::from_code(&source.kind).map_or("", FileKind::label)),
        Cell::text(match source.ended_at {
            Some(_) => "已停用",
            None => "在用",
        }),
        Cell::text(used.unwrap_or_default()),
    ]
}

fn form(refused: Option<(String, &Posted)>) -> ActionForm {
    let (problem, held) = refused.unzip();
    let held = |name: &str, usual: &str| {
        held.map_or(usual, |fields: &Posted| fields.text(name))
            .to_owned()
    };
    let kinds = PUSHED_KINDS
        .map(|kind| (kind.code(), kind.label()))
        .to_vec();
    let codes = LevelCodes::ALL
        .map(|codes| (codes.code(), codes.label()))
        .to_vec();
    ActionForm {
        action: "/office/sources".to_owned(),
        lead: String::new(),
        fields: vec![
            Field::new(
                "label",
                "系统名称",
                "审计记录和批次里显示的名称，例如“政务服务中心评价系统”。",
                Input::Line,
            )
            .holding(held("label", "")),
            Field::new("kind", "推送的数据", "", Input::OneOf(kinds)).holding(held("kind", "")),
            Field::new(
                "codes",
                "等级数字的含义",
                "只用于办事大厅好差评。",
                Input::OneOf(codes),
            )
            .holding(held("codes", LevelCodes::Standard.code())),
            Field::new(
                "callback",
                "回调地址",
                "这类数据入库或撤销以后，要通知这个系统时填写，以 https:// 开头。",
                Input::Line,
            )
            .optional()
            .holding(held("callback", "")),
        ],
        submit: "发给密钥",
        note: "密钥只显示一次".to_owned(),
        problem,
    }
}
