//! The header a file of a kind probably has, for a person to look at; a row with numbers is data and never shown.

use super::{FileKind, KindProposal, Reading};
use crate::batch::Summary;
use crate::hand_on::{HandOn, Handed, Stopped};
use crate::header::{DEEPEST, Field, Need, SEARCHED_ROWS, first_rows, joined_labels, lists_people};
use crate::raw::RawRow;
use crate::sheet::{Sheet, SheetFile, Visibility};

/// Hands on the header of each shown sheet that fits the kind best: the number of its first row and the text above each column.
///
/// # Errors
/// [`Stopped::Refused`] when the file proves unusable.
pub fn parse_headers(
    file: &mut SheetFile,
    kind: FileKind,
    hand_on: &mut HandOn<'_, RawRow>,
) -> Result<Summary, Stopped> {
    let mut summary = Summary {
        form: file.form().clone(),
        ..Summary::default()
    };
    for index in 0..file.listed().len() {
        if file.listed()[index].visibility == Visibility::Hidden {
            continue;
        }
        let sheet = first_rows(&mut file.rows(index)?)?;
        let Some((start, cells)) = likeliest(&sheet, kind) else {
            continue;
        };
        summary.rows_total += 1;
        summary.rows_taken += 1;
        hand_on(Handed::Row(RawRow {
            row: sheet.rows[start].number,
            sheet: sheet.name,
            cells,
        }))?;
    }
    Ok(summary)
}

/// Rows of data hold a case number, a date, a telephone or an address; of headers only those of the hotline hold its own number.
fn has_number(text: &str) -> bool {
    let digits = text.replace("12345", "");
    text.contains('@') || digits.chars().filter(|letter| letter.is_numeric()).count() >= 3
}

/// Half of what a list of people cannot do without is named; anything less may be somebody.
fn may_be_shown(proposal: &KindProposal, fields: &[Field]) -> bool {
    let needed = fields.iter().filter(|field| field.need == Need::Required);
    !lists_people(fields) || 2 * proposal.missing.len() <= needed.count()
}

/// The first and shallowest of the readings with the best score; where none is like the kind, the row with the most texts.
fn likeliest(sheet: &Sheet, kind: FileKind) -> Option<(usize, Vec<String>)> {
    let mut best: Option<(f64, usize, usize, Vec<String>)> = None;
    let fields = kind.fields();
    for depth in 1..=DEEPEST.min(sheet.rows.len()) {
        let starts = sheet.rows.len() + 1 - depth;
        for start in 0..starts.min(SEARCHED_ROWS) {
            let labels = joined_labels(sheet, start, depth);
            if labels.iter().any(|text| has_number(text)) {
                continue;
            }
            let texts = labels.iter().filter(|text| !text.is_empty()).count();
            let proposal = Reading::new(kind, &labels).proposal();
            if !may_be_shown(&proposal, &fields) {
                continue;
            }
            let score = proposal.score;
            let better = |other: &(f64, usize, usize, Vec<String>)| {
                score > other.0 || score == 0.0 && other.0 == 0.0 && depth == 1 && texts > other.1
            };
            if best.as_ref().is_none_or(better) {
                best = Some((score, texts, start, labels));
            }
        }
    }
    best.map(|(_, _, start, labels)| (start, labels))
}
