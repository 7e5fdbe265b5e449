//! All problems by their states.

use super::{
    Entry, Filter,
    words::{calls, lamp, next, stands},
};
use crate::{
    frame::ConsoleFrame,
    icon::Icon,
    unit::{Stat, Tab},
};
use askama::Template;
use rectification::{Light, ProblemStage};
use std::collections::BTreeMap;

/// Problems shown of one state where all states stand side by side.
const SHOWN: usize = 8;

const FOOT: &str = "这里只有挂号、单位和叫号的情况，看不到任何评价人的信息和原话。";

/// The problems by their states.
#[derive(Debug, Template)]
#[template(path = "console/problems.html")]
pub struct BoardPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// What this is, in a sentence.
    pub lead: &'static str,
    /// Numbers on top.
    pub stats: Vec<Stat>,
    /// States to choose.
    pub tabs: Vec<Tab>,
    /// Address of the list.
    pub list: String,
    /// The state chosen, by its code.
    pub stage: &'static str,
    /// Units to choose: code, name, whether chosen.
    pub units: Vec<(String, String, bool)>,
    /// Lights to choose: code, words, whether chosen.
    pub lights: Vec<(&'static str, &'static str, bool)>,
    /// Address without any filter; none where nothing is filtered.
    pub all: Option<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// What cannot be seen here.
    pub foot: &'static str,
}

/// The problems in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Code of the state.
    pub code: &'static str,
    /// The state in words.
    pub heading: &'static str,
    /// How many there are.
    pub count: usize,
    /// The problems, what is due first on top.
    pub cards: Vec<Card>,
    /// Where the rest is, and how many.
    pub more: Option<(String, usize)>,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Address.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Its unit.
    pub unit: String,
    /// Title of its matter.
    pub title: String,
    /// What comes next, and when.
    pub next: String,
    /// Style and words of the light; none where nothing is due.
    pub light: Option<(&'static str, String)>,
    /// The calls so far.
    pub calls: String,
}

impl BoardPage {
    /// Whether one state has the page to itself.
    fn alone(&self) -> bool {
        !self.stage.is_empty()
    }
}

/// What is laid on a board.
pub struct Papers<'a> {
    /// Frame.
    pub frame: ConsoleFrame,
    /// What this is, in a sentence.
    pub lead: &'static str,
    /// All problems the reader may see.
    pub all: &'a [Entry],
    /// Which of them are asked for.
    pub filter: Filter,
    /// Address of the workplace, for example `/office`.
    pub base: &'a str,
}

/// Lays out the board.
pub fn board(papers: Papers<'_>) -> BoardPage {
    let Papers {
        frame,
        lead,
        all,
        filter,
        base,
    } = papers;
    let list = format!("{base}/problems");
    let of_any_state = filter.at(None);
    let listed: Vec<&Entry> = all
        .iter()
        .filter(|entry| of_any_state.takes(entry))
        .collect();
    let stages = ProblemStage::ALL
        .iter()
        .filter(|stage| filter.stage.is_none_or(|chosen| chosen == **stage));
    BoardPage {
        frame,
        lead,
        stats: stats(all),
        tabs: tabs(&listed, &filter, &list),
        stage: filter.stage.map_or("", ProblemStage::code),
        units: units(all, filter.unit.as_deref()),
        lights: lights(filter.light),
        all: (filter != Filter::default()).then(|| list.clone()),
        columns: stages
            .map(|stage| column(*stage, &listed, &filter, base))
            .collect(),
        list,
        foot: FOOT,
    }
}

fn column(stage: ProblemStage, listed: &[&Entry], filter: &Filter, base: &str) -> Column {
    let of_stage: Vec<&&Entry> = listed
        .iter()
        .filter(|entry| entry.stage() == stage)
        .collect();
    let shown = match filter.stage {
        Some(_) => of_stage.len(),
        None => of_stage.len().min(SHOWN),
    };
    let list = format!("{base}/problems");
    Column {
        code: stage.code(),
        heading: stage.label(),
        count: of_stage.len(),
        more: (shown < of_stage.len())
            .then(|| (filter.at(Some(stage)).href(&list), of_stage.len() - shown)),
        cards: of_stage
            .into_iter()
            .take(shown)
            .map(|entry| card(entry, base))
            .collect(),
    }
}

fn card(entry: &Entry, base: &str) -> Card {
    let light = entry.light.zip(entry.days_left);
    Card {
        href: format!("{base}/problems/{}", entry.row.reg_no),
        number: entry.row.reg_no.clone(),
        unit: entry.unit.clone(),
        title: entry.title.clone(),
        next: next(&entry.problem.state),
        light: light.map(|(light, left)| (lamp(light), stands(light, left))),
        calls: calls(&entry.problem.calls, entry.problem.re_registrations),
    }
}

fn tabs(listed: &[&Entry], filter: &Filter, list: &str) -> Vec<Tab> {
    let each = ProblemStage::ALL.iter().map(|stage| Some(*stage));
    std::iter::once(None)
        .chain(each)
        .map(|stage| Tab {
            href: filter.at(stage).href(list),
            label: stage.map_or("全部", ProblemStage::label),
            count: listed
                .iter()
                .filter(|entry| stage.is_none_or(|stage| stage == entry.stage()))
                .count(),
            current: stage == filter.stage,
        })
        .collect()
}

fn units(all: &[Entry], chosen: Option<&str>) -> Vec<(String, String, bool)> {
    let known: BTreeMap<&str, &str> = all
        .iter()
        .map(|entry| (entry.row.unit_id.as_str(), entry.unit.as_str()))
        .collect();
    known
        .into_iter()
        .map(|(code, name)| (code.to_owned(), name.to_owned(), chosen == Some(code)))
        .collect()
}

/// Lights to choose: code, words, whether chosen.
pub(crate) fn lights(chosen: Option<Light>) -> Vec<(&'static str, &'static str, bool)> {
    let each = Light::ALL.iter();
    each.map(|light| (light.code(), light.label(), chosen == Some(*light)))
        .collect()
}

fn stats(all: &[Entry]) -> Vec<Stat> {
    let stat = |name, class, test: &dyn Fn(&Entry) -> bool| {
        let number = all.iter().filter(|entry| test(entry)).count();
        Stat {
            name,
            value: number.to_string(),
            small: String::new(),
            class: if number > 0 { class } else { "" },
        }
    };
    vec![
        stat("今天该叫号", "red", &|entry| {
            entry.days_left == Some(0) && entry.light != Some(Light::Red)
        }),
        stat("2 个工作日内", "amb", &|entry| {
            entry.light == Some(Light::Yellow) && entry.days_left != Some(0)
        }),
        stat("过了日子没有叫", "red", &|entry| {
            entry.light == Some(Light::Red)
        }),
        stat("派驻组督办", "red", &|entry| {
            entry.stage() == ProblemStage::Escalated
        }),
    ]
}
