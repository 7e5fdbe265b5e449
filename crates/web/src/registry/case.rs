//! One problem with all its calls, and what the office may do with it now.

use super::{
    Act, Entry,
    acts::{acts, form},
    words::{calls, lamp, next, pill, showed, stands},
};
use crate::{
    answer::Posted,
    form::Input,
    frame::ConsoleFrame,
    icon::Icon,
    unit::{Tab, Work},
    wording,
};
use askama::Template;
use rectification::ProblemState;

/// One problem.
#[derive(Debug, Template)]
#[template(path = "console/problem_case.html")]
pub struct CasePage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Address of the list.
    pub back: String,
    /// Its number.
    pub number: String,
    /// The state in words.
    pub state: &'static str,
    /// Style of the state.
    pub pill: &'static str,
    /// Title of its matter.
    pub title: String,
    /// What comes next, and when.
    pub next: String,
    /// Style and words of the light.
    pub light: Option<(&'static str, String)>,
    /// Facts: name and value.
    pub props: Vec<(&'static str, String)>,
    /// Address of its matter; none where the reader may not open it.
    pub matter: Option<String>,
    /// What was promised or what closed it: heading and words.
    pub said: Option<(&'static str, String)>,
    /// Every call, the newest first.
    pub calls: Vec<CallLine>,
    /// What can be done; none for those who only watch.
    pub work: Option<Work>,
    /// Said where nothing can be done.
    pub waiting: &'static str,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLine {
    /// When.
    pub on: String,
    /// Style of the light.
    pub lamp: &'static str,
    /// The light in words.
    pub light: &'static str,
    /// What was found.
    pub note: String,
}

/// Who looks, and what is open.
pub struct Seen<'a> {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Address of the workplace, for example `/office`.
    pub base: &'a str,
    /// Whether the reader acts or only watches.
    pub reader: Reader,
    /// Address of its matter; none where the reader may not open it.
    pub matter: Option<String>,
    /// What was just posted and not taken, and why.
    pub refused: Option<(String, &'a Posted)>,
}

/// Whether somebody acts or only watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The office, with the act whose form is open.
    Acts(Option<Act>),
    /// Those who only watch.
    Watches,
}

/// Lays out one problem.
pub fn case(entry: &Entry, seen: Seen<'_>) -> CasePage {
    let Seen {
        mut frame,
        base,
        reader,
        matter,
        refused,
    } = seen;
    let wrong = if refused.is_some() {
        "有一处要改："
    } else {
        ""
    };
    frame.title = format!(
        "{wrong}{} {} - {}",
        entry.row.reg_no, entry.title, frame.title
    );
    let state = &entry.problem.state;
    let light = entry.light.zip(entry.days_left);
    CasePage {
        frame,
        back: format!("{base}/problems"),
        number: entry.row.reg_no.clone(),
        state: entry.stage().label(),
        pill: pill(entry.stage()),
        title: entry.title.clone(),
        next: next(state),
        light: light.map(|(light, left)| (lamp(light), stands(light, left))),
        props: props(entry),
        matter,
        said: said(state),
        calls: lines(entry),
        work: match reader {
            Reader::Acts(chosen) => work(entry, base, chosen, refused),
            Reader::Watches => None,
        },
        waiting: match (reader, state) {
            (_, ProblemState::Closed { .. }) => {
                "已经销号。发现没有解决的，评价办在整改事项里重新办理，挂号随之恢复。"
            }
            (Reader::Acts(_), _) => "现在没有可以办的。",
            (Reader::Watches, _) => "由评价办叫号和销号，这里只能看。",
        },
    }
}

fn props(entry: &Entry) -> Vec<(&'static str, String)> {
    vec![
        ("责任单位", entry.unit.clone()),
        ("挂号日期", wording::day(entry.problem.registered_on)),
        (
            "叫号情况",
            calls(&entry.problem.calls, entry.problem.re_registrations),
        ),
        ("所属轮次", entry.row.round_id.clone()),
    ]
}

fn said(state: &ProblemState) -> Option<(&'static str, String)> {
    match state {
        ProblemState::PlannedClose { timetable, .. } => Some(("承诺的时间表", timetable.clone())),
        ProblemState::Closed { evidence, .. } => Some(("销号依据", evidence.clone())),
        ProblemState::Registered { .. }
        | ProblemState::Called { .. }
        | ProblemState::ReRegistered { .. }
        | ProblemState::Escalated { .. } => None,
    }
}

fn lines(entry: &Entry) -> Vec<CallLine> {
    let newest_first = entry.problem.calls.iter().rev();
    newest_first
        .map(|call| CallLine {
            on: wording::day(call.on),
            lamp: lamp(call.light),
            light: showed(call.light),
            note: call.note.clone(),
        })
        .collect()
}

fn work(
    entry: &Entry,
    base: &str,
    chosen: Option<Act>,
    refused: Option<(String, &Posted)>,
) -> Option<Work> {
    let open = acts(entry.stage());
    let act = chosen
        .filter(|act| open.contains(act))
        .or_else(|| open.first().copied())?;
    let tab = |other: &Act| Tab {
        href: format!(
            "{base}/problems/{}?do={}#work",
            entry.row.reg_no,
            other.code()
        ),
        label: other.label(),
        count: 0,
        current: *other == act,
    };
    Some(Work {
        tabs: open.iter().map(tab).collect(),
        form: form(act, entry, base, refused),
        draft: None,
    })
}
