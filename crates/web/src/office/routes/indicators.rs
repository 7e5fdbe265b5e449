//! Versions of the indicator tree, and the changes of departments that wait for the office.

use super::{Form, Place, ROLES, frame};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Cell, Field, Section, SectionsPage, Table},
    method::{change_rows, tree_table},
    routes::posted,
    session::{signed_in, signed_in_for},
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Query},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::{
    accounts::list_accounts,
    documents::{Document, DocumentKind, list_documents},
    indicator_changes::{IndicatorChange, IndicatorChangeState, list_changes},
    rounds::{RoundRecord, list_rounds},
};
use workflows::{
    Action, Actor, VerbError, allow, approve_branch, changes_of, current_tree, indicators,
    send_back_branch,
};

const HERE: &str = "/office/indicators";
const LEAD: &str = "六个部门各改各的指标分支，每改一次就是一份改动，由评价办负责人核准或退回；提出的人不能核准。核准后成为新的一版，别的部门的指标不变。轮次离开草稿的那一刻定下用哪一版，以后不变。";

/// Which version is shown, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    v: Option<i32>,
    done: Option<String>,
}

/// A refused decision: number, problem, and the fields as typed.
type Refused<'a> = (i32, String, &'a Posted);

/// What waits, all versions, and one of them whole.
pub async fn show(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let mut page = page(&state, &actor, asked.v, None).await?;
    page.frame.done = match asked.done.as_deref() {
        Some("approved") => Some("已核准，成为新的一版。".to_owned()),
        Some("back") => Some("已退回，提出的部门看得到理由。".to_owned()),
        _ => None,
    };
    answer::own_page(&page)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    version: Option<i32>,
    refused: Option<Refused<'_>>,
) -> Result<SectionsPage, PageError> {
    let store = state.app.store();
    let (newest, _) = current_tree(&state.app).await?;
    let names: BTreeMap<String, String> = list_accounts(store)
        .await?
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect();
    let changes = list_changes(store).await?;
    let mut sections = Vec::new();
    let waits = |change: &&IndicatorChange| change.state == IndicatorChangeState::Waiting;
    let open: Vec<_> = changes.iter().filter(waits).collect();
    if let Some((number, problem, _)) = &refused
        && open.iter().all(|change| change.number != *number)
    {
        sections.push(Section {
            heading: "没有办成",
            words: vec![problem.clone()],
            ..Section::default()
        });
    }
    for change in open {
        sections.push(waiting(state, actor, change, &names, refused.as_ref()).await?);
    }
    if sections.is_empty() {
        sections.push(Section {
            heading: "等核准的改动",
            words: vec!["没有等核准的改动。".to_owned()],
            ..Section::default()
        });
    }
    let documents = list_documents(store, DocumentKind::Indicators).await?;
    let shown = documents.iter().find(|document| match version {
        Some(version) => document.version == version,
        None => document.digest == newest,
    });
    let shown = indicators(&state.app, &shown.ok_or(PageError::NotFound)?.digest).await?;
    let heading = format!("第 {} 版全文", shown.version);
    sections.extend([
        table(versions(state, &documents, &changes, &names).await?),
        table(tree_table(&shown, heading)),
    ]);
    Ok(SectionsPage {
        frame: frame(state, actor, "指标体系", Some(Place::Indicators), "").await?,
        lead: vec![LEAD.to_owned()],
        sections,
    })
}

fn table(table: Table) -> Section {
    Section {
        table: Some(table),
        ..Section::default()
    }
}

/// One change that waits, with what can be done about it.
async fn waiting(
    state: &WebState,
    actor: &Actor,
    change: &IndicatorChange,
    names: &BTreeMap<String, String>,
    refused: Option<&Refused<'_>>,
) -> Result<Section, PageError> {
    let changes = changes_of(&state.app, change).await?;
    let (number, refused) = (change.number, refused.filter(|no| no.0 == change.number));
    let form = |act: &'static str, submit, reason: Option<Field>| {
        let mine = refused.filter(|no| no.2.text("act") == act);
        let hidden = [
            Field::hidden("act", act),
            Field::hidden("number", number.to_string()),
        ];
        ActionForm {
            action: HERE.to_owned(),
            fields: hidden.into_iter().chain(reason).collect(),
            submit,
            problem: mine.map(|no| no.1.clone()),
            ..ActionForm::default()
        }
    };
    let name = format!("reason-{number}");
    let typed = refused.map_or("", |no| no.2.text(&name)).to_owned();
    let reason = Field {
        name: name.into(),
        ..Field::area("reason", "退回理由", "写明哪里要改。").holding(typed)
    };
    let may = allow(actor, Action::ApproveBranch).is_ok();
    let forms = vec![
        form("approve", "核准，成为新的一版", None),
        form("send_back", "退回", Some(reason)),
    ];
    Ok(Section {
        table: Some(Table {
            heading: format!("第 {number} 号改动：{}，等核准", change.owner),
            head: vec![("改什么", false)],
            rows: change_rows(&changes),
            empty: "",
        }),
        words: vec![format!(
            "{}于 {} 提出，理由：{}",
            named(names, &change.proposed_by),
            wording::moment(change.proposed_at),
            change.note
        )],
        forms: if may { forms } else { Vec::new() },
        ..Section::default()
    })
}

fn named<'a>(names: &'a BTreeMap<String, String>, account: &'a str) -> &'a str {
    names.get(account).map_or(account, String::as_str)
}

/// Every version, the newest first: of which change it came, and which rounds keep it.
async fn versions(
    state: &WebState,
    documents: &[Document],
    changes: &[IndicatorChange],
    names: &BTreeMap<String, String>,
) -> Result<Table, PageError> {
    let rounds = list_rounds(state.app.store()).await?;
    let mut rows = Vec::new();
    for document in documents.iter().rev() {
        let made = |change: &&IndicatorChange| change.result.as_ref() == Some(&document.digest);
        let (said, of) = match changes.iter().find(made) {
            Some(change) => made_of(state, change, names).await?,
            None => ("城市模板".to_owned(), String::new()),
        };
        let keeps = |round: &&RoundRecord| round.indicators.as_ref() == Some(&document.digest);
        let kept = rounds.iter().filter(keeps);
        let kept: Vec<&str> = kept.map(|record| record.round.title.as_str()).collect();
        let version = document.version;
        rows.push(vec![
            Cell::link(format!("第 {version} 版"), format!("{HERE}?v={version}")),
            Cell::text(of),
            Cell::text(said),
            Cell::text(kept.join("、")),
        ]);
    }
    Ok(Table {
        heading: "全部版本".to_owned(),
        head: vec![
            ("版本", false),
            ("提出和核准", false),
            ("改了什么", false),
            ("用这一版的轮次", false),
        ],
        rows,
        empty: "还没有指标体系。",
    })
}

/// What a version changed, and whose it is.
async fn made_of(
    state: &WebState,
    change: &IndicatorChange,
    names: &BTreeMap<String, String>,
) -> Result<(String, String), PageError> {
    let changes = changes_of(&state.app, change).await?;
    let said: Vec<String> = changes.iter().map(ToString::to_string).collect();
    let by = change.decided_by.as_deref().unwrap_or_default();
    let at = change.decided_at.map(wording::moment).unwrap_or_default();
    let (owner, who) = (&change.owner, named(names, &change.proposed_by));
    let of = format!("{owner}{who}提出，{}于 {at} 核准", named(names, by));
    Ok((said.join("；"), of))
}

/// Approves a change or sends it back.
pub async fn decide(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let roles = Action::ApproveBranch.roles();
    let actor = signed_in(&state, &request, roles).await?;
    let fields = posted(form);
    let number: i32 = fields.number("number")?;
    let (app, now) = (&state.app, state.now());
    let (done, said) = match fields.text("act") {
        "approve" => {
            signed_in_for(&state, &request, roles, (Action::ApproveBranch, HERE)).await?;
            let done = approve_branch(app, &actor, number, now).await;
            (done.map(drop), "approved")
        }
        "send_back" => {
            let reason = fields.text(&format!("reason-{number}"));
            let done = send_back_branch(app, &actor, number, reason, now).await;
            (done, "back")
        }
        _ => return Err(PageError::BadForm),
    };
    match done {
        Ok(()) => Ok(answer::go_to(&format!("{HERE}?done={said}"))),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = page(&state, &actor, None, Some((number, problem, &fields))).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}
