//! Accounts of messengers, named as such.

use super::Mask;
use super::glyph::Letters;

const SERVICES: [&str; 16] = [
    "微信",
    "薇信",
    "WECHAT",
    "VX",
    "WX",
    "加V",
    "加微",
    "QQ",
    "扣扣",
    "企鹅号",
    "Q Q",
    "V信",
    "V号",
    "威信",
    "绿泡泡",
    "支付宝",
];
const BETWEEN: &str = "号码是为:： 　加我";
const SHORTEST: usize = 5;

pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    (0..letters.plain.len())
        .filter_map(|at| {
            let service = SERVICES.iter().find(|name| letters.has(at, name));
            service.map_or_else(
                || by_its_looks(letters, at),
                |service| account_behind(letters, at + service.chars().count()),
            )
        })
        .collect()
}

/// Small letters and digits in one word that is no address of a page: "群主momo_lin00011".
fn by_its_looks(letters: &Letters, at: usize) -> Option<Mask> {
    let is_sign = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let word: &[char] = &letters.written[at..];
    let word = &word[..word.iter().take_while(|c| is_sign(c)).count()];
    let goes_on = at.checked_sub(1).and_then(|before| letters.at(before));
    let is_part = goes_on.is_some_and(|c| is_sign(&c) || matches!(c, '.' | '/'))
        || matches!(letters.at(at + word.len()), Some('.' | '/'));
    let small = word.iter().filter(|c| c.is_ascii_lowercase()).count();
    let digits = word.iter().filter(|c| c.is_ascii_digit()).count();
    let letters_needed = if word.contains(&'_') { 1 } else { 3 };
    (!is_part && word.len() >= 8 && small >= letters_needed && digits >= 2)
        .then(|| Mask::new(at, at + word.len(), "【账号】"))
}

fn account_behind(letters: &Letters, after: usize) -> Option<Mask> {
    let gap = letters.plain[after..]
        .iter()
        .take_while(|c| BETWEEN.contains(**c))
        .count();
    let start = after + gap;
    let signs = letters.plain[start..]
        .iter()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .count();
    let has_sign_of_account = letters.plain[start..start + signs]
        .iter()
        .any(char::is_ascii_digit);
    (signs >= SHORTEST && has_sign_of_account).then(|| Mask::new(start, start + signs, "【账号】"))
}
