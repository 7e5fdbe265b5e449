//! Why rows were not taken, as a problem document (RFC 9457) in the language of whoever asks.

mod said;

use crate::{PageError, language::Language};
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use rating_import::{FileRefused, RecordsRefused};
use serde::Serialize;
use utoipa::ToSchema;
use workflows::{PushRefused, Refusal, VerbError};

/// Why rows were not taken; nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    NoKey,
    WrongKind,
    RoundUnknown,
    RoundFrozen,
    StillRunning,
    OtherBody,
    NoIdempotencyKey,
    NotJson,
    NotAsDocumented {
        line: usize,
        column: usize,
    },
    Rows(RecordsRefused),
    Table(FileRefused),
    TooLarge,
    MediaType,
    TooSlow,
    /// Seconds until it may be tried again.
    TooMany(u64),
    Unavailable,
    Failed,
}

/// A problem document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDocument {
    /// Where it is explained.
    #[serde(rename = "type")]
    about: String,
    /// What is the case.
    title: String,
    /// Status of the answer.
    status: u16,
    /// What to do.
    detail: String,
    /// Code of the rule.
    code: String,
}

impl Problem {
    /// One of each, in the order of the codes.
    pub(super) fn all() -> [Self; 17] {
        let table = FileRefused {
            code: String::new(),
            message: String::new(),
            remedy: String::new(),
        };
        [
            Self::NoKey,
            Self::WrongKind,
            Self::RoundUnknown,
            Self::RoundFrozen,
            Self::StillRunning,
            Self::OtherBody,
            Self::NoIdempotencyKey,
            Self::NotJson,
            Self::NotAsDocumented { line: 0, column: 0 },
            Self::Rows(RecordsRefused::Number(0)),
            Self::Table(table),
            Self::TooLarge,
            Self::MediaType,
            Self::TooSlow,
            Self::TooMany(1),
            Self::Unavailable,
            Self::Failed,
        ]
    }

    /// Seconds after which it may be tried again.
    const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::StillRunning => Some(1),
            Self::TooMany(seconds) => Some(*seconds),
            Self::Unavailable | Self::Failed => Some(60),
            _ => None,
        }
    }

    /// Where in the body it is; a cell is named by its place, never by what it holds.
    fn place(&self, language: Language) -> String {
        let words =
            |chinese: String, english: String| language.pick(&chinese, Some(&english)).to_owned();
        match self {
            Self::NotAsDocumented { line, column } => words(
                format!("看第 {line} 行第 {column} 个字符附近。"),
                format!("Look near line {line}, column {column}. "),
            ),
            Self::Rows(RecordsRefused::Number(rows)) => {
                words(format!("收到 {rows} 行。"), format!("{rows} rows came. "))
            }
            Self::Rows(RecordsRefused::Nothing { row }) => words(
                format!("第 {row} 行是空的。"),
                format!("Row {row} is empty. "),
            ),
            Self::Rows(RecordsRefused::Nameless { row }) => words(
                format!("第 {row} 行有一列没有列名。"),
                format!("Row {row} has a column without a name. "),
            ),
            Self::Rows(RecordsRefused::NoCell { row, column }) => words(
                format!("第 {row} 行第 {column} 列是列表或对象。"),
                format!("Column {column} of row {row} is a list or an object. "),
            ),
            Self::Rows(RecordsRefused::Columns(refused)) | Self::Table(refused) => {
                words(String::new(), "In Chinese: ".to_owned()) + &refused.message + &refused.remedy
            }
            _ => String::new(),
        }
    }

    fn document(&self, language: Language) -> ProblemDocument {
        let said = self.said();
        let pick = |[chinese, english]: [&str; 2]| language.pick(chinese, Some(english)).to_owned();
        let code = match self {
            Self::Table(refused) if !refused.code.is_empty() => refused.code.clone(),
            _ => said.code.to_owned(),
        };
        ProblemDocument {
            about: format!("{}#{}", super::PUSH, said.code),
            title: pick(said.title),
            status: said.status,
            detail: self.place(language) + &pick(said.detail),
            code,
        }
    }

    /// The answer.
    pub(super) fn answer(&self, language: Language) -> HttpResponse {
        let document = self.document(language);
        let status = StatusCode::from_u16(document.status);
        let mut answer = HttpResponse::build(status.expect("problems have statuses of HTTP"));
        answer.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        answer.insert_header((header::CONTENT_LANGUAGE, language.code()));
        if matches!(self, Self::NoKey) {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(seconds) = self.retry_after() {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        answer.json(document)
    }
}

impl From<PushRefused> for Problem {
    fn from(refused: PushRefused) -> Self {
        match refused {
            PushRefused::Key => Self::NoKey,
            PushRefused::Kind => Self::WrongKind,
            PushRefused::Running => Self::StillRunning,
            PushRefused::OtherBody => Self::OtherBody,
            PushRefused::Rows(rows) => Self::Rows(rows),
            PushRefused::Verb(error) => error.into(),
        }
    }
}

impl From<VerbError> for Problem {
    fn from(error: VerbError) -> Self {
        match error {
            VerbError::Refused(Refusal::RoundUnknown(_)) => Self::RoundUnknown,
            VerbError::Refused(Refusal::Step(_)) => Self::RoundFrozen,
            VerbError::Refused(Refusal::File { refused, .. }) => Self::Table(refused),
            VerbError::Refused(other) => {
                tracing::error!(code = other.code(), "rows of a source were not taken");
                Self::Failed
            }
            failed => match PageError::from(failed) {
                PageError::Unavailable => Self::Unavailable,
                _ => Self::Failed,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_problem_has_a_code_of_its_own_and_words_in_both_languages() {
        let all = Problem::all();
        let codes: BTreeSet<&str> = all.iter().map(|problem| problem.said().code).collect();

        assert_eq!(codes.len(), all.len());
        for problem in all {
            let [chinese, english] =
                [Language::Chinese, Language::English].map(|language| problem.document(language));
            assert_ne!(chinese.title, english.title);
            assert_ne!(chinese.detail, english.detail);
            assert!(problem.answer(Language::Chinese).status().as_u16() >= 400);
        }
    }

    #[test]
    fn a_wrong_place_is_named_without_what_stands_there() {
        let problem = Problem::Rows(RecordsRefused::NoCell { row: 3, column: 2 });

        let document = problem.document(Language::English);

        assert!(document.detail.starts_with("Column 2 of row 3"));
        assert_eq!((document.status, document.code.as_str()), (422, "PU-110"));
    }
}
