//! The page of a round: the finding first, then groups, intervals, places.

use super::{
    CaseCard, ClassTableView, Download, PlacesFigure, View, class_table::class_table, notes,
};
use crate::{
    Svg, chart,
    frame::{Host, Link, PortalFrame, PortalPlace},
    icon::Icon,
    wording,
};
use analytics::{Band, Status};
use askama::Template;
use chrono::{DateTime, Utc};
use publication::{BulletinBody, ChannelCounts, ClassTable, OverallFigures};
use vocabulary::Channel;

/// As what a bulletin is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The newest public version.
    Newest,
    /// A public version that another took the place of.
    Replaced {
        /// That version.
        by_version: u32,
    },
    /// Not public, for those with an account only.
    Inside {
        /// Where it stands.
        label: &'static str,
        /// Whether the reader has a part in its publication.
        publishes: bool,
    },
}

impl Standing {
    fn address(self, body: &BulletinBody) -> String {
        match self {
            Self::Newest => format!("/r/{}", body.round),
            Self::Replaced { .. } => format!("/r/{}/v/{}", body.round, body.version),
            Self::Inside { .. } => format!("/bulletins/{}", body.round),
        }
    }

    /// What must be known before reading, with a way on: words, address, its words.
    fn notice(self, body: &BulletinBody) -> Option<(String, String, &'static str)> {
        match self {
            Self::Newest => None,
            Self::Replaced { by_version } => Some((
                format!(
                    "这是第 {} 版，已由第 {by_version} 版更正替代，留在这里供对照。",
                    body.version
                ),
                "/corrections".to_owned(),
                "看更正了什么",
            )),
            Self::Inside { label, publishes } => Some((
                format!("{label}，还没有公开，请不要外传。"),
                if publishes {
                    "/office/publish"
                } else {
                    "/work"
                }
                .to_owned(),
                if publishes {
                    "回到公布审批"
                } else {
                    "回到工作台"
                },
            )),
        }
    }
}

/// What the page is made of.
#[derive(Debug)]
pub struct QuarterInput<'a> {
    /// The bulletin.
    pub body: &'a BulletinBody,
    /// As what it is shown.
    pub standing: Standing,
    /// Who publishes.
    pub host: Host,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// The class chosen in the address.
    pub class: Option<&'a str>,
    /// The drawing chosen in the address.
    pub view: View,
    /// Files of the round.
    pub downloads: Vec<Download>,
    /// Other published rounds.
    pub earlier: Vec<Link>,
}

/// The page of a round.
#[derive(Debug, Template)]
#[template(path = "portal/quarter.html")]
pub struct QuarterPage {
    /// Frame.
    pub frame: PortalFrame,
    /// What must be known before reading: words, address, words of the link.
    pub notice: Option<(String, String, &'static str)>,
    /// Title of the round.
    pub round_title: String,
    /// Date and number of the publication.
    pub kicker: String,
    /// The finding.
    pub headline: String,
    /// The class in two sentences.
    pub lead: Lead,
    /// Figures under the lead.
    pub facts: Vec<Fact>,
    /// Table of the class.
    pub table: ClassTableView,
    /// Switch between the drawings.
    pub views: Vec<Link>,
    /// Switch between the classes.
    pub classes: Vec<Link>,
    /// Places over several rounds.
    pub trend: Option<PlacesFigure>,
    /// Address of the items over the rounds, where one unit was asked about on several items.
    pub items_href: Option<&'static str>,
    /// Books of the channels.
    pub channels: Vec<ChannelLine>,
    /// Example of how to read the table.
    pub how: Svg,
    /// Files.
    pub downloads: Vec<Download>,
    /// When the result was fixed.
    pub fixed: String,
    /// Digest in groups of four.
    pub digest: String,
    /// Other published rounds.
    pub earlier: Vec<Link>,
    /// Up to three matters.
    pub cases: Vec<CaseCard>,
    /// Numbers of matters in words.
    pub matters_line: String,
    /// Address of all matters.
    pub matters_href: String,
}

/// The class in two sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// How many units of what kind.
    pub before: String,
    /// Their mean.
    pub mean: Option<String>,
    /// Change of the mean, and who cannot be told apart.
    pub after: String,
    /// What must not be read into the order.
    pub warning: String,
}

/// One figure with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Name.
    pub name: String,
    /// Figure.
    pub value: String,
    /// Measure word.
    pub unit: String,
}

impl Fact {
    /// A figure with a measure word.
    #[must_use]
    pub fn new(name: &str, value: impl Into<String>, unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
            unit: unit.to_owned(),
        }
    }
}

/// The books of one channel in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelLine {
    /// Name.
    pub name: &'static str,
    /// Ratings received.
    pub received: String,
    /// Ratings counted.
    pub counted: String,
    /// Ratings excluded.
    pub excluded: String,
    /// Reasons with counts.
    pub reasons: String,
}

impl From<&ChannelCounts> for ChannelLine {
    fn from(counts: &ChannelCounts) -> Self {
        let reasons: Vec<_> = counts
            .excluded()
            .iter()
            .map(|(code, number)| {
                format!("{} {}", notes::exclusion(code), wording::thousands(*number))
            })
            .collect();
        Self {
            name: counts.channel().label(),
            received: wording::thousands(counts.received()),
            counted: wording::thousands(counts.counted()),
            excluded: wording::thousands(counts.excluded_total()),
            reasons: if reasons.is_empty() {
                "—".to_owned()
            } else {
                reasons.join("、")
            },
        }
    }
}

/// Builds the page; an unknown class shows the first one. None when the bulletin has no class at all.
#[must_use]
pub fn quarter(input: QuarterInput<'_>) -> Option<QuarterPage> {
    let body = input.body;
    let chosen = body
        .classes
        .iter()
        .find(|table| Some(table.id.as_str()) == input.class);
    let table = chosen.or_else(|| body.classes.first())?;
    let round = body.round.as_str();
    let address = input.standing.address(body);
    let newest = input.standing == Standing::Newest;
    Some(QuarterPage {
        notice: input.standing.notice(body),
        frame: PortalFrame {
            title: format!("{}结果：{}", body.round_title, body.headline),
            host: input.host,
            place: PortalPlace::Results,
            round: Some(round.to_owned()),
        },
        round_title: body.round_title.clone(),
        kicker: kicker(body, input.published_at),
        headline: body.headline.clone(),
        lead: lead(table),
        facts: facts(body),
        table: class_table(
            newest.then_some(round),
            &body.round_title,
            table,
            input.view,
            body.hidden_below,
        ),
        views: views(&address, table, input.view),
        classes: classes(&address, body, table, input.view),
        trend: PlacesFigure::of(body, table),
        items_href: (body.rows().count() == 1 && body.items.len() > 1).then_some("/trend"),
        channels: body
            .overall
            .channels
            .iter()
            .map(ChannelLine::from)
            .collect(),
        how: chart::how_to_read(),
        downloads: input.downloads,
        fixed: fixed(input.published_at),
        digest: wording::short_digest(&body.table_digest),
        earlier: input.earlier,
        cases: cases(body),
        matters_line: matters_line(body),
        matters_href: match newest {
            true => format!("/r/{round}/matters"),
            false => String::new(),
        },
    })
}

fn kicker(body: &BulletinBody, published_at: Option<DateTime<Utc>>) -> String {
    let version = match body.version {
        1 => String::new(),
        version => format!(" · 第 {version} 版（有更正）"),
    };
    match published_at {
        Some(at) => format!("{}发布{version}", wording::day(vocabulary::civil_date(at))),
        None => format!("结果编号 {}{version}", body.result_id),
    }
}

fn fixed(published_at: Option<DateTime<Utc>>) -> String {
    match published_at {
        Some(at) => format!(
            "本期结果 {} 公布，之后没有改动。更正会另出新版并写明原因。",
            wording::moment(at)
        ),
        None => "本期结果固化以后没有改动。更正会另出新版并写明原因。".to_owned(),
    }
}

fn lead(table: &ClassTable) -> Lead {
    let same = table
        .rows
        .iter()
        .filter(|row| row.row.band == Some(Band::Same) && row.row.status == Status::Ranked)
        .count();
    let change = match table.mean_change {
        Some(change) if change > 0.0 => format!("，比上季度高 {} 分", wording::decimal(change, 2)),
        Some(change) if change < 0.0 => format!("，比上季度低 {} 分", wording::decimal(-change, 2)),
        Some(_) => "，和上季度持平".to_owned(),
        None => String::new(),
    };
    let (after, warning) = match same {
        0 => (format!("{change}。"), String::new()),
        1 => (
            format!("{change}。其中一个和平均水平分不出高低"),
            "名次先后只供参考".to_owned(),
        ),
        same => (
            format!(
                "{change}。中间{}个和平均水平分不出高低",
                wording::count(same)
            ),
            "它们的名次先后只供参考".to_owned(),
        ),
    };
    Lead {
        before: format!("“{}”共 {} 个单位", table.name, table.rows.len()),
        mean: table.mean.map(|mean| wording::decimal(mean, 2)),
        after,
        warning,
    }
}

/// Valid ballots of our own sample, or the respondents an agency handed over.
fn valid_ballots(overall: &OverallFigures) -> u64 {
    let survey = overall
        .channels
        .iter()
        .find(|counts| counts.channel() == Channel::Survey);
    match survey {
        Some(counts) if overall.issued == 0 => counts.counted(),
        _ => overall.valid,
    }
}

fn facts(body: &BulletinBody) -> Vec<Fact> {
    let overall = &body.overall;
    let mut facts = vec![Fact::new(
        "有效问卷",
        wording::thousands(valid_ballots(overall)),
        "份",
    )];
    if let Some(rate) = overall.response_rate {
        facts.push(Fact::new("应答率", wording::decimal(rate, 1), "%"));
    }
    if let Some(share) = overall.dont_know_share {
        facts.push(Fact::new("选“不了解”", wording::decimal(share, 1), "%"));
    }
    facts.push(Fact::new(
        "评价期间",
        wording::period(body.period.start, body.period.end),
        "",
    ));
    facts.push(Fact::new("本期结果编号", body.result_id.clone(), ""));
    facts
}

fn views(address: &str, table: &ClassTable, view: View) -> Vec<Link> {
    [(View::Rank, "看位次"), (View::Score, "看得分")]
        .map(|(of, label)| Link {
            href: format!("{address}?v={}&c={}", of.code(), table.id),
            label: label.to_owned(),
            current: of == view,
        })
        .into()
}

fn classes(address: &str, body: &BulletinBody, table: &ClassTable, view: View) -> Vec<Link> {
    body.classes
        .iter()
        .map(|class| Link {
            href: format!("{address}?v={}&c={}", view.code(), class.id),
            label: format!("{} {}", class.name, class.rows.len()),
            current: class.id == table.id,
        })
        .collect()
}

const CASES: usize = 3;

/// Two settled matters and one that is not, where there are such: failures are shown as well.
fn cases(body: &BulletinBody) -> Vec<CaseCard> {
    let (settled, open): (Vec<_>, Vec<_>) = body
        .public_matters
        .iter()
        .partition(|card| super::settled(card));
    let first_open = open.iter().take(1);
    let room = CASES - first_open.len();
    let mut cards: Vec<_> = settled.iter().take(room).chain(first_open).collect();
    cards.extend(open.iter().skip(1).take(CASES.saturating_sub(cards.len())));
    cards
        .into_iter()
        .map(|card| CaseCard::of(body, card))
        .collect()
}

fn matters_line(body: &BulletinBody) -> String {
    let matters = &body.matters;
    format!(
        "登记 {} 件，已销号 {} 件，退回重办 {} 件，升级督办 {} 件。",
        matters.registered, matters.closed, matters.reopened, matters.escalated
    )
}
