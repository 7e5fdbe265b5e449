//! What an unknown file probably is, and what its columns probably hold; a person confirms it before anything is read.

mod headers;
mod kind;
mod likeness;
#[cfg(test)]
mod tests;

pub use headers::parse_headers;
pub use kind::{FileKind, KnownColumn};
pub use likeness::Likeness;

use crate::batch::DropReason;
use crate::header::{Field, Need, drop_reason};
use likeness::is_question;
use serde::{Deserialize, Serialize};

/// Scores that differ by less are not told apart.
const MARGIN: f64 = 0.06;

/// A kind of file, and how the columns would be read if the file is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindProposal {
    /// The kind.
    pub kind: FileKind,
    /// 0–1: harmonic mean of how sure its required fields are and how many of the columns are explained (F measure, van
    /// Rijsbergen 1979).
    pub score: f64,
    /// Whether another kind is about as probable.
    pub unsure: bool,
    /// Required fields without a column, as their usual headers.
    pub missing: Vec<String>,
    /// Columns with a header, from the left.
    pub columns: Vec<ColumnProposal>,
}

/// What a column would be used for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnProposal {
    /// Its place, 0 for the leftmost.
    pub column: usize,
    /// Its header as written.
    pub header: String,
    /// Its use.
    pub used: Use,
}

/// The use of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// It gives a field.
    Field(FieldProposal),
    /// It gives a personal field, which goes to the vault and nowhere else; in ratings by enterprises, only its digest is kept.
    Vault(FieldProposal),
    /// It is dropped inside the importer.
    Dropped(DropReason),
}

/// The field a column gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldProposal {
    /// Its key; `item:` and the header for a question.
    pub field: String,
    /// Its usual header.
    pub shown: String,
    /// Why.
    pub likeness: Likeness,
    /// Usual headers of other fields this column is about as much like, and headers of other columns about as much like this
    /// field. Not empty: a person has to choose.
    pub rivals: Vec<String>,
}

/// Proposes how to read a file of a known kind; see [`propose_mappings`].
#[must_use]
pub fn propose_mapping(kind: FileKind, headers: &[String]) -> KindProposal {
    Reading::new(kind, headers).proposal()
}

/// Proposes what a file is and how to read it, by the text above each column: every kind, the most probable first.
///
/// The parts of a header of several rows are joined by `/`; columns without text are passed over. A field is proposed for one
/// column at most. Personal columns are dropped unless the kind keeps them in the vault, and are never guessed by nearness.
///
/// ```
/// use rating_import::{FileKind, propose_mappings};
///
/// let headers = ["办件编号", "受理部门", "满意度", "联系电话"].map(String::from);
/// let proposals = propose_mappings(&headers);
/// assert_eq!(proposals[0].kind, FileKind::HallRatings);
/// assert_eq!(proposals[0].missing, [String::new(); 0]);
/// ```
#[must_use]
pub fn propose_mappings(headers: &[String]) -> Vec<KindProposal> {
    let mut proposals: Vec<KindProposal> = FileKind::ALL
        .map(|kind| Reading::new(kind, headers).proposal())
        .into();
    proposals.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.kind.cmp(&b.kind)));
    let scores: Vec<f64> = proposals.iter().map(|proposal| proposal.score).collect();
    for (index, proposal) in proposals.iter_mut().enumerate() {
        let near = |(other, score): (usize, &f64)| {
            other != index && (score - proposal.score).abs() < MARGIN
        };
        proposal.unsure = scores.iter().enumerate().any(near);
    }
    proposals
}

/// A column that is like a field.
#[derive(Clone, Copy)]
struct Candidate {
    column: usize,
    field: usize,
    likeness: Likeness,
}

/// The headers as those of one kind of file.
struct Reading<'h> {
    kind: FileKind,
    headers: &'h [String],
    fields: Vec<Field>,
    /// Surest first, then from the left.
    candidates: Vec<Candidate>,
}

impl<'h> Reading<'h> {
    fn new(kind: FileKind, headers: &'h [String]) -> Self {
        let fields = kind.fields();
        let mut candidates = Vec::new();
        for (column, header) in headers.iter().enumerate() {
            let personal = drop_reason(header) == DropReason::Personal;
            for (index, field) in fields.iter().enumerate() {
                let may_guess = !personal || field.vault;
                let found = Likeness::of(header, field)
                    .filter(|likeness| may_guess || !matches!(likeness, Likeness::Near(_)));
                candidates.extend(found.map(|likeness| Candidate {
                    column,
                    field: index,
                    likeness,
                }));
            }
        }
        candidates.sort_by(|a, b| b.likeness.score().total_cmp(&a.likeness.score()));
        Self {
            kind,
            headers,
            fields,
            candidates,
        }
    }

    fn proposal(&self) -> KindProposal {
        let chosen = self.chosen();
        let columns = self
            .headers
            .iter()
            .enumerate()
            .filter(|(_, header)| !header.trim().is_empty());
        let columns: Vec<ColumnProposal> = columns
            .map(|(column, header)| ColumnProposal {
                column,
                header: header.clone(),
                used: self.used(column, &chosen),
            })
            .collect();
        let required = || {
            self.fields
                .iter()
                .enumerate()
                .filter(|(_, field)| field.need == Need::Required)
        };
        let sure = |field: usize| {
            let found = chosen.iter().find(|candidate| candidate.field == field);
            found.map_or(0.0, |candidate| candidate.likeness.score())
        };
        let explained: Vec<f64> = columns.iter().map(|column| column.used.score()).collect();
        let needed: Vec<f64> = required().map(|(index, _)| sure(index)).collect();
        KindProposal {
            kind: self.kind,
            score: harmonic_mean(mean(&needed), mean(&explained)),
            unsure: false,
            missing: required()
                .filter(|(index, _)| sure(*index) == 0.0)
                .map(|(_, field)| field.shown.clone())
                .collect(),
            columns,
        }
    }

    /// The surest first, each column and each field once.
    fn chosen(&self) -> Vec<Candidate> {
        let mut chosen: Vec<Candidate> = Vec::new();
        for candidate in &self.candidates {
            let taken = |c: &Candidate| c.field == candidate.field || c.column == candidate.column;
            let second_choice = self.candidates.iter().any(|c| {
                c.column == candidate.column
                    && c.likeness.score() >= candidate.likeness.score() + MARGIN
            });
            if !second_choice && !chosen.iter().any(taken) {
                chosen.push(*candidate);
            }
        }
        chosen
    }

    fn used(&self, column: usize, chosen: &[Candidate]) -> Use {
        if let Some(candidate) = chosen.iter().find(|candidate| candidate.column == column) {
            let field = &self.fields[candidate.field];
            let proposal = FieldProposal {
                field: field.key.clone(),
                shown: field.shown.clone(),
                likeness: candidate.likeness,
                rivals: self.rivals(*candidate),
            };
            return match field.vault {
                true => Use::Vault(proposal),
                false => Use::Field(proposal),
            };
        }
        let header = &self.headers[column];
        let repeated = self
            .candidates
            .iter()
            .any(|candidate| candidate.column == column);
        match drop_reason(header) {
            DropReason::Personal => Use::Dropped(DropReason::Personal),
            _ if repeated => Use::Dropped(DropReason::Repeated),
            _ if self.kind.has_items() && is_question(header) => Use::Field(FieldProposal {
                field: format!("item:{header}"),
                shown: header.clone(),
                likeness: Likeness::Question,
                rivals: Vec::new(),
            }),
            reason => Use::Dropped(reason),
        }
    }

    fn rivals(&self, chosen: Candidate) -> Vec<String> {
        let near = self
            .candidates
            .iter()
            .filter(|other| (other.likeness.score() - chosen.likeness.score()).abs() < MARGIN);
        near.filter_map(|other| {
            match (other.column == chosen.column, other.field == chosen.field) {
                (true, false) => Some(self.fields[other.field].shown.clone()),
                (false, true) => Some(self.headers[other.column].clone()),
                _ => None,
            }
        })
        // The same header again is a block beside this one, not another meaning.
        .filter(|rival| *rival != self.headers[chosen.column])
        .collect()
    }
}

impl Use {
    fn score(&self) -> f64 {
        match self {
            Self::Field(proposal) | Self::Vault(proposal) => proposal.likeness.score(),
            Self::Dropped(_) => 0.0,
        }
    }
}

/// 0 for none.
fn mean(scores: &[f64]) -> f64 {
    let count = u32::try_from(scores.len()).map_or(f64::INFINITY, |count| f64::from(count.max(1)));
    scores.iter().sum::<f64>() / count
}

fn harmonic_mean(one: f64, other: f64) -> f64 {
    match one + other {
        0.0 => 0.0,
        sum => 2.0 * one * other / sum,
    }
}
