//! One character at a time: what it looks like to a reader, whatever code it has.

/// A text as written and as read, character by character; invisible characters are already gone.
pub(super) struct Letters {
    /// As written.
    pub written: Vec<char>,
    /// In half width and upper case.
    pub plain: Vec<char>,
}

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        let mut written: Vec<char> = Vec::with_capacity(text.len());
        for c in text.chars() {
            // Within an emoji they belong to the picture.
            let in_picture = matches!(c, '\u{200d}' | '\u{fe0f}')
                && written.last().is_some_and(|last| !last.is_alphanumeric());
            if in_picture || !is_invisible(c) {
                written.push(c);
            }
        }
        let plain = written.iter().map(|c| plain(*c)).collect();
        Self { written, plain }
    }

    /// The read character at a position; `None` beyond the end.
    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.plain.get(index).copied()
    }

    /// Whether these words stand at a position.
    pub(super) fn has(&self, index: usize, words: &str) -> bool {
        words
            .chars()
            .zip(index..)
            .all(|(c, index)| self.at(index) == Some(c))
    }

    /// Whether one of the words stands among the few characters before a position.
    pub(super) fn follows(&self, index: usize, words: &[&str]) -> bool {
        const NEAR: usize = 10;
        let before: String = self.plain[index.saturating_sub(NEAR)..index]
            .iter()
            .collect();
        words.iter().any(|word| before.contains(word))
    }
}

/// Zero-width and direction characters, soft hyphens, variation selectors and other control characters.
fn is_invisible(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let format = matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{20e3}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    control || format
}

/// In half width and upper case.
pub(crate) fn plain(c: char) -> char {
    let half = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    half.to_ascii_uppercase()
}

/// The digit a character stands for when numbers are spelt out: Arabic in any width or ring, Chinese, 幺 for 1.
pub(super) fn digit(c: char) -> Option<u8> {
    let from = |zero: u32| u8::try_from((u32::from(c) - zero) % 10).ok();
    match c {
        '0'..='9' => from(0x30),
        '\u{1d7ce}'..='\u{1d7ff}' => from(0x1d7ce),
        '①'..='⑨' => from(0x245f),
        '⑴'..='⑼' => from(0x2473),
        '⒈'..='⒐' => from(0x2487),
        '❶'..='❾' => from(0x2775),
        '➀'..='➈' => from(0x277f),
        '⁴'..='⁹' => from(0x2070),
        '₀'..='₉' => from(0x2080),
        _ => numeral(c),
    }
}

fn numeral(c: char) -> Option<u8> {
    const NUMERALS: [&str; 10] = [
        "〇零洞○◯⓪⓿⁰",
        "一壹幺么吆¹",
        "二贰两貳弍²",
        "三叁參弎³",
        "四肆",
        "五伍",
        "六陆陸",
        "七柒拐",
        "八捌怕",
        "九玖勾",
    ];
    NUMERALS
        .iter()
        .position(|same| same.contains(c))
        .and_then(|value| u8::try_from(value).ok())
}

/// Whether people put this between the digits of one number.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || "-–—―‐‑‒−_.·•・/\\|~～*()[]【】+#,、".contains(c)
}

/// Whether the character is a Chinese character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}
