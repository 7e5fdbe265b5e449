//! Many questions about one unit over several rounds, as passenger surveys have them.

use crate::{
    Svg,
    chart::{LineChart, LinePoint},
    frame::{Host, Link, PortalFrame, PortalPlace},
    wording,
};
use askama::Template;

/// Which figure of each item is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ItemMeasure {
    /// Weighted mean of the levels 1-5.
    #[default]
    Mean,
    /// Weighted share of the two best levels.
    TopTwo,
    /// Answers counted.
    Answers,
}

impl ItemMeasure {
    /// From the address: `top2`, `n`, anything else is the mean.
    #[must_use]
    pub fn from_code(code: Option<&str>) -> Self {
        match code {
            Some("top2") => Self::TopTwo,
            Some("n") => Self::Answers,
            _ => Self::Mean,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::TopTwo => "top2",
            Self::Answers => "n",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Mean => "加权平均（1—5）",
            Self::TopTwo => "前两档占比",
            Self::Answers => "有效份数",
        }
    }
}

/// One item in one round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ItemPoint {
    /// Answers counted.
    pub n: u64,
    /// Weighted mean of the levels 1-5.
    pub mean: f64,
    /// Weighted share of the two best levels, 0-1.
    pub top_two: f64,
}

/// One item over the rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemSeries {
    /// The question or its code.
    pub name: String,
    /// One entry per round; none where it was not asked.
    pub points: Vec<Option<ItemPoint>>,
}

/// Items × rounds.
#[derive(Debug, Template)]
#[template(path = "portal/item_trend.html")]
pub struct ItemTrendPage {
    /// Frame.
    pub frame: PortalFrame,
    /// The unit rated.
    pub unit: String,
    /// First and last round.
    pub span: String,
    /// The finding.
    pub headline: String,
    /// How much lies behind it.
    pub lead: String,
    /// Switch between the figures.
    pub views: Vec<Link>,
    /// Caption.
    pub caption: String,
    /// Titles of the rounds.
    pub rounds: Vec<String>,
    /// One line per item.
    pub items: Vec<ItemLine>,
    /// Source.
    pub source: String,
}

/// One item, ready to print.
#[derive(Clone, Debug)]
pub struct ItemLine {
    /// The question.
    pub name: String,
    /// The line over the rounds.
    pub spark: Svg,
    /// One figure per round.
    pub cells: Vec<String>,
}

/// Builds the page from the items of one unit; `base` is the address without query.
#[must_use]
pub fn item_trend(
    unit: &str,
    rounds: &[String],
    series: &[ItemSeries],
    measure: ItemMeasure,
    base: &str,
    host: Host,
) -> ItemTrendPage {
    let span = match (rounds.first(), rounds.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}—{last}"),
        (Some(only), _) => only.clone(),
        _ => String::new(),
    };
    let headline = headline(unit, rounds, series);
    ItemTrendPage {
        frame: PortalFrame {
            title: headline.clone(),
            host,
            place: PortalPlace::Results,
            round: None,
        },
        unit: unit.to_owned(),
        span,
        headline,
        lead: format!(
            "{} 道题，{} 轮评价。数字是加权估计；没有填或不适用的不计分，也不当作零分。",
            series.len(),
            rounds.len()
        ),
        views: [ItemMeasure::Mean, ItemMeasure::TopTwo, ItemMeasure::Answers]
            .map(|of| Link {
                href: format!("{base}?m={}", of.code()),
                label: of.label().to_owned(),
                current: of == measure,
            })
            .into(),
        caption: format!("各题各轮的{}", measure.label()),
        rounds: rounds.to_vec(),
        items: series
            .iter()
            .map(|item| line(item, rounds, measure))
            .collect(),
        source: "加权平均按样本权重计算，1 分最低，5 分最高；前两档为“非常满意”和“满意”。"
            .to_owned(),
    }
}

fn headline(unit: &str, rounds: &[String], series: &[ItemSeries]) -> String {
    let last = rounds.len().checked_sub(1);
    let best = series
        .iter()
        .filter_map(|item| Some((item, (*item.points.get(last?)?)?.mean)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b));
    match best {
        Some((item, mean)) => format!(
            "{unit}最近一轮，“{}”得分最高，平均 {}",
            item.name,
            wording::decimal(mean, 2)
        ),
        None => format!("{unit}还没有可以公布的题目"),
    }
}

fn line(item: &ItemSeries, rounds: &[String], measure: ItemMeasure) -> ItemLine {
    let points = rounds
        .iter()
        .zip(&item.points)
        .map(|(round, point)| LinePoint {
            round: round.clone(),
            value: point.map(|point| value(point, measure)),
            label: String::new(),
            interval: None,
        })
        .collect();
    ItemLine {
        name: item.name.clone(),
        spark: LineChart {
            sentence: String::new(),
            points,
        }
        .spark(),
        cells: item
            .points
            .iter()
            .map(|point| point.map_or_else(|| "—".to_owned(), |point| text(point, measure)))
            .collect(),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts become positions on a screen"
)]
fn value(point: ItemPoint, measure: ItemMeasure) -> f64 {
    match measure {
        ItemMeasure::Mean => point.mean,
        ItemMeasure::TopTwo => point.top_two,
        ItemMeasure::Answers => point.n as f64,
    }
}

fn text(point: ItemPoint, measure: ItemMeasure) -> String {
    match measure {
        ItemMeasure::Mean => wording::decimal(point.mean, 2),
        ItemMeasure::TopTwo => format!("{}%", wording::percent(point.top_two)),
        ItemMeasure::Answers => wording::thousands(point.n),
    }
}
