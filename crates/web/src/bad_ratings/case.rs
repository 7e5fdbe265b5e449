//! One bad rating with everything that happened, and what this official may do with it now.

use super::{
    Act, Entry,
    acts::{acts, form, typed},
    words::{late, next, pill, stands},
};
use crate::{
    PageError,
    answer::Posted,
    form::Input,
    frame::ConsoleFrame,
    icon::Icon,
    registry::lamp,
    unit::{Overtaken, Tab, Work},
    wording,
};
use askama::Template;
use rectification::{BadRatingStage, BadRatingState};
use storage::bad_ratings::{self, BadRatingEvent};
use vocabulary::Role;
use workflows::{Actor, App, BadRatingMark};

/// One bad rating.
#[derive(Debug, Template)]
#[template(path = "console/bad_rating.html")]
pub struct CasePage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Address of the list.
    pub back: String,
    /// Its number.
    pub number: String,
    /// Where it stands, in words.
    pub state: &'static str,
    /// Style of the state.
    pub pill: &'static str,
    /// The level given.
    pub title: &'static str,
    /// What comes next, and by when.
    pub next: String,
    /// Style and words of the light.
    pub light: Option<(&'static str, String)>,
    /// Facts: name and value.
    pub props: Vec<(&'static str, String)>,
    /// The registered problem: address and number.
    pub problem: Option<(String, String)>,
    /// Everything that happened, the newest first.
    pub past: Vec<PastLine>,
    /// What was refused of an act that is not to be done any more.
    pub overtaken: Option<Overtaken>,
    /// What can be done.
    pub work: Option<Work>,
    /// Said where nothing can be done.
    pub waiting: &'static str,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastLine {
    /// What.
    pub what: &'static str,
    /// What was said with it.
    pub said: String,
    /// In which role, and when.
    pub by: String,
}

/// Who looks, and what is open.
pub struct Seen<'a> {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Address of the workplace, for example `/office`.
    pub base: &'a str,
    /// The reader.
    pub actor: &'a Actor,
    /// The act whose form is open.
    pub act: Option<Act>,
    /// What was just posted and not taken, and why.
    pub refused: Option<(String, &'a Posted)>,
}

/// Lays out one bad rating.
///
/// # Errors
/// When the database fails.
pub async fn case(app: &App, entry: &Entry, seen: Seen<'_>) -> Result<CasePage, PageError> {
    let Seen {
        mut frame,
        base,
        actor,
        act,
        refused,
    } = seen;
    let wrong = if refused.is_some() {
        "有一处要改："
    } else {
        ""
    };
    frame.title = format!("{wrong}{} - {}", entry.row.id, frame.title);
    let open = acts(entry, actor);
    let lost = act.filter(|act| !open.contains(act)).zip(refused.as_ref());
    let overtaken = lost.map(|(act, (problem, posted))| Overtaken {
        problem: problem.clone(),
        typed: typed(act, posted),
    });
    let refused = refused.filter(|_| overtaken.is_none());
    let light = entry.light.zip(entry.days_left);
    let problems = registry_of(actor.role).map(|list| (list, entry.row.reg_no.clone()));
    Ok(CasePage {
        frame,
        back: format!("{base}/bad-ratings"),
        number: entry.row.id.clone(),
        state: entry.standing().1,
        pill: pill(entry),
        title: entry.rating.level.label(),
        next: next(entry),
        light: light.map(|(light, left)| (lamp(light), stands(light, left))),
        props: props(entry, actor.role),
        problem: problems
            .and_then(|(list, number)| number.map(|number| (format!("{list}/{number}"), number))),
        past: past(
            entry,
            &bad_ratings::list_events(app.store(), &entry.row.id).await?,
        ),
        overtaken,
        work: work(entry, base, &open, act, refused),
        waiting: waiting(entry),
    })
}

/// Where this reader finds registered problems.
const fn registry_of(role: Role) -> Option<&'static str> {
    match role {
        Role::OfficeClerk | Role::OfficeLeader => Some("/office/problems"),
        Role::DisciplineCommission => Some("/commission/problems"),
        Role::StationedGroup => Some("/stationed/problems"),
        _ => None,
    }
}

fn props(entry: &Entry, role: Role) -> Vec<(&'static str, String)> {
    let mut props = vec![
        ("责任单位", entry.unit.clone()),
        ("评价日期", wording::day(entry.rating.received_on)),
        ("所属轮次", entry.row.round_id.clone()),
    ];
    // Who only watches needs no way to the case, and so to the person.
    if role != Role::StationedGroup {
        props.insert(1, ("大厅办件编号", entry.rating.case.clone()));
    }
    let late = late(entry);
    if !late.is_empty() {
        props.push(("超期记录", late));
    }
    props
}

/// The newest first; what the first reviewer says is told once both have decided.
fn past(entry: &Entry, events: &[BadRatingEvent]) -> Vec<PastLine> {
    let undecided = entry.stage() == BadRatingStage::Appealed;
    let line = |event: &BadRatingEvent| {
        let mark = BadRatingMark::from_code(&event.step);
        let sealed = undecided && mark == Some(BadRatingMark::FirstReview);
        PastLine {
            what: mark.map_or("", BadRatingMark::label),
            said: if sealed {
                String::new()
            } else {
                event.said.clone()
            },
            by: format!(
                "{}，{}",
                Role::from_code(&event.role).map_or("系统", Role::label),
                wording::moment(event.at)
            ),
        }
    };
    events.iter().rev().map(line).collect()
}

const fn waiting(entry: &Entry) -> &'static str {
    match &entry.rating.state {
        _ if entry.row.withdrawn.is_some() => "来源系统已经更正或者撤回，不用再办。",
        BadRatingState::Appealed { .. } => "等两位没有参与过的人复核。",
        BadRatingState::FedBack { .. } => "等评价人追评，由大厅系统报送或者评价办回访登记。",
        BadRatingState::Excluded { .. } | BadRatingState::ClosedOk { .. } => "已经办结。",
        BadRatingState::ClosedBad { .. } => "已经挂号督办，整改在整改清单里办理。",
        _ => "由责任单位办理。",
    }
}

fn work(
    entry: &Entry,
    base: &str,
    open: &[Act],
    chosen: Option<Act>,
    refused: Option<(String, &Posted)>,
) -> Option<Work> {
    let act = chosen
        .filter(|act| open.contains(act))
        .or_else(|| open.first().copied())?;
    let tab = |other: &Act| Tab {
        href: format!(
            "{base}/bad-ratings/{}?do={}#work",
            entry.row.id,
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
