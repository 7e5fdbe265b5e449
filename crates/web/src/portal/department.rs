//! The page of one unit in a round.

use super::{CaseCard, Fact, class_table, notes, places};
use crate::{
    Svg,
    chart::{LineChart, LinePoint},
    frame::{Host, PortalFrame, PortalPlace},
    icon::Icon,
    wording,
};
use analytics::{Band, RankingRow, Status};
use askama::Template;
use publication::{BulletinBody, ClassTable, TableRow};
use vocabulary::UnitId;

/// The page of one unit.
#[derive(Debug, Template)]
#[template(path = "portal/department.html")]
pub struct DepartmentPage {
    /// Frame.
    pub frame: PortalFrame,
    /// Title of the round.
    pub round_title: String,
    /// Name of the class.
    pub class_name: String,
    /// The finding.
    pub headline: String,
    /// What it means.
    pub lead: String,
    /// Figures.
    pub facts: Vec<Fact>,
    /// Remarks on the score.
    pub flags: Vec<String>,
    /// Scores over several rounds.
    pub line: Option<Svg>,
    /// Round, score, place as text.
    pub history: Vec<(String, String, String)>,
    /// Public matters of the unit.
    pub cases: Vec<CaseCard>,
    /// Source.
    pub source: String,
    /// Address of the round.
    pub back: String,
}

/// Builds the page; none when the bulletin has no such unit.
#[must_use]
pub fn department(body: &BulletinBody, unit: &UnitId, host: Host) -> Option<DepartmentPage> {
    let (table, line) = body.classes.iter().find_map(|table| {
        table
            .rows
            .iter()
            .find(|row| row.row.unit == *unit)
            .map(|row| (table, row))
    })?;
    let history = history(body, unit);
    let headline = headline(line);
    Some(DepartmentPage {
        frame: PortalFrame {
            title: format!("{headline} - {}", body.round_title),
            host,
            place: PortalPlace::Elsewhere,
            round: Some(body.round.to_string()),
        },
        round_title: body.round_title.clone(),
        class_name: table.name.clone(),
        headline,
        lead: lead(table, &line.row, body.hidden_below),
        facts: facts(&line.row, body.hidden_below),
        flags: notes::in_words(&line.row.flags),
        line: chart(&line.unit_name, &line.row, &history).map(|chart| chart.draw()),
        history: history
            .into_iter()
            .map(|point| (point.round, point.score, point.place))
            .collect(),
        cases: body
            .public_matters
            .iter()
            .filter(|card| card.unit == *unit)
            .map(|card| CaseCard::of(body, card))
            .collect(),
        source: format!("结果编号 {}。", body.result_id),
        back: format!("/r/{}?c={}", body.round, table.id),
    })
}

/// The scores of a unit over the rounds of this bulletin, drawn; none with fewer than two.
#[must_use]
pub fn score_line(body: &BulletinBody, unit: &UnitId) -> Option<Svg> {
    let line = body
        .classes
        .iter()
        .flat_map(|table| &table.rows)
        .find(|row| row.row.unit == *unit)?;
    chart(&line.unit_name, &line.row, &history(body, unit)).map(|chart| chart.draw())
}

fn headline(line: &TableRow) -> String {
    let name = &line.unit_name;
    match (line.row.status, line.row.band) {
        (Status::Hidden, _) => format!("{name}：样本不足，不显示得分"),
        (Status::Bracketed, _) => format!("{name}：样本偏少，得分仅供参考"),
        (_, Some(Band::Above)) => format!("{name}明显高于同类平均"),
        (_, Some(Band::Same)) => format!("{name}和同类平均差不多"),
        (_, Some(Band::Below)) => format!("{name}明显低于同类平均"),
        (_, None) => name.clone(),
    }
}

fn lead(table: &ClassTable, row: &RankingRow, hidden_below: u32) -> String {
    if row.status == Status::Hidden {
        return format!(
            "有效评价少于 {hidden_below} 份或只征求意见，为了不让人猜出是谁填的，也为了不凭几个人下结论，不显示得分。"
        );
    }
    let mean = table.mean.map_or_else(String::new, |mean| {
        format!(
            "同类 {} 个单位平均 {} 分。",
            table.rows.len(),
            wording::decimal(mean, 2)
        )
    });
    match class_table::rank_interval(row) {
        Some(interval) => format!(
            "{mean}按得分排第 {}；把误差算进去，位次可能在第 {} 名之间。",
            interval.place,
            interval.label()
        ),
        None => format!("{mean}样本还不够排名次。"),
    }
}

fn facts(row: &RankingRow, hidden_below: u32) -> Vec<Fact> {
    let n = row
        .n
        .map_or_else(|| format!("少于 {hidden_below}"), wording::thousands);
    let mut facts = vec![Fact::new("有效评价", n, "份")];
    if row.status == Status::Hidden {
        facts.push(Fact::new("得分", "样本不足", ""));
        return facts;
    }
    facts.push(Fact::new(
        "得分",
        class_table::score_text(row),
        class_table::margin_text(row).as_str(),
    ));
    if let (Some(low), Some(high)) = (row.ci_low, row.ci_high) {
        let interval = format!("{}—{}", wording::decimal(low, 2), wording::decimal(high, 2));
        facts.push(Fact::new("95% 区间", interval, ""));
    }
    if let Some(interval) = class_table::rank_interval(row) {
        facts.push(Fact::new(
            "位次区间",
            format!("第 {} 名", interval.label()),
            "",
        ));
    }
    facts.push(Fact::new(
        "有数据的权重",
        wording::decimal(row.weight_covered, 0),
        "%",
    ));
    facts
}

struct Past {
    round: String,
    value: Option<f64>,
    score: String,
    place: String,
}

fn history(body: &BulletinBody, unit: &UnitId) -> Vec<Past> {
    let Some(line) = body.trend.units.iter().find(|line| line.unit == *unit) else {
        return Vec::new();
    };
    let dash = || "—".to_owned();
    body.trend
        .rounds
        .iter()
        .zip(&line.points)
        .map(|(round, point)| {
            let value = point.and_then(|point| point.score);
            let place = point.and_then(|point| point.place);
            Past {
                round: places::short_title(&round.title),
                value,
                score: value.map_or_else(dash, |value| wording::decimal(value, 2)),
                place: place.map_or_else(dash, |place| place.to_string()),
            }
        })
        .collect()
}

/// Scores over the rounds, with the interval of the round shown; none with fewer than two scores.
fn chart(name: &str, row: &RankingRow, history: &[Past]) -> Option<LineChart> {
    if history.iter().filter(|point| point.value.is_some()).count() < 2 {
        return None;
    }
    let said: Vec<_> = history
        .iter()
        .map(|point| format!("{} {}", point.round, point.score))
        .collect();
    let last = history.len() - 1;
    let points = history
        .iter()
        .enumerate()
        .map(|(index, point)| LinePoint {
            round: point.round.clone(),
            value: point.value,
            label: point.score.clone(),
            interval: row.ci_low.zip(row.ci_high).filter(|_| index == last),
        })
        .collect();
    Some(LineChart {
        sentence: format!("{name}各季度得分：{}", said.join("，")),
        points,
    })
}
