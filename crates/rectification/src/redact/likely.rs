//! Names nobody introduces: "钱转给温雨桐了". Each surname with one or two characters behind it is weighed: how people are named,
//! how the dictionary would read the place, and what stands before and behind.
//!
//! Source: a net with one hidden layer of rectified units over the features below, in `net.tsv`. Whoever changes a feature
//! fits it again with `tests/masking/fit.py` (which says how) and measures other seeds: `MASKING_SEED=31 cargo test -p
//! rectification --test masking -- --nocapture`.

use super::Mask;
use super::cue::{After, Before};
use super::doubt::{DOUBTS, doubts, is_none};
use super::glyph::{Letters, is_han};
use super::habit::of;
use super::reading::{Around, Reading};
use crate::dictionary::is_word;
use std::sync::LazyLock;
use vocabulary::surname_length;

/// Of two characters before a given name, as if each were as rare as one in a thousand.
const COMPOUND: f64 = -7.0;

/// Features of a candidate.
pub const FEATURES: usize = 49 + DOUBTS;

/// From this weight on a candidate is a name: of 400 ordinary comments one loses a word.
const LEAST: f64 = -1.4;

/// A row for each hidden unit with what it gives each feature; the last row has what each unit counts and, at its end, the bias.
static NET: LazyLock<Vec<Vec<f64>>> = LazyLock::new(|| {
    let rows = include_str!("net.tsv").lines();
    rows.map(|row| {
        row.split('\t')
            .filter_map(|cell| cell.parse().ok())
            .collect()
    })
    .collect()
});

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
    let Some((last, hidden)) = NET.split_last() else {
        return f64::NEG_INFINITY;
    };
    let dot = |row: &[f64]| {
        row.iter()
            .zip(features)
            .map(|(weight, value)| weight * value)
            .sum::<f64>()
    };
    let units = hidden.iter().map(|row| dot(row).max(0.0)).chain([1.0]);
    last.iter()
        .zip(units)
        .map(|(weight, unit)| weight * unit)
        .sum()
}

/// Everything in a text that may be a name.
pub(super) fn candidates(letters: &Letters) -> Vec<Candidate> {
    let mut found = Vec::new();
    if !letters.plain.iter().any(|c| is_han(*c)) {
        return found;
    }
    let reading = Reading::of(&letters.plain);
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
    place: (usize, usize, usize),
) -> Option<Candidate> {
    let (start, surname, end) = place;
    let name = letters.plain.get(start..end)?;
    if !name.iter().all(|c| is_han(*c)) {
        return None;
    }
    let before = Before::of(&letters.plain[..start]);
    if reading.in_place(start) && !before.is_cue() || is_none(letters, place, &before) {
        return None;
    }
    let after = After::of(&letters.plain[end..]);
    let around = reading.around(start, end);
    let mut features = vec![1.0];
    features.extend(as_people_are_named(name, surname, &around));
    features.extend(as_words(reading, place));
    let stands_alone = reading.word(start, start + surname).is_some();
    features.push(if stands_alone {
        family(name, surname).1
    } else {
        0.0
    });
    features.extend(cues(&before, &after, &around).map(yes));
    features.extend(parts_of_speech(&around).map(yes));
    features.extend(doubts(letters, place, &before).map(yes));
    let given = &name[surname..];
    features.push(yes(given.last().is_some_and(|c| {
        "路街巷村庄镇乡桥湾塘店河渡嘴坡沟县市区州院校港湖岛岭城园苑山司坎墩坪屯".contains(*c)
    })));
    features.push(yes(before.is_number));
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
fn as_people_are_named(name: &[char], surname: usize, around: &Around) -> [f64; 9] {
    let given = &name[surname..];
    let named = match given {
        [only] => of(*only).only,
        [first, second, ..] => of(*first).first + of(*second).second,
        [] => 0.0,
    };
    let (called, is_surname) = family(name, surname);
    let odds: Vec<f64> = given.iter().map(|c| of(*c).odds.clamp(-3.0, 5.0)).collect();
    let two = given.len() == 2;
    let least = odds.iter().copied().fold(f64::INFINITY, f64::min);
    let mean = odds.iter().sum::<f64>() / if two { 2.0 } else { 1.0 };
    [
        ((named + called + around.left - around.read) / 4.0).clamp(-4.0, 4.0),
        yes(around.left < 0.0),
        is_surname,
        yes(two),
        yes(surname == 2),
        if two { mean } else { 0.0 },
        if two { least } else { 0.0 },
        if two { 0.0 } else { mean },
        yes(two && is_word(given)),
    ]
}

/// How often people have this surname, and how much more often it is one than a word.
fn family(name: &[char], surname: usize) -> (f64, f64) {
    let habit = of(name[0]);
    match surname {
        1 => (
            habit.surname,
            (habit.surname - habit.alone).clamp(-2.0, 6.0),
        ),
        _ => (COMPOUND, 6.0),
    }
}

/// How the dictionary reads the place.
fn as_words(reading: &Reading, (start, surname, end): (usize, usize, usize)) -> [f64; 7] {
    let whole = reading.word(start, end);
    let over = reading.over(start, end);
    let longer = || {
        over.iter()
            .filter(|word| word.length() > 1 && !word.is_person)
    };
    let crossed = longer().filter(|word| word.start < start || word.end > end);
    let torn =
        longer().filter(|word| word.start == start && word.end > start + surname && word.end < end);
    [
        yes(over.first().is_some_and(|word| word.start == start)),
        yes(over.last().is_some_and(|word| word.end == end)),
        yes(whole.is_some_and(|word| word.is_person)),
        yes(whole.is_some_and(|word| !word.is_person)),
        yes(over.iter().any(|word| word.is_place && word.length() > 1)),
        f64::from(u8::try_from(crossed.count()).unwrap_or(0)),
        f64::from(u8::try_from(torn.count()).unwrap_or(0)),
    ]
}

/// What kind of word stands right before and right behind: nouns, verbs, adverbs, adjectives, little words, time and number.
fn parts_of_speech(around: &Around) -> [bool; 11] {
    let (before, behind) = (around.before, around.behind);
    let little = "pcuyr";
    [
        before == 'n',
        before == 'v',
        "dz".contains(before),
        before == 'a',
        little.contains(before),
        behind == 'n',
        behind == 'v',
        "dz".contains(behind),
        behind == 'a',
        little.contains(behind),
        "tmqfl".contains(behind),
    ]
}

/// What stands before and behind.
fn cues(before: &Before, after: &After, around: &Around) -> [bool; 18] {
    let cue = before.is_cue();
    let closed = after.is_end || after.is_number;
    let acts = "vdz".contains(around.behind);
    [
        before.is_lead,
        before.is_kin,
        before.is_role,
        before.is_act,
        before.is_link,
        before.is_doer,
        before.is_start,
        after.is_end,
        after.is_title,
        after.is_deed,
        cue && (closed || after.is_title || after.is_deed),
        before.is_lead && (closed || after.is_title),
        before.is_link && (after.is_end || after.is_title),
        before.is_doer && (acts || after.is_deed),
        before.is_start && closed,
        before.is_start && (acts || after.is_deed),
        cue && acts,
        before.is_start && around.behind == 'r',
    ]
}
