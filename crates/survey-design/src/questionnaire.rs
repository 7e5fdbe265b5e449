//! A questionnaire 测评表: immutable once a round opens.

use crate::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{IndicatorId, ItemId, Level};

/// A questionnaire template; `code` and `version` name it for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// JSON Schema reference, ignored by the program.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Short code, for example `overall`.
    pub code: String,
    /// Whole number, raised with every change.
    pub version: u32,
    /// Title shown to citizens.
    pub title: String,
    /// Who asks and why, shown on the first page.
    pub intro: String,
    /// Estimated minutes to fill in.
    pub minutes: u16,
    /// Title and introduction in English; without them an English reader sees the Chinese ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<HeadEnglish>,
    /// Items in the order asked.
    pub items: Vec<Item>,
}

/// The first page in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeadEnglish {
    /// Title.
    pub title: String,
    /// Who asks and why.
    pub intro: String,
}

/// One question; asked on a page of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Code, unique in the questionnaire.
    pub id: ItemId,
    /// The question; `{unit}` stands for the name of the unit asked about.
    pub title: String,
    /// A short hint under the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Answer to "why do you ask this?".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What kind of answer is taken.
    pub kind: AnswerKind,
    /// Whether an answer is asked for before going on; left out: only for a level. Handing in is never refused for a blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Asked once, or once for each assigned unit.
    pub repeat: Repeat,
    /// Shown only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_when: Option<Condition>,
    /// The indicator the answers feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<IndicatorId>,
    /// The same texts in English; what is missing is shown in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<ItemEnglish>,
}

impl Item {
    /// Whether an answer is asked for before going on to the next page.
    #[must_use]
    pub fn asks_for_an_answer(&self) -> bool {
        let by_kind = matches!(self.kind, AnswerKind::Level { .. });
        self.required.unwrap_or(by_kind)
    }
}

/// The texts of an item in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemEnglish {
    /// The question; `{unit}` stands for the name of the unit asked about.
    pub title: String,
    /// The hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Answer to "why do you ask this?".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The separate option 不了解, the words of a page without question, or the measure of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<String>,
    /// Texts of the options by code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

/// How often an item is asked of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Once, not about one unit.
    Once,
    /// Once for each unit assigned to the person.
    EachUnit,
}

/// The kind of answer an item takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerKind {
    /// The five-level scale plus *don't know*.
    Level {
        /// The levels offered, best first; must be symmetric around 基本满意.
        levels: Vec<Level>,
        /// Text of the separate option 不了解.
        dont_know: String,
    },
    /// Reasons to tick, any number, and a free line; optional.
    Reasons {
        /// Options offered.
        options: Vec<ReasonOption>,
        /// Longest free text in characters; 0 for none.
        max_chars: u16,
    },
    /// Exactly one option.
    Choice {
        /// Options offered.
        options: Vec<ReasonOption>,
    },
    /// Any number of options; `none` stands apart and excludes the others.
    Several {
        /// Options offered.
        options: Vec<ReasonOption>,
        /// The exclusive option, such as 以上都没有.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        none: Option<ReasonOption>,
    },
    /// Yes or no, stored as the options `yes` and `no`.
    YesNo {
        /// Text of the separate option 不了解, stored as the option `dont_know`; left out: not offered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dont_know: Option<String>,
    },
    /// A whole number.
    Number {
        /// Smallest number taken.
        min: i32,
        /// Largest number taken.
        max: i32,
        /// Measure word behind the field, such as 次.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        measure: Option<String>,
    },
    /// A page to read, without a question.
    Note {
        /// The words, under the title.
        text: String,
    },
    /// Free text, optional.
    Text {
        /// Longest text in characters.
        max_chars: u16,
    },
}

/// Codes of the answers to a yes-or-no question, in the order offered.
pub const YES_NO: [&str; 2] = ["yes", "no"];

/// Code of the option 不了解 beside yes and no.
pub const DONT_KNOW: &str = "dont_know";

impl AnswerKind {
    /// Codes of the options that can be chosen, in the order offered; none for levels, numbers and texts.
    #[must_use]
    pub fn option_codes(&self) -> Vec<&str> {
        match self {
            Self::Reasons { options, .. } | Self::Choice { options } => {
                options.iter().map(|option| option.code.as_str()).collect()
            }
            Self::Several { options, none } => {
                let all = options.iter().chain(none);
                all.map(|option| option.code.as_str()).collect()
            }
            Self::YesNo { dont_know } => {
                let apart = dont_know.as_ref().map(|_| DONT_KNOW);
                YES_NO.into_iter().chain(apart).collect()
            }
            Self::Level { .. } | Self::Number { .. } | Self::Note { .. } | Self::Text { .. } => {
                Vec::new()
            }
        }
    }
}

/// One option of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonOption {
    /// Stored code.
    pub code: String,
    /// Text shown.
    pub label: String,
}
