//! Why rows were not taken, as a problem document (RFC 9457) in the language of whoever asks.

use crate::language::Language;
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use rating_import::{FileRefused, RecordsRefused};
use serde::Serialize;
use std::io;
use storage::StorageError;
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
    NotAsDocumented { line: usize, column: usize },
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

/// What is said of a problem: status, code, title and what to do, Chinese and English.
pub(super) struct Said {
    pub status: u16,
    pub code: &'static str,
    pub title: [&'static str; 2],
    pub detail: [&'static str; 2],
}

const fn said(
    (status, code): (u16, &'static str),
    title: [&'static str; 2],
    detail: [&'static str; 2],
) -> Said {
    Said {
        status,
        code,
        title,
        detail,
    }
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

    pub(super) const fn said(&self) -> Said {
        match self {
            Self::NoKey => said((401, "PU-101"), ["密钥不能用", "The key does not count"], ["请在 Authorization 里写“Bearer ”和密钥；密钥停用或遗失的，请评价办负责人另发一个。", "Send “Authorization: Bearer ” and the key. A key that was ended or lost is replaced by the head of the evaluation office."]),
            Self::WrongKind => said((403, "PU-102"), ["这个密钥不收这类数据", "The key is for another kind of rows"], ["好差评推送到 /api/v1/ratings，热线工单推送到 /api/v1/orders；一个密钥只能推送一类。", "Ratings go to /api/v1/ratings and orders to /api/v1/orders; a key is for one of the two."]),
            Self::RoundUnknown => said((404, "PU-103"), ["没有这一轮评价", "There is no such round"], ["请核对 round，写轮次编号，例如 2026Q3。", "Check “round”: it is the code of a round such as 2026Q3."]),
            Self::RoundFrozen => said((409, "PU-104"), ["这一轮的得分已经固化", "The round is frozen"], ["这一轮不再收数据；请推送到下一轮。", "It takes no more rows. Send them for the next round."]),
            Self::StillRunning => said((409, "PU-105"), ["同一请求正在处理", "The same request is being answered"], ["请稍等，再用同一个 Idempotency-Key 取结果。", "Wait a moment and ask again with the same Idempotency-Key."]),
            Self::OtherBody => said((422, "PU-106"), ["这个 Idempotency-Key 用过了，内容不同", "The Idempotency-Key was used for another body"], ["新的内容请换一个 Idempotency-Key。", "Give new rows a new Idempotency-Key."]),
            Self::NoIdempotencyKey => said((400, "PU-107"), ["缺少 Idempotency-Key", "An Idempotency-Key is missing"], ["请为每次推送写一个不同的 Idempotency-Key：1 到 64 个可见 ASCII 字符。重发时不要换。", "Name every request with an Idempotency-Key of 1 to 64 visible ASCII characters, and keep it when you send again."]),
            Self::NotJson => said((400, "PU-108"), ["请求体不是 JSON", "The body is no JSON"], ["请用 UTF-8 编码的 JSON 重发。", "Send JSON in UTF-8."]),
            Self::NotAsDocumented { .. } => said((422, "PU-109"), ["请求体和接口说明不符", "The body is not as documented"], ["请求体只有 round、dry_run、rows 三项；rows 是由对象组成的列表。", "The body has round, dry_run and rows only; rows is a list of objects."]),
            Self::Rows(_) => said((422, "PU-110"), ["rows 不能当作表格", "The rows are no table"], ["每次 1 到 1000 行，每行至少一个值；值是文字、数、布尔或 null。", "Send 1 to 1000 rows with at least one value each; a value is text, a number, a boolean or null."]),
            Self::Table(_) => said((422, "PU-111"), ["这些行不能当作这类数据", "The rows are not of this kind"], ["请按 code 所说的规则改正，规则和导入文件相同。", "Mend what the code says; the rules are those of imported files."]),
            Self::TooLarge => said((413, "PU-112"), ["请求体超过 1 MB", "The body is larger than 1 MB"], ["请分几次推送。", "Send fewer rows at once."]),
            Self::MediaType => said((415, "PU-113"), ["请求体的格式不收", "The body has another format"], ["请写 Content-Type: application/json，不要压缩。", "Send Content-Type: application/json, not compressed."]),
            Self::TooSlow => said((408, "PU-114"), ["请求体没有在 30 秒内传完", "The body did not arrive within 30 seconds"], ["请用同一个 Idempotency-Key 重发。", "Send it again with the same Idempotency-Key."]),
            Self::TooMany(_) => said((429, "PU-115"), ["推送得太频繁", "Too many requests"], ["请按 Retry-After 所说的秒数等待后重发；可以把多行并成一次。", "Wait as many seconds as Retry-After says, then send again; put more rows into one request."]),
            Self::Unavailable => said((503, "PU-116"), ["现在不能写入", "Nothing can be saved now"], ["什么都没有写入。请过几分钟用同一个 Idempotency-Key 重发。", "Nothing was written. Send it again with the same Idempotency-Key in a few minutes."]),
            Self::Failed => said((500, "PU-117"), ["系统出错了", "Something failed here"], ["什么都没有写入，我们已经记下。请过一会儿用同一个 Idempotency-Key 重发。", "Nothing was written, and we have noted it. Send it again with the same Idempotency-Key later."]),
        }
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
        let words = |chinese: String, english: String| language.pick(&chinese, Some(&english)).to_owned();
        match self {
            Self::NotAsDocumented { line, column } => words(
                format!("看第 {line} 行第 {column} 个字符附近。"),
                format!("Look near line {line}, column {column}. "),
            ),
            Self::Rows(RecordsRefused::Number(rows)) => {
                words(format!("收到 {rows} 行。"), format!("{rows} rows came. "))
            }
            Self::Rows(RecordsRefused::Nothing { row }) => {
                words(format!("第 {row} 行是空的。"), format!("Row {row} is empty. "))
            }
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
            VerbError::Failed(
                StorageError::Unavailable(_) | StorageError::AlreadyOpen { .. } | StorageError::Full,
            ) => {
                tracing::error!(%error, "rows of a source cannot be taken now");
                Self::Unavailable
            }
            VerbError::Io(ref full) if full.kind() == io::ErrorKind::StorageFull => {
                tracing::error!("the disk is full");
                Self::Unavailable
            }
            VerbError::Refused(_) | VerbError::Failed(_) | VerbError::Io(_) => {
                tracing::error!(%error, "rows of a source were not taken");
                Self::Failed
            }
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
