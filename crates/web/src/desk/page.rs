//! The list and one matter on one page, for whoever looks.

use super::{Act, Desk, Entry, Filter, Side, detail, evidence::files, items, stats, tabs};
use crate::{
    PageError,
    answer::Posted,
    frame::ConsoleFrame,
    unit::{Detail, MattersPage, grouped},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What of the matters is asked for in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    /// Which filter.
    pub t: Option<String>,
    /// Which form is open.
    #[serde(rename = "do")]
    pub act: Option<String>,
    /// What was just done.
    pub done: Option<String>,
    /// The filter of the list one came from.
    pub from: Option<String>,
    /// Why a file that was sent is not kept.
    #[serde(skip)]
    pub file_problem: Option<String>,
}

impl Choice {
    /// The page again with what is wrong with a file.
    pub fn of_file(problem: String) -> Self {
        Self {
            file_problem: Some(problem),
            ..Self::default()
        }
    }

    /// The page again with the form of an act open.
    pub fn of(act: Act) -> Self {
        Self {
            act: Some(act.code().to_owned()),
            ..Self::default()
        }
    }
}

/// What is laid on a desk.
pub struct Papers<'a> {
    /// Frame.
    pub frame: ConsoleFrame,
    /// All matters the reader may see.
    pub all: &'a [Entry],
    /// The matter shown.
    pub chosen: Option<&'a Entry>,
    /// Names of the units by code.
    pub names: &'a BTreeMap<String, String>,
    /// Address of the list.
    pub list: &'a str,
    /// Said when there is nothing.
    pub empty: &'static str,
}

/// Lays out list and matter; `refused` is what was just posted and not taken.
///
/// # Errors
/// When the database fails.
pub async fn matters_page(
    desk: Desk<'_>,
    papers: Papers<'_>,
    choice: &Choice,
    refused: Option<(String, &Posted)>,
) -> Result<MattersPage, PageError> {
    let Papers {
        mut frame,
        all,
        chosen,
        names,
        list,
        empty,
    } = papers;
    let name_of = |unit: &str| names.get(unit).cloned().unwrap_or_default();
    let said_in_list = |unit: &str| match desk.side {
        Side::Unit => String::new(),
        Side::Office | Side::Watcher => name_of(unit),
    };
    let filter = filter_of(choice, chosen, desk.side);
    let listed: Vec<&Entry> = all
        .iter()
        .filter(|entry| filter.takes(entry, desk.side))
        .collect();
    if let Some(entry) = chosen {
        let wrong = refused.is_some() || choice.file_problem.is_some();
        let wrong = if wrong { "有一处要改：" } else { "" };
        let (id, title) = (&entry.matter.id, &entry.matter.title);
        frame.title = format!("{wrong}{id} {title} - {}", frame.title);
    }
    let done = choice.done.as_deref().and_then(done_words);
    frame.done = frame.done.or_else(|| done.map(str::to_owned));
    let shown = match chosen {
        Some(entry) => Some(shown(desk, entry, &name_of, choice, refused).await?),
        None => None,
    };
    let current = chosen.map(|entry| entry.matter.id.as_str());
    Ok(MattersPage {
        frame,
        stats: stats(all, desk.rules, desk.today, desk.side),
        place: None,
        tabs: tabs(all, filter, desk.side, list),
        groups: grouped(items(
            &listed,
            desk.rules,
            desk.today,
            (desk.base, current),
            &said_in_list,
        )),
        empty,
        detail: shown,
        export: None,
    })
}

/// One matter as the reader sees it; a unit that only helps has no form.
async fn shown(
    desk: Desk<'_>,
    entry: &Entry,
    name_of: &impl Fn(&str) -> String,
    choice: &Choice,
    refused: Option<(String, &Posted)>,
) -> Result<Detail, PageError> {
    let reader = Desk {
        side: if entry.assists {
            Side::Watcher
        } else {
            desk.side
        },
        ..desk
    };
    let act = choice.act.as_deref().and_then(Act::from_code);
    let unit = name_of(&entry.matter.unit_id);
    let mut shown = detail(reader, entry, &unit, act, refused).await?;
    shown.files = files(desk, entry, choice.file_problem.as_ref()).await?;
    let helping: Vec<String> = entry.co_units.iter().map(|unit| name_of(unit)).collect();
    if !helping.is_empty() {
        shown.props.insert(1, ("协办单位", helping.join("、")));
    }
    Ok(shown)
}

/// What was just done, in words.
fn done_words(code: &str) -> Option<&'static str> {
    match code {
        "file" => Some("文件已收下。"),
        "file-withdrawn" => Some("文件已撤回。"),
        "draft" => Some("草稿已存，只有您自己看得到，还没有提交。"),
        act => Act::from_code(act).map(Act::done),
    }
}

/// The filter of the address; without one, that of the matter shown.
fn filter_of(choice: &Choice, chosen: Option<&Entry>, side: Side) -> Filter {
    match (&choice.t, chosen) {
        (None, Some(entry)) if !Filter::Mine.takes(entry, side) => Filter::All,
        (code, _) => Filter::from_code(code.as_deref()),
    }
}
