//! Dense numbers for labels and for pairs of numbers, given in order of first appearance.

use std::{collections::HashMap, fmt};

/// "No number": a label not seen, a row in no cell.
pub(crate) const NONE: u32 = u32::MAX;

/// Whole numbers below this are looked up by index, others by hash.
const INDEXED: usize = 1 << 20;

/// A label of a stratum, PSU or domain; numbers come before texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Labels of one column.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    indexed: Vec<u32>,
    numbers: HashMap<i64, u32>,
    texts: HashMap<Vec<u8>, u32>,
    labels: Vec<Key>,
}

impl Codes {
    #[inline]
    pub(crate) fn number(&mut self, value: i64) -> u32 {
        let index = usize::try_from(value).unwrap_or(INDEXED);
        match self.indexed.get(index) {
            Some(code) if *code != NONE => *code,
            _ => self.add_number(value),
        }
    }

    /// A number that is new or too large to be looked up by index.
    #[cold]
    fn add_number(&mut self, value: i64) -> u32 {
        let Some(index) = usize::try_from(value).ok().filter(|index| *index < INDEXED) else {
            return *self
                .numbers
                .entry(value)
                .or_insert_with(|| append(&mut self.labels, Key::Number(value)));
        };
        if index >= self.indexed.len() {
            self.indexed.resize(index + 1, NONE);
        }
        self.indexed[index] = append(&mut self.labels, Key::Number(value));
        self.indexed[index]
    }

    /// Bytes that are no UTF-8 keep a readable label; they stay apart from others by their bytes.
    pub(crate) fn text(&mut self, bytes: &[u8]) -> u32 {
        if let Some(code) = self.texts.get(bytes) {
            return *code;
        }
        let label = Key::Text(String::from_utf8_lossy(bytes).into_owned());
        let code = append(&mut self.labels, label);
        self.texts.insert(bytes.to_vec(), code);
        code
    }

    pub(crate) fn labels(&self) -> &[Key] {
        &self.labels
    }
}

fn append<T>(list: &mut Vec<T>, item: T) -> u32 {
    let code = u32::try_from(list.len()).unwrap_or(NONE);
    list.push(item);
    code
}

/// Pairs of dense numbers: one table, a row per first and a place per second number.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    table: Vec<u32>,
    width: usize,
    pairs: Vec<(u32, u32)>,
}

impl Pairs {
    #[inline]
    pub(crate) fn number(&mut self, first: u32, second: u32) -> u32 {
        let place = first as usize * self.width + second as usize;
        match self.table.get(place) {
            Some(number) if *number != NONE && (second as usize) < self.width => *number,
            _ => self.add(first, second),
        }
    }

    #[cold]
    fn add(&mut self, first: u32, second: u32) -> u32 {
        if second as usize >= self.width {
            self.widen(second as usize);
        }
        let place = first as usize * self.width + second as usize;
        if place >= self.table.len() {
            self.table.resize((first as usize + 1) * self.width, NONE);
        }
        if self.table[place] == NONE {
            self.table[place] = append(&mut self.pairs, (first, second));
        }
        self.table[place]
    }

    /// Makes rows long enough for this place.
    fn widen(&mut self, place: usize) {
        let rows = self.table.len().checked_div(self.width).unwrap_or(0);
        self.width = (place + 1).next_power_of_two();
        self.table = vec![NONE; rows * self.width];
        for ((first, second), number) in self.pairs.iter().zip(0..) {
            self.table[*first as usize * self.width + *second as usize] = number;
        }
    }

    /// Places of the table, taken or not.
    pub(crate) const fn places(&self) -> usize {
        self.table.len()
    }

    pub(crate) fn list(&self) -> &[(u32, u32)] {
        &self.pairs
    }
}
