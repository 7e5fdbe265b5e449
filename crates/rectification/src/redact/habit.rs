//! How people are named, character by character.
//!
//! Source: counts of characters from the person names (`nr`) and the words of the dictionary of jieba 0.42, in `names.tsv`.

use std::{collections::BTreeMap, sync::LazyLock};

/// How often a character stands where, in natural logarithms.
#[derive(Clone, Copy)]
pub(super) struct Habit {
    pub surname: f64,
    /// First of two, second of two, and only character of a given name.
    pub first: f64,
    pub second: f64,
    pub only: f64,
    /// In given names against in ordinary words.
    pub odds: f64,
    /// As a word of its own.
    pub alone: f64,
}

/// A character that is in no list is more likely part of a name than of a word.
const UNKNOWN: Habit = Habit {
    surname: NO_SURNAME,
    first: -11.9,
    second: -11.9,
    only: -9.7,
    odds: 3.4,
    alone: -18.6,
};
/// A surname nobody in the dictionary has.
const NO_SURNAME: f64 = -8.7;

static HABITS: LazyLock<BTreeMap<char, Habit>> = LazyLock::new(|| {
    let lines = include_str!("names.tsv").lines();
    lines.filter_map(habit).collect()
});

/// A line of the table, in tenths; 0 for what does not occur.
fn habit(line: &str) -> Option<(char, Habit)> {
    let mut cells = line.split('\t');
    let c = cells.next()?.chars().next()?;
    let mut next = || Some(cells.next()?.parse::<f64>().ok()? / 10.0);
    let habit = Habit {
        surname: next().map(|often| if often < 0.0 { often } else { NO_SURNAME })?,
        first: next()?,
        second: next()?,
        only: next()?,
        odds: next()?,
        alone: next()?,
    };
    Some((c, habit))
}

pub(super) fn of(c: char) -> Habit {
    HABITS.get(&c).copied().unwrap_or(UNKNOWN)
}
