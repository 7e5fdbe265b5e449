//! Names of units that files write their own way: what nobody knows yet, and what the office has said they mean.

use super::{Form, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    answer::Posted,
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    known,
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Query},
};
use chrono::NaiveDate;
use rating_import::UnitSpelling;
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::{
    accounts,
    unit_spellings::{self, SpellingReason},
};
use workflows::{
    Actor, Refusal, UnresolvedName, Verb, VerbError, end_spelling, register_spelling,
    unresolved_names,
};

/// The choice that a name is not evaluated here.
const NOT_EVALUATED: &str = "-";
const REASONS: [(SpellingReason, &str); 6] = [
    (SpellingReason::Short, "简称或别称"),
    (SpellingReason::Former, "旧名"),
    (SpellingReason::Merged, "已并入"),
    (SpellingReason::Division, "内设机构"),
    (SpellingReason::Branch, "县区分支机构"),
    (SpellingReason::Other, "其他写法"),
];

/// What is to be done: a name by its place among the unknown ones, or an entry to be ended. Names stand in no address.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    name: Option<usize>,
    end: Option<String>,
}

/// Unknown names, a form, and all entries.
pub async fn show(state: Data<WebState>, request: HttpRequest, chosen: Query<Chosen>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let names = unresolved_names(&state.app, &round(&state, None).await?.round.id).await?;
    let units = known::unit_names(&state.app).await?;
    let form = match &chosen.end {
        Some(id) => ending(id),
        None => meaning(
            &units,
            &of_unknown(&units, chosen.name.and_then(|at| names.get(at))),
        ),
    };
    answer::own_page(&page(&state, &actor, &names, &units, form).await?)
}

/// Says what a name means, or ends an entry.
pub async fn step(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let end = fields.text("end");
    let done = match end {
        "" => register(&state, &actor, &fields).await,
        id => end_spelling(&state.app, &actor, id, state.now()).await,
    };
    let refusal = match done {
        Ok(()) => return Ok(answer::go_to("/office/names")),
        Err(VerbError::Refused(refusal)) => refusal,
        Err(other) => return Err(other.into()),
    };
    let names = unresolved_names(&state.app, &round(&state, None).await?.round.id).await?;
    let units = known::unit_names(&state.app).await?;
    let form = match end {
        "" => meaning(&units, &|field| fields.text(field).to_owned()),
        id => ending(id),
    };
    let problem = Some(format!("{refusal}（{}）", refusal.code()));
    let page = page(
        &state,
        &actor,
        &names,
        &units,
        ActionForm { problem, ..form },
    )
    .await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn register(state: &WebState, actor: &Actor, fields: &Posted) -> Verb<()> {
    let unit = match fields.text("unit") {
        "" => return Err(Refusal::Text("是哪个单位").into()),
        NOT_EVALUATED => None,
        unit => Some(unit.into()),
    };
    let (reason, _) = REASONS
        .into_iter()
        .find(|(reason, _)| reason.code() == fields.text("reason"))
        .ok_or(Refusal::Text("缘由"))?;
    let told = UnitSpelling {
        spelling: fields.text("spelling").to_owned(),
        unit,
        valid_from: day(fields.text("from"))?,
        valid_to: day(fields.text("to"))?,
    };
    let mut rng = (state.rng)();
    register_spelling(&state.app, actor, (told, reason), state.now(), &mut rng).await
}

fn day(text: &str) -> Result<Option<NaiveDate>, Refusal> {
    match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| Refusal::Contradiction("日期请写成 2026-07-01 的样子")),
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    names: &[UnresolvedName],
    units: &BTreeMap<String, String>,
    form: ActionForm,
) -> Result<FormPage, PageError> {
    let title = round(state, None).await?.round.title;
    Ok(FormPage {
        frame: frame(state, actor, "单位名称的写法", Some(Place::Names), &title).await?,
        lead: vec![
            "文件里的单位名称各写各的。每个不认识的名称在这里说明一次它是谁，以后的文件都照此对应；等待核对的文件会自动重新检查，已经入库的请到文件页重新检查。".to_owned(),
            "登记不能改，只能停用后重新登记；停用不影响已经入库的行。".to_owned(),
        ],
        form: Some(form),
        tables: vec![unknown_table(names), entries(state, units).await?],
    })
}

/// What is filled in for an unknown name: the name, and the unit it is nearest to.
fn of_unknown(
    units: &BTreeMap<String, String>,
    chosen: Option<&UnresolvedName>,
) -> impl Fn(&str) -> String {
    let name = chosen.map(|chosen| chosen.name.clone()).unwrap_or_default();
    let nearest = chosen.and_then(|chosen| chosen.suggestions.first());
    let unit = units.iter().find(|(_, unit)| Some(*unit) == nearest);
    let unit = unit.map(|(id, _)| id.clone()).unwrap_or_default();
    move |field| match field {
        "spelling" => name.clone(),
        "unit" => unit.clone(),
        _ => String::new(),
    }
}

fn meaning(units: &BTreeMap<String, String>, held: &dyn Fn(&str) -> String) -> ActionForm {
    let not_evaluated = (
        NOT_EVALUATED.to_owned(),
        "不参评（这些行不导入，也不算错）".to_owned(),
    );
    let choices = std::iter::once(not_evaluated)
        .chain(units.iter().map(|(id, name)| (id.clone(), name.clone())))
        .collect();
    let reasons = REASONS.map(|(reason, label)| (reason.code().to_owned(), label.to_owned()));
    let fields = vec![
        Field::new("spelling", "文件里的名称", "照文件里的写法。", Input::Line),
        Field::new("unit", "是哪个单位", "", Input::Choice(choices)),
        Field::new("reason", "缘由", "", Input::Choice(reasons.to_vec())),
        Field::new("from", "从哪天起", "一直如此就不填。", Input::Date).optional(),
        Field::new("to", "到哪天止", "现在仍是就不填。", Input::Date).optional(),
    ];
    let fields = fields.into_iter().map(|field| {
        let value = held(&field.name);
        field.holding(value)
    });
    ActionForm {
        action: "/office/names".to_owned(),
        fields: fields.collect(),
        submit: "登记",
        ..ActionForm::default()
    }
}

fn ending(id: &str) -> ActionForm {
    ActionForm {
        action: "/office/names".to_owned(),
        lead: "停用以后，新的文件不再按这一条对应。".to_owned(),
        fields: vec![Field::hidden("end", id)],
        submit: "停用这一条",
        ..ActionForm::default()
    }
}

fn unknown_table(names: &[UnresolvedName]) -> Table {
    let rows = names.iter().enumerate().map(|(at, name)| {
        vec![
            Cell::link(name.name.as_str(), format!("/office/names?name={at}")),
            Cell::text(wording::thousands(name.rows)),
            Cell::text(name.suggestions.join("、")),
            Cell::text(name.files.join("、")),
        ]
    });
    Table {
        heading: format!("还不认识的名称（{} 个）", names.len()),
        head: vec![
            ("名称", false),
            ("行数", true),
            ("可能是", false),
            ("文件", false),
        ],
        rows: rows.collect(),
        empty: "本轮文件里的单位名称都能对应。",
    }
}

async fn entries(state: &WebState, units: &BTreeMap<String, String>) -> Result<Table, PageError> {
    let store = state.app.store();
    let people: BTreeMap<String, String> = accounts::list_accounts(store)
        .await?
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect();
    let name = |id: &String| people.get(id).unwrap_or(id).clone();
    let all = unit_spellings::list_spellings(store).await?;
    let rows = all.into_iter().map(|entry| {
        let unit = entry
            .unit_id
            .map(|unit| units.get(&unit).cloned().unwrap_or(unit));
        let reason = REASONS.iter().find(|(reason, _)| *reason == entry.reason);
        let state = match (&entry.ended_by, entry.ended_at) {
            (Some(by), Some(at)) => {
                Cell::text(format!("{}于 {} 停用", name(by), wording::moment(at)))
            }
            _ => Cell::link("停用", format!("/office/names?end={}", entry.id)),
        };
        vec![
            Cell::text(entry.spelling),
            Cell::text(unit.unwrap_or_else(|| "不参评".to_owned())),
            Cell::text(reason.map_or("", |(_, label)| label)),
            Cell::text(days(entry.valid_from, entry.valid_to)),
            Cell::text(format!(
                "{}，{}",
                name(&entry.added_by),
                wording::moment(entry.added_at)
            )),
            state,
        ]
    });
    Ok(Table {
        heading: "已经登记的写法".to_owned(),
        head: vec![
            ("名称", false),
            ("单位", false),
            ("缘由", false),
            ("日期", false),
            ("谁登记的", false),
            ("状态", false),
        ],
        rows: rows.collect(),
        empty: "还没有登记。城市模板里的全称、简称和别名不用登记。",
    })
}

fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (None, None) => "一直".to_owned(),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(to)) => format!("到 {to}"),
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
    }
}
