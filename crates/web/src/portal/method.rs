//! How a score comes about: plain first, formulas after, numbers from the rules themselves.

use crate::frame::{Host, PortalFrame, PortalPlace};
use askama::Template;
use survey_design::{Rules, canonical_digest};
use vocabulary::{Channel, Level, RaterGroup, Weight};

/// The method note.
#[derive(Debug, Template)]
#[template(path = "portal/method.html")]
pub struct MethodPage {
    /// Frame.
    pub frame: PortalFrame,
    /// Notes of the latest bulletin.
    pub notes: Vec<String>,
    /// Channel, weight of general units, weight of enterprise-facing units.
    pub channels: Vec<(&'static str, String, String)>,
    /// Group and weight.
    pub groups: Vec<(&'static str, String)>,
    /// Level and points.
    pub levels: Vec<(&'static str, String)>,
    /// Smallest numbers in words.
    pub limits: Vec<String>,
    /// Title and version of the rules.
    pub rules_title: String,
    /// Digest of the rules.
    pub rules_digest: String,
}

/// Builds the note from the rules and the notes of the latest bulletin.
#[must_use]
pub fn method(rules: &Rules, notes: Vec<String>, round: Option<String>, host: Host) -> MethodPage {
    let weight =
        |weight: Option<&Weight>| weight.map_or_else(|| "—".to_owned(), ToString::to_string);
    let channels = Channel::ALL
        .into_iter()
        .map(|channel| {
            let general = rules.channel_weights.general.get(&channel);
            let facing = rules.channel_weights.enterprise_facing.get(&channel);
            (channel, general, facing)
        })
        .filter(|(_, general, facing)| general.is_some() || facing.is_some())
        .map(|(channel, general, facing)| (channel.label(), weight(general), weight(facing)));
    let groups = RaterGroup::ALL.into_iter().filter_map(|group| {
        Some((
            group.label(),
            rules.group_weights.0.get(&group)?.to_string(),
        ))
    });
    MethodPage {
        frame: PortalFrame {
            title: "评价方法：分数是怎么来的".to_owned(),
            host,
            place: PortalPlace::Method,
            round,
        },
        notes,
        channels: channels.collect(),
        groups: groups.collect(),
        levels: Level::SCORED
            .iter()
            .zip(rules.ruler.points())
            .map(|(level, points)| (level.label(), points.to_string()))
            .collect(),
        limits: limits(rules),
        rules_title: format!("{}（第 {} 版）", rules.title, rules.version),
        rules_digest: crate::wording::short_digest(&canonical_digest(rules)),
    }
}

fn limits(rules: &Rules) -> Vec<String> {
    let n = &rules.minimum_n;
    vec![
        format!("有效评价少于 {} 份：样本不足，不显示得分。", n.bracketed),
        format!(
            "{} 份起、不到 {} 份：得分加括号，仅供参考。",
            n.bracketed, n.shown
        ),
        format!(
            "本季或近 {} 个季度合计 {} 份起：排名次。",
            n.rolling_quarters, n.ranked
        ),
        format!(
            "有数据的渠道不到 {} 个，或合计权重不到 {}%：不排名。",
            n.channels, n.weight_covered
        ),
        format!(
            "某个层面不足 {} 份：这个层面不计分，权重分给其他层面。",
            n.group
        ),
        format!(
            "大厅办件不足 {} 件、热线工单不足 {} 件：这个渠道不计分。",
            n.hall_cases, n.hotline_orders
        ),
    ]
}
