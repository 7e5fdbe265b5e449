//! Mail addresses.

use super::Mask;
use super::glyph::Letters;

/// How people write the sign, in upper case; the longer first.
const SIGNS: [&str; 7] = [" @ ", " AT ", "(AT)", "[AT]", "艾特", "@", "#"];

/// Everything around an @, however it is written, that has a dot behind it.
pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    (0..letters.plain.len())
        .filter_map(|at| {
            let sign = SIGNS.iter().find(|sign| letters.has(at, sign))?;
            address_around(letters, at, sign.chars().count())
        })
        .collect()
}

fn address_around(letters: &Letters, at: usize, sign: usize) -> Option<Mask> {
    let local = letters.plain[..at]
        .iter()
        .rev()
        .take_while(|c| is_local(**c));
    let start = at - local.count();
    let domain: Vec<char> = letters.plain[at + sign..]
        .iter()
        .copied()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '。'))
        .collect();
    let dot = domain.iter().rposition(|c| matches!(c, '.' | '。'))?;
    let (host, end) = match domain[dot + 1..]
        .iter()
        .take_while(|c| c.is_ascii_alphabetic())
        .count()
    {
        0 => (
            dot,
            domain[..dot].iter().rposition(|c| *c == '.').map(|_| dot)?,
        ),
        top => (dot, dot + 1 + top),
    };
    (start < at && host > 0).then(|| Mask::new(start, at + sign + end, "【邮箱】"))
}

const fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%')
}
