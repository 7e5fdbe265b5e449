//! The words of a text that say what it is about.

use super::place;
use crate::{dictionary::DICTIONARY, redact::plain};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Words that say nothing about the matter.
const STOP: &str = "的 了 着 过 地 得 和 与 及 或 在 是 有 就 都 也 还 又 很 太 非常 十分 特别 比较 更 最 真 好 把 被 给 让 对 向 从 到 \
    于 为 为了 因为 所以 但 但是 而 而且 如果 虽然 我 我们 你 你们 您 他 她 它 他们 她们 大家 自己 这 那 这个 那个 这些 那些 这里 那里 \
    这条 这样 那样 什么 怎么 为什么 哪里 谁 吗 呢 吧 啊 呀 哦 嘛 啦 哈 一 一个 一下 一直 一些 一点 几 个 次 条 位 年 月 日 天 号 时 \
    请 请问 希望 建议 反映 投诉 咨询 能 能否 能不能 可以 可否 应该 应当 需要 要 会 想 来 去 上 下 里 中 内 外 前 后 附近 旁边 时候 \
    已经 经常 总是 老是 天天 每天 现在 目前 今天 昨天 最近 近期 之后 以后 有关 相关 部门 问题 情况 进行 处理 解决 尽快 及时 领导 市民 \
    居民 群众 谢谢 感谢 您好 你好 某 没 没有 不 无 再 才 只 等 等等 又是 说 看 做 多 大 小 之 其 该 本 此 并 并且 以及 由 由于 所 者 \
    口 处 头 边 段 侧";

static STOP_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());

/// What a text is compared by: the same words as often, and the same places, are the same text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Words {
    /// How often each word stands in it; names of places are words.
    pub counts: BTreeMap<String, usize>,
    /// Names of places by kind, such as 路.
    places: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Words {
    /// Full width, case, blanks, signs, marks of masking, numbers and stop words do not matter; the number of a house or a bus
    /// line does.
    pub(super) fn of(text: &str) -> Self {
        let text = normalised(text);
        let tags = DICTIONARY.tag(&text, true);
        let mut words = Self::default();
        let mut at = 0;
        while at < tags.len() {
            if let Some(place) = place::starting_at(&tags[at..]) {
                *words.counts.entry(place.name.clone()).or_default() += 1;
                words
                    .places
                    .entry(place.kind)
                    .or_default()
                    .insert(place.name);
                at += place.words;
                continue;
            }
            if says_something(tags[at].word) {
                *words.counts.entry(tags[at].word.to_owned()).or_default() += 1;
            }
            at += 1;
        }
        words
    }

    /// Whether both name places and share none, or name different ones of one kind.
    pub(super) fn other_place(&self, other: &Self) -> bool {
        let apart = |kind: &str| {
            let theirs = other.places.get(kind);
            theirs.is_some_and(|theirs| self.places[kind].is_disjoint(theirs))
        };
        let both = !self.places.is_empty() && !other.places.is_empty();
        both && (!self.places().any(|name| other.is_place(name))
            || self.places.keys().any(|kind| apart(kind)))
    }

    /// Whether it is the name of a place here.
    pub(super) fn is_place(&self, word: &str) -> bool {
        self.places.values().any(|names| names.contains(word))
    }

    /// Names of all places, by kind.
    pub(super) fn places(&self) -> impl Iterator<Item = &String> {
        self.places.values().flatten()
    }
}

fn says_something(word: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || "〇零一二两三四五六七八九十百千万.".contains(c);
    word.chars().any(char::is_alphanumeric)
        && !word.chars().all(number)
        && !STOP_WORDS.contains(word)
}

/// Half width, upper case, without blanks and without marks such as 【电话】.
fn normalised(text: &str) -> String {
    let mut masked = false;
    let letters = text.chars().filter(|c| {
        masked = *c == '【' || masked && *c != '】';
        !masked && *c != '】' && !c.is_whitespace()
    });
    letters.map(plain).collect()
}
