//! An official document as an editable file: our own few parts, laid out as GB/T 9704-2012 asks, written as DOCX.

mod measure;
mod package;
mod page;
mod table;
#[cfg(test)]
mod tests;
mod text;

use chrono::NaiveDate;
use docx_rs::Docx;
use std::io;

/// A document of the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Title as programs show it; the title on the page is a part.
    pub title: String,
    /// Who issues it.
    pub issuer: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// What every page says of this one copy; none for a document that is the same for everybody.
    pub small_print: Option<SmallPrint>,
    /// What it says, from top to bottom.
    pub parts: Vec<Part>,
}

/// What every page says of one copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallPrint {
    /// Above the text.
    pub header: String,
    /// Below the page number.
    pub footer: String,
}

/// One part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The issuing mark 发文机关标志, red.
    Mark(String),
    /// The number 发文字号, with the red rule under it.
    Number(String),
    /// The title 标题; a line break in it stays, so that no word is torn apart.
    Title(String),
    /// Whom it addresses 主送, flush left.
    Addressee(String),
    /// A heading.
    Heading(HeadingLevel, String),
    /// Running text, its first line two characters in.
    Paragraph(String),
    /// A line to be filled in by hand.
    Blank(String),
    /// A table.
    Table(DocumentTable),
    /// Who signs 发文机关署名 and when 成文日期.
    Signature {
        /// Who.
        from: String,
        /// The date as printed.
        date: String,
    },
    /// The rest stands on a new page.
    NewPage,
}

/// A level of headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingLevel {
    /// 一、 in 黑体.
    First,
    /// （一） in 楷体.
    Second,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentTable {
    /// What stands over it; empty for nothing.
    pub caption: String,
    /// The columns from left to right.
    pub columns: Vec<Column>,
    /// The rows from top to bottom, one text for each column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands on top.
    pub head: String,
    /// Its share of the width, against those of the other columns; at least 1.
    pub share: u16,
    /// Whether it holds numbers, which stand to the right.
    pub number: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn words(head: impl Into<String>, share: u16) -> Self {
        Self {
            head: head.into(),
            share,
            number: false,
        }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numbers(head: impl Into<String>, share: u16) -> Self {
        Self {
            number: true,
            ..Self::words(head, share)
        }
    }
}

/// Writes the document as DOCX; the same document gives the same bytes.
///
/// A4 with 37 mm above and 28 mm left of an area of 156 × 225 mm, 22 lines of 28 characters, text in 3 号 仿宋, title in
/// 2 号 小标宋, page number `— 1 —` in 4 号, outside on each page. Fonts are named, not embedded; each has substitutes, so
/// that a machine without it, or a character the font lacks, shows the text all the same. Characters a file of this kind
/// cannot hold are left out.
///
/// Source: GB/T 9704-2012 as far as public copies of it could be compared.
///
/// # Errors
/// When the archive cannot be put together.
pub fn docx(document: &Document) -> io::Result<Vec<u8>> {
    let mut file = page::set_up(Docx::new(), document.small_print.as_ref());
    let mut on_new_page = false;
    for part in &document.parts {
        if *part == Part::NewPage {
            on_new_page = true;
            continue;
        }
        file = match part {
            Part::Table(content) => table::add(file, content, on_new_page),
            words => text::paragraphs(words, on_new_page)
                .into_iter()
                .fold(file, Docx::add_paragraph),
        };
        on_new_page = false;
    }
    package::packed(file, document)
}
