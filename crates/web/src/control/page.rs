//! The list with its filters, and what can be done with several matters at once.

use super::filter::{Facet, Filter, HELPS, LEADS};
use crate::{
    PageError,
    desk::{Entry, deadline},
    frame::ConsoleFrame,
    icon::Icon,
    unit::Stat,
    wording::encoded,
};
use askama::Template;
use chrono::NaiveDate;
use rectification::{Complexity, Light, MatterStage, light};
use std::collections::{BTreeMap, BTreeSet};
use survey_design::Rules;
use vocabulary::MatterId;
use workflows::SeenMatter;

/// Matters on one page.
const PER_PAGE: usize = 200;

/// The matters of a round with filters.
#[derive(Debug, Template)]
#[template(path = "console/control.html")]
pub struct ControlPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Numbers on top.
    pub stats: Vec<Stat>,
    /// Rounds to choose: code, title, whether chosen.
    pub rounds: Vec<(String, String, bool)>,
    /// What can be chosen.
    pub sifts: Vec<Sift>,
    /// Words looked for.
    pub words: String,
    /// Address without any filter; none where nothing is filtered.
    pub all: Option<String>,
    /// How many are listed, on all pages.
    pub found: usize,
    /// The matters of this page, what is due first on top.
    pub rows: Vec<Row>,
    /// The pages: number, address, whether it is this one; empty when there is one only.
    pub pages: Vec<(usize, String, bool)>,
    /// Where what is ticked is sent.
    pub action: String,
    /// Address of the list as a workbook.
    pub export: String,
    /// Whether something can be done with any of this page.
    pub open: bool,
    /// How many of this page can be given, and where they are ticked.
    pub tick: (usize, String),
    /// Units to give them to: code and name.
    pub units: Vec<(String, String)>,
    /// Times to choose: code and words.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// What was chosen and not taken.
    pub held: Held,
    /// Why nothing was done.
    pub problem: Option<String>,
    /// What was left alone, where the rest was done.
    pub left: Option<LeftAlone>,
}

/// Matters left alone while others were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftAlone {
    /// How many were given.
    pub given: usize,
    /// Number, address, and why.
    pub rows: Vec<(String, String, String)>,
}

/// What was posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Matters ticked, by number.
    pub ticked: BTreeSet<String>,
    /// The unit in charge.
    pub unit: String,
    /// Units that help.
    pub with: BTreeSet<String>,
    /// The time.
    pub kind: String,
}

/// One list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sift {
    /// Name in the address.
    pub name: &'static str,
    /// Words over it.
    pub label: &'static str,
    /// Words for all.
    pub all: &'static str,
    /// Code, words, how many under the other filters, whether chosen.
    pub options: Vec<(String, String, usize, bool)>,
}

/// One matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Address.
    pub href: String,
    /// Its number.
    pub number: String,
    /// What is sent when it is ticked: number and version; none where nothing can be done with it here.
    pub pick: Option<String>,
    /// Whether it is ticked.
    pub ticked: bool,
    /// Title.
    pub title: String,
    /// Units, time, voices.
    pub about: String,
    /// State in words.
    pub state: &'static str,
    /// Style and words of the limit; none without one.
    pub light: Option<(&'static str, String)>,
}

/// What is laid out.
pub struct Papers<'a> {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Rounds: code, title, whether chosen.
    pub rounds: Vec<(String, String, bool)>,
    /// All matters of the round.
    pub all: &'a [Entry],
    /// Names of the units by code.
    pub names: &'a BTreeMap<String, String>,
    /// Rules of the round.
    pub rules: &'a Rules,
    /// Today.
    pub today: NaiveDate,
    /// Which are asked for.
    pub filter: Filter,
    /// Which page, 1 for the first.
    pub page: usize,
    /// What was posted and not taken; or every matter that can be given.
    pub held: Option<Held>,
}

/// The address of the list with a filter as it stands in an address.
pub fn address(query: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "=&%._-".contains(c);
    match query.chars().all(plain) && !query.is_empty() {
        true => format!("/office/control?{query}"),
        false => "/office/control".to_owned(),
    }
}

/// The matters ticked, as they were seen.
///
/// # Errors
/// [`PageError::BadForm`] when one of them is none of ours.
pub fn seen_matters(picks: &[String]) -> Result<BTreeSet<SeenMatter>, PageError> {
    let one = |pick: &String| {
        let (id, version) = pick.rsplit_once(':')?;
        Some(SeenMatter {
            id: MatterId::new(id),
            version: version.parse().ok()?,
        })
    };
    let seen: Option<_> = picks.iter().map(one).collect();
    seen.ok_or(PageError::BadForm)
}

/// Lays out the list.
pub fn control(papers: Papers<'_>) -> ControlPage {
    let (all, listed) = (lit(&papers), listed(&papers));
    let filter = &papers.filter;
    let pages = listed.len().div_ceil(PER_PAGE).max(1);
    let page = papers.page.clamp(1, pages);
    let at = |page: usize| match page {
        1 => filter.query(),
        _ => format!("{}&page={page}", filter.query())
            .trim_start_matches('&')
            .to_owned(),
    };
    let shown = listed.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE);
    let rows: Vec<Row> = shown.map(|entry| row(entry, &at(page), &papers)).collect();
    let waits = |row: &&Row| row.state == MatterStage::Sorted.label();
    let (open, waiting) = (
        rows.iter().any(|row| row.pick.is_some()),
        rows.iter().filter(waits).count(),
    );
    let tick = format!("{}&tick=all", at(page))
        .trim_start_matches('&')
        .to_owned();
    ControlPage {
        stats: stats(&all),
        sifts: Facet::EACH.map(|facet| sift(facet, &all, &papers)).into(),
        words: filter.words.clone(),
        all: filter.cleared().map(|all| address(&all.query())),
        found: listed.len(),
        rows,
        pages: match pages {
            1 => Vec::new(),
            _ => (1..=pages)
                .map(|it| (it, address(&at(it)), it == page))
                .collect(),
        },
        action: address(&at(page)),
        open,
        export: address(&filter.query()).replacen("/control", "/control.xlsx", 1),
        tick: (waiting, address(&tick)),
        units: papers
            .names
            .iter()
            .map(|(code, name)| (code.clone(), name.clone()))
            .collect(),
        kinds: kinds(),
        held: papers.held.clone().unwrap_or_default(),
        problem: None,
        left: None,
        rounds: papers.rounds,
        frame: papers.frame,
    }
}

/// All matters with their lights, what is due first on top.
fn lit<'a>(papers: &Papers<'a>) -> Vec<(&'a Entry, Option<Light>)> {
    let with_light = |entry| (entry, light_of(entry, papers));
    let mut all: Vec<_> = papers.all.iter().map(with_light).collect();
    all.sort_by_key(|(entry, _)| {
        (
            entry.matter.due.is_none(),
            entry.matter.due,
            &entry.matter.id,
        )
    });
    all
}

/// The matters asked for, what is due first on top.
pub fn listed<'a>(papers: &Papers<'a>) -> Vec<&'a Entry> {
    let all = lit(papers).into_iter();
    all.filter(|(entry, light)| papers.filter.takes(entry, *light))
        .map(|(entry, _)| entry)
        .collect()
}

/// The filters in force, in words.
pub fn said(papers: &Papers<'_>) -> String {
    let all = lit(papers);
    let chosen = Facet::EACH.into_iter().filter_map(|facet| {
        let sift = sift(facet, &all, papers);
        let option = sift.options.into_iter().find(|(_, _, _, chosen)| *chosen)?;
        Some(format!("{}：{}", sift.label, option.1))
    });
    let words = Some(&papers.filter.words).filter(|words| !words.is_empty());
    let words = words.map(|words| format!("标题或编号里有：{words}"));
    let said: Vec<String> = chosen.chain(words).collect();
    match said.is_empty() {
        true => "本轮全部事项".to_owned(),
        false => said.join("；"),
    }
}

/// The times a matter may need: code and words.
fn kinds() -> Vec<(&'static str, &'static str)> {
    Complexity::ALL
        .iter()
        .map(|it| (it.code(), it.label()))
        .collect()
}

fn light_of(entry: &Entry, papers: &Papers<'_>) -> Option<Light> {
    let due = entry.state.due()?;
    Some(light(papers.today, due, &papers.rules.calendar))
}

fn row(entry: &Entry, from: &str, papers: &Papers<'_>) -> Row {
    let (matter, stage) = (&entry.matter, entry.state.stage());
    let open = [MatterStage::Sorted, MatterStage::Assigned].contains(&stage);
    let held = papers.held.as_ref();
    let from = match from {
        "" => String::new(),
        from => format!("?from={}", encoded(from)),
    };
    let limit = deadline(entry, papers.rules, papers.today);
    Row {
        href: format!("/office/matters/{}{from}", matter.id),
        number: matter.id.clone(),
        pick: open.then(|| format!("{}:{}", matter.id, matter.version)),
        ticked: open && held.is_some_and(|held| held.ticked.contains(&matter.id)),
        title: matter.title.clone(),
        about: about(entry, papers),
        state: stage.label(),
        light: limit.map(|limit| match light_of(entry, papers) {
            Some(Light::Red) => ("st--r", limit.words),
            Some(Light::Yellow) => ("st--a", limit.words),
            _ => ("st--g", limit.words),
        }),
    }
}

fn about(entry: &Entry, papers: &Papers<'_>) -> String {
    let name = |unit: &String| papers.names.get(unit).unwrap_or(unit).clone();
    let helping: Vec<String> = entry.co_units.iter().map(name).collect();
    let helping = match helping.is_empty() {
        true => String::new(),
        false => format!("（协办：{}）", helping.join("、")),
    };
    let voices: Vec<String> = serde_json::from_str(&entry.matter.requirement).unwrap_or_default();
    format!(
        "{}{helping}，{}，{} 条意见",
        name(&entry.matter.unit_id),
        entry.state.record().complexity.label(),
        voices.len()
    )
}

fn sift(facet: Facet, all: &[(&Entry, Option<Light>)], papers: &Papers<'_>) -> Sift {
    let filter = &papers.filter;
    let text = |code: &str, words: &str| (code.to_owned(), words.to_owned());
    let has_unit = !filter.chosen(Facet::Unit).is_empty();
    let (label, words, options): (_, _, Vec<(String, String)>) = match facet {
        Facet::Unit => {
            let named = papers.names.iter();
            let options = named.map(|(code, name)| text(code, name));
            ("单位", "全部单位", options.collect())
        }
        Facet::Part if has_unit => {
            let options = [text(LEADS, "由它主办"), text(HELPS, "由它协办")];
            ("主办或协办", "主办和协办", options.into())
        }
        Facet::Part => {
            let options = [text(LEADS, "没有协办单位"), text(HELPS, "有协办单位")];
            ("主办或协办", "全部", options.into())
        }
        Facet::Stage => {
            let options = MatterStage::ALL.iter();
            let options = options.map(|stage| text(stage.code(), stage.label()));
            ("状态", "全部状态", options.collect())
        }
        Facet::Light => {
            let options = Light::ALL.iter();
            let options = options.map(|light| text(light.code(), light.label()));
            ("期限", "全部", options.collect())
        }
        Facet::Kind => {
            let options = kinds().into_iter().map(|(code, words)| text(code, words));
            ("类别", "全部类别", options.collect())
        }
    };
    let counted = options.into_iter().map(|(code, words)| {
        let with = filter.with(facet, &code);
        let count = all
            .iter()
            .filter(|(entry, light)| with.takes(entry, *light))
            .count();
        let chosen = filter.chosen(facet) == code;
        (code, words, count, chosen)
    });
    Sift {
        name: facet.name(),
        label,
        all: words,
        options: counted
            .filter(|(_, _, count, chosen)| *count > 0 || *chosen)
            .collect(),
    }
}

fn stats(all: &[(&Entry, Option<Light>)]) -> Vec<Stat> {
    let stat = |name, class, test: &dyn Fn(&Entry, Option<Light>) -> bool| {
        let number = all
            .iter()
            .filter(|(entry, light)| test(entry, *light))
            .count();
        Stat {
            name,
            value: number.to_string(),
            small: String::new(),
            class: if number > 0 { class } else { "" },
        }
    };
    vec![
        stat("待交办", "amb", &|entry, _| {
            entry.state.stage() == MatterStage::Sorted
        }),
        stat("临近到期", "amb", &|_, light| {
            light == Some(Light::Yellow)
        }),
        stat("已超期", "red", &|_, light| light == Some(Light::Red)),
        stat("有协办单位", "", &|entry, _| {
            !entry.co_units.is_empty()
        }),
    ]
}
