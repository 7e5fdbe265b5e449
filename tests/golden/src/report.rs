//! The battery as a whole: verdicts counted per section.

use crate::compare::{Verdict, verdict};
use crate::entry::Entry;
use crate::figure::Figure;
use crate::fixture::Fixture;
use crate::sections;
use anyhow::Result;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// How many misses are shown in full.
const SHOWN: usize = 20;

/// The verdicts of a battery.
pub struct Report {
    counts: BTreeMap<String, Counts>,
    missed: Vec<String>,
    not_implemented: Vec<String>,
    documented: Vec<String>,
    surplus: Vec<String>,
    failures: Vec<String>,
}

/// Verdicts of one section.
#[derive(Clone, Copy, Default)]
struct Counts {
    matched: usize,
    missed: usize,
    not_implemented: usize,
    documented: usize,
}

impl Counts {
    fn add(&mut self, more: Self) {
        self.matched += more.matched;
        self.missed += more.missed;
        self.not_implemented += more.not_implemented;
        self.documented += more.documented;
    }

    fn all(self) -> usize {
        self.matched + self.missed + self.not_implemented + self.documented
    }
}

impl Report {
    /// Computes every section that has entries and compares by name.
    pub fn of(fixture: &Fixture, entries: &[Entry]) -> Self {
        let mut report = Self {
            counts: BTreeMap::new(),
            missed: Vec::new(),
            not_implemented: Vec::new(),
            documented: Vec::new(),
            surplus: Vec::new(),
            failures: Vec::new(),
        };
        let mut sections: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            sections.entry(&entry.section).or_default().push(entry);
        }
        for (section, figures) in computed(sections.keys().copied(), fixture) {
            let figures = figures.unwrap_or_else(|failure| {
                report
                    .failures
                    .push(format!("section {section}: {failure:#}"));
                Vec::new()
            });
            report.add_section(section, &sections[section], &figures);
        }
        report
    }

    /// Whether every entry is matched or documented.
    pub fn is_clean(&self) -> bool {
        let total = self.total();
        total.missed == 0 && total.not_implemented == 0
    }

    fn add_section(&mut self, section: &str, entries: &[&Entry], figures: &[Figure]) {
        let mut by_name: HashMap<&str, &Figure> = figures
            .iter()
            .map(|figure| (figure.name.as_str(), figure))
            .collect();
        let counts = self.counts.entry(section.to_owned()).or_default();
        for entry in entries {
            match verdict(entry, by_name.remove(entry.name.as_str())) {
                Verdict::Matched => counts.matched += 1,
                Verdict::NotImplemented => {
                    counts.not_implemented += 1;
                    self.not_implemented.push(entry.name.clone());
                }
                Verdict::Documented(why) => {
                    counts.documented += 1;
                    self.documented.push(format!("{}: {why}", entry.name));
                }
                Verdict::Missed(differences) => {
                    counts.missed += 1;
                    for it in differences {
                        self.missed.push(format!(
                            "{}: {} is {} in R, ours {}",
                            entry.name, it.field, it.golden, it.ours
                        ));
                    }
                }
            }
        }
        self.surplus.extend(by_name.keys().map(ToString::to_string));
        self.surplus.sort_unstable();
    }

    fn total(&self) -> Counts {
        let mut total = Counts::default();
        for counts in self.counts.values() {
            total.add(*counts);
        }
        total
    }
}

/// The sections at once; one that fails or panics takes none of the others with it.
fn computed<'a>(
    sections: impl Iterator<Item = &'a str>,
    fixture: &Fixture,
) -> Vec<(&'a str, Result<Vec<Figure>>)> {
    std::thread::scope(|scope| {
        let running: Vec<_> = sections
            .map(|section| (section, scope.spawn(|| sections::figures(section, fixture))))
            .collect();
        running
            .into_iter()
            .map(|(section, thread)| {
                let figures = thread.join();
                (
                    section,
                    figures.unwrap_or_else(|_| Err(anyhow::anyhow!("panicked"))),
                )
            })
            .collect()
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, "documented", &self.documented, usize::MAX)?;
        show(
            f,
            "computed, but not in the golden file",
            &self.surplus,
            SHOWN,
        )?;
        show(f, "not implemented", &self.not_implemented, SHOWN)?;
        show(f, "missed", &self.missed, SHOWN)?;
        show(f, "failed", &self.failures, usize::MAX)?;
        for (section, counts) in &self.counts {
            write_counts(f, &format!("section {section}: "), *counts)?;
        }
        let total = self.total();
        writeln!(
            f,
            "matched {}, missed {}, not implemented {} of {}",
            total.matched,
            total.missed,
            total.not_implemented,
            total.all()
        )
    }
}

fn write_counts(f: &mut fmt::Formatter<'_>, name: &str, counts: Counts) -> fmt::Result {
    writeln!(
        f,
        "{name}matched {}, missed {}, not implemented {}, documented {} of {}",
        counts.matched,
        counts.missed,
        counts.not_implemented,
        counts.documented,
        counts.all()
    )
}

fn show(f: &mut fmt::Formatter<'_>, title: &str, lines: &[String], most: usize) -> fmt::Result {
    for line in lines.iter().take(most) {
        writeln!(f, "{title}: {line}")?;
    }
    if lines.len() > most {
        writeln!(f, "{title}: and {} more", lines.len() - most)?;
    }
    Ok(())
}
