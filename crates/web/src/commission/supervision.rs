//! Units by bands, and the matters that need somebody else's push.

use crate::{
    Svg,
    form::Table,
    frame::ConsoleFrame,
    icon::{Icon, band_mark},
    wording,
};
use analytics::{Band, Status};
use askama::Template;
use publication::{BulletinBody, ClassTable};

/// Units by bands and matters under supervision.
#[derive(Debug, Template)]
#[template(path = "console/supervision.html")]
pub struct SupervisionPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// The finding.
    pub lead: String,
    /// Name, bands, and units outside the bands in words.
    pub classes: Vec<(String, Vec<BandList>, String)>,
    /// Heading of the list.
    pub list_heading: &'static str,
    /// Matters.
    pub rows: Vec<SupervisionRow>,
    /// Further tables such as results pushed.
    pub tables: Vec<Table>,
}

/// The units of one band.
#[derive(Clone, Debug)]
pub struct BandList {
    /// Style class.
    pub class: &'static str,
    /// Shape.
    pub mark: Svg,
    /// Name and number.
    pub heading: String,
    /// Name, and score with rank interval.
    pub units: Vec<(String, String)>,
}

/// One matter under supervision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupervisionRow {
    /// Address.
    pub href: String,
    /// Number.
    pub number: String,
    /// Unit.
    pub unit: String,
    /// Title.
    pub title: String,
    /// Style and reason.
    pub why: Vec<(&'static str, String)>,
    /// State.
    pub state: String,
    /// Due date.
    pub due: String,
}

/// The bands of all classes.
#[must_use]
pub fn bands_of(body: &BulletinBody) -> Vec<(String, Vec<BandList>, String)> {
    body.classes
        .iter()
        .map(|table| (table.name.clone(), bands(table), rest(table)))
        .collect()
}

fn bands(table: &ClassTable) -> Vec<BandList> {
    [
        (Band::Above, "hi", "明显高于平均"),
        (Band::Same, "mid", "和平均差不多"),
        (Band::Below, "lo", "明显低于平均"),
    ]
    .into_iter()
    .map(|(band, class, name)| {
        let units: Vec<_> = table
            .rows
            .iter()
            .filter(|row| row.row.band == Some(band))
            .map(|row| (row.unit_name.clone(), ranked_words(&row.row)))
            .collect();
        BandList {
            class,
            mark: band_mark(class),
            heading: format!("{name} {} 个", units.len()),
            units,
        }
    })
    .collect()
}

/// Score and rank interval in words.
#[must_use]
pub fn ranked_words(row: &analytics::RankingRow) -> String {
    let score = row.score.map_or_else(
        || "样本不足".to_owned(),
        |score| format!("{} 分", wording::decimal(score, 2)),
    );
    match (row.rank_low, row.rank_high) {
        (Some(low), Some(high)) if low == high => format!("{score}，第 {low} 名"),
        (Some(low), Some(high)) => format!("{score}，第 {low}—{high} 名"),
        _ => score,
    }
}

fn rest(table: &ClassTable) -> String {
    let names = |status| {
        let names: Vec<_> = table
            .rows
            .iter()
            .filter(|row| row.row.status == status)
            .map(|row| row.unit_name.clone())
            .collect();
        names.join("、")
    };
    let mut parts = Vec::new();
    for (status, words) in [
        (Status::Bracketed, "样本偏少，得分加括号"),
        (Status::Hidden, "样本不足，不排名"),
    ] {
        let names = names(status);
        if !names.is_empty() {
            parts.push(format!("{words}：{names}。"));
        }
    }
    parts.concat()
}
