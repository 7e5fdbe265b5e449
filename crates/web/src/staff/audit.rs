//! The audit log for the auditor: filters in the address, a hundred events a page, and whether the chain holds.

use super::{
    accounts::administrators_frame,
    audit_words::{ACTIONS, action_label},
};
use crate::{
    Page, PageError, WebState, answer,
    form::{Cell, Table},
    frame::ConsoleFrame,
    icon::Icon,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Query},
};
use askama::Template;
use chrono::NaiveDate;
use publication::list_csv;
use serde::Deserialize;
use storage::audit_log::{AuditEvent, EventFilter, holds, list_events};
use vocabulary::{Role, instant_of_day};
use workflows::{Action, Actor, VerbError, export_audit, verify_audit};

const PAGE: usize = 100;

/// What of the log is asked for in the address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    before: Option<i64>,
    check: Option<u8>,
}

impl Asked {
    /// The filter; a day that is none is said, not passed over.
    fn filter(&self) -> Result<EventFilter, &'static str> {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<NaiveDate>().map(Some).map_err(|_| NO_DAY),
        };
        let (from, to) = (day(&self.from)?, day(&self.to)?);
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            return Err("“从”比“到”晚，请调换过来");
        }
        Ok(EventFilter {
            actor: text(&self.who),
            action: text(&self.what),
            object: text(&self.on),
            from: from.map(instant_of_day),
            until: to.and_then(|day| day.succ_opt()).map(instant_of_day),
            before: self.before,
        })
    }

    /// The filter as an address, without where in the list one is.
    fn address(&self) -> String {
        let parts = [
            ("who", &self.who),
            ("what", &self.what),
            ("on", &self.on),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let kept = parts.iter().filter(|(_, value)| !value.trim().is_empty());
        let parts: Vec<String> = kept
            .map(|(name, value)| format!("{name}={}", encoded(value.trim())))
            .collect();
        parts.join("&")
    }
}

const NO_DAY: &str = "日期要写成 2026-09-30 这样";

/// Percent-encoded, whatever it is.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "console/audit.html")]
pub(super) struct AuditPage {
    frame: ConsoleFrame,
    asked: Asked,
    actions: &'static [(&'static str, &'static str)],
    problem: Option<String>,
    /// What holding the log against itself found, where it was asked for.
    found: Option<Vec<String>>,
    table: Table,
    check: String,
    export: String,
    older: Option<String>,
}

/// Shows a page of it.
pub(super) async fn show(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, Action::ReadAudit.roles()).await?;
    let page = page(&state, &actor, asked.into_inner(), None).await?;
    let status = match page.problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    answer::own_page_with(status, &page)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    asked: Asked,
    problem: Option<String>,
) -> Result<AuditPage, PageError> {
    let (filter, problem) = match asked.filter() {
        Ok(filter) => (filter, problem),
        Err(words) => (EventFilter::default(), Some(words.to_owned())),
    };
    let mut events = list_events(state.app.store(), &filter, PAGE + 1).await?;
    let goes_on = events.len() > PAGE;
    events.truncate(PAGE);
    let found = match asked.check {
        Some(_) => Some(checked(state).await?),
        None => None,
    };
    let address = asked.address();
    let with = |more: String| format!("/audit?{address}&{more}");
    let older = events.last().filter(|_| goes_on);
    Ok(AuditPage {
        frame: administrators_frame(state, actor, "审计记录", "/audit"),
        actions: &ACTIONS,
        problem,
        found,
        table: table(&events),
        check: with("check=1".to_owned()),
        export: format!("/audit.csv?{address}"),
        older: older.map(|event| with(format!("before={}", event.seq))),
        asked,
    })
}

/// Every event from the first on, and every anchor kept.
async fn checked(state: &WebState) -> Result<Vec<String>, PageError> {
    let anchors = state.app.folder().join("anchors");
    let check = verify_audit(&state.app, &anchors).await?;
    if !check.faults.is_empty() {
        return Ok(check.faults.iter().map(ToString::to_string).collect());
    }
    let kept = match check.anchors {
        0 => "没有留存在外面的摘要可对，末尾整段被删看不出来".to_owned(),
        anchors => format!("与 {anchors} 份留存的摘要一致"),
    };
    Ok(vec![format!(
        "到第 {} 条为止逐条相连，{kept}",
        check.events
    )])
}

fn table(events: &[AuditEvent]) -> Table {
    let row = |event: &AuditEvent| {
        let mut cells = cells(event).map(Cell::text).to_vec();
        let state = if holds(event) {
            "相符"
        } else {
            "这一条被改过"
        };
        cells.push(Cell::text(state));
        cells
    };
    Table {
        heading: "记录（新的在前）".to_owned(),
        head: vec![
            ("序号", true),
            ("时间", false),
            ("账号", false),
            ("角色", false),
            ("办了什么", false),
            ("对象", false),
            ("与摘要", false),
        ],
        rows: events.iter().map(row).collect(),
        empty: "没有符合条件的记录。",
    }
}

fn cells(event: &AuditEvent) -> [String; 6] {
    [
        event.seq.to_string(),
        wording::full_moment(event.at),
        event.actor.clone(),
        Role::from_code(&event.role)
            .map_or_else(|| event.role.clone(), |role| role.label().to_owned()),
        action_label(event),
        event.object.clone(),
    ]
}

/// The events asked for as a file; the export is itself an event.
pub(super) async fn export(
    state: Data<WebState>,
    request: HttpRequest,
    asked: Query<Asked>,
) -> Page {
    let actor = signed_in(&state, &request, Action::ReadAudit.roles()).await?;
    let asked = asked.into_inner();
    let exported = match asked.filter() {
        Ok(filter) => export_audit(&state.app, &actor, &filter, state.now()).await,
        Err(_) => Err(workflows::Refusal::Contradiction(NO_DAY).into()),
    };
    match exported {
        Ok(events) => Ok(file(&events)),
        Err(VerbError::Refused(refusal)) => {
            let problem = Some(format!("{refusal}（{}）", refusal.code()));
            let page = page(&state, &actor, asked, problem).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

fn file(events: &[AuditEvent]) -> HttpResponse {
    let head = [
        "序号",
        "时间",
        "账号",
        "角色",
        "办了什么",
        "对象",
        "代号",
        "结果",
        "前",
        "后",
        "上一条摘要",
        "摘要",
    ];
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(events.iter().map(|event| {
        let [seq, at, actor, role, label, object] = cells(event);
        let (before, after) = (event.before_digest.clone(), event.after_digest.clone());
        [
            seq,
            at,
            actor,
            role,
            label,
            object,
            event.action.clone(),
            event.outcome.clone(),
            before.unwrap_or_default(),
            after.unwrap_or_default(),
            event.prev_hash.clone(),
            event.hash.clone(),
        ]
    }));
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.csv\"",
        ))
        .body(list_csv(&lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_was_asked_and_nothing_escapes_it() {
        let asked = Asked {
            who: "方 &x=1".to_owned(),
            to: "2026-09-30".to_owned(),
            before: Some(7),
            ..Asked::default()
        };

        assert_eq!(asked.address(), "who=%E6%96%B9%20%26x%3D1&to=2026-09-30");
        let filter = asked.filter().unwrap();
        assert_eq!(
            filter.until.unwrap().to_rfc3339(),
            "2026-09-30T16:00:00+00:00"
        );
        assert_eq!(filter.before, Some(7));
    }

    #[test]
    fn a_day_that_is_none_or_days_the_wrong_way_round_are_refused() {
        let days = |from: &str, to: &str| Asked {
            from: from.to_owned(),
            to: to.to_owned(),
            ..Asked::default()
        };

        assert!(days("2026-02-30", "").filter().is_err());
        assert!(days("2026-09-30", "2026-09-29").filter().is_err());
        assert!(days("2026-09-30", "2026-09-30").filter().is_ok());
    }
}
