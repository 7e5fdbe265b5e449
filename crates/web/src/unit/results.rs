//! A unit's own results, with everything needed to recompute them by hand.

use crate::{
    Svg,
    chart::{Distribution, distribution},
    frame::ConsoleFrame,
    icon::Icon,
    portal::{self, Fact},
    wording,
};
use analytics::{ChannelScore, MissingReason, RankingRow, Status, UnitScore};
use askama::Template;
use vocabulary::Channel;

/// A unit's own results.
#[derive(Debug, Template)]
#[template(path = "console/results.html")]
pub struct ResultsPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// The finding.
    pub lead: String,
    /// Figures.
    pub facts: Vec<Fact>,
    /// Remarks on the score.
    pub flags: Vec<String>,
    /// What the answers to the questionnaire were.
    pub answers: Option<AnswersFigure>,
    /// One row per channel.
    pub channels: Vec<ChannelRow>,
    /// Group, n, mean, weight.
    pub groups: Vec<(&'static str, String, String, String)>,
    /// Scores over several rounds.
    pub line: Option<Svg>,
    /// Source.
    pub source: String,
}

/// The answers as a bar with its legend.
#[derive(Clone, Debug)]
pub struct AnswersFigure {
    /// The bar.
    pub bar: Svg,
    /// Swatch, level, share.
    pub legend: Vec<(Svg, &'static str, String)>,
    /// Counts in words.
    pub words: String,
}

/// One channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRow {
    /// Name.
    pub name: &'static str,
    /// Score, or why there is none.
    pub score: String,
    /// Ratings.
    pub n: String,
    /// Weight by the rules.
    pub nominal: String,
    /// Weight after re-allocation.
    pub used: String,
    /// Points it brings to the total.
    pub share: String,
    /// Parts of an index.
    pub parts: String,
}

/// Builds the page of one unit from its score and its published row.
#[must_use]
pub fn results(
    frame: ConsoleFrame,
    score: &UnitScore,
    row: &RankingRow,
    line: Option<Svg>,
    source: String,
) -> ResultsPage {
    let hidden = row.status == Status::Hidden;
    ResultsPage {
        frame,
        lead: lead(row),
        facts: facts(score, row),
        flags: portal::flags_in_words(&row.flags),
        answers: (!hidden).then(|| answers(score)),
        channels: if hidden {
            Vec::new()
        } else {
            score.channels.iter().map(channel_row).collect()
        },
        groups: if hidden { Vec::new() } else { groups(score) },
        line,
        source,
    }
}

fn lead(row: &RankingRow) -> String {
    match row.status {
        Status::Hidden => "本季有效评价不够，不算得分。意见照样转给您办。".to_owned(),
        Status::Bracketed => "本季有效评价偏少，得分仅供参考，不和别的单位比较。".to_owned(),
        Status::Shown => "有得分，但样本还不够排名次。".to_owned(),
        Status::Ranked => "把误差算进去看位次；横向只和同类单位比。".to_owned(),
    }
}

fn facts(score: &UnitScore, row: &RankingRow) -> Vec<Fact> {
    let n = row
        .n
        .map_or_else(|| "样本不足".to_owned(), wording::thousands);
    let mut facts = vec![Fact::new("有效评价", n, "份")];
    if let Some(value) = row.score {
        facts.push(Fact::new("得分", wording::decimal(value, 2), ""));
    }
    if let (Some(low), Some(high)) = (row.ci_low, row.ci_high) {
        facts.push(Fact::new(
            "95% 区间",
            format!("{}—{}", wording::decimal(low, 2), wording::decimal(high, 2)),
            "",
        ));
    }
    if let (Some(low), Some(high), Some(place)) = (row.rank_low, row.rank_high, row.place) {
        facts.push(Fact::new(
            "位次区间",
            format!("第 {low}—{high} 名"),
            &format!("按得分第 {place}"),
        ));
    }
    if row.status != Status::Hidden {
        facts.push(Fact::new(
            "选“不了解”",
            wording::thousands(score.n_dk),
            "份",
        ));
    }
    facts
}

fn answers(score: &UnitScore) -> AnswersFigure {
    let shares = Distribution {
        levels: score.distribution,
        dont_know: score.n_dk,
    };
    AnswersFigure {
        bar: distribution(&shares),
        legend: shares.legend(),
        words: shares.sentence(),
    }
}

fn channel_row(channel: &ChannelScore) -> ChannelRow {
    let score = match (channel.score, channel.missing) {
        (Some(value), _) => wording::decimal(value, 2),
        (None, Some(reason)) => missing(reason),
        (None, None) => "—".to_owned(),
    };
    let share = channel.score.map_or_else(
        || "0".to_owned(),
        |value| wording::decimal(value * channel.used_weight / 100.0, 4),
    );
    ChannelRow {
        name: channel.channel.label(),
        score,
        n: wording::thousands(channel.n),
        nominal: channel.nominal_weight.to_string(),
        used: wording::decimal(channel.used_weight, 2),
        share,
        parts: parts(channel),
    }
}

fn missing(reason: MissingReason) -> String {
    match reason {
        MissingReason::NotApplicable => "不适用".to_owned(),
        MissingReason::NoRatings => "没有评价".to_owned(),
        MissingReason::TooFew { n, minimum } => format!("只有 {n} 份，不足 {minimum} 份"),
        MissingReason::DontKnowOverLimit { share } => {
            format!("“不了解”占 {}%，不计分", wording::percent(share))
        }
    }
}

fn parts(channel: &ChannelScore) -> String {
    channel
        .parts
        .iter()
        .map(|part| match part.value {
            Some(value) => format!("{} {}", part.part.label(), wording::decimal(value, 2)),
            None => format!("{} {}", part.part.label(), part.part.without_value()),
        })
        .collect::<Vec<_>>()
        .join("；")
}

fn groups(score: &UnitScore) -> Vec<(&'static str, String, String, String)> {
    let Some(survey) = score.channel(Channel::Survey) else {
        return Vec::new();
    };
    survey
        .groups
        .iter()
        .map(|group| {
            (
                group.group.label(),
                wording::thousands(group.n),
                group
                    .mean
                    .map_or_else(|| "不计分".to_owned(), |mean| wording::decimal(mean, 2)),
                wording::decimal(group.used_weight, 2),
            )
        })
        .collect()
}
