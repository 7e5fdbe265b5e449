//! What kind of opinion a text is, by clue words; a clerk can always decide otherwise.

use crate::OpinionKind;
use vocabulary::Level;

const CLUES: [&str; 19] = [
    "索要",
    "红包",
    "回扣",
    "受贿",
    "行贿",
    "贿赂",
    "吃拿卡要",
    "收礼",
    "贪污",
    "好处费",
    "以权谋私",
    "公款",
    "收钱",
    "塞钱",
    "送礼",
    "辛苦费",
    "打点",
    "意思意思",
    "要好处",
];
/// What takes the sting out of a clue word: nothing was asked for, or it was refused.
const CLEARED: [&str; 12] = [
    "没有索要",
    "没索要",
    "从不索要",
    "不收红包",
    "拒收红包",
    "没收红包",
    "没有收红包",
    "从不收",
    "拒绝红包",
    "退还红包",
    "没有吃拿卡要",
    "不吃拿卡要",
];
const COMPLAINTS: [&str; 6] = ["投诉", "举报", "控告", "侵权", "赔偿", "追责"];
const SUGGESTIONS: [&str; 11] = [
    "建议",
    "希望",
    "能不能",
    "能否",
    "可否",
    "最好",
    "盼",
    "期待",
    "应该",
    "应当",
    "请增加",
];
const PRAISE: [&str; 14] = [
    "感谢",
    "谢谢",
    "表扬",
    "点赞",
    "满意",
    "热情",
    "很好",
    "真好",
    "耐心",
    "高效",
    "周到",
    "贴心",
    "赞",
    "非常好",
];
const FAULTS: [&str; 24] = [
    "不满意",
    "太慢",
    "很慢",
    "推诿",
    "推脱",
    "踢皮球",
    "态度差",
    "态度不好",
    "恶劣",
    "冷漠",
    "不耐烦",
    "没人",
    "不理",
    "敷衍",
    "拖延",
    "不解决",
    "没解决",
    "打不通",
    "跑了",
    "麻烦",
    "差劲",
    "不作为",
    "乱收费",
    "不好",
];
/// What turns the praise right after it into a fault: 不够热情.
const DENIALS: [&str; 9] = [
    "不",
    "没",
    "没有",
    "不太",
    "不够",
    "不是",
    "不是很",
    "不怎么",
    "缺乏",
];

/// The kind of an opinion, from its words and the level given beside it.
///
/// A clue of a breach of discipline goes before all else, because it must never reach the unit named; then complaint,
/// criticism, suggestion, praise; praise denied is criticism. Words that say nothing follow the level; without a level they are a suggestion.
#[must_use]
pub fn classify(text: &str, level: Option<Level>) -> OpinionKind {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let bad = level.is_some_and(Level::is_bad);
    let good = matches!(level, Some(Level::VerySatisfied | Level::Satisfied));
    if is_clue(text) {
        OpinionKind::Clue
    } else if has(&COMPLAINTS) {
        OpinionKind::Complaint
    } else if has(&FAULTS) || denies_praise(text) {
        OpinionKind::Criticism
    } else if has(&SUGGESTIONS) {
        OpinionKind::Suggestion
    } else if bad {
        OpinionKind::Criticism
    } else if good || has(&PRAISE) {
        OpinionKind::Praise
    } else {
        OpinionKind::Suggestion
    }
}

fn denies_praise(text: &str) -> bool {
    let denied = |(at, _): (usize, &str)| DENIALS.iter().any(|no| text[..at].ends_with(no));
    PRAISE
        .iter()
        .any(|word| text.match_indices(word).any(denied))
}

fn is_clue(text: &str) -> bool {
    let cleared = CLEARED
        .iter()
        .fold(text.to_owned(), |text, phrase| text.replace(phrase, ""));
    CLUES.iter().any(|word| cleared.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, level: Option<Level>, expected: OpinionKind) {
        assert_eq!(classify(text, level), expected, "{text}");
    }

    #[test]
    fn a_clue_goes_before_all_else() {
        for text in [
            "窗口索要好处",
            "不给红包就不办",
            "建议查查谁吃了回扣",
            "感谢，但他受贿",
            "投诉他收礼",
        ] {
            check(text, Some(Level::VerySatisfied), OpinionKind::Clue);
        }
    }

    #[test]
    fn a_refused_gift_is_no_clue() {
        check("工作人员从不收红包，很好", None, OpinionKind::Praise);
        check("没有索要任何费用，感谢", None, OpinionKind::Praise);
    }

    #[test]
    fn words_decide_before_the_level() {
        check("我要投诉停车收费", None, OpinionKind::Complaint);
        check("办得太慢", Some(Level::Satisfied), OpinionKind::Criticism);
        check("不满意", None, OpinionKind::Criticism);
        check(
            "建议增加窗口",
            Some(Level::Dissatisfied),
            OpinionKind::Suggestion,
        );
        check("感谢小哥", None, OpinionKind::Praise);
    }

    #[test]
    fn praise_denied_is_criticism() {
        for text in [
            "窗口不热情",
            "讲解不够耐心",
            "服务不是很周到",
            "对结果不太满意",
        ] {
            check(text, None, OpinionKind::Criticism);
            check(text, Some(Level::Satisfied), OpinionKind::Criticism);
        }
        check("没想到这么热情，不用跑，很好", None, OpinionKind::Praise);
    }

    #[test]
    fn words_that_say_nothing_follow_the_level() {
        check(
            "就这样",
            Some(Level::VeryDissatisfied),
            OpinionKind::Criticism,
        );
        check("就这样", Some(Level::Satisfied), OpinionKind::Praise);
        check("就这样", Some(Level::DontKnow), OpinionKind::Suggestion);
        check("", None, OpinionKind::Suggestion);
    }
}
