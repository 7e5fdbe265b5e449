//! Is the result in my hand the one that was fixed? Is my answer among those received?

use crate::frame::{Host, PortalFrame, PortalPlace};
use askama::Template;

/// The verification page.
#[derive(Debug, Template)]
#[template(path = "portal/verify.html")]
pub struct VerifyPage {
    /// Frame.
    pub frame: PortalFrame,
    /// Heading; states the answer once there is one.
    pub heading: String,
    /// The code as typed.
    pub code: String,
    /// The answer.
    pub answer: Option<VerifyAnswer>,
    /// The receipt as typed.
    pub typed_receipt: String,
    /// What became of the receipt.
    pub receipt: Option<super::ReceiptAnswer>,
    /// Result id, short digest, state.
    pub known: Vec<(String, String, String)>,
}

/// What the comparison says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyAnswer {
    /// Style class.
    pub class: &'static str,
    /// One word: 一致, 不一致, 已更正.
    pub heading: &'static str,
    /// What it means.
    pub words: String,
}

/// A published result: id, digest, and the version that replaced it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownResult {
    /// Result id.
    pub result_id: String,
    /// Digest of the published table, 64 hex digits.
    pub digest: String,
    /// The later result id, when it was corrected.
    pub replaced_by: Option<String>,
}

const SHORTEST: usize = 16;

/// Compares a typed code with all published digests; spaces and case do not matter.
#[must_use]
pub fn compare(typed: &str, known: &[KnownResult]) -> VerifyAnswer {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    let is_hex = code.chars().all(|c| c.is_ascii_hexdigit());
    if !is_hex || (code.len() != SHORTEST && code.len() != 64) {
        return VerifyAnswer {
            class: "no",
            heading: "看不懂这个校验码",
            words: "校验码是 64 位或前 16 位的数字和字母 a—f，请再核对一下。".to_owned(),
        };
    }
    match known.iter().find(|result| result.digest.starts_with(&code)) {
        None => VerifyAnswer {
            class: "no",
            heading: "不一致",
            words: "公布过的结果里没有这个校验码。您手里的文件可能改动过，请以本站下载的为准。"
                .to_owned(),
        },
        Some(KnownResult {
            result_id,
            replaced_by: Some(later),
            ..
        }) => VerifyAnswer {
            class: "old",
            heading: "已更正",
            words: format!("这是 {result_id} 的校验码，该结果已由 {later} 更正，请看更正记录。"),
        },
        Some(KnownResult { result_id, .. }) => VerifyAnswer {
            class: "ok",
            heading: "一致",
            words: format!("和 {result_id} 固化时的校验码一致，内容没有改动。"),
        },
    }
}

impl VerifyPage {
    /// The page, with or without an answer.
    #[must_use]
    pub fn new(typed: &str, known: &[KnownResult], round: Option<String>, host: Host) -> Self {
        let answer = (!typed.trim().is_empty()).then(|| compare(typed, known));
        let heading = answer.as_ref().map_or_else(
            || "核验我手里的文件或回执".to_owned(),
            |answer| format!("核验：{}", answer.heading),
        );
        Self {
            frame: PortalFrame {
                title: heading.clone(),
                host,
                place: PortalPlace::Verify,
                round,
            },
            heading,
            code: typed.to_owned(),
            answer,
            typed_receipt: String::new(),
            receipt: None,
            known: known
                .iter()
                .map(|result| {
                    let state = result
                        .replaced_by
                        .as_ref()
                        .map_or_else(|| "有效".to_owned(), |later| format!("已由 {later} 更正"));
                    (
                        result.result_id.clone(),
                        crate::wording::short_digest(&result.digest),
                        state,
                    )
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<KnownResult> {
        vec![
            KnownResult {
                result_id: "YX-2026Q3-R1".into(),
                digest: "9f2c41d877ab03e6".to_owned() + &"0".repeat(48),
                replaced_by: Some("YX-2026Q3-R2".into()),
            },
            KnownResult {
                result_id: "YX-2026Q3-R2".into(),
                digest: "a".repeat(64),
                replaced_by: None,
            },
        ]
    }

    #[test]
    fn a_printed_code_with_spaces_is_recognised() {
        assert_eq!(compare("AAAA aaaa aaaa aaaa", &known()).heading, "一致");
    }

    #[test]
    fn one_wrong_digit_is_not_the_same() {
        assert_eq!(compare(&("a".repeat(63) + "b"), &known()).heading, "不一致");
    }

    #[test]
    fn a_corrected_result_names_its_successor() {
        let answer = compare("9f2c 41d8 77ab 03e6", &known());

        assert_eq!(answer.heading, "已更正");
        assert!(answer.words.contains("YX-2026Q3-R2"));
    }

    #[test]
    fn a_few_letters_are_never_called_the_same() {
        assert_eq!(compare("a", &known()).heading, "看不懂这个校验码");
    }
}
