//! Flags of a score in the words of a reader who was not at the desk.

use analytics::Flag;
use vocabulary::Channel;

/// The flags in words, each reason said once.
///
/// A channel that was left out and the re-allocation of its weight become one sentence.
#[must_use]
pub fn in_words(flags: &[Flag]) -> Vec<String> {
    let reallocated: Vec<Channel> = flags
        .iter()
        .filter_map(|flag| match flag {
            Flag::WeightReallocated(channel) => Some(*channel),
            _ => None,
        })
        .collect();
    flags
        .iter()
        .filter(|flag| !is_reason_of(flag, &reallocated))
        .map(|flag| match flag {
            Flag::WeightReallocated(channel) => {
                format!("{}，权重已按比例分给其他渠道", reason(*channel, flags))
            }
            other => other.label(),
        })
        .collect()
}

fn is_reason_of(flag: &Flag, reallocated: &[Channel]) -> bool {
    match flag {
        Flag::NotApplicable(channel) | Flag::TooFew(channel) | Flag::NoRatings(channel) => {
            reallocated.contains(channel)
        }
        _ => false,
    }
}

fn reason(channel: Channel, flags: &[Flag]) -> String {
    if flags.contains(&Flag::NotApplicable(channel)) {
        return match channel {
            Channel::Hall => "没有大厅窗口".to_owned(),
            Channel::Hotline => "没有热线工单".to_owned(),
            Channel::Community => "没有结对社区".to_owned(),
            Channel::Village => "没有结对村".to_owned(),
            Channel::Enterprise => "不面向企业".to_owned(),
            Channel::Rectification => "没有到期的整改事项".to_owned(),
            Channel::Survey => "没有列入抽样问卷".to_owned(),
        };
    }
    let label = channel.label();
    if flags.contains(&Flag::TooFew(channel)) {
        format!("{label}的数量不够计分")
    } else if flags.contains(&Flag::NoRatings(channel)) {
        format!("{label}没有收到评价")
    } else {
        format!("{label}没有计分")
    }
}

/// Why ratings were left out of a score, in words; an unknown code is shown as it is.
#[must_use]
pub fn exclusion(code: &str) -> &str {
    match code {
        "system_default" | "default_rating" => "系统默认评价",
        "follow_up" => "追评，只看整改效果",
        "not_counted" => "按规则不计入",
        "duplicate" => "重复",
        "dont_know" => "选了“不了解”",
        "abstain" => "没有选",
        "blank" | "mostly_blank" | "too_blank" => "大半没有填",
        "too_fast_single_level" | "single_level" | "same_level_too_fast" | "straight_line" => {
            "几秒内全选同一档"
        }
        "quality_signs" => "质量可疑，按规则由人决定剔除",
        "superseded" => "后来又评过，以最后一次为准",
        "rejected" => "数据有问题，没有导入",
        "unknown_unit" => "单位对不上",
        "no_level" | "no_statement" => "没有表态",
        "outside_period" => "不在本期",
        "not_served" => "一年内没有打过交道",
        "void" => "无效问卷",
        "opinion_only" => "征求意见单位，不计分",
        "appeal" | "excluded_by_appeal" => "申诉后剔除",
        "correction" => "公布后更正剔除",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_window_is_one_sentence() {
        let flags = [
            Flag::WeightReallocated(Channel::Hall),
            Flag::NotApplicable(Channel::Hall),
        ];

        assert_eq!(in_words(&flags), ["没有大厅窗口，权重已按比例分给其他渠道"]);
    }

    #[test]
    fn a_flag_without_a_partner_keeps_its_own_words() {
        let flags = [Flag::TooFewRatings, Flag::NotApplicable(Channel::Hall)];

        assert_eq!(in_words(&flags).len(), 2);
    }
}
