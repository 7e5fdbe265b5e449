//! How much a header looks like a field.

use crate::header::{Field, keys_of};
use crate::names::edit_distance;
use serde::{Deserialize, Serialize};
use vocabulary::rounded_text;

/// Why a column was proposed for a field.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The header is the field's own.
    Same,
    /// The header is one under which senders often put the field.
    Alias,
    /// The header is nearly one of these: 1 − letters to change ∕ letters of the longer (Levenshtein 1966), 0–1.
    Near(f64),
    /// The header reads like a question that was asked.
    Question,
}

/// A little less than the field's own header, and more than any that is only near.
const ALIAS: f64 = 0.95;
/// A question may be asked about anything.
const QUESTION: f64 = 0.6;
/// Nearness below which a header is another word: two of five letters differ.
const NEAREST: f64 = 0.6;

impl Likeness {
    /// Between 0 and 1; more for the surer.
    #[must_use]
    pub const fn score(self) -> f64 {
        match self {
            Self::Same => 1.0,
            Self::Alias => ALIAS,
            Self::Near(nearness) => nearness * ALIAS,
            Self::Question => QUESTION,
        }
    }

    /// As a clerk reads it; the nearness with two decimals.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Same => "字面相同".to_owned(),
            Self::Alias => "常用别名".to_owned(),
            Self::Near(nearness) => format!("相近 {}", rounded_text(nearness, 2)),
            Self::Question => "像是题目".to_owned(),
        }
    }

    /// Of a header's whole text, or its last part where it has several rows; `None` for another word.
    pub(super) fn of(header: &str, field: &Field) -> Option<Self> {
        let (whole, last) = keys_of(header);
        let is = |alias: &String| *alias == whole || *alias == last;
        if field.aliases.first().is_some_and(is) {
            return Some(Self::Same);
        }
        if field.aliases.iter().any(is) {
            return Some(Self::Alias);
        }
        let nearness = |alias: &String| nearness(&whole, alias).max(nearness(&last, alias));
        let best = field.aliases.iter().map(nearness).fold(0.0, f64::max);
        (best >= NEAREST).then_some(Self::Near(best))
    }
}

fn nearness(header: &str, alias: &str) -> f64 {
    let longer = header.chars().count().max(alias.chars().count()).max(1);
    let [distance, longer] = [edit_distance(header, alias), longer]
        .map(|letters| f64::from(u32::try_from(letters).unwrap_or(u32::MAX)));
    (1.0 - distance / longer).max(0.0)
}

/// Whether a header reads like a question: numbered, or about a level.
pub(super) fn is_question(header: &str) -> bool {
    const ABOUT: [&str; 8] = [
        "满意", "评价", "评分", "态度", "效率", "质量", "作风", "廉洁",
    ];
    let (_, text) = keys_of(header);
    let numbered = text.strip_prefix(['q', '第', '题']);
    numbered.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_numeric() || "一二三四五六七八九十".contains(c))
    }) || ABOUT.iter().any(|word| text.contains(word))
}
