//! The words of Chinese, with those of a city.

use jieba_rs::Jieba;
use std::sync::LazyLock;

/// Words the dictionary lacks or tears apart: `路/灯不亮`.
const CITY_WORDS: [&str; 10] = [
    "路灯",
    "没人",
    "广场舞",
    "充电桩",
    "红绿灯",
    "斑马线",
    "物业费",
    "停车位",
    "学位房",
    "办事员",
];

/// More frequent than any word of the dictionary that could tear a city word apart.
const OFTEN: usize = 100_000;

/// The dictionary of `jieba-rs`, unpacked once.
pub(crate) static DICTIONARY: LazyLock<Jieba> = LazyLock::new(|| {
    let mut dictionary = Jieba::new();
    for word in CITY_WORDS {
        dictionary.add_word(word, Some(OFTEN), Some("n"));
    }
    dictionary
});

/// Whether the dictionary has these characters as a word.
pub(crate) fn is_word(characters: &[char]) -> bool {
    DICTIONARY.has_word(&characters.iter().collect::<String>())
}
