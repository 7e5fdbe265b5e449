//! A copy of the letter that says whose it is: the page to print, and the file.

use super::LetterSheet;
use crate::{Page, asset};
use actix_web::{HttpResponse, http::header};
use askama::Template;
use rectification::{Block, ReceiptSlip};
use workflows::LetterCopy;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The page to print.
#[derive(Debug, Template)]
#[template(path = "console/letter_copy.html")]
pub struct LetterCopyPage {
    /// What it says.
    pub sheet: LetterSheet,
    /// The slip to sign and send back.
    pub slip: ReceiptSlip,
    /// Small print above.
    pub above: String,
    /// Small print below, with the code.
    pub below: String,
    /// The page one came from.
    pub back: &'static str,
}

impl LetterCopyPage {
    /// The page of a copy.
    #[must_use]
    pub fn of(copy: &LetterCopy, back: &'static str) -> Self {
        Self {
            sheet: LetterSheet::from(&copy.letter),
            slip: copy.letter.slip.clone(),
            above: copy.small_print.header.clone(),
            below: copy.small_print.footer.clone(),
            back,
        }
    }

    fn css() -> &'static str {
        asset::console_css()
    }
}

/// The copy as a file to keep.
///
/// # Errors
/// When it cannot be put together.
pub fn file_answer(copy: &LetterCopy) -> Page {
    let name = format!("attachment; filename=\"{}.docx\"", copy.letter.number);
    Ok(HttpResponse::Ok()
        .content_type(DOCX)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(copy.file()?))
}
