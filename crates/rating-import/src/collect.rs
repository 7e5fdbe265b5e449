//! From recognised tables to an import: every row of the file is accounted for.

use crate::ImportIssue;
use crate::batch::{Summary, TotalsCheck, UnknownName};
use crate::cell::parse_text;
use crate::hand_on::{HandOn, Handed, Stopped};
use crate::header::{Field, Found, Need, RowView, Table, told};
use crate::issue::Problem;
use crate::names::{NameIndex, NameMatch};
use crate::refused::Refusal;
use crate::sheet::{SheetFile, Visibility};
use crate::shown::masked;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, hash_map::Entry};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Unknown names that are listed; more are only counted with their rows.
const NAMED_UNKNOWN: usize = 1000;

/// A row with the key by which the same row is known when it comes again.
pub(crate) trait Keyed: Hash {
    fn key(&self) -> &str;
}

/// What a row of the file gave.
pub(crate) enum Outcome<T> {
    /// Good rows.
    Taken(Vec<T>),
    /// Nothing to take and nothing wrong.
    Unrated,
    /// The same as a row before.
    Duplicate,
    /// Nothing, for reasons given as issues; without any, because it is about somebody who is not evaluated here.
    Rejected,
}

impl<T> Outcome<T> {
    /// One good row, or rejected.
    pub fn of(row: Option<T>) -> Self {
        row.map_or(Self::Rejected, |row| Self::Taken(vec![row]))
    }
}

/// Reads every row of every table of a file, hands good rows and issues on as they come, and counts.
///
/// Hidden sheets and sheets of another kind are passed over. What was handed on of a file that is refused in the end
/// counts for nothing.
pub(crate) fn collect<T: Keyed>(
    file: &mut SheetFile,
    fields: &[Field],
    mut read: impl FnMut(&RowView<'_>, &mut Vec<ImportIssue>) -> Outcome<T>,
    hand_on: &mut HandOn<'_, T>,
) -> Result<Summary, Stopped> {
    let mut gathered = Gathered {
        summary: Summary {
            form: file.form().clone(),
            ..Summary::default()
        },
        seen: HashMap::new(),
        issues: Vec::new(),
        hand_on,
    };
    let fields = &told(fields, file.headers());
    let mut nearest: Option<Vec<String>> = None;
    let mut rows = 0;
    for index in 0..file.listed().len() {
        let listed = &file.listed()[index];
        if listed.visibility == Visibility::Hidden {
            let name = listed.name.clone();
            gathered.summary.skipped_sheets.push(name);
            continue;
        }
        let name = listed.name.clone();
        match Table::find(file.rows(index)?, fields)? {
            Found::Table(table) => rows += gathered.read(*table, &mut read)?,
            Found::Missing(missing) => {
                gathered.summary.skipped_sheets.push(name);
                if nearest.as_ref().is_none_or(|n| missing.len() < n.len()) {
                    nearest = Some(missing);
                }
            }
        }
    }
    match (gathered.summary.headers.is_empty(), rows) {
        (true, _) => Err(no_table(nearest, fields).into()),
        (false, 0) => Err(Refusal::NoRows.into()),
        _ => Ok(gathered.summary),
    }
}

fn no_table(nearest: Option<Vec<String>>, fields: &[Field]) -> Refusal {
    let mapped = fields.iter().any(|field| field.need == Need::Mapped);
    match nearest {
        None => Refusal::NoRows,
        Some(missing) if mapped => Refusal::MappingColumns { missing },
        Some(missing) => Refusal::NoHeader { missing },
    }
}

/// What is kept of the rows that went by: counts, and of each row two digests.
struct Gathered<'h, 'f, T> {
    summary: Summary,
    /// Digest of the content by digest of the key.
    seen: HashMap<[u8; 16], u64>,
    issues: Vec<ImportIssue>,
    hand_on: &'h mut HandOn<'f, T>,
}

impl<T: Keyed> Gathered<'_, '_, T> {
    fn read(
        &mut self,
        mut table: Table<'_>,
        read: &mut impl FnMut(&RowView<'_>, &mut Vec<ImportIssue>) -> Outcome<T>,
    ) -> Result<u64, Stopped> {
        while let Some(row) = table.next_row()? {
            for view in table.views(&row) {
                self.summary.rows_total += 1;
                match read(&view, &mut self.issues) {
                    Outcome::Taken(rows) => self.take(rows, &view)?,
                    Outcome::Unrated => self.summary.rows_unrated += 1,
                    Outcome::Duplicate => self.summary.duplicates += 1,
                    Outcome::Rejected if self.issues.is_empty() => {
                        self.summary.rows_elsewhere += 1;
                    }
                    Outcome::Rejected => self.summary.rejected += 1,
                }
                self.hand_on_issues()?;
            }
        }
        let totals = table.totals();
        let differing = totals.iter().filter(|check| !check.agrees);
        self.issues.extend(differing.map(total_issue));
        self.hand_on_issues()?;
        self.summary.headers.push(table.header.found);
        self.summary.dropped_columns.extend(table.header.dropped);
        self.summary.skipped_rows.extend(table.skipped);
        self.summary.totals_check.extend(totals);
        Ok(table.rows)
    }

    /// Takes rows whose key is new; a row all of whose keys were there before is a duplicate.
    fn take(&mut self, rows: Vec<T>, view: &RowView<'_>) -> Result<(), Stopped> {
        let mut fresh = 0_u32;
        for row in rows {
            let content = content_digest(&row);
            match self.seen.entry(digest(row.key())) {
                Entry::Vacant(new) => {
                    new.insert(content);
                    (self.hand_on)(Handed::Row(row))?;
                    fresh += 1;
                }
                Entry::Occupied(first) if *first.get() != content => {
                    self.issues.push(view.issue("", &Problem::Contradicts));
                }
                Entry::Occupied(_) => {}
            }
        }
        match fresh {
            0 => self.summary.duplicates += 1,
            _ => self.summary.rows_taken += 1,
        }
        Ok(())
    }

    fn hand_on_issues(&mut self) -> Result<(), Stopped> {
        for issue in self.issues.drain(..) {
            self.summary.issues += 1;
            (self.hand_on)(Handed::Issue(issue))?;
        }
        Ok(())
    }
}

/// The first half of SHA-256: nobody can make two keys that count as one.
pub(crate) fn digest(key: &str) -> [u8; 16] {
    let whole: [u8; 32] = Sha256::digest(key.as_bytes()).into();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}

/// Tells contents under one key apart; the same in every process.
fn content_digest(row: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
}

fn total_issue(check: &TotalsCheck) -> ImportIssue {
    let problem = Problem::TotalDiffers {
        stated: check.stated.clone(),
        computed: check.computed.clone(),
    };
    problem.at(&check.sheet, check.row, &check.column, "")
}

/// Resolves names of one kind and remembers the unknown ones.
pub(crate) struct Resolver<'i, T> {
    index: &'i NameIndex<T>,
    known: HashMap<String, NameMatch<T>>,
    unknown: BTreeMap<String, UnknownName>,
}

impl<'i, T: Clone + Ord> Resolver<'i, T> {
    pub fn new(index: &'i NameIndex<T>) -> Self {
        Self {
            index,
            known: HashMap::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// The thing a cell names; nothing when it is not evaluated here, an issue otherwise. Suggestions come with the first row of each unknown name.
    pub fn resolve(
        &mut self,
        view: &RowView<'_>,
        key: &str,
        issues: &mut Vec<ImportIssue>,
    ) -> Option<T> {
        let Some(name) = parse_text(view.cell(key)) else {
            issues.push(view.issue(key, &Problem::Missing));
            return None;
        };
        let problem = match self.find(&name) {
            NameMatch::Found(thing) => return Some(thing),
            NameMatch::NotEvaluated => return None,
            NameMatch::Ambiguous => Problem::AmbiguousName,
            NameMatch::Unknown { suggestions } => {
                let suggestions = self.count_unknown(&name, suggestions);
                Problem::UnknownName { suggestions }
            }
        };
        issues.push(view.issue(key, &problem));
        None
    }

    /// The nearest names are looked for only while there are few unknown ones: it takes long.
    fn find(&mut self, name: &str) -> NameMatch<T> {
        if let Some(found) = self.known.get(name) {
            return found.clone();
        }
        let found = match self.unknown.len() < NAMED_UNKNOWN {
            true => self.index.find(name),
            false => self.index.find_exactly(name),
        };
        if self.known.len() < 2 * NAMED_UNKNOWN {
            self.known.insert(name.to_owned(), found.clone());
        }
        found
    }

    /// Gives the suggestions with the first row of a name only.
    fn count_unknown(&mut self, name: &str, suggestions: Vec<String>) -> Vec<String> {
        if let Some(known) = self.unknown.get_mut(name) {
            known.rows += 1;
            return Vec::new();
        }
        if self.unknown.len() < NAMED_UNKNOWN {
            let unknown = UnknownName {
                name: masked(name),
                rows: 1,
                suggestions: suggestions.clone(),
            };
            self.unknown.insert(name.to_owned(), unknown);
        }
        suggestions
    }

    /// Unknown names, each once.
    pub fn into_unknown(self) -> Vec<UnknownName> {
        self.unknown.into_values().collect()
    }
}
