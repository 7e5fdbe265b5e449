//! Mail addresses.

use super::Mask;
use super::glyph::Letters;

/// Everything around an @ that has a dot behind it.
pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    (0..letters.plain.len())
        .filter(|at| letters.plain[*at] == '@')
        .filter_map(|at| address_around(letters, at))
        .collect()
}

fn address_around(letters: &Letters, at: usize) -> Option<Mask> {
    let local = letters.plain[..at]
        .iter()
        .rev()
        .take_while(|c| is_local(**c));
    let start = at - local.count();
    let domain: Vec<char> = letters.plain[at + 1..]
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
    (start < at && host > 0).then(|| Mask::new(start, at + 1 + end, "【邮箱】"))
}

const fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%')
}
