//! The letter on screen.

use crate::{
    form::{ActionForm, Input},
    frame::ConsoleFrame,
    icon::Icon,
    wording,
};
use askama::Template;
use rectification::{Block, FeedbackLetter, LetterStage, Light};
use std::collections::BTreeMap;
use storage::letters::Letter;

/// One letter.
#[derive(Debug, Template)]
#[template(path = "console/letter.html")]
pub struct LetterPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// What it says.
    pub sheet: LetterSheet,
    /// How it stands: name and value.
    pub standing: Vec<(&'static str, String)>,
    /// Address of the file.
    pub file: String,
    /// Address of the page to print.
    pub print: String,
    /// Other letters of the unit: title and address.
    pub others: Vec<(String, String)>,
    /// Signed by whom and when, or what to do.
    pub slip: String,
    /// The form that signs; none when it is signed or the reader may not.
    pub sign: Option<ActionForm>,
    /// The form with the mailbox for reminders; none for those who only read.
    pub mailbox: Option<ActionForm>,
}

/// What a letter says, as it is set on screen and on paper.
#[derive(Clone, Debug)]
pub struct LetterSheet {
    /// Number of the letter.
    pub number: String,
    /// Title.
    pub title: String,
    /// Addressee.
    pub to: String,
    /// Content.
    pub blocks: Vec<Block>,
    /// Sender.
    pub from: String,
    /// Date.
    pub date: String,
}

impl From<&FeedbackLetter> for LetterSheet {
    fn from(letter: &FeedbackLetter) -> Self {
        Self {
            number: letter.number.clone(),
            title: letter.title.clone(),
            to: letter.salutation.trim_end_matches('：').to_owned(),
            blocks: letter.blocks(),
            from: letter.signature.clone(),
            date: wording::official_day(letter.issued_on),
        }
    }
}

/// How a letter stands, with the names behind the accounts.
#[must_use]
pub fn standing(
    row: &Letter,
    light: Option<Light>,
    names: &BTreeMap<String, String>,
) -> Vec<(&'static str, String)> {
    let stage = LetterStage::at(row.read_at, row.signed_at);
    let state = match light {
        Some(light) => format!("{}（{}）", stage.label(), light.label()),
        None => stage.label().to_owned(),
    };
    let by = |account: &Option<String>| {
        let account = account.as_deref().unwrap_or_default();
        names
            .get(account)
            .cloned()
            .unwrap_or_else(|| account.to_owned())
    };
    let mut said = vec![("状态", state), ("签收期限", wording::full_day(row.due_on))];
    if let Some(at) = row.read_at {
        said.push((
            "首次打开",
            format!("{}，{}", by(&row.read_by), wording::moment(at)),
        ));
    }
    if let Some(at) = row.signed_at {
        said.push((
            "签收",
            format!("{}，{}", by(&row.signed_by), wording::moment(at)),
        ));
    }
    if let Some(remark) = &row.remark {
        said.push(("签收说明", remark.clone()));
    }
    said
}
