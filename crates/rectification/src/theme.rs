//! Merging 归并: opinions of one unit about one thing become one theme.

use crate::Opinion;
use std::collections::BTreeMap;
use vocabulary::{OpinionId, UnitId};

/// What several opinions about one unit have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The unit.
    pub unit: UnitId,
    /// Reason code, or the code of a keyword theme.
    pub theme: String,
    /// Title in Chinese.
    pub title: String,
    /// Every opinion in it, sorted; no source is lost.
    pub opinions: Vec<OpinionId>,
    /// How many opinions.
    pub count: usize,
}

struct KeywordTheme {
    code: &'static str,
    title: &'static str,
    words: &'static [&'static str],
}

/// Tried in this order; the first whose word stands in the text wins.
const KEYWORD_THEMES: [KeywordTheme; 9] = [
    KeywordTheme {
        code: "run_around",
        title: "推诿扯皮、来回跑腿",
        words: &[
            "推诿",
            "踢皮球",
            "来回跑",
            "跑了",
            "多跑",
            "推来推去",
            "互相推",
        ],
    },
    KeywordTheme {
        code: "attitude",
        title: "服务态度",
        words: &["态度", "冷漠", "不耐烦", "凶", "脸色", "不理人"],
    },
    KeywordTheme {
        code: "unreachable",
        title: "电话打不通、找不到人",
        words: &["打不通", "没人接", "占线", "没人在", "找不到人", "没有人接"],
    },
    KeywordTheme {
        code: "slow",
        title: "办理慢、等候久",
        words: &["慢", "等了", "排队", "久", "拖", "超时", "迟迟"],
    },
    KeywordTheme {
        code: "paperwork",
        title: "手续繁、材料多",
        words: &["材料", "手续", "证明", "复印", "流程", "繁琐", "表格"],
    },
    KeywordTheme {
        code: "fees",
        title: "收费",
        words: &["收费", "费用", "罚款", "押金"],
    },
    KeywordTheme {
        code: "openness",
        title: "信息公开、一次告知",
        words: &[
            "公开",
            "告知",
            "不清楚",
            "说不清",
            "公示",
            "没通知",
            "查不到",
        ],
    },
    KeywordTheme {
        code: "unsolved",
        title: "问题没有解决",
        words: &[
            "没解决",
            "不解决",
            "没有解决",
            "没人管",
            "没结果",
            "反复",
            "敷衍",
        ],
    },
    KeywordTheme {
        code: "surroundings",
        title: "环境设施",
        words: &[
            "噪音", "停车", "垃圾", "路灯", "厕所", "座椅", "设施", "卫生", "油烟", "空调",
        ],
    },
];
const OTHER: KeywordTheme = KeywordTheme {
    code: "other",
    title: "其他意见",
    words: &[],
};

/// Groups what units have to act upon: by unit, then most frequent first, then code.
///
/// The first reason ticked names the theme, else the words do. Praise is kept apart, clues never come here, and
/// opinions about no unit have no unit to go to. The order of the opinions does not matter.
#[must_use]
pub fn themes(opinions: &[Opinion]) -> Vec<Theme> {
    let mut sorted: Vec<&Opinion> = opinions
        .iter()
        .filter(|opinion| opinion.asks_for_action())
        .collect();
    sorted.sort_by_key(|opinion| &opinion.id);
    sorted.dedup_by_key(|opinion| &opinion.id);
    let mut groups = BTreeMap::<(&UnitId, String), Vec<&Opinion>>::new();
    for opinion in sorted {
        let Some(unit) = &opinion.unit else { continue };
        let (code, _) = theme_of(opinion);
        groups.entry((unit, code)).or_default().push(opinion);
    }
    let mut themes: Vec<Theme> = groups
        .into_iter()
        .map(|((unit, code), members)| theme(unit, code, &members))
        .collect();
    themes.sort_by(|a, b| (&a.unit, b.count, &a.theme).cmp(&(&b.unit, a.count, &b.theme)));
    themes
}

fn theme(unit: &UnitId, code: String, members: &[&Opinion]) -> Theme {
    let by_reason = members.iter().find(|opinion| !opinion.reasons.is_empty());
    let title = by_reason
        .or(members.first())
        .map(|opinion| theme_of(opinion).1);
    Theme {
        unit: unit.clone(),
        theme: code,
        title: title.unwrap_or_default(),
        opinions: members.iter().map(|opinion| opinion.id.clone()).collect(),
        count: members.len(),
    }
}

/// Whether a theme says nothing of what its opinions are about.
pub(crate) fn is_other(code: &str) -> bool {
    code == OTHER.code
}

/// Code and title of what an opinion is about.
pub(crate) fn theme_of(opinion: &Opinion) -> (String, String) {
    opinion.reasons.first().map_or_else(
        || {
            let theme = KEYWORD_THEMES
                .iter()
                .find(|theme| theme.words.iter().any(|word| opinion.text.contains(word)))
                .unwrap_or(&OTHER);
            (theme.code.to_owned(), theme.title.to_owned())
        },
        |reason| (reason.code.clone(), reason.label.clone()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OpinionKind, RawOpinion};
    use proptest::prelude::*;
    use survey_design::ReasonOption;
    use vocabulary::{Channel, Level};

    fn opinion(id: &str, unit: &str, reason: &str, text: &str) -> Opinion {
        let reasons = Some(reason)
            .filter(|code| !code.is_empty())
            .map(|code| ReasonOption {
                code: code.into(),
                label: "窗口办理慢".into(),
            });
        Opinion::from_raw(RawOpinion {
            id: id.into(),
            channel: Channel::Survey,
            unit: Some(unit).filter(|u| !u.is_empty()).map(UnitId::from),
            reasons: reasons.into_iter().collect(),
            level: Some(Level::Dissatisfied),
            text: text.into(),
        })
    }

    fn small_city() -> Vec<Opinion> {
        vec![
            opinion("O1", "D07", "slow", "随便"),
            opinion("O2", "D07", "", "等了半天"),
            opinion("O3", "D07", "", "窗口态度差"),
            opinion("O4", "D02", "", "蓝天"),
            opinion("O5", "", "", "太慢"),
            opinion("O6", "D07", "", "不给红包就拖"),
        ]
    }

    #[test]
    fn reason_and_words_meet_in_one_theme_and_the_reason_gives_the_title() {
        let themes = themes(&small_city());

        let shown: Vec<_> = themes
            .iter()
            .map(|t| (t.unit.as_str(), t.theme.as_str(), t.title.as_str(), t.count))
            .collect();
        assert_eq!(
            shown,
            [
                ("D02", "other", "其他意见", 1),
                ("D07", "slow", "窗口办理慢", 2),
                ("D07", "attitude", "服务态度", 1),
            ]
        );
        assert_eq!(themes[1].opinions, ["O1".into(), "O2".into()]);
    }

    #[test]
    fn clues_and_praise_reach_no_theme() {
        let mut opinions = vec![
            opinion("O1", "D07", "", "受贿"),
            opinion("O2", "D07", "", "慢"),
        ];
        opinions[1].kind = OpinionKind::Praise;

        assert!(themes(&opinions).is_empty());
    }

    #[test]
    fn an_opinion_given_twice_counts_once() {
        let twice = [small_city(), small_city()].concat();

        assert_eq!(themes(&twice), themes(&small_city()));
    }

    proptest! {
        #[test]
        fn the_order_of_opinions_does_not_matter(order in Just(small_city()).prop_shuffle()) {
            prop_assert_eq!(themes(&order), themes(&small_city()));
        }
    }
}
