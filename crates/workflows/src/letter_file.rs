//! A feedback letter as an official document.

use chrono::NaiveDate;
use publication::docx::{Column, Document, DocumentTable, HeadingLevel, Part, SmallPrint};
use rectification::{Block, FeedbackLetter, LetterTable};

/// The letter with everything its page shows, and the slip to sign and send back on a page of its own.
pub(crate) fn letter_document(letter: &FeedbackLetter, small_print: SmallPrint) -> Document {
    let mut parts = vec![
        Part::Mark(letter.signature.clone()),
        Part::Number(letter.number.clone()),
        Part::Title(title(&letter.title)),
        Part::Addressee(tight(&letter.salutation)),
    ];
    parts.extend(letter.blocks().into_iter().map(part));
    parts.push(Part::Signature {
        from: letter.signature.clone(),
        date: official_day(letter.issued_on),
    });
    parts.extend(slip(letter));
    Document {
        title: tight(&letter.title),
        issuer: letter.signature.clone(),
        issued_on: letter.issued_on,
        small_print: Some(small_print),
        parts,
    }
}

fn part(block: Block) -> Part {
    match block {
        Block::Heading(text) => Part::Heading(HeadingLevel::First, tight(&text)),
        Block::Paragraph(text) => Part::Paragraph(tight(&text)),
        Block::Words(text) => Part::Paragraph(text),
        Block::Table(table) => Part::Table(document_table(table)),
    }
}

/// The column of words is twice as wide as one of numbers.
fn document_table(table: LetterTable) -> DocumentTable {
    let column = |(head, number): &(&str, bool)| match number {
        true => Column::numbers(*head, 2),
        false => Column::words(*head, 4),
    };
    DocumentTable {
        caption: table.caption.to_owned(),
        columns: table.head.iter().map(column).collect(),
        rows: table.rows,
    }
}

fn slip(letter: &FeedbackLetter) -> Vec<Part> {
    let slip = &letter.slip;
    let back = format!(
        "请于{}前退回{}。",
        official_day(slip.due_on),
        letter.signature
    );
    let mut parts = vec![
        Part::NewPage,
        Part::Title(slip.title.clone()),
        Part::Paragraph(tight(&slip.text)),
    ];
    parts.extend(slip.lines.iter().cloned().map(Part::Blank));
    parts.push(Part::Paragraph(back));
    parts
}

/// A long title in two lines, broken before what was evaluated.
fn title(text: &str) -> String {
    tight(text).replacen("群众满意度", "\n群众满意度", 1)
}

fn official_day(date: NaiveDate) -> String {
    date.format("%Y年%-m月%-d日").to_string()
}

/// Without the blanks that stand between Chinese and digits on screen; official documents have none.
fn tight(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let beside = |index: usize| {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        [before, letters.get(index + 1)]
            .into_iter()
            .flatten()
            .any(|letter| !letter.is_ascii())
    };
    let kept = letters.iter().enumerate();
    kept.filter(|(index, letter)| **letter != ' ' || !beside(*index))
        .map(|(_, letter)| letter)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_official_document_has_no_blank_beside_chinese() {
        assert_eq!(tight("得分 86.40 分，Web Form"), "得分86.40分，Web Form");
        assert_eq!(
            title("关于反馈2026 年第三季度群众满意度评价结果的函"),
            "关于反馈2026年第三季度\n群众满意度评价结果的函"
        );
    }
}
