//! Taking people out of what people wrote, before anybody in a unit sees it.
//!
//! Finds what is written in full width, in Chinese numerals, mixed, with separators or with invisible characters between,
//! and masks it in place; everything else stays as written, only invisible characters go.
//!
//! Source: reliability C9. Names are found by pattern only, so a reviewer still reads every text before release.

mod account;
mod cue;
mod doubt;
mod email;
mod glyph;
mod habit;
mod likely;
mod name;
mod number;
mod plate;
mod reading;

use glyph::Letters;
pub(crate) use glyph::plain;
pub use likely::{Candidate, FEATURES};

/// A text without telephone numbers, identity numbers, bank cards, plates, mail addresses and names found by pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    /// The text with marks such as 【电话】 in place of what was masked.
    pub text: String,
    /// How many places were masked.
    pub masked: u32,
}

/// A stretch of characters to be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mask {
    start: usize,
    end: usize,
    with: String,
}

impl Mask {
    fn new(start: usize, end: usize, with: impl Into<String>) -> Self {
        let with = with.into();
        Self { start, end, with }
    }

    const fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Masks personal data in a text; see the module for what is found.
///
/// Redacting a redacted text changes nothing.
///
/// ```
/// let redacted = rectification::redact("我叫张三，电话幺三九 １２３４ 五六七八，等了71分钟");
/// assert_eq!(redacted.text, "我叫张某，电话【电话】，等了71分钟");
/// assert_eq!(redacted.masked, 2);
/// ```
#[must_use]
pub fn redact(text: &str) -> Redacted {
    let mut redacted = pass(text);
    let mut last = redacted.masked;
    // What stands beside a mark may be a name only now.
    while last > 0 {
        let again = pass(&redacted.text);
        last = again.masked;
        redacted.text = again.text;
        redacted.masked = redacted.masked.saturating_add(last);
    }
    redacted
}

fn pass(text: &str) -> Redacted {
    let letters = Letters::of(text);
    let mut masks: Vec<Mask> = Vec::new();
    // What is found first wins: a telephone number inside a mail address is part of the address.
    for find in [
        email::find,
        plate::find,
        number::find,
        account::find,
        name::find,
        likely::find,
    ] {
        for mask in find(&letters) {
            if !masks.iter().any(|earlier| earlier.overlaps(&mask)) {
                masks.push(mask);
            }
        }
    }
    for mask in likely::again(&letters, &masks) {
        if !masks.iter().any(|earlier| earlier.overlaps(&mask)) {
            masks.push(mask);
        }
    }
    masks.sort_by_key(|mask| mask.start);
    apply(&letters, &masks)
}

/// Everything in a text that may be a name, with what speaks for it; for fitting the weights.
#[must_use]
pub fn candidates(text: &str) -> Vec<Candidate> {
    likely::candidates(&Letters::of(text))
}

fn apply(letters: &Letters, masks: &[Mask]) -> Redacted {
    let mut text = String::new();
    let mut from = 0;
    for mask in masks {
        text.extend(&letters.written[from..mask.start]);
        text.push_str(&mask.with);
        from = mask.end;
    }
    text.extend(&letters.written[from..]);
    Redacted {
        text,
        masked: u32::try_from(masks.len()).unwrap_or(u32::MAX),
    }
}

/// The mark for what a reviewer has covered.
const COVERED: &str = "【已遮】";

/// Covers words a reviewer has named, wherever they stand in a redacted text.
///
/// # Errors
/// The first of the words that does not stand in the text.
pub fn cover<'w>(redacted: &Redacted, words: &[&'w str]) -> Result<Redacted, &'w str> {
    let mut covered = redacted.clone();
    for word in words {
        let places = redacted.text.matches(word).count();
        if word.is_empty() || places == 0 {
            return Err(word);
        }
        covered.text = covered.text.replace(word, COVERED);
        covered.masked = covered
            .masked
            .saturating_add(u32::try_from(places).unwrap_or(u32::MAX));
    }
    Ok(covered)
}

#[cfg(test)]
mod tests;
