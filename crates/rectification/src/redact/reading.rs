//! A text as the dictionary reads it, and as it would be read if a name stood in a place.

use super::habit;
use crate::dictionary::DICTIONARY;

/// All counts of the dictionary of jieba 0.42.
const COUNTED: f64 = 60_101_967.0;

/// The name of somebody who is in the dictionary says as much as a name that is not.
const KNOWN_NAME: f64 = -13.0;

/// A word of a text.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub start: usize,
    /// Behind the last character.
    pub end: usize,
    /// Part of speech, the first letter of jieba's: `n`, `v`, `d` …
    part: char,
    pub is_person: bool,
    pub is_place: bool,
    /// Natural logarithm of its share of all words.
    often: f64,
}

impl Word {
    pub(super) const fn length(&self) -> usize {
        self.end - self.start
    }
}

/// The most likely words of a text of which the first character has this place.
fn words(text: &[char], from: usize) -> Vec<Word> {
    let written: String = text.iter().collect();
    let mut end = from;
    let tags = DICTIONARY.tag(&written, false).into_iter();
    let words = tags.map(|tag| {
        let start = end;
        end += tag.word.chars().count();
        let often = match text[start - from..end - from] {
            [one] => habit::of(one).alone,
            _ => {
                let count = u32::try_from(DICTIONARY.suggest_freq(tag.word)).unwrap_or(1);
                (f64::from(count) / COUNTED).ln()
            }
        };
        Word {
            start,
            end,
            part: tag.tag.chars().next().unwrap_or('-'),
            is_person: tag.tag == "nr",
            is_place: tag.tag == "ns",
            often,
        }
    });
    words.collect()
}

pub(super) struct Reading<'t> {
    text: &'t [char],
    words: Vec<Word>,
}

/// What stands around a place if a name stands there.
pub(super) struct Around {
    /// Parts of speech of the word before and of the word behind.
    pub before: char,
    pub behind: char,
    /// How likely the place is without a name, and what is left of torn words with one, in natural logarithms.
    pub read: f64,
    pub left: f64,
}

impl<'t> Reading<'t> {
    pub(super) fn of(text: &'t [char]) -> Self {
        Self {
            text,
            words: words(text, 0),
        }
    }

    /// The words that have characters of a place.
    pub(super) fn over(&self, start: usize, end: usize) -> &[Word] {
        let from = self.words.partition_point(|word| word.end <= start);
        let to = self.words.partition_point(|word| word.start < end);
        &self.words[from..to]
    }

    /// The word that is exactly there.
    pub(super) fn word(&self, start: usize, end: usize) -> Option<&Word> {
        let over = self.over(start, end);
        over.first()
            .filter(|word| (word.start, word.end) == (start, end))
    }

    /// Whether a place stands inside the name of a place: 塘 of 钱塘江.
    pub(super) fn in_place(&self, at: usize) -> bool {
        let over = self.over(at, at + 1);
        over.iter().any(|word| word.is_place && word.start < at)
    }

    /// What stands around a place if a name stands there.
    pub(super) fn around(&self, start: usize, end: usize) -> Around {
        let over = self.over(start, end);
        let from = over.first().map_or(start, |word| word.start);
        let to = over.last().map_or(end, |word| word.end);
        let before = words(&self.text[from..start], from);
        let behind = words(&self.text[end..to], end);
        let last = before.last().or_else(|| {
            let earlier = self.words.partition_point(|word| word.end <= start);
            self.words[..earlier].last()
        });
        let first = behind.first().or_else(|| {
            let later = self.words.partition_point(|word| word.start < end);
            self.words.get(later)
        });
        let sum = |words: &[Word]| {
            let often = words.iter().map(|word| match (word.start, word.end) {
                place if word.is_person && place == (start, end) => KNOWN_NAME,
                _ => word.often,
            });
            often.sum::<f64>()
        };
        Around {
            before: last.map_or('-', |word| word.part),
            behind: first.map_or('-', |word| word.part),
            read: sum(over),
            left: sum(&before) + sum(&behind),
        }
    }
}
