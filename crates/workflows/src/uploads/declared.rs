//! What an uploaded file is said to hold and how it is to be read.

use crate::{Refusal, Verb};
use rating_import::{FileKind, LevelCodes};
use serde::{Deserialize, Serialize};
use survey_design::{TextForm, parse_hotline_mapping, parse_survey_mapping};
use vocabulary::RoundId;

/// How a file is to be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadAs {
    /// What the digits of service-centre levels mean.
    pub level_codes: LevelCodes,
    /// The column mapping, for kinds that know one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<serde_json::Value>,
    /// How the file is written, where it leaves that open.
    #[serde(default, skip_serializing_if = "TextForm::is_open")]
    pub file: TextForm,
}

impl ReadAs {
    /// How the file is written, by the mapping and by what was said of single headers since.
    #[must_use]
    pub fn form(&self) -> TextForm {
        let mapped = self
            .columns
            .as_ref()
            .and_then(|columns| columns.get("file"));
        let mapped = mapped.and_then(|form| TextForm::deserialize(form).ok());
        let Some(mut form) = mapped else {
            return self.file.clone();
        };
        form.headers.extend(self.file.headers.clone());
        form
    }
}

/// What an uploaded file is said to be.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Round it is for, or in which people were sent up.
    pub round: RoundId,
    /// What its rows are.
    pub kind: FileKind,
    /// How it is read.
    pub read_as: ReadAs,
    /// Name of the file, without its directory.
    pub file_name: String,
}

impl Declared {
    /// Takes what stood in the form; `columns` is the text of a column mapping, empty for none.
    ///
    /// # Errors
    /// When the mapping breaks a rule, is missing where one is needed, or belongs to another kind of file.
    pub fn new(
        round: RoundId,
        kind: FileKind,
        level_codes: LevelCodes,
        columns: &str,
        file_name: &str,
    ) -> Verb<Self> {
        let given = !columns.trim().is_empty();
        let broken = match kind {
            FileKind::HotlineOrders if given => parse_hotline_mapping(columns.as_bytes()).err(),
            FileKind::Survey if given => parse_survey_mapping(columns.as_bytes()).err(),
            FileKind::Survey => {
                return Err(Refusal::Contradiction("逐人数据要附上列对照表").into());
            }
            _ => None,
        };
        if let Some(problem) = broken.iter().flatten().next() {
            return Err(Refusal::Columns(problem.to_string()).into());
        }
        let unreadable = |error: serde_json::Error| Refusal::Columns(error.to_string());
        let mut read_as = ReadAs {
            level_codes,
            ..ReadAs::default()
        };
        if given && matches!(kind, FileKind::HotlineOrders | FileKind::Survey) {
            read_as.columns = Some(serde_json::from_str(columns).map_err(unreadable)?);
        } else if given {
            read_as.file = serde_json::from_str(columns).map_err(unreadable)?;
        }
        Ok(Self {
            round,
            kind,
            read_as,
            file_name: file_name.to_owned(),
        })
    }
}
