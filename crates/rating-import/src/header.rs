//! Where a table starts, and which column holds what.

mod body;
mod labels;
mod totals;

pub(crate) use body::{Found, RowView, Table, first_rows};
pub(crate) use labels::joined_labels;

use crate::batch::{DropReason, DroppedColumn, HeaderFound};
use crate::cell::label;
use crate::sheet::{Cell, Row, Sheet};
use std::collections::{BTreeMap, BTreeSet};

/// How far below the top a header may start.
pub(crate) const SEARCHED_ROWS: usize = 30;
/// Most header rows on top of each other.
pub(crate) const DEEPEST: usize = 4;

/// A field an importer knows and the headers under which senders put it, best first.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub key: String,
    pub shown: String,
    pub aliases: Vec<String>,
    pub need: Need,
    /// Whether it names somebody and is needed all the same: it goes to the vault, or only its digest is kept.
    pub vault: bool,
}

/// Whether a table without the field is this kind of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
    /// Named by a mapping: required under this whole header, which other fields may share.
    Mapped,
}

impl Field {
    pub fn new(key: &str, need: Need, aliases: &[&str]) -> Self {
        Self {
            key: key.to_owned(),
            shown: aliases.first().copied().unwrap_or(key).to_owned(),
            aliases: aliases.iter().map(|alias| label(alias)).collect(),
            need,
            vault: false,
        }
    }

    /// A field that names somebody.
    pub fn of_vault(key: &str, need: Need, aliases: &[&str]) -> Self {
        Self {
            vault: true,
            ..Self::new(key, need, aliases)
        }
    }
}

/// Whether these are the fields of a list of people: of such a file nothing is shown but the headers that are read.
pub(crate) fn lists_people(fields: &[Field]) -> bool {
    let names_somebody = |field: &Field| field.vault && field.need == Need::Required;
    fields.iter().any(names_somebody)
}

/// The fields, with what a person has said of single headers: the key of a field, or nothing. Personal columns stay what they
/// are, except for a field that goes to the vault.
pub(crate) fn told(fields: &[Field], headers: &BTreeMap<String, String>) -> Vec<Field> {
    let mut fields = fields.to_vec();
    for (header, key) in headers {
        let personal = drop_reason(header) == DropReason::Personal;
        let header = label(header);
        for field in fields.iter_mut().filter(|field| field.vault || !personal) {
            field.aliases.retain(|alias| *alias != header);
            if field.key == *key {
                field.aliases.insert(0, header.clone());
            }
        }
    }
    fields
}

/// Columns of one block by field.
pub(crate) type Columns = BTreeMap<String, usize>;

/// The header of a sheet and what follows from it.
pub(crate) struct Header {
    pub found: HeaderFound,
    pub blocks: Vec<Columns>,
    pub labels: Vec<String>,
    pub dropped: Vec<DroppedColumn>,
    /// Position of the first row after the header in the sheet's rows.
    pub body: usize,
    /// The lowest header row.
    pub lowest: Row,
    /// Position of the first header row in the sheet's rows.
    pub start: usize,
}

/// The header, or the required headers that are missing where the most were found.
pub(crate) fn find(sheet: &Sheet, fields: &[Field]) -> Result<Header, Vec<String>> {
    let mut best: Option<(usize, usize, Matches)> = None;
    for depth in 1..=DEEPEST.min(sheet.rows.len()) {
        let starts = sheet.rows.len() + 1 - depth;
        for start in 0..starts.min(SEARCHED_ROWS) {
            let matches = Matches::of(joined_labels(sheet, start, depth), fields);
            if best
                .as_ref()
                .is_none_or(|(_, _, b)| matches.rank() > b.rank())
            {
                best = Some((start, depth, matches));
            }
        }
    }
    let Some((start, depth, matches)) = best else {
        return Err(names_of(fields.iter()));
    };
    match matches.missing(fields) {
        missing if missing.is_empty() => {
            let (start, depth, matches) = with_groups(sheet, fields, start, depth, matches);
            Ok(matches.into_header(sheet, start, depth, fields))
        }
        missing => Err(missing),
    }
}

/// Takes in the row above when it names groups of columns, so that equal labels stay apart.
fn with_groups(
    sheet: &Sheet,
    fields: &[Field],
    start: usize,
    depth: usize,
    matches: Matches,
) -> (usize, usize, Matches) {
    let above = start
        .checked_sub(1)
        .filter(|above| depth < DEEPEST && !lists_people(fields) && names_groups(sheet, *above));
    if let Some(above) = above {
        let wider = Matches::of(joined_labels(sheet, above, depth + 1), fields);
        if wider.rank() >= matches.rank() {
            return with_groups(sheet, fields, above, depth + 1, wider);
        }
    }
    (start, depth, matches)
}

/// A row of group names stands right above, has two texts or more, and none like `填报单位：`.
fn names_groups(sheet: &Sheet, index: usize) -> bool {
    let texts: BTreeSet<String> = sheet.rows[index]
        .cells
        .iter()
        .map(|cell| crate::cell::folded(&crate::cell::plain_text(cell)))
        .filter(|text| !text.is_empty())
        .collect();
    let adjacent = sheet.rows[index].number + 1 == sheet.rows[index + 1].number;
    adjacent && texts.len() >= 2 && !texts.iter().any(|text| text.contains(':'))
}

fn names_of<'f>(fields: impl Iterator<Item = &'f Field>) -> Vec<String> {
    fields
        .filter(|field| field.need != Need::Optional)
        .map(|field| field.shown.clone())
        .collect()
}

/// Which columns bear which field under one reading of the header.
struct Matches {
    labels: Vec<String>,
    /// Per field: the columns under its best alias, from the left.
    columns: BTreeMap<String, Vec<usize>>,
    required: usize,
}

impl Matches {
    fn of(labels: Vec<String>, fields: &[Field]) -> Self {
        let keys: Vec<(String, String)> = labels.iter().map(|text| keys_of(text)).collect();
        let mut columns = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for field in fields {
            let mapped = field.need == Need::Mapped;
            let at = |alias: &String| -> Vec<usize> {
                keys.iter()
                    .enumerate()
                    .filter(|(column, (whole, last))| {
                        whole == alias && mapped
                            || (whole == alias || last == alias)
                                && !mapped
                                && !taken.contains(column)
                    })
                    .map(|(column, _)| column)
                    .collect()
            };
            let found = field.aliases.iter().map(at).find(|found| !found.is_empty());
            if let Some(found) = found {
                taken.extend(found.iter().copied());
                columns.insert(field.key.clone(), found);
            }
        }
        let required = fields
            .iter()
            .filter(|field| field.need != Need::Optional && columns.contains_key(&field.key))
            .count();
        Self {
            labels,
            columns,
            required,
        }
    }

    /// More required fields, then more fields; the first and shallowest of equals wins.
    fn rank(&self) -> (usize, usize) {
        (self.required, self.columns.len())
    }

    fn missing(&self, fields: &[Field]) -> Vec<String> {
        names_of(
            fields
                .iter()
                .filter(|field| !self.columns.contains_key(&field.key)),
        )
    }

    /// Blocks side by side are believed only when each has every required field.
    fn blocks(&self, fields: &[Field]) -> Vec<Columns> {
        let repeats = fields
            .iter()
            .filter(|field| field.need != Need::Optional)
            .map(|field| self.columns.get(&field.key).map_or(0, Vec::len))
            .min()
            .unwrap_or(1)
            .max(1);
        (0..repeats)
            .map(|block| {
                self.columns
                    .iter()
                    .filter_map(|(key, columns)| Some((key.clone(), *columns.get(block)?)))
                    .collect()
            })
            .collect()
    }

    fn into_header(self, sheet: &Sheet, start: usize, depth: usize, fields: &[Field]) -> Header {
        let blocks = self.blocks(fields);
        let used: BTreeSet<usize> = blocks.iter().flat_map(|b| b.values().copied()).collect();
        let repeated: BTreeSet<usize> = self.columns.values().flatten().copied().collect();
        let dropped = self
            .labels
            .iter()
            .enumerate()
            .filter(|(column, text)| !used.contains(column) && !text.is_empty())
            .map(|(column, text)| DroppedColumn {
                sheet: sheet.name.clone(),
                column: text.clone(),
                why: match repeated.contains(&column) {
                    true => DropReason::Repeated,
                    false => drop_reason(text),
                },
            })
            .collect();
        let columns = blocks[0]
            .iter()
            .map(|(key, column)| (key.clone(), self.labels[*column].clone()))
            .collect();
        Header {
            found: HeaderFound {
                sheet: sheet.name.clone(),
                first_row: sheet.rows[start].number,
                rows: u32::try_from(depth).expect("a header has at most four rows"),
                blocks: u32::try_from(blocks.len()).expect("at most one block per column"),
                columns,
            },
            blocks,
            dropped,
            body: start + depth,
            lowest: sheet.rows[start + depth - 1].clone(),
            start,
            labels: self.labels,
        }
    }
}

/// The whole label and its last part, in the form in which headers are compared.
pub(crate) fn keys_of(text: &str) -> (String, String) {
    let last = text.rsplit('/').next().unwrap_or(text);
    (label(text), label(last))
}

/// Headers of personal columns; the list only explains, whatever is not recognised is dropped anyway.
pub(crate) fn drop_reason(text: &str) -> DropReason {
    const PERSONAL: [&str; 24] = [
        "姓名",
        "电话",
        "手机",
        "号码",
        "证件",
        "身份证",
        "经办人",
        "窗口人员",
        "工号",
        "来电人",
        "诉求人",
        "申请人",
        "办事人",
        "评价人",
        "联系人",
        "留言用户",
        "话务员",
        "地址",
        "住址",
        "邮箱",
        "certkey",
        "phone",
        "promanager",
        "车牌",
    ];
    let (whole, _) = keys_of(text);
    match PERSONAL.iter().any(|word| whole.contains(word)) {
        true => DropReason::Personal,
        false => DropReason::NotNeeded,
    }
}

/// Whether a row prints the header again, in at least two columns and nowhere else.
fn repeats_header(row: &Row, header: &Row) -> bool {
    let text = |row: &Row, column| label(&crate::cell::plain_text(row.cell(column)));
    let width = row.cells.len().max(header.cells.len());
    (0..width).all(|column| text(row, column) == text(header, column))
        && row
            .cells
            .iter()
            .filter(|cell| **cell != Cell::Blank)
            .count()
            >= 2
}

#[cfg(test)]
mod tests;
