//! The one type that templates print without escaping: SVG and marked text written by this crate.

use askama::filters::HtmlSafe;
use std::fmt::{self, Write};

/// Markup made of numbers, fixed words and escaped text.
///
/// Templates print it as it is; no other type of this crate may skip escaping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Svg(String);

impl HtmlSafe for Svg {}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Svg {
    /// Starts an empty drawing.
    pub(crate) const fn new() -> Self {
        Self(String::new())
    }

    /// Appends markup built from numbers and fixed words.
    pub(crate) fn draw(&mut self, markup: fmt::Arguments<'_>) {
        self.0
            .write_fmt(markup)
            .expect("writing to a String cannot fail");
    }

    /// Appends text with the five special characters escaped.
    pub(crate) fn text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                plain => self.0.push(plain),
            }
        }
    }
}

/// A text escaped for use inside SVG attributes and elements.
pub(crate) fn escaped(text: &str) -> Svg {
    let mut svg = Svg::new();
    svg.text(text);
    svg
}

/// A text escaped, with each run of Chinese letters and marks in a `span` that says so.
pub(crate) fn chinese_marked(text: &str) -> Svg {
    let mut svg = Svg::new();
    let letters: Vec<char> = text.chars().collect();
    for run in letters.chunk_by(|a, b| is_chinese(*a) == is_chinese(*b)) {
        let words: String = run.iter().collect();
        if run.first().copied().is_some_and(is_chinese) {
            svg.draw(format_args!(r#"<span lang="zh-CN">"#));
            svg.text(&words);
            svg.draw(format_args!("</span>"));
        } else {
            svg.text(&words);
        }
    }
    svg
}

/// Han letters of every plane, and the full-width marks between them.
const fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_open_an_element() {
        let svg = escaped("<script>\"'&");

        assert_eq!(svg.to_string(), "&lt;script&gt;&quot;&#39;&amp;");
    }
}
