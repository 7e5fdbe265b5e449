//! Names of roads, communities, buildings and lines: 解放路, 阳光小区, 3号楼, 12路.

use jieba_rs::Tag;

/// What names of places end with, the longer before the shorter.
const KINDS: [&str; 19] = [
    "号楼", "单元", "号线", "大道", "街道", "小区", "社区", "新村", "花园", "公寓", "广场", "公园",
    "路", "街", "巷", "村", "桥", "站", "镇",
];

/// Those before which a number makes a name.
const NUMBERED: [&str; 4] = ["号楼", "单元", "号线", "路"];

/// Nouns before an ending that make no name: 住宅小区, 公交站.
const COMMON: [&str; 16] = [
    "住宅", "居民", "公交", "地铁", "学校", "公司", "农村", "城市", "城区", "商业", "道路", "门口",
    "垃圾", "加油", "充电", "污水",
];

/// No nouns, and names of roads and communities all over the country.
const NAMES: [&str; 12] = [
    "建设", "解放", "团结", "幸福", "胜利", "振兴", "复兴", "创业", "前进", "和平", "文明", "富强",
];

/// The name of a place.
pub(super) struct Place {
    /// Without the 口 or 头 of a corner, the 里 or 上 after it.
    pub name: String,
    /// Its ending, one of [`KINDS`].
    pub kind: &'static str,
    /// Into how many words it was torn.
    pub words: usize,
}

/// The name these words begin with: a proper noun with such an ending (解放路), nouns of two to four characters before one
/// (青松/社区), or a number before one (12/路).
pub(super) fn starting_at(words: &[Tag<'_>]) -> Option<Place> {
    for count in 1..=words.len().min(3) {
        let (last, before) = words[..count].split_last()?;
        if let Some((stem, kind)) = ending(last.word)
            && makes_name(before, last, stem, kind)
        {
            let before: String = before.iter().map(|word| word.word).collect();
            let name = format!("{before}{stem}{kind}");
            return Some(Place {
                name,
                kind,
                words: count,
            });
        }
        if !may_stand_before(last) {
            return None;
        }
    }
    None
}

fn makes_name(before: &[Tag<'_>], last: &Tag<'_>, stem: &str, kind: &str) -> bool {
    let proper = last.tag.len() > 1 && last.tag.starts_with('n');
    let length = before
        .iter()
        .map(|word| word.word.chars().count())
        .sum::<usize>()
        + stem.chars().count();
    match before {
        [] => proper && length > 0,
        [number] if is_number(number) => stem.is_empty() && NUMBERED.contains(&kind),
        _ => (proper || stem.is_empty()) && (2..=4).contains(&length),
    }
}

fn may_stand_before(word: &Tag<'_>) -> bool {
    let noun = word.tag.starts_with(['n', 'g', 'z'])
        && !COMMON.contains(&word.word)
        && ending(word.word).is_none();
    noun || is_number(word) || NAMES.contains(&word.word)
}

fn is_number(word: &Tag<'_>) -> bool {
    word.word.bytes().all(|b| b.is_ascii_digit())
}

/// What stands before the ending, and the ending; the corner of a road, and what lies in it, is the road.
fn ending(word: &str) -> Option<(&str, &'static str)> {
    let word = word.strip_suffix(['口', '头', '里', '上']).unwrap_or(word);
    KINDS
        .iter()
        .find_map(|kind| Some((word.strip_suffix(kind)?, *kind)))
}
