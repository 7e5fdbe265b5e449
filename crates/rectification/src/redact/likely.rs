//! Names nobody introduces: "钱转给温雨桐了". Each surname with one or two characters behind it is weighed: how people are named,
//! how the dictionary would read the place, and what stands before and behind.
//!
//! Source: logistic regression (Cox 1958, eq. 1) over the features below, fitted by `tests/masking/fit.py`; counts of
//! characters from the person names (`nr`) and the words of the dictionary of jieba 0.42, in `names.tsv`.

use super::Mask;
use super::cue::{After, Before, no_name};
use super::glyph::{Letters, is_han};
use crate::dictionary::DICTIONARY;
use std::{collections::BTreeMap, sync::LazyLock};
use vocabulary::surname_length;

/// Features of a candidate.
pub const FEATURES: usize = 41;

/// From this sum of weights on a candidate is a name: one ordinary comment in a hundred may lose a word.
const LEAST: f64 = -1.6;

/// What each feature counts, in their order.
const WEIGHTS: [f64; FEATURES] = [
    -4.33, 0.81, 1.67, 0.48, 0.92, 0.86, 0.36, 1.89, -0.26, 0.63, -0.39, -0.79, -3.44, -0.32,
    -0.80, 0.30, -0.08, -0.10, 0.78, 0.23, 2.01, 3.36, 2.09, 2.34, 1.41, 1.39, 1.85, 0.43, -0.19,
    0.20, -0.12, -0.04, -0.52, 0.80, -0.08, -0.82, -0.02, 0.64, -0.78, -0.83, -1.18,
];

/// How often a character stands where, in tenths of natural logarithms.
#[derive(Clone, Copy)]
struct Habit {
    surname: f64,
    first: f64,
    second: f64,
    only: f64,
    /// In given names against in ordinary words.
    odds: f64,
    /// As a word of its own.
    alone: f64,
}

/// A character that is in no list is more likely part of a name than of a word.
const UNKNOWN: Habit = Habit {
    surname: -8.7,
    first: -11.9,
    second: -11.9,
    only: -9.7,
    odds: 3.4,
    alone: -18.6,
};
/// Of two characters before a given name, as if each were as rare as one in a thousand.
const COMPOUND: f64 = -7.0;
/// A word of several characters, as if each stood once in 22,000 words; the dictionary does not tell.
const LONG_WORD: f64 = -10.0;
/// A person's name that is in the dictionary costs as little as this more.
const KNOWN_NAME: f64 = -13.0;

static HABITS: LazyLock<BTreeMap<char, Habit>> = LazyLock::new(|| {
    let lines = include_str!("names.tsv").lines();
    lines.filter_map(habit).collect()
});

fn habit(line: &str) -> Option<(char, Habit)> {
    let mut cells = line.split('\t');
    let c = cells.next()?.chars().next()?;
    let mut next = || Some(cells.next()?.parse::<f64>().ok()? / 10.0);
    let habit = Habit {
        surname: next()?,
        first: next()?,
        second: next()?,
        only: next()?,
        odds: next()?,
        alone: next()?,
    };
    Some((c, habit))
}

fn of(c: char) -> Habit {
    HABITS.get(&c).copied().unwrap_or(UNKNOWN)
}

/// What may be a name, from the first character to behind the last, and what speaks for it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// First character.
    pub start: usize,
    /// Behind the last character.
    pub end: usize,
    /// Characters of the surname.
    pub surname: usize,
    /// Features, see [`FEATURES`].
    pub features: [f64; FEATURES],
}

pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    let mut likely: Vec<(f64, Candidate)> = candidates(letters)
        .into_iter()
        .map(|candidate| (weigh(&candidate.features), candidate))
        .filter(|(weight, _)| *weight >= LEAST)
        .collect();
    likely.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut masks: Vec<Mask> = Vec::new();
    for (_, it) in likely {
        let short: String = letters.written[it.start..it.start + it.surname]
            .iter()
            .collect();
        let mask = Mask::new(it.start, it.end, format!("{short}某"));
        if !masks.iter().any(|other| other.overlaps(&mask)) {
            masks.push(mask);
        }
    }
    masks
}

/// Who is named once is named: every other place with the same three or more characters.
pub(super) fn again(letters: &Letters, masks: &[Mask]) -> Vec<Mask> {
    let mut more = Vec::new();
    for mask in masks
        .iter()
        .filter(|mask| mask.with.ends_with('某') && mask.end - mask.start > 2)
    {
        let name = &letters.plain[mask.start..mask.end];
        let places = letters.plain.windows(name.len()).enumerate();
        let places = places.filter(|(at, other)| *at != mask.start && *other == name);
        more.extend(places.map(|(at, _)| Mask::new(at, at + name.len(), mask.with.as_str())));
    }
    more
}

fn weigh(features: &[f64; FEATURES]) -> f64 {
    features
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum()
}

/// Words as the dictionary reads them: first character, behind the last, whether it is a person's name.
struct Reading {
    words: Vec<(usize, usize, bool)>,
    /// Part of speech of the word that ends before, and of the one that begins at, each character; the first letter of jieba's.
    ending: Vec<char>,
    beginning: Vec<char>,
    starts: Vec<bool>,
    ends: Vec<bool>,
    /// Characters within the name of a place, behind its first.
    in_places: Vec<bool>,
}

impl Reading {
    fn of(letters: &Letters) -> Self {
        let text: String = letters.plain.iter().collect();
        let length = letters.plain.len();
        let (mut words, mut at) = (Vec::new(), 0);
        let (mut starts, mut ends) = (vec![false; length + 1], vec![false; length + 1]);
        let mut in_places = vec![false; length + 1];
        let (mut ending, mut beginning) = (vec!['-'; length + 1], vec!['-'; length + 1]);
        for tag in DICTIONARY.tag(&text, false) {
            let end = at + tag.word.chars().count();
            words.push((at, end, tag.tag == "nr"));
            let part = tag.tag.chars().next().unwrap_or('-');
            (beginning[at], ending[end]) = (part, part);
            starts[at] = true;
            ends[end] = true;
            if tag.tag == "ns" {
                in_places[at + 1..end].fill(true);
            }
            at = end;
        }
        Self {
            words,
            ending,
            beginning,
            starts,
            ends,
            in_places,
        }
    }

    /// Whether exactly this is a word that is nobody's name.
    fn is_other_word(&self, start: usize, end: usize) -> bool {
        self.over(start, end)
            .any(|(at, behind, name)| (at, behind) == (start, end) && !name)
    }

    fn over(&self, start: usize, end: usize) -> impl Iterator<Item = (usize, usize, bool)> {
        let from = self
            .words
            .partition_point(|(_, behind, _)| *behind <= start);
        self.words[from..]
            .iter()
            .copied()
            .take_while(move |(at, _, _)| *at < end)
    }
}

/// Everything in a text that may be a name.
pub(super) fn candidates(letters: &Letters) -> Vec<Candidate> {
    let mut found = Vec::new();
    if !letters.plain.iter().any(|c| is_han(*c)) {
        return found;
    }
    let reading = Reading::of(letters);
    for start in 0..letters.plain.len() {
        let Some(surname) = surname_length(letters.plain[start..].iter().copied()) else {
            continue;
        };
        for given in [2, 1] {
            let place = (start, surname, start + surname + given);
            found.extend(candidate(letters, &reading, place));
        }
    }
    found
}

fn candidate(
    letters: &Letters,
    reading: &Reading,
    (start, surname, end): (usize, usize, usize),
) -> Option<Candidate> {
    let name = letters.plain.get(start..end)?;
    if reading.in_places[start] || !name.iter().all(|c| is_han(*c)) {
        return None;
    }
    let before = Before::of(&letters.plain[..start]);
    let after = After::of(&letters.plain[end..]);
    let spoken_of = before.is_cue() || after.is_title;
    if !spoken_of && reading.is_other_word(start, end)
        || no_name(letters, (start, surname, end), &before)
    {
        return None;
    }
    let given = &name[surname..];
    let mut features = Vec::with_capacity(FEATURES);
    features.push(1.0);
    features.extend(as_people_are_named(reading, (start, surname, end), name));
    features.extend(as_words(reading, (start, surname, end)));
    features.extend(cues(&before, &after));
    features.extend(parts_of_speech(reading, start, end));
    features.push(yes(given.last().is_some_and(|c| {
        "路街巷村庄镇乡桥湾塘店里河渡嘴坡沟县市区州院校港湖岛岭城园苑".contains(*c)
    })));
    features.push(yes(before.is_number));
    features.push(yes("应单强项向成申安常管于时万方宁包解关连路游查卫曲曾易许纪房边高白明全满师步终班容幸越古农车华司毛".contains(name[0])));
    Some(Candidate {
        start,
        end,
        surname,
        features: features.try_into().ok()?,
    })
}

const fn yes(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// How people are named: against how the dictionary reads the place, and character by character.
fn as_people_are_named(
    reading: &Reading,
    (start, surname, end): (usize, usize, usize),
    name: &[char],
) -> [f64; 7] {
    let given = &name[surname..];
    let named = match given {
        [only] => of(*only).only,
        [first, second, ..] => of(*first).first + of(*second).second,
        [] => 0.0,
    };
    let called = if surname == 1 {
        of(name[0]).surname
    } else {
        COMPOUND
    };
    let read: f64 = reading
        .over(start, end)
        .map(|(at, behind, is_name)| match behind - at {
            _ if is_name && (at, behind) == (start, end) => KNOWN_NAME,
            1 => of(name[at - start]).alone,
            _ => LONG_WORD,
        })
        .sum();
    let odds: Vec<f64> = given.iter().map(|c| of(*c).odds.clamp(-3.0, 5.0)).collect();
    let two = given.len() == 2;
    let least = odds.iter().copied().fold(f64::INFINITY, f64::min);
    let mean = odds.iter().sum::<f64>() / if two { 2.0 } else { 1.0 };
    [
        ((named + called - read) / 4.0).clamp(-3.0, 4.0),
        yes(two),
        yes(surname == 2),
        if two { mean } else { 0.0 },
        if two { least } else { 0.0 },
        if two { 0.0 } else { mean },
        yes(two && is_word(given)),
    ]
}

fn is_word(characters: &[char]) -> bool {
    DICTIONARY.has_word(&characters.iter().collect::<String>())
}

/// How the dictionary reads the place.
fn as_words(reading: &Reading, (start, surname, end): (usize, usize, usize)) -> [f64; 6] {
    let (mut is_name, mut is_other, mut crossed, mut torn) = (false, false, 0.0, 0.0);
    for (at, behind, name) in reading.over(start, end) {
        if (at, behind) == (start, end) {
            is_name = name;
            is_other = !name;
        } else if name || behind - at == 1 {
            continue;
        } else if at < start || behind > end {
            crossed += 1.0;
        } else if at == start && behind > start + surname {
            torn += 1.0;
        }
    }
    [
        yes(reading.starts[start]),
        yes(reading.ends[end]),
        yes(is_name),
        yes(is_other),
        crossed,
        torn,
    ]
}

/// What kind of word stands right before and right behind: nouns, verbs, adverbs, little words, time and number, anything else.
fn parts_of_speech(reading: &Reading, start: usize, end: usize) -> [f64; 11] {
    let (before, behind) = (reading.ending[start], reading.beginning[end]);
    let little = "pcuyr";
    [
        yes(before == 'n'),
        yes(before == 'v'),
        yes(before == 'd'),
        yes(before == 'a'),
        yes(little.contains(before)),
        yes(behind == 'n'),
        yes(behind == 'v'),
        yes(behind == 'd'),
        yes(behind == 'a'),
        yes(little.contains(behind)),
        yes("tmqfl".contains(behind)),
    ]
}

/// What stands before and behind.
fn cues(before: &Before, after: &After) -> [f64; 13] {
    let cue = before.is_cue();
    let closed = after.is_end || after.is_number;
    [
        yes(before.is_lead),
        yes(before.is_kin),
        yes(before.is_role),
        yes(before.is_act),
        yes(before.is_link),
        yes(before.is_start),
        yes(after.is_end),
        yes(after.is_title),
        yes(after.is_deed),
        yes(cue && (closed || after.is_title || after.is_deed)),
        yes(before.is_lead && (closed || after.is_title)),
        yes(before.is_link && (after.is_end || after.is_title)),
        yes(before.is_start && closed),
    ]
}
