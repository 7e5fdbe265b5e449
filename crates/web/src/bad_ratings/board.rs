//! The bad ratings by where they stand.

use super::{
    Entry, Filter,
    entry::standings,
    words::{late, next, stands},
};
use crate::{
    frame::ConsoleFrame,
    registry::{BoardPage, Card, Column, lamp, lights},
    unit::{Stat, Tab},
    wording,
};
use rectification::{BadRatingStage, Light};
use std::collections::BTreeMap;

/// Bad ratings shown of one place where several stand side by side.
const SHOWN: usize = 8;

const LEAD: &str = "大厅“好差评”里的“不满意”和“非常不满意”一条一办：一天内联系评价人，十五天内整改并反馈，评价人可以追评一次，仍不满意的挂号督办。系统默认的评价不算。本轮的全部列出，以前各轮只列还要办的。";
const FOOT: &str = "这里只有大厅的办件编号，没有评价人的姓名、电话和原话。";

/// What is laid on a board.
pub struct Papers<'a> {
    /// Frame.
    pub frame: ConsoleFrame,
    /// All bad ratings the reader may see.
    pub all: &'a [Entry],
    /// Which of them are asked for.
    pub filter: Filter,
    /// Address of the workplace, for example `/office`.
    pub base: &'a str,
}

/// Lays out the board; places where nothing stands are left out.
pub fn board(papers: Papers<'_>) -> BoardPage {
    let Papers {
        frame,
        all,
        filter,
        base,
    } = papers;
    let list = format!("{base}/bad-ratings");
    let of_any_place = filter.at(None);
    let listed: Vec<&Entry> = all
        .iter()
        .filter(|entry| of_any_place.takes(entry))
        .collect();
    let columns = standings()
        .filter(|(code, _)| filter.stage.is_none_or(|chosen| chosen == *code))
        .map(|place| column(place, &listed, &filter, base))
        .filter(|column| filter.stage.is_some() || column.count > 0);
    BoardPage {
        frame,
        lead: LEAD,
        stats: stats(all),
        tabs: tabs(&listed, &filter, &list),
        stage: filter.stage.unwrap_or_default(),
        units: units(all, filter.unit.as_deref()),
        lights: lights(filter.light),
        all: (filter != Filter::default()).then(|| list.clone()),
        columns: columns.collect(),
        list,
        foot: FOOT,
    }
}

fn column(
    (code, heading): (&'static str, &'static str),
    listed: &[&Entry],
    filter: &Filter,
    base: &str,
) -> Column {
    let here: Vec<_> = listed
        .iter()
        .filter(|entry| entry.standing().0 == code)
        .collect();
    let shown = match filter.stage {
        Some(_) => here.len(),
        None => here.len().min(SHOWN),
    };
    let list = format!("{base}/bad-ratings");
    let more =
        (shown < here.len()).then(|| (filter.at(Some(code)).href(&list), here.len() - shown));
    Column {
        code,
        heading,
        count: here.len(),
        more,
        cards: here
            .into_iter()
            .take(shown)
            .map(|entry| card(entry, base))
            .collect(),
    }
}

fn card(entry: &Entry, base: &str) -> Card {
    let light = entry.light.zip(entry.days_left);
    let given = format!("{}给的评价", wording::day(entry.rating.received_on));
    let late = late(entry);
    Card {
        href: format!("{base}/bad-ratings/{}", entry.row.id),
        number: entry.row.id.clone(),
        unit: entry.unit.clone(),
        title: entry.rating.level.label().to_owned(),
        next: next(entry),
        light: light.map(|(light, left)| (lamp(light), stands(light, left))),
        calls: match late.is_empty() {
            true => given,
            false => format!("{given}，{late}"),
        },
    }
}

fn tabs(listed: &[&Entry], filter: &Filter, list: &str) -> Vec<Tab> {
    let each = standings().map(|(code, label)| (Some(code), label));
    std::iter::once((None, "全部"))
        .chain(each)
        .map(|(code, label)| Tab {
            href: filter.at(code).href(list),
            label,
            count: listed
                .iter()
                .filter(|entry| code.is_none_or(|code| code == entry.standing().0))
                .count(),
            current: code == filter.stage,
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
        stat("还要办", "", &|entry| entry.light.is_some()),
        stat("临近到期", "amb", &|entry| {
            entry.light == Some(Light::Yellow)
        }),
        stat("已经超期", "red", &|entry| {
            entry.light == Some(Light::Red)
        }),
        stat("追评仍不满意", "red", &|entry| {
            entry.standing().0 == BadRatingStage::ClosedBad.code()
        }),
    ]
}
