//! The callback sample: drawing it, the calls to make, and writing down what was heard.

use super::{Form, Place, ROLES, frame, round};
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
    web::{Data, Path, Query},
};
use rectification::MatterStage;
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::{
    callbacks::{self, Callback},
    matters,
};
use vocabulary::MatterId;
use workflows::{Actor, CallsMade, VerbError, draw_callbacks, record_calls};

const LEAD: &str = "单位报了整改结果的事项，每个单位按规则抽一部分由评价办回访；事项少的全部回访。抽中的，报结果以后没有回访记录，不能核查为已解决。";
const NUMBERS: &str = "每件事项的随机数是 SHA-256（种子八个字节、字母 C、事项编号）的前八个字节，每个单位取随机数最小的几件，任何人都可以照着算一遍。以后又报结果的，用同一个种子补抽，已经抽中的不变。";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    done: Option<String>,
}

impl Done {
    fn words(&self) -> Option<String> {
        let words = match self.done.as_deref()? {
            "drawn" => "已抽取，名单在下面。",
            "called" => "回访已登记。",
            _ => return None,
        };
        Some(words.to_owned())
    }
}

/// The calls to make, and the frame they were drawn from.
pub async fn list(state: Data<WebState>, request: HttpRequest, done: Query<Done>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let mut page = page(&state, &actor, None).await?;
    page.frame.done = done.words();
    answer::own_page(&page)
}

/// Draws, or draws once more with the same seed.
pub async fn draw(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let record = round(&state, None).await?;
    let typed = fields.text("seed").trim();
    let seed = match typed.parse() {
        Ok(seed) => Ok(Some(seed)),
        Err(_) if typed.is_empty() => Ok(None),
        Err(_) => Err("种子是一个整数，例如抽签当天的彩票号码".to_owned()),
    };
    let problem = match seed {
        Err(problem) => problem,
        Ok(seed) => {
            match draw_callbacks(&state.app, &actor, &record.round.id, seed, state.now()).await {
                Ok(_) => return Ok(answer::go_to("/office/callbacks?done=drawn")),
                Err(VerbError::Refused(refusal)) => format!("{refusal}（{}）", refusal.code()),
                Err(other) => return Err(other.into()),
            }
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
    let record = round(state, None).await?;
    let (store, round) = (state.app.store(), &record.round);
    let frame_of = callbacks::list_callbacks(store, &round.id).await?;
    let ids = frame_of.iter().map(|row| row.matter_id.clone()).collect();
    let listed = Listed {
        titles: matters::list_matter_titles(store, ids).await?,
        units: known::unit_names(&state.app).await?,
    };
    let seed = frame_of.first().map(|row| row.seed.clone());
    let numbers = match &seed {
        Some(seed) => format!("本轮的种子是 {seed}。{NUMBERS}"),
        None => NUMBERS.to_owned(),
    };
    Ok(FormPage {
        frame: frame(
            state,
            actor,
            "回访抽查",
            Some(Place::Callbacks),
            &round.title,
        )
        .await?,
        lead: vec![LEAD.to_owned(), numbers],
        form: Some(draw_form(seed.is_some(), refused)),
        tables: vec![listed.calls(&frame_of), listed.frame(&frame_of)],
    })
}

fn draw_form(again: bool, refused: Option<(String, &Posted)>) -> ActionForm {
    let (problem, held) = refused.unzip();
    let held = held.map_or_else(String::new, |fields: &Posted| {
        fields.text("seed").to_owned()
    });
    let seed = Field::new(
        "seed",
        "公开的种子",
        "一个整数，抽之前公布，例如当天的彩票号码。",
        Input::Number,
    );
    ActionForm {
        action: "/office/callbacks".to_owned(),
        lead: String::new(),
        fields: if again {
            Vec::new()
        } else {
            vec![seed.holding(held)]
        },
        submit: if again {
            "用同一个种子补抽"
        } else {
            "抽取回访样本"
        },
        note: String::new(),
        problem,
    }
}

/// Names for what is listed.
struct Listed {
    titles: BTreeMap<String, String>,
    units: BTreeMap<String, String>,
}

impl Listed {
    fn unit(&self, row: &Callback) -> Cell {
        Cell::text(self.units.get(&row.unit_id).cloned().unwrap_or_default())
    }

    /// The calls to make, those nobody has made first.
    fn calls(&self, frame: &[Callback]) -> Table {
        let mut drawn: Vec<&Callback> = frame.iter().filter(|row| row.drawn).collect();
        drawn.sort_by_key(|row| row.called_at.is_some());
        let row = |row: &&Callback| {
            let title = self.titles.get(&row.matter_id).cloned().unwrap_or_default();
            vec![
                Cell::link(
                    row.matter_id.clone(),
                    format!("/office/callbacks/{}", row.matter_id),
                ),
                self.unit(row),
                Cell::text(title),
                Cell::text(said(row)),
            ]
        };
        Table {
            heading: "要回访的事项".to_owned(),
            head: vec![
                ("事项", false),
                ("单位", false),
                ("标题", false),
                ("回访", false),
            ],
            rows: drawn.iter().map(row).collect(),
            empty: "还没有抽取。",
        }
    }

    fn frame(&self, frame: &[Callback]) -> Table {
        let row = |row: &Callback| {
            vec![
                self.unit(row),
                Cell::text(row.matter_id.clone()),
                Cell::text(row.number.clone()),
                Cell::text(if row.drawn { "抽中" } else { "没有抽中" }),
            ]
        };
        Table {
            heading: "抽样框和随机数".to_owned(),
            head: vec![
                ("单位", false),
                ("事项", false),
                ("随机数", false),
                ("结果", false),
            ],
            rows: frame.iter().map(row).collect(),
            empty: "还没有抽取。",
        }
    }
}

fn said(row: &Callback) -> String {
    match row.called_at {
        None => "还没有回访".to_owned(),
        Some(at) => format!(
            "回访 {} 人，满意 {} 人，最近一次 {}",
            row.called,
            row.satisfied,
            wording::moment(at)
        ),
    }
}

/// One matter to call back, with the form.
pub async fn show(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&one(&state, &actor, &id, None).await?)
}

/// Writes calls down.
pub async fn record(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let made = CallsMade {
        matter: &MatterId::new(id.as_str()),
        version: fields.number("version")?,
        called: fields.number("called").unwrap_or_default(),
        satisfied: fields.number("satisfied").unwrap_or(u32::MAX),
        note: fields.text("note"),
    };
    let problem = match record_calls(&state.app, &actor, &made, state.now()).await {
        Ok(()) => return Ok(answer::go_to("/office/callbacks?done=called")),
        Err(VerbError::Refused(refusal)) => format!("{refusal}（{}）", refusal.code()),
        Err(other) => return Err(other.into()),
    };
    let page = one(&state, &actor, &id, Some((problem, &fields))).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn one(
    state: &WebState,
    actor: &Actor,
    id: &str,
    refused: Option<(String, &Posted)>,
) -> Result<FormPage, PageError> {
    let store = state.app.store();
    let found = callbacks::find_callback(store, id).await?;
    let row = found.filter(|row| row.drawn).ok_or(PageError::NotFound)?;
    let matter = matters::find_matter(store, id)
        .await?
        .ok_or(PageError::NotFound)?;
    let names = known::unit_names(&state.app).await?;
    let stage = MatterStage::from_code(&matter.state_code).map_or("", MatterStage::label);
    let mut lead = vec![
        format!(
            "{}：{}",
            names.get(&matter.unit_id).cloned().unwrap_or_default(),
            matter.title
        ),
        format!("{}。现在{stage}，{}。", matter.problem, said(&row)),
    ];
    lead.extend(row.note.as_ref().map(|note| format!("上次听到的：{note}")));
    Ok(FormPage {
        frame: frame(
            state,
            actor,
            &format!("回访 {id}"),
            Some(Place::Callbacks),
            &row.round_id,
        )
        .await?,
        lead,
        form: Some(call_form(&row, refused)),
        tables: Vec::new(),
    })
}

fn call_form(row: &Callback, refused: Option<(String, &Posted)>) -> ActionForm {
    let (problem, held) = refused.unzip();
    let held = |name| held.map_or_else(String::new, |fields: &Posted| fields.text(name).to_owned());
    ActionForm {
        action: format!("/office/callbacks/{}", row.matter_id),
        lead: "回访由没有报结果的人打电话或者上门。请不要写群众的姓名和电话，也不要照抄原话。"
            .to_owned(),
        fields: vec![
            Field::new("called", "这次回访了几人", "", Input::Number).holding(held("called")),
            Field::new("satisfied", "其中满意几人", "", Input::Number).holding(held("satisfied")),
            Field::area("note", "回访情况", "").holding(held("note")),
            Field::hidden("version", row.version.to_string()),
        ],
        submit: "登记回访",
        note: String::new(),
        problem,
    }
}
