//! From recognised tables to an import: every row of the file is accounted for.

use crate::batch::{Imported, TotalsCheck, UnknownName};
use crate::cell::parse_text;
use crate::header::{Field, RowView, Table};
use crate::issue::{Problem, masked};
use crate::names::{NameIndex, NameMatch};
use crate::refused::Refusal;
use crate::sheet::{SheetFile, Visibility};
use crate::{FileRefused, ImportIssue};
use std::collections::{BTreeMap, HashMap};

/// A row with the key by which the same row is known when it comes again.
pub(crate) trait Keyed {
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
    /// Nothing, for reasons given as issues.
    Rejected,
}

impl<T> Outcome<T> {
    /// One good row, or rejected.
    pub fn of(row: Option<T>) -> Self {
        row.map_or(Self::Rejected, |row| Self::Taken(vec![row]))
    }
}

/// The sheets of a file that are tables of one kind.
pub(crate) struct Tables<'f> {
    pub tables: Vec<Table<'f>>,
    skipped_sheets: Vec<String>,
}

/// Recognises the tables of a file; hidden sheets and sheets of another kind are passed over.
pub(crate) fn tables<'f>(file: &'f SheetFile, fields: &[Field]) -> Result<Tables<'f>, Refusal> {
    let (mut tables, mut skipped_sheets) = (Vec::new(), Vec::new());
    let mut nearest: Option<Vec<String>> = None;
    for sheet in &file.sheets {
        if sheet.visibility == Visibility::Hidden {
            skipped_sheets.push(sheet.name.clone());
            continue;
        }
        match Table::find(sheet, fields) {
            Ok(table) => tables.push(table),
            Err(missing) => {
                skipped_sheets.push(sheet.name.clone());
                if nearest.as_ref().is_none_or(|n| missing.len() < n.len()) {
                    nearest = Some(missing);
                }
            }
        }
    }
    if tables.is_empty() {
        return Err(nearest.map_or(Refusal::NoRows, |missing| Refusal::NoHeader { missing }));
    }
    if tables.iter().all(|table| table.data.is_empty()) {
        return Err(Refusal::NoRows);
    }
    Ok(Tables {
        tables,
        skipped_sheets,
    })
}

/// Reads every row of every table and counts what became of it.
pub(crate) fn collect<T: Keyed + PartialEq>(
    found: Tables<'_>,
    mut read: impl FnMut(&RowView<'_>, &mut Vec<ImportIssue>) -> Outcome<T>,
) -> Result<Imported<T>, FileRefused> {
    let mut imported = Imported {
        skipped_sheets: found.skipped_sheets,
        ..Imported::default()
    };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for table in found.tables {
        for view in table.views() {
            imported.rows_total += 1;
            match read(&view, &mut imported.issues) {
                Outcome::Taken(rows) => take(rows, &view, &mut seen, &mut imported),
                Outcome::Unrated => imported.rows_unrated += 1,
                Outcome::Duplicate => imported.duplicates += 1,
                Outcome::Rejected => imported.rejected += 1,
            }
        }
        let differing = table.totals.iter().filter(|check| !check.agrees);
        imported.issues.extend(differing.map(total_issue));
        imported.headers.push(table.header.found);
        imported.dropped_columns.extend(table.header.dropped);
        imported.skipped_rows.extend(table.skipped);
        imported.totals_check.extend(table.totals);
    }
    Ok(imported)
}

/// Takes rows whose key is new; a row all of whose keys were there before is a duplicate.
fn take<T: Keyed + PartialEq>(
    rows: Vec<T>,
    view: &RowView<'_>,
    seen: &mut HashMap<String, usize>,
    imported: &mut Imported<T>,
) {
    let mut fresh = 0_u32;
    for row in rows {
        match seen.get(row.key()) {
            None => {
                seen.insert(row.key().to_owned(), imported.rows.len());
                imported.rows.push(row);
                fresh += 1;
            }
            Some(first) if imported.rows[*first] != row => {
                imported.issues.push(view.issue("", &Problem::Contradicts));
            }
            Some(_) => {}
        }
    }
    match fresh {
        0 => imported.duplicates += 1,
        _ => imported.rows_taken += 1,
    }
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

    /// The thing a cell names; an issue otherwise. Suggestions come with the first row of each unknown name.
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
        let index = self.index;
        let found = self
            .known
            .entry(name.clone())
            .or_insert_with(|| index.find(&name));
        let problem = match found {
            NameMatch::Found(thing) => return Some(thing.clone()),
            NameMatch::Ambiguous => Problem::AmbiguousName,
            NameMatch::Unknown { suggestions } => {
                let first = !self.unknown.contains_key(&name);
                let entry = self.unknown.entry(name.clone()).or_insert(UnknownName {
                    name: masked(&name),
                    rows: 0,
                    suggestions: suggestions.clone(),
                });
                entry.rows += 1;
                Problem::UnknownName {
                    suggestions: if first {
                        suggestions.clone()
                    } else {
                        Vec::new()
                    },
                }
            }
        };
        issues.push(view.issue(key, &problem));
        None
    }

    /// Unknown names, each once.
    pub fn into_unknown(self) -> Vec<UnknownName> {
        self.unknown.into_values().collect()
    }
}
