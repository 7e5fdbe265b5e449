//! Finding the unit, community or village that a file means by a name.

use crate::cell::squeezed;
use crate::refused::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use survey_design::{Body, Unit};
use vocabulary::{BodyId, UnitId};

/// Known spellings of names, each leading to one or, by mistake, several things.
///
/// Width, blanks and kinds of brackets do not matter; nothing else is guessed.
///
/// Travels to the child process that reads the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Ord + Deserialize<'de>"))]
pub struct NameIndex<T> {
    spellings: BTreeMap<String, Spelling<T>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Ord + Deserialize<'de>"))]
struct Spelling<T> {
    shown: String,
    found: BTreeSet<T>,
}

/// Units by code, name, short name and alias.
pub type UnitIndex = NameIndex<UnitId>;
/// Communities and villages by code and name.
pub type BodyIndex = NameIndex<BodyId>;

/// What the office has said a name in files means 另一种叫法.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitSpelling {
    /// The name as files write it.
    pub spelling: String,
    /// The unit it means; `None` for somebody who is not evaluated here.
    pub unit: Option<UnitId>,
    /// First day it means that; `None` for ever since.
    pub valid_from: Option<NaiveDate>,
    /// Last day; `None` while it does.
    pub valid_to: Option<NaiveDate>,
}

impl UnitSpelling {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether there is a day on which both say what one name means.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_before_end = |one: &Self, two: &Self| match (one.valid_from, two.valid_to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        normalised(&self.spelling) == normalised(&other.spelling)
            && begins_before_end(self, other)
            && begins_before_end(other, self)
    }
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameMatch<T> {
    /// One thing.
    Found(T),
    /// Several things; the sender must write more.
    Ambiguous,
    /// Somebody who is not evaluated here, as the office has said.
    NotEvaluated,
    /// Nothing; the nearest known names, best first, at most three.
    Unknown {
        /// As registered.
        suggestions: Vec<String>,
    },
}

impl<T: Clone + Ord> Default for NameIndex<T> {
    fn default() -> Self {
        Self {
            spellings: BTreeMap::new(),
        }
    }
}

impl<T: Clone + Ord> NameIndex<T> {
    /// Adds a spelling; the same spelling for another thing makes it ambiguous.
    pub fn insert(&mut self, name: &str, thing: T) {
        let key = normalised(name);
        if key.is_empty() {
            return;
        }
        let spelling = self.spellings.entry(key).or_insert_with(|| Spelling {
            shown: name.trim().to_owned(),
            found: BTreeSet::new(),
        });
        spelling.found.insert(thing);
    }

    /// Looks a name up, and the nearest ones when it is unknown.
    #[must_use]
    pub fn find(&self, name: &str) -> NameMatch<T> {
        match self.find_exactly(name) {
            NameMatch::Unknown { .. } => NameMatch::Unknown {
                suggestions: self.nearest(&normalised(name)),
            },
            found => found,
        }
    }

    /// Looks a name up without looking for others.
    pub(crate) fn find_exactly(&self, name: &str) -> NameMatch<T> {
        match self.spellings.get(&normalised(name)) {
            Some(spelling) if spelling.found.len() > 1 => NameMatch::Ambiguous,
            Some(spelling) => spelling
                .found
                .first()
                .cloned()
                .map_or(NameMatch::NotEvaluated, NameMatch::Found),
            None => NameMatch::Unknown {
                suggestions: Vec::new(),
            },
        }
    }

    /// Whether any spelling leads to this thing.
    #[must_use]
    pub fn knows(&self, thing: &T) -> bool {
        self.spellings
            .values()
            .any(|spelling| spelling.found.contains(thing))
    }

    /// Known names that contain the name, are contained in it, or differ by less than half of its letters.
    fn nearest(&self, key: &str) -> Vec<String> {
        let length = key.chars().count();
        let mut near: Vec<(usize, usize, &str)> = self
            .spellings
            .iter()
            .filter(|(_, spelling)| !spelling.found.is_empty())
            .filter_map(|(known, spelling)| {
                let distance = edit_distance(key, known);
                let shared = known.chars().count() >= 3 && key.contains(known.as_str())
                    || length >= 2 && known.contains(key);
                let close = distance * 2 < length.max(2);
                (shared || close).then_some((usize::from(!shared), distance, &*spelling.shown))
            })
            .collect();
        near.sort_unstable();
        near.into_iter()
            .take(3)
            .map(|(_, _, shown)| shown.to_owned())
            .collect()
    }
}

impl UnitIndex {
    /// With what the office has said names mean on a day, whatever they meant before.
    #[must_use]
    pub fn with_spellings(mut self, spellings: &[UnitSpelling], day: NaiveDate) -> Self {
        for told in spellings.iter().filter(|told| told.holds_on(day)) {
            let spelling = Spelling {
                shown: told.spelling.trim().to_owned(),
                found: told.unit.iter().cloned().collect(),
            };
            self.spellings.insert(normalised(&told.spelling), spelling);
        }
        self
    }

    /// The unit a mapping fixes must be registered.
    pub(crate) fn refuse_unknown(&self, unit: &UnitId) -> Result<(), Refusal> {
        match self.knows(unit) {
            true => Ok(()),
            false => Err(Refusal::MappingUnit {
                unit: unit.to_string(),
            }),
        }
    }
}

impl<T: Clone + Ord> FromIterator<(String, T)> for NameIndex<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(spellings: I) -> Self {
        let mut index = Self::default();
        for (name, thing) in spellings {
            index.insert(&name, thing);
        }
        index
    }
}

/// The index of a city's units.
#[must_use]
pub fn unit_index(units: &[Unit]) -> UnitIndex {
    units
        .iter()
        .flat_map(|unit| {
            [unit.id.as_str(), &unit.name, &unit.short_name]
                .into_iter()
                .chain(unit.aliases.iter().map(String::as_str))
                .map(|name| (name.to_owned(), unit.id.clone()))
        })
        .collect()
}

/// The index of a city's communities and villages.
#[must_use]
pub fn body_index(bodies: &[Body]) -> BodyIndex {
    bodies
        .iter()
        .flat_map(|body| {
            [body.id.as_str(), &body.name].map(|name| (name.to_owned(), body.id.clone()))
        })
        .collect()
}

fn normalised(name: &str) -> String {
    squeezed(name)
        .to_lowercase()
        .replace(['〔', '[', '【'], "(")
        .replace(['〕', ']', '】'], ")")
}

/// Letters to insert, delete or replace to get from one text to the other (Levenshtein 1966).
pub(crate) fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> UnitIndex {
        [
            ("D01", "D01"),
            ("云溪市市场监督管理局", "D01"),
            ("市工商局", "D01"),
            ("云溪市教育局", "D02"),
            ("市教育局", "D02"),
            ("城投集团（本级）", "D03"),
            ("办公室", "D01"),
            ("办公室", "D02"),
        ]
        .into_iter()
        .map(|(name, id)| (name.to_owned(), UnitId::new(id)))
        .collect()
    }

    fn unknown(name: &str) -> Vec<String> {
        match index().find(name) {
            NameMatch::Unknown { suggestions } => suggestions,
            found => panic!("{name} leads to {found:?}"),
        }
    }

    #[test]
    fn width_blanks_and_brackets_do_not_matter() {
        for name in ["市教育局", " 市 教育局\u{a0}", "Ｄ０１"] {
            assert!(matches!(index().find(name), NameMatch::Found(_)), "{name}");
        }
        assert_eq!(
            index().find("城投集团(本级)"),
            NameMatch::Found("D03".into())
        );
        assert!(index().knows(&"D02".into()) && !index().knows(&"D09".into()));
        assert_eq!(index().find("市工商局"), NameMatch::Found("D01".into()));
    }

    #[test]
    fn a_name_of_two_units_is_ambiguous() {
        assert_eq!(index().find("办公室"), NameMatch::Ambiguous);
    }

    #[test]
    fn unknown_names_bring_the_nearest_known_ones() {
        assert_eq!(unknown("市教育居")[0], "市教育局");
        assert_eq!(unknown("云溪市教育局行政审批科")[0], "云溪市教育局");
        assert!(unknown("完全不相干的名称").is_empty());
        assert!(unknown("").is_empty());
    }

    fn told(spelling: &str, unit: Option<&str>, days: [Option<u32>; 2]) -> UnitSpelling {
        let day = |day: Option<u32>| day.map(|day| NaiveDate::from_ymd_opt(2026, 7, day).unwrap());
        UnitSpelling {
            spelling: spelling.to_owned(),
            unit: unit.map(UnitId::new),
            valid_from: day(days[0]),
            valid_to: day(days[1]),
        }
    }

    #[test]
    fn what_the_office_says_goes_first_on_the_days_it_holds() {
        let spellings = [
            told("市工商局", Some("D02"), [Some(10), Some(20)]),
            told("望湖区政府", None, [None, None]),
        ];
        let on = |day| {
            let day = NaiveDate::from_ymd_opt(2026, 7, day).unwrap();
            index().with_spellings(&spellings, day)
        };

        for (day, unit) in [(9, "D01"), (10, "D02"), (20, "D02"), (21, "D01")] {
            let found = on(day).find("市 工商局");
            assert_eq!(found, NameMatch::Found(unit.into()), "{day}");
        }
        assert_eq!(on(1).find("望湖区政府"), NameMatch::NotEvaluated);
        let near = on(1).find("望湖区政俯");
        assert_eq!(
            near,
            NameMatch::Unknown {
                suggestions: vec![]
            }
        );
    }

    #[test]
    fn one_name_means_one_thing_a_day() {
        let old = told("市工商局", Some("D01"), [None, Some(9)]);
        let new = told("市工商局 ", Some("D02"), [Some(10), None]);

        assert!(!old.overlaps(&new) && !new.overlaps(&old));
        let longer = told("市工商局", Some("D01"), [None, Some(10)]);
        assert!(longer.overlaps(&new) && new.overlaps(&longer));
        assert!(!longer.overlaps(&told("市教育局", None, [None, None])));
    }

    #[test]
    fn an_index_survives_the_way_to_the_child_process() {
        let text = serde_json::to_string(&index()).unwrap();
        let read: UnitIndex = serde_json::from_str(&text).unwrap();

        assert_eq!(read.find("市工商局"), NameMatch::Found("D01".into()));
        assert_eq!(read.find("办公室"), NameMatch::Ambiguous);
    }

    #[test]
    fn edit_distance_counts_letters() {
        assert_eq!(edit_distance("市教育局", "市教育居"), 1);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }
}
