//! What is said of a bad rating; a colour never stands alone.

use super::Entry;
use crate::wording::day;
use rectification::{BadRatingStage as Stage, BadRatingState as State, Light};

/// Style of the mark of where it stands.
pub fn pill(entry: &Entry) -> &'static str {
    match (&entry.row.withdrawn, entry.stage()) {
        (Some(_), _) | (None, Stage::Received | Stage::Excluded) => "",
        (None, Stage::Contacted | Stage::FedBack) => "st--q",
        (None, Stage::Rectifying | Stage::Appealed) => "st--a",
        (None, Stage::ClosedOk) => "st--g",
        (None, Stage::ClosedBad) => "st--r",
    }
}

/// What comes next, and by when.
pub fn next(entry: &Entry) -> String {
    if let Some(why) = &entry.row.withdrawn {
        return why.clone();
    }
    match &entry.rating.state {
        State::Received { contact_by } => format!("{}前联系评价人", day(*contact_by)),
        State::Contacted {
            object_by,
            answer_by,
        } => {
            format!(
                "{}前整改并反馈；要申诉的在 {}前提出",
                day(*answer_by),
                day(*object_by)
            )
        }
        State::Appealed { decide_by, .. } if entry.row.reviewer.is_some() => {
            format!("{}前复核，一位复核人已有意见", day(*decide_by))
        }
        State::Appealed { decide_by, .. } => format!("{}前由两人复核", day(*decide_by)),
        State::Rectifying { answer_by } => format!("{}前整改并反馈", day(*answer_by)),
        State::FedBack { .. } => "已反馈，等评价人追评（可以不追评）".to_owned(),
        State::Excluded { .. } => "申诉成立，不再计入".to_owned(),
        State::ClosedOk { level } => format!("追评“{}”，办结", level.label()),
        State::ClosedBad { level } => format!("追评“{}”，已挂号督办", level.label()),
    }
}

/// The days that are left; limits of bad ratings count every day.
pub fn stands(light: Light, days_left: i64) -> String {
    match (light, days_left) {
        (_, 0) => "今天到期".to_owned(),
        (Light::Red, _) => format!("超期 {} 天", -days_left),
        _ => format!("剩 {days_left} 天"),
    }
}

/// What has come late so far; empty where nothing has.
pub fn late(entry: &Entry) -> String {
    let record = entry.rating.record;
    let parts = [
        (record.late_contacts, "联系超期"),
        (record.late_answers, "反馈超期"),
        (record.late_decisions, "复核超期"),
    ];
    let late = parts.iter().filter(|(times, _)| *times > 0);
    late.map(|(_, words)| *words).collect::<Vec<_>>().join("、")
}
