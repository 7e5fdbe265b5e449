//! Accounts of messengers, named as such.

use super::Mask;
use super::glyph::Letters;

const SERVICES: [&str; 10] = [
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
];
const BETWEEN: &str = "号码是为:： 加我";
const SHORTEST: usize = 5;

pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    (0..letters.plain.len())
        .filter_map(|at| {
            let service = SERVICES.iter().find(|name| letters.has(at, name))?;
            account_behind(letters, at + service.chars().count())
        })
        .collect()
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
